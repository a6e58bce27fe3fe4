"""The text form of a view: a program that runs."""

import math
import struct
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import autograd
import nn
from autograd import Value, dot
from autograd.calculus.table import TABLE
from autograd.engine.reading import all_operands
from autograd.folding.listing import identifier, listing, number, summary
from autograd.folding.view import View
from autograd.graphs.formula import formulas, partial_formulas
from autograd.graphs.graph import Graph, graph_of
from autograd.graphs.names import names_of
from tests.graphs.test_graph import run
from tests.random_graphs import EDGES, programs
from tests.sizes import some

NAMES = {"Value": Value, "Ellipsis": ...} | {
    row.name: getattr(autograd, row.name) for row in TABLE if hasattr(autograd, row.name)
}


def unfolded(root, scope=()):
    """The view of all nodes in boxes of their own."""
    graph = graph_of(root)
    shown = [i for i in range(len(graph)) if graph.kind(i) != "constant" or i in graph.roots]
    return View(graph, names_of(graph, scope=scope), [box(i) for i in shown], [])


def box(*nodes, group=None, cut=False):
    return SimpleNamespace(node=-1 if group else nodes[0], group=group, nodes=np.array(nodes), cut=cut)


def text_of(root, scope=()):
    return listing(unfolded(root, scope))


def statements(text):
    """The assignments of a program: its variables, in order."""
    return [line.split(" = ")[0] for line in text.splitlines() if " = " in line and line[0] not in "# "]


def bits(x):
    return struct.pack("d", x) if x == x else "nan"


def check_runs(root, scope=()):
    """Whether the text form, run as a program, gives every number again, to the bit."""
    view = unfolded(root, scope)
    text = listing(view, limit=10**6)
    found = dict(NAMES)
    exec(text, found)
    variables = statements(text)
    assert len(variables) == len(view.boxes) == len(set(variables))
    for name, each in zip(variables, view.boxes, strict=True):
        assert bits(found[name].data) == bits(view.graph.data(each.node)), (name, text)
    assert max(map(len, text.splitlines()), default=0) <= 120
    return found, text


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
    assert text_of(loss).splitlines() == [
        "w = Value(2.0)     # grad –",
        "x = Value(5.0)     # grad –",
        "mul2 = w * x       # data 10.0  grad –",
        "sub4 = mul2 - 12   # data -2.0  grad –",
        "loss = sub4 ** 2   # data 4.0  grad –",
    ]
    loss.backward()
    assert text_of(loss).splitlines()[3:] == [
        "sub4 = mul2 - 12   # data -2.0  grad -4.0",
        "loss = sub4 ** 2   # data 4.0  grad 1.0",
    ]
    assert summary(graph_of(loss)) == summary(unfolded(loss)) == "5 values, 3 operations, loss = 4.0000"


@settings(deadline=None, max_examples=some(80))
@given(programs())
def test_it_runs_and_gives_the_same_numbers(program):
    check_runs(run(program))


@settings(deadline=None)
@given(st.sampled_from(TABLE), st.lists(st.sampled_from(EDGES), min_size=4, max_size=4), st.data())
def test_any_row_of_any_operands(row, numbers, data):
    """Leaves, constants of their own and bare numbers, twice the same among them."""
    count = len(row.partials) or 4
    pool = [Value(x) for x in numbers] + [Value(x).detach() for x in numbers] + numbers
    operands = data.draw(st.lists(st.sampled_from(range(len(pool))), min_size=count, max_size=count))
    if row.ordered:  # functions refuse what is no order of theirs, rows give nan
        order = numbers[operands[0] % 4]
        assume(order != order or abs(order) == math.inf or (order >= 0.0 and order.is_integer()))
    z = row(*[pool[i] for i in operands])
    if isinstance(z, Value):
        check_runs(z)


def test_folds_as_their_functions_are_called():
    w, x = [Value(2.0, label="w[0]"), Value(3.0, label="w[1]")], [Value(0.5, label="x0"), Value(0.1, label="x1")]
    b = Value(1.0, label="b")
    for root, code in (
        (dot(w, x, b), "dot([w_0, w_1], [x0, x1], b)"),
        (dot(w, x), "dot([w_0, w_1], [x0, x1])"),
        (dot(w, [10.0, 0.5], -1.5), "dot([w_0, w_1], [10, 0.5], -1.5)"),
        (dot([0.0, w[0]], [1.0, 2.0]), "dot([0, w_0], [1, 2])"),
        (autograd.sum(w, start=b), "sum([b, w_0, w_1])"),
        (autograd.logsumexp([*w, 1.0]), "logsumexp([w_0, w_1, 1])"),
        (autograd.where(b, w[0], 2.0), "where(b, w_0, 2)"),
        (autograd.atan2(w[0], w[1]), "atan2(w_0, w_1)"),
        ((-2.0) ** b, "(-2) ** b"),
        (-(b**2.0), "-pow2"),
    ):
        assert f" = {code}   " in check_runs(root)[1]


