"""The house: who may import whom, what every public name must have, how long a file may be."""

import ast
import inspect
from pathlib import Path

import pytest

import autograd
import nn

ROOT = Path(__file__).parent.parent
LAYERS = [
    ["wording"],
    ["_build", "console", "files", "forking", "ieee", "conversion", "namesake"],
    ["memory"],
    ["primitives"],
    ["_kernel", "symbols", "_elementary", "arrays"],
    ["steps", "notation", "evaluation"],
    ["recorder", "tape_file", "fusion", "grouping", "names"],
    ["slots"],
    ["_generate", "engine", "tape_code", "simplification", "differentiation"],
    ["sweep", "application"],
    ["transcription", "vectors"],
    ["recording"],
    ["rules", "copying", "functional"],
    ["graph"],
    ["functions", "rendering", "listing", "tape", "single_lane"],
    ["program"],
    ["ordering", "allocation"],
    ["lowering"],
    ["replay", "drawing"],
    ["structure"],
    ["paths"],
    ["answers", "tracing"],
    ["repeating", "tangents"],
    ["calls"],
    ["gradients"],
    ["joining"],
    ["dispatch"],
    ["compile"],
    ["__init__"],
    ["__main__"],
]  # fmt: skip
HEIGHT = {name: i for i, layer in enumerate(LAYERS) for name in layer}
LAZY = {  # imported inside a function, by what few programs do
    ("engine", "arrays"), ("engine", "copying"), ("engine", "recording"), ("engine", "rules"),
    ("engine", "sweep"), ("sweep", "rules"),
}  # fmt: skip

SAID_BY_BOTH = ("console", "namesake", "wording")
"""How both packages speak to their users: nothing in there computes."""


def imports(path):
    """`(importing module, imported module of this project, at top level)`."""
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):  # what only a type checker reads is not an import
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            node.body = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in ("autograd", "nn"):
            names = [node.module] if "." in node.module else [f"{node.module}.{alias.name}" for alias in node.names]
            for name in names:
                yield path.stem, name
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] in ("autograd", "nn"):
                    yield path.stem, alias.name


@pytest.mark.parametrize("path", sorted((ROOT / "autograd").glob("*.py")), ids=lambda p: p.stem)
def test_a_file_imports_only_from_lower_layers(path):
    assert path.stem in HEIGHT, f"give {path.stem} a layer"
    for importing, imported in imports(path):
        package, _, module = imported.partition(".")
        assert package == "autograd"
        module = module.split(".")[0]
        if module in HEIGHT and (importing, module) not in LAZY:
            assert HEIGHT[module] < HEIGHT[importing] or importing == "__main__", f"{importing} imports {module}"


@pytest.mark.parametrize("path", sorted((ROOT / "nn").glob("*.py")), ids=lambda p: p.stem)
def test_nn_imports_only_what_autograd_exports(path):
    for _, imported in imports(path):
        package, _, name = imported.partition(".")
        if package == "autograd" and name:
            exported = name in autograd.__all__ or name == "__version__" or name.split(".")[0] in SAID_BY_BOTH
            assert exported, f"{path.name} imports {imported}"


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


def test_handwritten_files_stay_readable_in_one_sitting():
    for path in [*(ROOT / "autograd").glob("*.py"), *(ROOT / "nn").glob("*.py")]:
        lines = path.read_text().splitlines()
        if not any("do not edit" in line for line in lines[:4]) and path.stem != "engine":
            assert len(lines) <= 400, f"{path.name}: {len(lines)} lines"
