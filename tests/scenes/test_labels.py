"""Labels are drawn as they are, whatever they are."""

import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograd import Value, draw
from tests.drawing.pictures import picture
from tests.sizes import some

pytestmark = pytest.mark.any_build

HOSTILE = [
    "</script><script>alert(1)</script>", "]]>", "<![CDATA[", "{", "}", "|", "<y>", "<", ">", "a|b|c", "{x}", "\\",
    "\\\\", "\\n", "\\N", "\\G", "\\l", "\\E\\T\\H", 'say "hi"', '\\"', "&", "&lt;", "&amp;", "&#92;N", "a  b",
    "∂loss/∂w₁", "梯度", "x\\", "<b>bold</b>", "{{|<\\>|}}", "%s $x$ #1 // c /*", "->", "node", "1.5", "שלום", "😀",
    "<br/>", "'", "--><!--",
]  # fmt: skip


def shown(*labels):
    """The lines of text that each label becomes in a picture of leaves."""
    nodes, _ = picture(draw([Value(1.0, label=label) for label in labels]))
    found = [lines for _, (_, lines) in sorted(nodes.items(), key=lambda node: int(re.search(r"\d+$", node[0])[0]))]
    assert all(lines[-2:] == ["data 1", "grad –"] for lines in found), "a field was lost"
    return [lines[:-2] for lines in found]


def test_a_label_is_drawn_as_it_is(engine):
    labels = [label[:24] for label in HOSTILE]
    assert shown(*labels) == [[label] for label in labels]


def test_nothing_hostile_becomes_markup(engine):
    svg = draw([Value(1.0, label=label) for label in HOSTILE]).pipe("svg")
    tags = {element.tag.split("}")[1] for element in ET.fromstring(svg).iter()}
    assert tags <= {"svg", "g", "title", "polygon", "polyline", "text", "path", "a", "ellipse"}
    assert b"<script" not in svg
    titles = [a.get("{http://www.w3.org/1999/xlink}title") for a in ET.fromstring(svg).iter() if a.tag.endswith("}a")]
    assert [title.split("\n")[0].replace("\xa0", " ") for title in titles] == HOSTILE


@settings(deadline=None, max_examples=some(25))
@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn", "Co", "Zl", "Zp", "Cf"]), min_size=1, max_size=12))
@example("<a>|")
def test_any_label_keeps_every_field(label):
    ((text,),) = shown(label) if label.strip() else [[""]]
    squeezed = [re.sub(r"\s+", " ", t).strip() for t in (text, label)]
    assert squeezed[0] == squeezed[1]


def test_lines_of_a_label_are_lines():
    assert shown("one\ntwo", "one\r\ntwo\tthree", "1\n2\n3\n4\n5", "\n") == [
        ["one", "two"], ["one", "two    three"], ["1", "…", "5"], [],
    ]  # fmt: skip


def test_what_has_no_picture_is_replaced(engine):
    assert shown("a\x00b\x07c\ud800d", "a\ufffeb\uffffc") == [["a\ufffdb\ufffdc\ufffdd"], ["a\ufffdb\ufffdc"]]


def test_what_turns_the_direction_of_writing_is_shown_as_such(engine):
    assert shown("a\u202eb", "\u2067x\u2069") == [["a[U+202E]b"], ["[U+2067]x[U+2069]"]]


def test_equal_labels_and_labels_that_are_no_strings():
    x, y = Value(1.0, label="same"), Value(2.0, label="same")
    scene = draw(x - y).scene
    assert [box["name"] for box in scene["boxes"]][:2] == ["same", "same"]
    assert len({box["id"] for box in scene["boxes"]}) == 3
    z = Value(1.0)
    z.label = "5"
    assert [box["name"] for box in draw({5: x, ("a", 1): y}).scene["boxes"]] == ["5", "('a', 1)"]


def test_ten_thousand_characters():
    label = "x" * 10_000
    d = draw(Value(1.0, label=label))
    assert shown(label) == [["x" * 11 + "…" + "x" * 12]]
    assert label in d.pipe(encoding="utf-8"), "whole in the tooltip"