def test_rules_of_ones_own_come_out_as_they_were():
    x, y = Value(2.0, label="x"), Value(3.0, label="y")
    known = Value(8.0, (x, y), "f, g", local_grads=(12.0, -0.5))
    closed = Value(math.nan, (x,), "'\"\n")
    closed._backward = lambda: None
    found, text = check_runs(known * closed * Value(1.0, (y,)))
    assert "custom2 = Value(8.0, (x, y), 'f,\\x20g', local_grads=(12, -0.5))" in text
    again = found["custom2"]
    assert (again._op, again.partials) == ("f, g", (12.0, -0.5))


def test_constants_at_the_end_stay_constants():
    found, _ = check_runs([Value(3.0).detach(), Value(2.0) * Value(-1.0).detach(), Value(2.0).detach() + 1.0])
    assert found["constant0"].is_constant


LABELS = [
    "x", "x", "two words", "two\nlines", "lambda", "Value", "sum", "tanh", "mul2", "leaf0", "", "1 - e", "\0", "\ud800",
    "</script>", "x" * 10_000, "2", "w[3]", "w.3", "w_3", "é", "ſ2", "s2", "a·b", "__debug__", "None", "#", "float",
]  # fmt: skip


@settings(deadline=None)
@given(st.lists(st.sampled_from(LABELS) | st.text(max_size=5), min_size=2, max_size=8), st.text(max_size=6))
def test_labels_become_identifiers_that_are_all_different(labels, op):
    leaves = [Value(float(k), label=label) for k, label in enumerate(labels)]
    root = leaves[0] * leaves[1] + Value(1.0, tuple(leaves), op)
    for x in leaves:
        root = (root - x).tanh()
    _, text = check_runs(root)
    assert all(line.isprintable() for line in text.splitlines())
    assert summary(graph_of([*leaves, root])).isprintable()


def test_what_labels_become():
    assert [identifier(label, 32) for label in ("w[3]", "m.layers.0.b", "1 - e", "a b", "", "é")] == [
        "w_3", "m_layers_0_b", "", "a_b", "", "é",
    ]  # fmt: skip
    x, y = Value(1.0, label="x"), Value(2.0, label="x")
    assert statements(text_of(x + y)) == ["x", "x_1", "add2"]
    assert statements(text_of(Value(2.0, label="mul2") * Value(3.0, label="2"))) == ["mul2", "leaf1", "mul2_2"]
    assert statements(text_of(Value(1.0, label="sum") * Value(1.0, label="lambda"))) == ["sum_", "lambda_", "mul2"]


def test_a_network_by_the_names_of_its_parameters():
    model = nn.MLP(2, [8, 1], rng=1)
    _, text = check_runs(model([1.0, 2.0]), [{"model": model}])
    neuron = "model_layers_0_neurons_0"
    assert f" = dot([{neuron}_w_0, {neuron}_w_1], [1, 2], {neuron}_b)" in text


def test_a_long_one_loses_its_middle():
    z = Value(1.0, label="x")
    for _ in range(1000):
        z = z.sin()
    text = text_of(z)
    lines = text.splitlines()
    assert 3500 < len(text.encode()) <= 4096
    middle = len(lines) // 2
    assert lines[middle] == f"# ... {1001 - len(lines) + 1} more ..."
    assert lines[0].startswith("x = Value(1.0)")
    assert lines[middle - 1].startswith(f"sin{middle - 1} = sin(sin{middle - 2})")
    assert lines[-1].startswith("sin1000 = sin(sin999)")


@settings(deadline=None, max_examples=some(40))
@given(programs(), st.integers(0, 3000), st.integers(60, 140))
def test_never_longer_than_it_may_be(program, limit, width):
    view = unfolded(run(program))
    text = listing(view, limit, width)
    lines = text.splitlines()
    assert max(map(len, lines), default=0) <= width
    assert len(text.encode()) <= max(limit, len(f"# ... {len(view.boxes):,} more ..."))
    left_out = [int(line.split()[2]) for line in lines if line.startswith("# ... ")]
    assert sum(left_out) + len(statements(text)) == len(view.boxes)


