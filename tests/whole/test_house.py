"""The house: who may import whom, how long a file may be."""

import ast
import importlib
import re
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import autograd

pytestmark = pytest.mark.any_build
ROOT = Path(__file__).parents[2]

MAY_IMPORT = {
    "border": "",
    "calculus": "border",
    "engine": "border calculus",
    "curvature": "calculus engine",
    "values": "border calculus engine",
    "linalg": "border calculus engine values",
    "programs": "border calculus",
    "exits": "calculus programs",
    "sparsity": "calculus programs",
    "sources": "border",
    "branches": "border calculus engine values sources",
    "tape": "calculus engine values programs exits branches",
    "lowering": "calculus programs",
    "replay": "border calculus programs lowering",
    "building": "border calculus engine lowering replay",
    "structures": "border engine values",
    "sweeps": "border",
    "derivatives": "border calculus engine curvature values structures",
    "expansions": "border calculus engine values structures derivatives",
    "custom": "border calculus engine values programs tape structures derivatives",
    "implicit": "border calculus engine values linalg programs tape structures derivatives custom",
    "foreign": "border calculus values structures derivatives",
    "recorded": "border calculus engine values programs sparsity branches tape lowering replay building structures "
    "sweeps derivatives sources",
    "compiled": "border engine values programs sparsity branches tape replay structures sweeps derivatives sources "
    "recorded",
    "hosts": "border engine values structures compiled",
    "graphs": "border calculus engine values",
    "algebra": "border calculus engine values graphs",
    "explanations": "border calculus engine values graphs algebra",
    "checks": "border calculus engine values structures derivatives custom foreign",
    "comparisons": "border calculus derivatives foreign checks",
    "folding": "border calculus engine values graphs",
    "rendering": "border",
    "scenes": "border calculus graphs folding rendering",
    "writers": "rendering scenes",
    "pages": "calculus graphs explanations folding scenes",
    "browser": "",
    "drawing": "border values graphs folding rendering scenes writers pages browser",
    "surroundings": "replay rendering",
}
"""Rooms of autograd. All may import `_build`, which imports nothing; `__init__` and `__main__` may import all."""

MAY_IMPORT_IN_NN = {
    "parts": "checks",
    "modules": "checks parts",
    "layers": "checks chance parts modules",
    "losses": "checks",
    "optimisers": "checks",
    "schedules": "checks optimisers",
    "data": "checks chance",
    "metrics": "checks",
    "files": "parts modules layers data",
    "prediction": "checks losses modules files",
    "plots": "checks parts prediction",
    "recording": "checks chance parts modules losses",
    "diagnosis": "checks chance parts modules layers losses prediction",
    "film": "checks chance parts modules losses prediction plots diagnosis",
    "models": "checks chance modules layers",
    "ranks": "checks",
    "training": "checks chance parts modules losses optimisers schedules data files metrics prediction plots recording "
    "diagnosis ranks",
    "demo": "checks layers losses optimisers data prediction plots training",
    "command": "checks chance layers losses optimisers schedules data files metrics models prediction recording plots "
    "ranks training demo",
}
"""Rooms of nn. The files `checks` and `chance` are rooms too, below them all; `__init__`, `__main__` import all."""

SPOKEN_BY_BOTH = ("border.console", "border.namesake", "border.wording")
"""How both packages speak to their users: nothing in there computes."""


IN_CYTHON = re.compile(
    r"""^[ \t]*from\ (?P<source>autograd[\w.]*)\ c?import\ \(?(?P<names>[\w,\ \n]+)
    | ^[ \t]*c?import\ (?P<module>autograd[\w.]+)
    | (?:extern\ from|\#include)\ "(?P<header>autograd/[\w/]+)\.h\"""",
    re.M | re.X,
)


@cache
def imported_modules(path):
    """Dotted names of what a source imports of this project, wherever in the file, for type checkers only or not."""
    return list(found_modules(path))


def found_modules(path):
    text = path.read_text()
    if path.suffix != ".py":
        for found in IN_CYTHON.finditer(text):
            if found["header"] or found["module"]:
                yield (found["header"] or found["module"]).replace("/", ".")
            else:
                yield from names_from(found["source"], re.findall(r"\w+", found["names"]))
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            yield from names_from(node.module, [alias.name for alias in node.names])
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] in ("autograd", "nn"))


def names_from(source, names):
    """What `from source import names` imports: the names that are modules, else the source."""
    if source.split(".")[0] in ("autograd", "nn"):
        for name in names:
            whole = ROOT / f"{source}.{name}".replace(".", "/")
            is_module = any(whole.with_suffix(suffix).exists() for suffix in (".py", ".pyx"))
            yield f"{source}.{name}" if is_module else source


