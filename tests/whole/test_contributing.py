"""What CONTRIBUTING and the README claim of the house."""

import importlib
import re
from pathlib import Path

import pytest

from tests.whole.test_house import MAY_IMPORT

pytestmark = pytest.mark.any_build

ROOT = Path(__file__).parents[2]
CONTRIBUTING, README = ((ROOT / name).read_text() for name in ("CONTRIBUTING.md", "README.md"))


def test_the_tour_is_what_the_signs_say():
    tour = re.findall(r"^\| \[`(\w+)/`\]\(autograd/(\w+)/__init__\.py\) \| (.*) \|$", CONTRIBUTING, re.M)
    assert [room for room, _, _ in tour] == list(MAY_IMPORT)
    assert len(tour) > 20
    for room, folder, role in tour:
        assert room == folder
        assert role == importlib.import_module(f"autograd.{room}").__doc__.splitlines()[0]


@pytest.mark.parametrize("text", [CONTRIBUTING, README], ids=["CONTRIBUTING", "README"])
def test_every_file_that_is_named_is_there(text):
    folders = "|".join(["autograd", "nn", "tests", "notebooks", *MAY_IMPORT])
    named = re.findall(rf"[`(]((?:{folders})/[\w./]*)[`)#]", text)
    assert len(named) > 5
    for name in named:
        assert (ROOT / name).exists() or (ROOT / "autograd" / name).exists(), name


def test_a_compiled_call_goes_through_rooms_that_may_be_followed():
    """Each stage is a file of a room that may be imported where a function is recorded, or of these two rooms."""
    stages = re.findall(r"^\| [\w ]+ \| .* \| `(\w+)/(\w+)\.py` \|$", CONTRIBUTING, re.M)
    assert len(stages) == 11
    for room, _ in stages:
        assert room in [*MAY_IMPORT["recorded"].split(), "recorded", "compiled"]


def test_the_commands_are_there():
    targets = re.findall(r"make (\w+)", CONTRIBUTING + README)
    makefile = (ROOT / "Makefile").read_text()
    for target in {*targets} - {"sure"}:
        assert re.search(rf"^{target}:", makefile, re.M), target
