"""What operations compute, in the names of their operands."""

import math
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
import nn
from autograd import Value, dot
from autograd.calculus.table import TABLE
from autograd.graphs.formula import formulas, partial_formulas
from autograd.graphs.graph import graph_of
from autograd.graphs.names import Names, names_of
from autograd.graphs.pieces import constant
from tests.graphs.test_graph import run
from tests.random_graphs import programs
from tests.sizes import some

FUNCTIONS = {row.name: getattr(autograd, row.name) for row in TABLE if hasattr(autograd, row.name)}


def formula(root, **names):
    """The formula of a root where some Values have names, and every node has a box."""
    graph = graph_of(root)
    found = names_of(graph, {value: name for name, value in names.items()})
    return formulas(graph, found, range(len(graph))).texts[graph.place(root)]


def bits(x):
    return struct.pack("d", x) if x == x else "nan"


a, b, c = Value(0.3), Value(0.7), Value(-1.1)
KNOWN = {"a": a, "b": b, "c": c}


@pytest.mark.parametrize(
    ("root", "text"),
    [
        (a - 1, "a - 1"), (1 - a, "1 - a"), (a - a, "a - a"), (a - (b - c), "a - (b - c)"),
        ((a - b) - c, "a - b - c"), (a + (b + c), "a + (b + c)"), ((a + b) * c, "(a + b) * c"),
        (a * b + c, "a * b + c"), (a * (b * c), "a * (b * c)"), (a / b, "a / b"), (1 / a, "1 / a"), (a / 2, "a / 2"),
        (a / (b * c), "a / (b * c)"), (a / b / c, "a / b / c"), (a**2, "a ** 2"), (2**a, "2 ** a"), (a**b, "a ** b"),
        ((a**b) ** c, "(a ** b) ** c"), (a ** (b**c), "a ** b ** c"), (a**-1, "a ** -1"), (a ** (-b), "a ** -b"),
        ((-2) ** a, "(-2) ** a"), ((-a) ** 2, "(-a) ** 2"), (-(a**2), "-a ** 2"), (-a * b, "-a * b"),
        (a * -b, "a * -b"), (a - -b, "a - -b"), ((-a).__neg__(), "-(-a)"), (-(a + b), "-(a + b)"),
        (a + -0.5, "a + -0.5"),
        (a * 0.1, "a * 0.1"), (a * 1e9, "a * 1e9"), (abs(a), "abs(a)"), (autograd.tanh(a * b), "tanh(a * b)"),
        (autograd.maximum(a, 0.0), "maximum(a, 0)"), (autograd.where(a, b, c), "where(a, b, c)"),
        (autograd.where(a, c, b), "where(a, c, b)"),
        (autograd.where(autograd.less(a, b), 1.0, c), "where(less(a, b), 1, c)"),
        (autograd.atan2(a, b), "atan2(a, b)"), (autograd.atan2(1.0, a), "atan2(1, a)"),
        (autograd.atan2(a, a), "atan2(a, a)"), (dot([a], [b], c), "a * b + c"),
        (dot([a, b], [c, 2.0]), "a * c + b * 2"), (dot([a, b], [b, c], 1.5), "a * b + b * c + 1.5"),
        (dot([a, b], [1.0, 1.0]), "a + b"), (dot([a], [b]), "a * b"), (dot([a + b], [c]), "(a + b) * c"),
        (autograd.sum([a, b, c]), "a + b + c"), (autograd.sum([a]), "a"), (autograd.sum([a, b - c]), "a + (b - c)"),
        (autograd.sum([a, b, 1.0] * 4), "sum of 12: a, …, 1"), (autograd.logsumexp([a, b]), "logsumexp(a, b)"),
        (autograd.logsumexp([a] * 10), "logsumexp of 10: a, …, a"),
        (autograd.sum([a] * 9) * 2, "(sum of 9: a, …, a) * 2"), (Value(1.0, (a,), "cube"), "cube(a)"),
        (Value(1.0, (a, b), "@"), "a @ b"), (Value(1.0, (a, b)), "custom(a, b)"),
        (Value(1.0, (a,), "two\nlines"), "two\N{REPLACEMENT CHARACTER}lines(a)"),
        (Value(1.0, (a,) * 9, "f"), "f of 9: a, …, a"),
    ],
)  # fmt: skip
def test_as_a_person_types_it(root, text):
    assert formula(root, **KNOWN) == text


def test_what_is_used_twice_or_too_long_gets_a_short_name():
    x, v1 = Value(2.0, label="x"), Value(3.0, label="v1")
    u = x * v1
    root = u.tanh() + u.exp()
    graph = graph_of(root)
    found = formulas(graph, names_of(graph), range(len(graph)))
    assert found.short == {2: "v2"}
    assert list(found.texts.values()) == ["x * v1", "tanh(v2)", "exp(v2)", "tanh(v2) + exp(v2)"]
    deep = x.sin().sin().sin().sin()
    graph = graph_of(deep)
    found = formulas(graph, names_of(graph), range(len(graph)))
    assert list(found.texts.values()) == ["sin(x)", "sin(sin(x))", "sin(sin(sin(x)))", "sin(v1)"]
    assert found.short == {3: "v1"}


