"""The house: who may import whom, what every public name must have, how long a file may be."""

import ast
import importlib
import inspect
import re
from pathlib import Path

import pytest

import autograd
import nn

ROOT = Path(__file__).parents[2]

MAY_IMPORT = {
    "border": "",
    "calculus": "border",
    "engine": "border calculus",
    "values": "border calculus engine",
    "programs": "border calculus",
    "tape": "border calculus engine values programs",
    "lowering": "border calculus programs",
    "replay": "border calculus programs lowering",
    "structures": "border calculus engine values",
    "derivatives": "border calculus engine values structures programs tape",
    "compiled": "border calculus engine values programs tape lowering replay structures derivatives",
    "graphs": "border calculus engine values",
    "drawing": "border calculus engine values graphs",
}
"""Rooms of autograd. All may import `_build`, which imports nothing; `__init__` and `__main__` may import all."""

MAY_IMPORT_IN_NN = {
    "modules": "checks",
    "layers": "checks modules",
    "losses": "checks",
    "optimisers": "checks",
    "data": "checks",
    "training": "checks losses optimisers data",
    "plots": "checks training",
    "demo": "checks layers losses optimisers data training plots",
}
"""Rooms of nn. The file `checks` is one of its own, below them all; `__init__` and `__main__` may import all."""

SPOKEN_BY_BOTH = ("border.console", "border.namesake", "border.wording")
"""How both packages speak to their users: nothing in there computes."""


def imported_modules(path):
    """Dotted names of what a source imports of this project, wherever in the file, for type checkers only or not."""
    text = path.read_text()
    if path.suffix in (".pxd", ".pyx"):
        for module, names in re.findall(r"^\s*from (autograd\.[\w.]+|autograd) c?import \(?([\w, \n]+)", text, re.M):
            yield from ([module] if module != "autograd" else [f"autograd.{n.strip()}" for n in names.split(",")])
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in ("autograd", "nn"):
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if (ROOT / whole.replace(".", "/")).with_suffix(".py").exists() else node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] in ("autograd", "nn"))


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
        if path.suffix not in (".py", ".pyx", ".pxd"):
            continue
        for module in imported_modules(path):
            parts = module.split(".")
            if parts[0] != package:  # nn imports what autograd exports: see below
                continue
            assert len(parts) > 1, f"{path.name} imports the public list"
            if parts[1] == "_build":
                continue
            if parts[1] == room:
                above = order[: order.index(path.stem)]
                assert parts[2] in above or parts[2] == path.stem, f"{path.name} imports {module}, below it"
            else:
                assert parts[1] in allowed, f"{room}/{path.name} imports {module}"


def test_the_rooms_are_those():
    rooms = {path.name for path in (ROOT / "autograd").iterdir() if (path / "__init__.py").exists()}
    assert rooms == set(MAY_IMPORT)
    assert len(list((ROOT / "autograd").glob("*.py"))) <= 6
    rooms = {path.name for path in (ROOT / "nn").iterdir() if (path / "__init__.py").exists()}
    assert rooms == set(MAY_IMPORT_IN_NN)
    assert {path.stem for path in (ROOT / "nn").glob("*.py")} == {"__init__", "__main__", "_installed", "checks"}
    for file in ("_installed", "checks"):
        assert not [name for name in imported_modules(ROOT / "nn" / f"{file}.py") if name.split(".")[0] == "nn"]


@pytest.mark.parametrize("path", sorted((ROOT / "nn").rglob("*.py")), ids=lambda p: p.stem)
def test_nn_imports_only_what_autograd_exports(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "autograd":
            for alias in node.names:
                exported = node.module == "autograd" and (alias.name in autograd.__all__ or alias.name == "__version__")
                spoken = node.module.partition(".")[2] in SPOKEN_BY_BOTH
                assert exported or spoken, f"{path.name} imports {node.module}.{alias.name}"


@pytest.mark.parametrize("package", [autograd, nn], ids=lambda p: p.__name__)
def test_every_public_name_is_documented_with_an_example(package):
    for name in package.__all__:
        thing = getattr(package, name)
        if callable(thing):
            assert thing.__doc__, name
            assert ">>>" in thing.__doc__, f"{package.__name__}.{name} has no doctest"
            if inspect.isclass(thing):
                for key, member in vars(thing).items():
                    if not key.startswith("_") and (callable(member) or isinstance(member, property)):
                        assert member.__doc__, f"{name}.{key}"


def test_no_file_is_a_drawer():
    for folder in ("autograd", "nn", "tests"):
        assert not list((ROOT / folder).rglob("util*.py"))


TABLES_OF_PROGRAMS = ()
"""Test files that may be long: nothing but programs, a row each."""


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
    assert {path: n for path, n in lengths.items() if n > 400 and path not in TABLES_OF_PROGRAMS} == {}
    assert all(lengths[path] > 400 for path in TABLES_OF_PROGRAMS), "an exception that is not needed"


STUDENTS_CORE = ("calculus/table.py", "engine/node.py", "engine/sweep.py")
"""What a student reads first, in this order, from top to bottom: all that differentiates numbers."""

BUDGETS = {
    "border": 500, "calculus": 2100, "engine": 1300, "values": 1200, "programs": 1750, "tape": 700, "lowering": 1250,
    "replay": 350, "structures": 450, "derivatives": 150, "compiled": 2700, "graphs": 350, "drawing": 550,
}  # fmt: skip
"""Lines of Python that a room may have, docstrings included, but for what is generated. More is a room of its own."""


def test_the_students_core_is_read_in_an_hour():
    lines = {name: len((ROOT / "autograd" / name).read_text().splitlines()) for name in STUDENTS_CORE}
    order = ", then ".join(f"autograd/{name} ({n} lines)" for name, n in lines.items())
    assert sum(lines.values()) <= 700, f"read {order}: {sum(lines.values())} lines in all"


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_a_room_keeps_to_its_budget(room):
    lines = {
        path.name: len(lines)
        for path, lines in handwritten_files()
        if path.parent == Path("autograd") / room and path.suffix == ".py"
    }
    order = ", ".join(
        f"{name} ({lines[f'{name}.py']})" for name in files_of(f"autograd.{room}") if f"{name}.py" in lines
    )
    assert sum(lines.values()) <= BUDGETS[room], f"{room} in reading order: {order}; {sum(lines.values())} lines in all"
