"""Formats: what real engines write is whole, and cut anywhere it is not."""

import json
import shutil

import graphviz
import pytest

from autograd.rendering.children import Caps, run
from autograd.rendering.formats import ENDS, JSONS, PURE_FORMATS, RASTERS, is_whole
from autograd.rendering.rendering import pure_paths, render_dot

pytestmark = pytest.mark.any_build

SOURCE = 'digraph { rankdir=LR; node [shape=record]; a [label="<x> 1 | <y> stop"]; a:x -> b; a:y -> b }'
ENGINES = {"dot": shutil.which("dot"), "graphviz-pure": next(pure_paths(), None)}


def written(engine, format):
    """What an engine writes; the test is skipped where it writes no such format."""
    if ENGINES[engine] is None:
        pytest.skip(f"{engine} is not installed")
    ending = run([ENGINES[engine], f"-T{format}"], SOURCE.encode(), Caps(30.0, 800))
    if "not recognized" in ending.said:
        assert engine == "dot" or format not in PURE_FORMATS
        pytest.skip(f"{engine} writes no {format}")
    assert ending.failure == "", ending.said
    return ending.output


@pytest.mark.parametrize("engine", list(ENGINES))
@pytest.mark.parametrize("format", sorted(ENDS.keys() | JSONS))
def test_what_an_engine_writes_is_whole_and_a_part_of_it_is_not(engine, format):
    picture = written(engine, format)
    assert is_whole(picture, format)
    assert not is_whole(b"", format)
    assert not is_whole(b"<html>not found</html>", format)
    if format not in ("svgz", "webp", "gif"):  # which do not tell by their ends
        for size in (1, len(picture) // 3, len(picture) // 2, len(picture) - 4):
            assert not is_whole(picture[:size], format), size


def test_all_formats_are_known():
    assert RASTERS | PURE_FORMATS | ENDS.keys() | JSONS <= graphviz.FORMATS


@pytest.mark.parametrize("text", [b"", b"[]", b"{}}", b'{"a": ', b"\xff{}", b"[" * 100_000])
def test_what_is_no_json(text):
    assert not is_whole(text, "json")


@pytest.mark.parametrize("engine", list(ENGINES))
def test_a_layout_has_positions_and_what_to_draw(engine, monkeypatch):
    if ENGINES[engine] is None:
        pytest.skip(f"{engine} is not installed")
    monkeypatch.setenv("CHAINRULE_DOT", ENGINES[engine])
    layout = json.loads(render_dot("digraph { a -> b }", "json"))
    assert [thing["name"] for thing in layout["objects"]] == ["a", "b"]
    assert all(thing["pos"] and thing["_draw_"] and thing["_ldraw_"] for thing in layout["objects"])
    assert [(edge["tail"], edge["head"]) for edge in layout["edges"]] == [(0, 1)]
    lines = render_dot("digraph { a -> b }", "plain").decode().splitlines()
    assert [line.split()[0] for line in lines] == ["graph", "node", "node", "edge", "stop"]
