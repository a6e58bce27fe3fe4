"""The numbers of the page are the engine's, bit for bit, in a real browser."""

import math
import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
from autograd import Value, backward, dot, draw, relu, steps, topological_order, where
from autograd.browser.html import html_of
from autograd.scenes.text import short
from tests.browser.reading import count, listed, load, number, rendered, step_table, with_script
from tests.random_graphs import programs, swept_graph
from tests.sizes import some

pytestmark = pytest.mark.any_build


def same(x, y):
    return x is not None and (float(x).hex() == float(y).hex() or (math.isnan(x) and math.isnan(y)))


def assert_ends_as_the_engine(tab, drawing):
    """What the page has after its last step is what the engine has in each Value that the sweep comes to."""
    load(tab, html_of(drawing.document()))
    at, many = count(tab)
    assert at == many
    assert_is_as_the_engine(listed(tab), drawing.graph)


def assert_is_as_the_engine(shown, graph):
    """A table of boxes has the numbers of the Values."""
    compared = 0
    for i, value in enumerate(graph.values):
        if graph.id(i) in shown and not value.is_constant:
            row = shown[graph.id(i)]
            assert same(number(row["data"]), value.data), graph.id(i)
            if row["grad"] == "–":
                assert value.grad == 0.0 or not value.requires_grad, graph.id(i)
            else:
                assert same(number(row["grad"]), value.grad), (graph.id(i), row, value.grad)
                compared += 1
    assert compared


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    "make",
    [
        lambda x, y: (x * y - 1.0) * (x * y - 1.0),
        lambda x, y: x * x,
        lambda x, y: x + x,
        lambda x, y: dot([x, x], [x, x]),
        lambda x, y: dot([x, y], [y, x], x),
        lambda x, y: where(x > y, x * 2.0, y * 3.0) + x * y,
        lambda x, y: relu(x - y) * relu(y - x),
        lambda x, y: x.detach() * y,
        lambda x, y: (x * 0.0) * math.inf + y,
        lambda x, y: (x - x) / (y - y),
        lambda x, y: autograd.logsumexp([x, y, x, 1.0]),
    ],
)
def test_edges(tab, make, when):
    x, y = Value(0.7, label="x"), Value(-1.3, label="y")
    x.grad = 5.0
    root = make(x, y)
    if when == "after":
        root.backward()
        root.backward()  # leaves add up
        drawing = draw(root, fold=None)
    else:
        drawing = draw(root, fold=None)
        load(tab, html_of(drawing.document()))
        assert "No backward() has been yet" in tab.locator(".notes").text_content()
        root.backward()
        assert_is_as_the_engine(listed(tab), drawing.graph)
        return
    assert_ends_as_the_engine(tab, drawing)
    assert "is the one that brought these" in tab.locator(".notes").text_content()


def test_several_roots_and_a_root_below_another(tab):
    x = Value(1.5, label="x")
    h = x.sin()
    a, b = h * x, h.exp()
    backward([a, b])
    assert_ends_as_the_engine(tab, draw([a, b], fold=None))
    x.grad = 0.0
    a.backward()
    assert_ends_as_the_engine(tab, draw([h, a], fold=None))


def test_a_closure_is_measured(tab):
    x = Value(3.0, label="x")
    y = Value(9.0, (x,), "square")
    y._backward = lambda: setattr(x, "grad", x.grad + 6.0 * y.grad)
    z = y * x
    z.backward()
    drawing = draw(z, fold=None)
    assert_ends_as_the_engine(tab, drawing)
    tab.keyboard.press("ArrowLeft")
    assert step_table(tab) == [["x", "its rule keeps it", "3", "18 (after − before)", "9", "27"]]
    assert "<iframe" not in drawing._repr_mimebundle_()["text/html"], "a cell runs nobody's closure unasked"


def test_random_graphs(tab):
    with_script(tab)

    @settings(max_examples=some(150), deadline=None)
    @given(programs(max_steps=30), st.integers(0, 10**9), st.integers(0, 2))
    def compare(program, seed, sweeps):
        root = swept_graph(program, seed, sweeps)
        if root is None:
            return
        drawing = draw(root, fold=None, wrap=False)
        shown = rendered(tab, drawing.document())
        if not sweeps:  # the page shows what a sweep would do
            root.backward()
        assert_is_as_the_engine(shown, drawing.graph)

    compare()


def test_every_step_shows_the_numbers_of_that_step(tab):
    rng = random.Random(3)
    x, w = [Value(rng.gauss(0.0, 1.0), label=f"x{k}") for k in range(4)], Value(0.3, label="w")
    hidden = [(a * w + b).tanh() for a, b in pairwise(x)]
    loss = dot(hidden, hidden, w)
    loss.backward()
    drawing = draw(loss, fold=None)
    load(tab, html_of(drawing.document(), step=0))
    tab.keyboard.press("x")
    expected = [step for step in steps(loss) if not step.is_leaf]
    many = count(tab)[1]
    operations = sum(bool(v.operands) for v in topological_order(loss))
    assert many == operations + 1 + len(expected) + 1
    for _ in range(operations + 1):
        tab.keyboard.press("ArrowRight")
    for step in expected:
        rows = step_table(tab)
        wanted = [
            (p, step.adjoint, c, b, a)
            for x, p, c, b, a in zip(
                step.operands, step.partials, step.contributions, step.before, step.after, strict=True
            )
            if not x.is_constant
        ]
        assert len(rows) == len(wanted)
        for row, numbers in zip(rows, wanted, strict=True):
            assert [float(text.rpartition("= ")[2]) for text in row[1:]] == list(numbers)
        assert f"{float(tab.locator('.say').text_content().rpartition(' is ')[2])}" == f"{step.adjoint}"
        tab.keyboard.press("ArrowRight")


def test_numbers_are_written_as_in_the_picture(tab):
    rng = random.Random(1)
    numbers = [1.0625, 0.5, -0.0, 1e6, 999999.5, 123456.5, 12345.5, 12344.5, 1e-4, 9.999e-5, 1e-300, 5e-324, 99999.0]
    numbers += [rng.choice((-1, 1)) * rng.random() * 10.0 ** rng.randint(-12, 12) for _ in range(2_000)]
    numbers += [k / 32 for k in range(1_000)] + [k + 0.5 for k in range(9_990, 10_020)]
    with_script(tab)
    for digits in (3, 4):
        shown = tab.evaluate("([xs, digits]) => xs.map(x => short(x, digits))", [numbers, digits])
        wrong = [(x, a, short(x, digits)) for x, a in zip(numbers, shown, strict=True) if a != short(x, digits)]
        assert wrong == []