def test_the_longest_operand_is_named_first():
    x = Value(2.0, label="quite_long_a_name")
    assert formula(x.sin() * (x.cos() - 1.0)) == "sin(quite_long_a_name) * v1"


def test_what_has_no_box_has_no_short_name():
    x = Value(2.0)
    y = x * x
    graph = graph_of(y.exp() * y)
    found = formulas(graph, names_of(graph), [2, 3])
    assert (found.texts, found.short) == ({2: "exp(…)", 3: "exp(…) * …"}, {})


def test_a_constant_is_its_number_unless_it_has_a_box():
    x, target = Value(2.0, label="x"), Value(3.0).detach()
    target.label = "target"
    graph = graph_of([x - target, target])
    names = names_of(graph)
    where = graph.roots[0]
    assert formulas(graph, names, range(len(graph))).texts[where] == "x - target"
    assert formulas(graph, names, [where]).texts[where] == "x - 3"


def test_a_neuron_reads_as_in_a_book():
    model = nn.MLP(3, [4, 1], rng=1)
    x = [Value(1.0, label=f"x{i}") for i in range(3)]
    graph = graph_of(model(x))
    everything = range(len(graph))
    dots = [i for i in everything if graph.name_of_operation(i) == "dot"]
    for names in (names_of(graph, scope=[{"model": model}]), names_of(graph)):
        found = formulas(graph, names, everything)
        assert [found.texts[i] for i in dots] == ["w·x + b"] * 5
        assert found.short == {}
    assert formulas(graph, names_of(graph), everything).texts[dots[0] + 1] == "relu(w·x + b)"


def test_products_of_vectors_by_what_their_names_have_in_common():
    def indexed(name, n=3):
        return [Value(float(i), label=name.format(i)) for i in range(n)]

    w, x, v = indexed("w[{}]"), indexed("inputs[{}]"), indexed("u{}")
    bias, odd = Value(1.0, label="layer.bias"), [Value(1.0, label=label) for label in ("p", "q", "r")]
    none = [Value(1.0) for _ in range(3)]
    inner = [n * 2 for n in none]
    assert formula(dot(w, x, bias)) == "w·inputs + bias"
    assert formula(dot(w, x)) == "w·inputs"
    assert formula(dot(w, [1.5, 2.5, 3.5], 0.5)) == "w·x + 0.5"
    assert formula(dot(w, w)) == "w·w"
    assert formula(dot(inner, inner)) == "a·a"
    assert formula(dot(none, none)) == "w·w"
    assert formula(dot(v, none, none[0])) == "u·x + b"
    assert formula(dot(odd, x, bias)) == "w·inputs + bias"
    assert formula(dot(inner, none)) == "a·b"
    assert formula(dot(inner, none, inner[0])) == "a·b + v4"
    assert formula(dot(indexed("x[{}]"), none)) == "x·x_"
    assert formula(dot(indexed("W[2][{}]"), x)) == "W[2]·inputs"
    assert formula(dot([*w, 1.0], [*x, bias], none[0])) == "w·inputs + …"
    assert formula(2 * dot(w, x, bias)) == "2 * (w·inputs + bias)"
    assert formula(2 * dot(w, x)) == "2 * w·inputs"
    assert formula(dot(w, x) ** 2) == "(w·inputs) ** 2"


HOSTILE = [
    "1 - e", "a\nb", "</script>", "]]>", "\0", "\ud800", "x" * 10_000, "", "lambda", "nan", "(", "{x|y}", '"', "\u202e",
    "\0" + "2\0", "v1", "…",
]  # fmt: skip


@pytest.mark.parametrize("label", HOSTILE)
def test_labels_that_read_as_something_else_are_quoted(label):
    x, y = Value(1.0, label=label), Value(2.0, label="y")
    graph = graph_of((x - y) * y.exp().sin().exp())
    names = names_of(graph)
    found = formulas(graph, names, range(len(graph)))
    text = found.texts[2]
    operand = text.removesuffix(" - y")
    assert text.isprintable()
    assert len(operand) <= 26
    if label in ("lambda", "v1", "…"):
        assert operand.strip('"') == label
    elif label:
        assert (operand[0], operand[-1]) == ('"', '"') or operand == "xxxxxxxxxxx…xxxxxxxxxxxx"
    else:
        assert found.short[0] == operand
    assert label not in found.short.values()
    assert all(part.isprintable() for part in partial_formulas(graph, names, len(graph) - 1))


def evaluated(text, values):
    return eval(text, {"__builtins__": {}} | FUNCTIONS | values)


@settings(deadline=None, max_examples=some(60))
@given(programs(), st.randoms(use_true_random=False))
def test_a_formula_computes_its_node(program, random):
    graph = graph_of(run(program))
    given = {i: f"n{i}" for i in range(len(graph)) if graph.kind(i) != "constant" and random.random() < 0.5}
    found = formulas(graph, Names(given, (), {}), range(len(graph)))
    values = {name: graph.values[i] for i, name in (given | found.short).items()}
    assert len(values) == len(given) + len(found.short)
    for i, text in found.texts.items():
        assert bits(evaluated(text, values).data) == bits(graph.data(i)), text


