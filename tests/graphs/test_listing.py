"""The text form of a graph."""

import math

import pytest

from autograd import Value, dot
from autograd.graphs.graph import graph_of
from autograd.graphs.listing import listing, number, summary


@pytest.mark.parametrize(
    ("x", "text", "plain"),
    [
        (0.0, "0.0000", "0"), (-20.0, "-20.0000", "-20"), (1 / 3, "0.3333", "0.3333"), (1e-300, "1e-300", "1e-300"),
        (5e-324, "4.941e-324", "4.941e-324"), (1e-5, "1e-05", "1e-05"), (123456.5, "123456.5000", "123456.5"),
        (1e9, "1e+09", "1e+09"), (math.inf, "inf", "inf"), (-math.inf, "-inf", "-inf"), (math.nan, "nan", "nan"),
    ],
)  # fmt: skip
def test_numbers_are_compact(x, text, plain):
    assert number(x) == text
    assert number(x, plain=True) == plain


def test_a_program_one_could_have_typed():
    w, x = Value(2.0, label="w"), Value(5.0, label="x")
    loss = (w * x - 12) ** 2
    loss.label = "loss"
    loss.backward()
    assert listing(graph_of(loss)).splitlines() == [
        "w                  data 2.0000   grad -20.0000",
        "x                  data 5.0000   grad -8.0000",
        "mul2 = w * x       data 10.0000  grad -4.0000",
        "sub4 = mul2 - 12   data -2.0000  grad -4.0000",
        "loss = sub4 ** 2   data 4.0000   grad 1.0000",
    ]
    assert summary(graph_of(loss)) == "7 values, 3 operations, loss = 4.0000"


def test_labels_that_would_mislead_give_way_to_ids():
    x, y = Value(1.0, label="x"), Value(2.0, label="x")
    text = listing(graph_of([x + y, Value(3.0, label="two words"), Value(4.0, label="two\nlines")]))
    assert "add2  = leaf0 + leaf1" in text
    assert {"leaf3", "leaf4"} <= {line.split()[0] for line in text.splitlines()}


def test_a_long_one_loses_its_middle():
    z = Value(1.0, label="x")
    for _ in range(100):
        z = z.sin()
    lines = listing(graph_of(z), limit=10).splitlines()
    assert len(lines) == 11
    assert lines[5] == "... 91 more ..."
    assert lines[6].startswith("sin96  = sin(sin95)")
    assert lines[-1].startswith("sin100")


def test_functions_of_many_operands_and_cuts():
    w = Value(2.0, label="w")
    z = dot([w, w], [10.0, 0.5]).relu()
    assert "dot3  = dot(w, 10, w, 0.5)" in listing(graph_of(z))
    assert "dot0  = dot(...)" in listing(graph_of(z, depth=1))


def test_summaries_stay_short():
    assert summary(graph_of([Value(float(i)) for i in range(9)])).endswith("leaf2 = 2.0000, ...")
    assert summary(graph_of(Value(1.0))) == "1 value, 0 operations, leaf0 = 1.0000"