def files_of(room):
    """The files of a room in the order that its sign gives."""
    sign = importlib.import_module(room).__doc__
    return re.findall(r"^    (\w+) {2,}\S", sign, re.M)


@pytest.mark.parametrize(
    ("package", "room"), [*[("autograd", room) for room in MAY_IMPORT], *[("nn", room) for room in MAY_IMPORT_IN_NN]]
)
def test_a_room_imports_only_from_rooms_below_and_a_file_from_files_above(package, room):
    folder, allowed = ROOT / package / room, {"autograd": MAY_IMPORT, "nn": MAY_IMPORT_IN_NN}[package][room].split()
    order = files_of(f"{package}.{room}")
    present = {path.stem for path in folder.iterdir() if path.suffix in (".py", ".pyx")} - {"__init__"}
    assert set(order) == present, "the sign lists what is there"
    sign = " ".join(importlib.import_module(f"{package}.{room}").__doc__.split())
    assert f"May import: {', '.join(allowed) or 'nothing of this package'}." in sign, (
        "the sign says who may be imported"
    )
    for path in sorted(folder.iterdir()):
        if path.suffix not in (".py", ".pyx", ".pxd", ".h"):
            continue
        for module in imported_modules(path):
            parts = module.split(".")
            if parts[0] != package:  # nn imports what autograd exports: see below
                continue
            assert len(parts) > 1, f"{path.name} imports the public list"
            if parts[1] == "_build":
                continue
            if parts[1] == room:
                if path.suffix != ".h" and parts[2] in order:  # a header belongs to the file that includes it
                    above = order if path.stem == "__init__" else order[: order.index(path.stem)]
                    assert parts[2] in above or parts[2] == path.stem, f"{path.name} imports {module}, below it"
            else:
                assert parts[1] in allowed, f"{room}/{path.name} imports {module}"


def test_no_room_may_import_what_it_does_not():
    used = {}
    for module, path in sources():
        used.setdefault(room_of(module), set()).update(room_of(name) for name in imported_modules(path))
    for package, rooms in (("autograd", MAY_IMPORT), ("nn", MAY_IMPORT_IN_NN)):
        for room, allowed in rooms.items():
            unused = {other for other in allowed.split() if f"{package}.{other}" not in used[f"{package}.{room}"]}
            assert not unused, room


def test_a_sign_names_the_headers_written_by_hand():
    for path, _ in handwritten_files():
        if path.suffix == ".h":
            assert path.name in importlib.import_module(f"autograd.{path.parts[1]}").__doc__, path


def test_every_room_stands_above_those_it_imports():
    for rooms in (MAY_IMPORT, {"checks": "", "chance": "", **MAY_IMPORT_IN_NN}):
        order = list(rooms)
        for room, allowed in rooms.items():
            assert set(allowed.split()) <= set(order[: order.index(room)]), room


def sources():
    """`{module: path}` of both packages; a `.pxd` counts with its `.py`."""
    for package in ("autograd", "nn"):
        for path in sorted((ROOT / package).rglob("*")):
            if path.suffix in (".py", ".pyx", ".pxd"):
                yield ".".join(path.relative_to(ROOT).with_suffix("").parts), path


def test_nothing_goes_in_a_circle():
    """Files, and rooms: type-only imports, imports in functions and `cimport` counted."""
    files, rooms = {}, {}
    for module, path in sources():
        found = {name for name in imported_modules(path) if name != module}
        files.setdefault(module, set()).update(found)
        rooms.setdefault(room_of(module), set()).update({room_of(name) for name in found} - {room_of(module)})
    assert len(files) > 120
    assert len(rooms) > 25
    assert list(TopologicalSorter(files).static_order())  # or it raises a CycleError, which names them
    assert list(TopologicalSorter(rooms).static_order())


def room_of(module):
    """The folder of a module; a file that stands directly in a package is a room of its own."""
    return ".".join(module.split(".")[:2])


def test_imports_stand_at_the_top():
    """An import of ours inside a function hides an arrow; `draw` is imported when first asked for."""
    hidden = []
    for module, path in sources():
        if path.suffix == ".py":
            for function in ast.walk(ast.parse(path.read_text())):
                if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    for node in ast.walk(function):
                        if isinstance(node, (ast.Import, ast.ImportFrom)):
                            names = [node.module] if isinstance(node, ast.ImportFrom) else [x.name for x in node.names]
                            ours = [name for name in names if name.split(".")[0] in ("autograd", "nn")]
                            hidden += [(module, function.name, name) for name in ours]
    assert [x for x in hidden if x not in HIDDEN] == []
    assert len(hidden) == len(HIDDEN), "an exception that is not needed"