@settings(deadline=None, max_examples=some(40))
@given(programs(max_steps=20))
def test_formulas_of_partials_compute_the_partials(program):
    graph = graph_of(run(program))
    names = Names({i: f"n{i}" for i in range(len(graph)) if graph.kind(i) != "constant"}, (), {})
    check_partials(graph, names)


def check_partials(graph, names):
    """Whether the formulas of the partials of all nodes compute what the engine has, and are there."""
    values = {name: graph.values[i] for i, name in names.given.items()}
    for i in range(len(graph)):
        if graph.kind(i) == "operation":
            for use, text in zip(graph.uses(i), partial_formulas(graph, names, i), strict=True):
                if use.partial is None:
                    assert text == ""
                else:
                    found = evaluated(text, values)
                    assert getattr(found, "data", found) == pytest.approx(use.partial, rel=1e-14, abs=0, nan_ok=True), (
                        text
                    )


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_every_row_has_formulas_of_its_partials(row):
    if row.name == "detach":
        return  # its result is a constant
    inside = row.inside([0.51] * len(row.domain)) if row.partials else [0.4, 0.8, 1.2, -0.5]
    leaves = [Value(x, label=f"p{k}") for k, x in enumerate(inside)]
    z = row(*leaves)
    z.label = "z"
    graph = graph_of(z)
    check_partials(graph, names_of(graph))


@pytest.mark.parametrize(
    ("z", "texts"),
    [
        (a**2, ["2 * a", ""]), (a**3, ["3 * a ** 2", ""]), (a**1, ["1", ""]), (2**a, ["", "z * log(2)"]),
        (a / b, ["1 / b", "-z / b"]), (1 / a, ["", "-z / a"]), (-a, ["-1"]), (a * b, ["b", "a"]), (a.exp(), ["z"]),
        (a.cos(), ["-sin(a)"]), (a**-2, ["-2 * a ** -3", ""]), (dot([a, 2.0], [b, c]), ["b", "a", "", "2"]),
        (Value(1.0, (a,), "f"), [""]), (autograd.sum([a] * 10), ["1"] * 8),
    ],
)  # fmt: skip
def test_partials_as_a_person_types_them(z, texts):
    graph = graph_of(z)
    names = names_of(graph, {a: "a", b: "b", c: "c", z: "z"})
    assert partial_formulas(graph, names, graph.place(z)) == texts


def test_partials_where_nobody_gave_names():
    x, y = Value(0.5), Value(2.0)
    graph = graph_of((x / y).exp())
    assert partial_formulas(graph, names_of(graph), 2) == ["1 / y", "-z / y"]
    assert partial_formulas(graph, names_of(graph), 3) == ["z"]
    taken = names_of(graph, {x: "y"})
    assert partial_formulas(graph, taken, 2) == ["1 / y_", "-z / y_"]


@given(st.floats())
def test_a_constant_is_never_rounded(x):
    text = constant(x)
    assert len(text.replace("…", "")) <= 15
    if "…" not in text:
        assert bits(float(text)) == bits(x)
    else:
        shown = float(text.replace("…", ""))
        assert math.copysign(1.0, shown) == math.copysign(1.0, x)
        assert abs(shown) <= abs(x)
        assert shown == pytest.approx(x, rel=1.1e-5)


def test_a_neuron_reads_so_whatever_its_inputs_are():
    """An input may be 1 as the number that a bias is multiplied with is, and equal to a node's number."""
    for inputs in ([1.0, 2.0], [0.0, 0.0], [0.0, 1.0], [1.0, 1.0], [float(k) for k in range(1, 9)]):
        model = nn.Neuron(len(inputs), "linear", rng=1)
        graph = graph_of(model(inputs))
        names = names_of(graph, scope=[{"model": model}])
        assert formulas(graph, names, graph.roots).texts[graph.roots[0]] == "w·x + b", inputs
    model = nn.Neuron(1, "linear", rng=1)
    graph = graph_of(model([1.0]))
    names = names_of(graph, labels={model.w[0]: "w", model.b: "b"})
    assert formulas(graph, names, graph.roots).texts[graph.roots[0]] == "b + w"


def test_the_bias_of_a_tape_whose_inputs_have_no_labels_is_not_taken_for_a_weight():
    values = [Value(1.0) for _ in range(7)]
    tape = autograd.Tape(dot(values[:3], values[3:6], start=values[6]), values)
    graph = graph_of(tape)
    assert formulas(graph, names_of(graph), graph.roots).texts[graph.roots[0]] == "a·b + x6"


def test_a_product_of_vectors_without_a_start():
    w = [Value(1.0, label=f"w{k}") for k in range(4)]
    for row, expected in (([1.0, 2.0, 3.0, 4.0], "w·x"), ([4.0, 2.0, 5.0, 1.0], "w·x"), (w, "w·w")):
        graph = graph_of(autograd.dot(w, row))
        assert formulas(graph, names_of(graph), graph.roots).texts[graph.roots[0]] == expected
