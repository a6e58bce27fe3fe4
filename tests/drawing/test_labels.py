"""Labels and names are drawn as they are."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograd import Value
from autograd.drawing.drawing import draw
from tests.drawing.pictures import picture

pytestmark = pytest.mark.any_build


def shown(label):
    """The lines of text that a label becomes in a picture of a leaf."""
    nodes, _ = picture(draw(Value(1.0, label=label)))
    (((kind, lines),)) = nodes.values()
    assert kind == "leaf"
    assert lines[-2:] == ["data 1.0000", "grad 0.0000"], "a field was lost"
    return lines[:-2]


@pytest.mark.parametrize(
    "label",
    [
        "{", "}", "|", "<y>", "<", ">", "a|b|c", "{x}", "\\", "\\\\", "\\n", "\\N", "\\G", "\\l", 'say "hi"', '\\"',
        "&", "&lt;", "&amp;", "a  b", "∂loss/∂w₁", "梯度", "x\\", "<b>bold</b>", "{{|<\\>|}}", "%s $x$ #1 // c /* d */",
        "->", "node", "1.5",
    ],
)  # fmt: skip
def test_a_label_is_drawn_as_it_is(label):
    assert shown(label) == [label]


@settings(deadline=None, max_examples=40)
@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn", "Co", "Zl", "Zp"]), min_size=1, max_size=12))
@example("<a>|")
def test_any_label_keeps_every_field(label):
    (text,) = shown(label) or [""]
    squeezed = [re.sub(r"\s+", " ", t).strip() for t in (text, label)]
    assert squeezed[0] == squeezed[1]


def test_lines_of_a_label_are_lines():
    assert shown("one\ntwo") == ["one", "two"]
    assert shown("one\r\ntwo\tthree") == ["one", "two    three"]


def test_what_has_no_picture_is_replaced():
    assert shown("a\x00b\x07c\ud800d") == ["a\ufffdb\ufffdc\ufffdd"]
    assert shown("a\ufffeb\uffffc") == ["a\ufffdb\ufffdc"]


@pytest.mark.parametrize("name", ["a\\", 'a"b', "x} y {", "<b>", "%s", "a\nb"])
def test_the_name_of_a_graph_is_a_name_alone(name):
    drawing = draw(Value(1.0, label="x"), name=name)
    assert picture(drawing) == picture(draw(Value(1.0, label="x")))
    assert drawing.filename == f"{name}.gv"


def test_names_of_operations_are_escaped_too():
    x = Value(2.0)
    nodes, _ = picture(draw(Value(4.0, (x,), 'sq<2> | {"\\n"}', local_grads=(4.0,))))
    assert ['sq<2> | {"\\n"}'] in [lines for _, lines in nodes.values()]