HIDDEN = [
    ("nn._installed", "check_installation", "autograd.border.namesake"),  # which may not be there: that is what it asks
    ("autograd.drawing.drawing", "widget", "autograd.browser.widget"),  # which needs anywidget
]

CORE = ["autograd/calculus/table.py", "autograd/engine/node.py", "autograd/engine/sweep.py"]
BUDGETS = {
    "border": 550, "calculus": 4000, "engine": 2480, "values": 2020, "programs": 2750, "exits": 1150,
    "sources": 1420, "sweeps": 1150,
    "branches": 2600, "tape": 900, "lowering": 1550,
    "replay": 1530, "structures": 720, "derivatives": 1950, "expansions": 1200, "custom": 1250, "checks": 1230,
    "building": 1130, "recorded": 3850, "compiled": 3300, "graphs": 1500, "algebra": 1150, "explanations": 1150,
    "folding": 1800, "rendering": 700, "scenes": 2600, "writers": 1400, "pages": 1150, "browser": 1100,
    "drawing": 1600,
    "modules": 1550, "layers": 2500, "losses": 1400, "optimisers": 2300, "schedules": 1100, "data": 2400,
    "metrics": 850, "files": 1400, "plots": 1400, "recording": 1970, "prediction": 800, "diagnosis": 1250,
    "training": 3080, "film": 2500, "command": 2440, "ranks": 750,
}  # fmt: skip
"""So many lines a room may have, written by hand (of nn 700); one that is full is cut in two."""


def test_a_student_reads_three_files():
    lengths = {name: len((ROOT / name).read_text().splitlines()) for name in CORE}
    assert sum(lengths.values()) <= 700, f"in reading order: {lengths}"


def test_no_room_is_overfull():
    lines = {**{("autograd", room): 0 for room in MAY_IMPORT}, **{("nn", room): 0 for room in MAY_IMPORT_IN_NN}}
    for path, text in handwritten_files():
        if path.parts[:2] in lines:
            lines[path.parts[:2]] += len(text)
    assert min(lines.values()) > 0
    assert {room: n for room, n in lines.items() if n > BUDGETS.get(room[1], 700)} == {}


def test_the_rooms_are_those():
    rooms = {path.name for path in (ROOT / "autograd").iterdir() if (path / "__init__.py").exists()}
    assert rooms == set(MAY_IMPORT)
    assert len(list((ROOT / "autograd").glob("*.py"))) <= 6
    rooms = {path.name for path in (ROOT / "nn").iterdir() if (path / "__init__.py").exists()}
    assert rooms == set(MAY_IMPORT_IN_NN)
    files = {"__init__", "__main__", "_elsewhere", "_installed", "chance", "checks"}
    assert {path.stem for path in (ROOT / "nn").glob("*.py")} == files
    for file in ("_elsewhere", "_installed", "checks"):
        assert not [name for name in imported_modules(ROOT / "nn" / f"{file}.py") if name.split(".")[0] == "nn"]


@pytest.mark.parametrize("path", sorted((ROOT / "nn").rglob("*.py")), ids=lambda p: p.stem)
def test_nn_imports_only_what_autograd_exports(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            assert not [alias.name for alias in node.names if alias.name.startswith("autograd.")], path.name
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "autograd":
            for alias in node.names:
                exported = node.module == "autograd" and (alias.name in autograd.__all__ or alias.name == "__version__")
                spoken = node.module.partition(".")[2] in SPOKEN_BY_BOTH
                assert exported or spoken, f"{path.name} imports {node.module}.{alias.name}"


def test_no_file_is_a_drawer():
    for folder in ("autograd", "nn", "tests"):
        assert not list((ROOT / folder).rglob("util*.py"))


def handwritten_files():
    """The sources of both packages and of the tests, but for those that say that they are generated."""
    for folder in ("autograd", "nn", "tests"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in (".py", ".pyx", ".pxd", ".h", ".js", ".css"):
                lines = path.read_text().splitlines()
                if not any("do not edit" in line for line in lines[:4]):
                    yield path.relative_to(ROOT), lines


def test_handwritten_files_stay_readable_in_one_sitting():
    lengths = {path.as_posix(): len(lines) for path, lines in handwritten_files()}
    assert {path: n for path, n in lengths.items() if n > 400} == {}