def test_many_operands_are_left_out_of_a_statement():
    xs = [Value(float(k), label=f"x{k}") for k in range(1000)]
    text = text_of(autograd.sum(xs))
    assert "sum1000 = sum([x0, x1, x2, ..., x999])" in text
    assert "# 1,000 operands  data 499500.0" in text
    assert "dot2000 = dot([x0, x1, x2, ..., x999], [" in text_of(dot(xs, [Value(1.0) for _ in xs]))


def test_a_group_is_a_comment():
    model = nn.Neuron(2, rng=1)
    y = model([1.0, 2.0]).exp()
    graph = graph_of(y)
    names = names_of(graph, scope=[{"model": model}])
    nodes = [i for i in range(len(graph)) if i != graph.roots[0]]
    group = SimpleNamespace(id="model", kind="module", title="model", times=1)
    view = View(graph, names, [box(*nodes, group=group), box(graph.roots[0])], [])
    lines = listing(view).splitlines()
    assert lines[0] == f"# model: {len(nodes)} values, 3 parameters, mean |grad| –"
    assert lines[1].startswith(f"exp{graph.roots[0]} = exp(...)")
    y.backward()
    graph = graph_of(y)
    mean = np.mean([abs(p.grad) for p in model.parameters()])
    line = listing(View(graph, names, [box(*nodes, group=group)], []))
    assert line == f"# model: {len(nodes)} values, 3 parameters, mean |grad| {mean:.3g}"
    group.times, group.title = 100, "two\nlines" * 100
    line = listing(View(graph, names, [box(*nodes, group=group)], []))
    assert line.isprintable()
    assert len(line) <= 120


def test_operands_that_are_not_shown_are_dots():
    w = Value(2.0, label="w")
    z = dot([w, w], [10.0, 0.5]).relu()
    graph = graph_of(z)
    assert listing(View(graph, names_of(graph), [box(2, cut=True)], [])).startswith("relu2 = relu(...)")


class Shallow(Graph):
    """A graph that leaves out what its root was made from."""

    __slots__ = ()

    def operands(self, i):
        return []


@pytest.mark.parametrize(
    ("root", "code", "formula"),
    [
        (-Value(1.0), "-...", "-…"), (Value(1.0) ** 2, "... ** 2", "… ** 2"), (1 - Value(1.0), "1 - ...", "1 - …"),
        (dot([Value(1.0), Value(2.0)], [3.0, 4.0], Value(5.0)), "dot([..., ...], [3, 4], ...)", "… * 3 + … * 4 + …"),
        (dot([Value(1.0)] * 3, [Value(2.0)] * 3), "dot([..., ..., ...], [..., ..., ...])", "a·b"),
        (Value(1.0, (Value(1.0),), "f"), "Value(1.0, (...,), 'f', local_grads=(0,))", "f(…)"),
        (autograd.where(Value(1.0), 2.0, Value(3.0)), "where(..., 2, ...)", "where(…, 2, …)"),
        (autograd.sum([Value(1.0)] * 12), "sum([...])", "sum of 12"),
    ],
)  # fmt: skip
def test_operands_that_are_not_in_the_graph_are_dots(root, code, formula):
    graph = graph_of(root)
    graph = Shallow(graph.values, graph.columns, graph.roots)
    (i,) = graph.roots
    assert listing(View(graph, names_of(graph), [box(i, cut=True)], [])).startswith(f"{graph.id(i)} = {code}   #")
    assert formulas(graph, names_of(graph), [i]).texts[i] == formula
    assert len(partial_formulas(graph, names_of(graph), i)) == min(8, len(all_operands(root)))


def test_a_gradient_that_was_left_is_shown():
    x = Value(2.0, label="x")
    (x * 3).backward()
    assert text_of(x * 5) == "x = Value(2.0)   # grad 3.0\nmul2 = x * 5     # data 10.0  grad –"


def test_summaries_stay_short():
    assert summary(graph_of([Value(float(i)) for i in range(9)])).endswith("leaf2 = 2.0000, ...")
    assert summary(graph_of(Value(1.0))) == "1 value, 0 operations, leaf0 = 1.0000"
    assert len(summary(graph_of(Value(1.0, label="x" * 10_000)))) < 70
    x = Value(1.0)
    assert summary(unfolded(x, [{"mine": x}])) == "1 value, 0 operations, mine = 1.0000"


def test_nothing_to_be_seen_is_an_empty_text():
    graph = graph_of(Value(1.0))
    assert listing(View(graph, names_of(graph), [], [])) == ""
