"""The pages of public names that a wheel has: nothing is left out, and they say what Python says."""

import importlib
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

import autograd
import nn
from autograd._overview import LONG, SHORT, Name, home, main, methods, names, pages, resolved, signature, tree, version
from tests.whole.test_house import MAY_IMPORT, MAY_IMPORT_IN_NN

pytestmark = pytest.mark.any_build
ROOT = Path(__file__).parents[2]
LISTED = [name for package in ("autograd", "nn") for name in names(package)]
CALLED = [name for name in LISTED if not isinstance(name.thing, type(tree(home("autograd"))))]


def thing_of(name):
    """What Python has under a dotted name."""
    package, *rest = name.split(".")
    found = importlib.import_module(package)
    for part in rest:
        found = getattr(found, part)
    return found


@pytest.fixture(scope="module")
def written():
    return pages()


def test_every_public_name_is_on_both_pages_and_no_other():
    inside = [(f"{package}.{room}", thing_of(f"{package}.{room}")) for package, room in MODULES]
    expected = {f"{module.__name__}.{name}" for module in (autograd, nn) for name in module.__all__}
    expected |= {f"{name}.{part}" for name, module in inside for part in module.__all__}
    assert {name.name for name in LISTED} == expected
    assert len(LISTED) == len(expected)


MODULES = [
    (package.__name__, name) for package in (autograd, nn) for name in package.__all__
    if inspect.ismodule(getattr(package, name))
]  # fmt: skip


def test_links_lead_somewhere(written):
    anchors = set(re.findall(r'^<a id="(.+)"></a>$', written[LONG], re.M))
    linked = re.findall(r"^- \[(.+?)\]\((.+?)\): \S", written[SHORT], re.M)
    for text, link in linked:
        file, _, anchor = link.partition("#")
        if anchor:
            assert (file, anchor) == (Path(LONG).name, text)
            assert anchor in anchors
        else:
            assert (ROOT / "autograd" / file).exists(), link
    assert {text for text, link in linked if "#" in link} == anchors == {name.name for name in LISTED}
    rooms = {f"autograd/{room}" for room in MAY_IMPORT} | {f"nn/{room}" for room in MAY_IMPORT_IN_NN}
    assert {text for text, link in linked if "#" not in link} == rooms
    assert set(re.findall(r"\[[\w.]+\]\(#(.+?)\)", written[LONG])) <= anchors


@pytest.mark.parametrize("name", LISTED, ids=lambda name: name.name)
def test_a_name_says_what_python_says(name):
    thing = thing_of(name.name)
    if not (inspect.ismodule(thing) or callable(thing)):  # a constant: Python knows nothing of the text after it
        assert name.doc
        return
    assert inspect.cleandoc(thing.__doc__) == name.doc
    assert name.first
    if inspect.ismodule(thing):
        return
    try:
        known = inspect.signature(thing)
    except ValueError:
        return
    said = signature(name.name, name.file, name.thing)
    for parameter in known.parameters:
        assert re.search(rf"[(, *]{parameter}\b", said), said
    asked = [x for x in known.parameters.values() if x.default is not x.empty and x.default is not ...]
    assert said.count("=") >= len(asked) or said.startswith("class"), said


@pytest.mark.parametrize("package", [autograd, nn], ids=lambda package: package.__name__)
def test_public_methods_are_there(package):
    known = {name.thing: name.name for name in LISTED}
    by_name = {name.name: name for name in LISTED}
    for short in package.__all__:
        thing, name = getattr(package, short), by_name[f"{package.__name__}.{short}"]
        if inspect.isclass(thing):
            found, todo = set(), [name]
            while todo:
                listed = todo.pop()
                own, inherited = methods(listed.file, listed.thing, known)
                found |= set(own)
                todo += [by_name[x] for x in inherited]
            public = {
                key for base in thing.__mro__ if base.__module__.split(".")[0] in ("autograd", "nn")
                for key, member in vars(base).items() if not key.startswith("_") and inspect.isroutine(member)
            }  # fmt: skip
            assert public <= found, name.name


def test_docstrings_are_whole_in_fences_that_they_cannot_close(written):
    text = written[LONG]
    fences = [line for line in text.splitlines() if re.fullmatch(r"`{3,}(text)?", line)]
    assert len(fences) % 2 == 0
    for name in CALLED:
        assert name.doc in text


def test_what_pages_are_made_of(tmp_path):
    assert version() == autograd.__version__
    done = subprocess.run(
        [sys.executable, "-I", "-S", ROOT / "autograd" / "_overview.py"], cwd=tmp_path, capture_output=True, check=True
    )  # -I -S: no package of ours or of others
    assert done.stdout.decode() == "".join(pages().values())
    assert len(done.stdout) < 1_000_000


def test_main_prints(capsys):
    main({"a": "one\n", "b": "two\n"})
    assert capsys.readouterr().out == "one\ntwo\n"


SOURCE = '''
from typing import NamedTuple, overload

class Pair(NamedTuple):
    """Two."""

    left: int
    right: int = 2

class Held:
    """Holds."""

    def __init__(self, size, *, deep: bool = False) -> None: ...
    @property
    def size(self) -> int:
        """How many."""
    @size.setter
    def size(self, to): ...
    @staticmethod
    def made(of): ...
    def go(self, /, *args): ...
    goes = go

class Heir(Held):
    """Has what Held has."""

class Cut(str):
    """Made in a way of its own."""

    def __new__(cls, text): ...

@overload
def f(x: int) -> int: ...
@overload
def f(x: str) -> str: ...
def f(x):
    """Both, with ``` in it."""

g, h = f, Pair
K: int = 3
"""A constant."""
'''


def test_signatures_of_every_kind(tmp_path):
    file = tmp_path / "module.py"
    file.write_text(SOURCE)

    def found(name):
        return Name(f"m.{name}", *resolved(file, name))

    assert signature("m.Pair", file, found("Pair").thing) == "class m.Pair(left: int, right: int = 2)"
    assert found("h").thing is found("Pair").thing
    assert signature("m.Held", file, found("Held").thing) == "class m.Held(size, *, deep: bool=False)"
    own, inherited = methods(file, found("Held").thing, {})
    assert {key: signature(f"m.Held.{key}", file, thing) for key, (thing, _) in own.items()} == {
        "size": "m.Held.size: int", "made": "m.Held.made(of)", "go": "m.Held.go(*args)", "goes": "m.Held.goes(*args)",
    }  # fmt: skip
    assert inherited == []
    assert methods(file, found("Heir").thing, {}) == (own, [])
    assert methods(file, found("Heir").thing, {found("Held").thing: "m.Held"}) == ({}, ["m.Held"])
    assert signature("m.Heir", file, found("Heir").thing) == "class m.Heir(size, *, deep: bool=False)"
    assert signature("m.Cut", file, found("Cut").thing) == "class m.Cut(text)"
    assert signature("m.f", file, found("f").thing) == "m.f(x)"
    assert found("g").doc == "Both, with ``` in it."
    assert (signature("m.K", file, found("K").thing), found("K").doc) == ("m.K: int", "A constant.")
    assert resolved(file, "missing") is None


def test_a_name_that_is_only_listed_is_refused(tmp_path):
    file = tmp_path / "module.py"
    file.write_text('__all__ = ["gone"]\n')
    with pytest.raises(LookupError, match=r"m\.gone is in __all__, but neither defined nor imported there"):
        list(names("m", file))
