"""Explanations: what is printed adds up to the gradient, to the last bit, and each path is what the chain rule says."""

import copy
import math
import random
import re
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
import nn
from autograd import RecordingError, Tape, Value, backward, compile, dot, explain, grad, no_grad, relu, where
from tests.algebra.latex import assert_mathematics
from tests.random_graphs import on_values, programs
from tests.sizes import some

NUMBER = r"-?(?:\d+\.?\d*(?:e[+-]?\d+)?|inf|nan)"


def section(found, heading):
    """The lines of a section of the text."""
    lines, within = [], False
    for line in str(found).splitlines():
        if line and not line.startswith(" "):
            within = line.startswith(heading)
        elif within and line:
            lines.append(line[2:])
    return lines


def printed_sum(found):
    """The printed numbers added in the printed order, from 0.0; where some are left out, going on from what is said."""
    text = " ".join(section(found, "sum"))
    parts, _, answer = text.rpartition(" = ")
    total = 0.0
    for reached, number in re.findall(rf"bring it to ({NUMBER})|({NUMBER})(?= \+| …|$)", parts or answer):
        total = float(reached) if reached else total + float(number)
    assert repr(float(answer)) == repr(total)
    return total


def all_paths(root, x):
    """The products of partials along every path, by plain recursion, and what each use of x adds."""
    found = []

    def walk(node, product, last):
        if node is x:
            found.append((product, last))
            return
        for k, (operand, partial) in enumerate(zip(node.operands, node.partials, strict=True)):
            selects = node.primitive is not None and node.primitive.selects
            if not operand.is_constant and (partial != 0.0 or not selects):
                walk(operand, partial * product, (id(node), k))

    walk(root, 1.0, None)
    return found


def assert_explains(root, x):
    """The whole of it, against the engine and a walk over all paths."""
    before = x.grad
    found = explain(root, x)
    assert x.grad is before or repr(x.grad) == repr(before)
    assert_mathematics(found.latex)
    assert found.markdown.count("$$") == 2
    if found.contributions:
        assert repr(printed_sum(found)) == repr(found.gradient)
    backward(root)
    assert repr(x.grad) == repr(found.after)
    return found


@settings(max_examples=some(200), deadline=None)
@given(programs(), st.integers(0, 10**9))
def test_what_is_printed_adds_up_on_random_graphs(program, seed):
    leaves = [Value(number) for number in program.leaves]
    root = program.run(on_values, leaves)
    known = autograd.topological_order(root)
    x = random.Random(seed).choice([v for v in known if not v.is_constant])
    x.grad = 0.0
    found = assert_explains(root, x)
    assert repr(found.gradient) == repr(x.grad)
    sum_of_paths = sum(path.product for path in found.paths)
    if found.count == len(found.paths):
        assert sum_of_paths == pytest.approx(x.grad, rel=1e-9, abs=1e-12)


@settings(max_examples=some(60), deadline=None)
@given(programs(max_steps=10))
def test_paths_are_those_of_a_plain_walk(program):
    leaves = [Value(number) for number in program.leaves]
    root = program.run(on_values, leaves)
    for x in leaves:
        if any(x is v for v in autograd.topological_order(root)):
            found, paths = explain(root, x), all_paths(root, x)
            assert found.count == len(paths)
            assert sum(use.paths for use in found.contributions) == len(paths)
            sizes = sorted((abs(product) for product, _ in paths), reverse=True)
            listed = sorted((abs(path.product) for path in found.paths), reverse=True)
            assert listed == pytest.approx(sizes[: len(listed)], rel=1e-9)
            assert len(listed) == (len(paths) if len(paths) <= 8 else 3)
            for use in found.contributions:
                through = [product for product, last in paths if last == (id(use.node), use.place)]
                assert len(through) == use.paths
                assert use.number == pytest.approx(math.fsum(through), rel=1e-9, abs=1e-12)
            for path in found.paths:
                for node, operand, place in zip(path.nodes, path.nodes[1:], path.places, strict=False):
                    assert node.operands[place] is operand


def test_the_text_of_a_small_graph():
    x = Value(3.0, label="x")
    loss = x * x + x
    assert (
        str(explain(loss, x))
        == """\
∂loss/∂x = 7.0, by the chain rule: 3 uses of x, 3 paths

values
  x = 3
  v1 = x * x = 9
  loss = v1 + x = 12

partials, with their formulas
  ∂loss/∂v1 = 1
  ∂loss/∂x = 1
  ∂v1/∂x at place 1 = x = 3
  ∂v1/∂x at place 2 = x = 3

paths: partials from loss on, and their product
  loss ← v1 ← x: 1 · 3 = 3.0
  loss ← v1 ← x: 1 · 3 = 3.0
  loss ← x: 1.0

sum of the contributions, in the order of the sweep
  1.0 + 3.0 + 3.0 = 7.0"""
    )


def test_the_neuron_of_the_lecture():
    x1, x2, w1, w2, b = map(Value, (2.0, 0.0, -3.0, 1.0, 6.8813735870195432))
    n = x1 * w1 + x2 * w2 + b
    o = n.tanh()
    assert_explains(o, w1)
    w1.grad = 0.0
    found = explain(o, w1)
    assert "∂o/∂n = 4 * sigmoid_slope(2 * n) = 0.5" in section(found, "partials")
    assert section(found, "paths") == [f"o ← n ← v1 ← v2 ← w1: 0.5 · 1 · 1 · 2 = {found.gradient!r}"]
    assert r"\frac{\partial o}{\partial n}" in found.latex
    assert repr(found).startswith("Explanation('∂o/∂w1 = ")
    assert found._repr_markdown_() == found.markdown


@pytest.mark.parametrize(
    ("make", "count"),
    [
        (lambda x, y: x * x, 2),
        (lambda x, y: x + x, 2),
        (lambda x, y: dot([x, x], [x, y]), 3),
        (lambda x, y: autograd.logsumexp([x, y, x, 1.0]), 2),
        (lambda x, y: where(autograd.less(y, x), x * 2.0, y * 3.0), 1),
        (lambda x, y: where(autograd.less(x, y), x * 2.0, y * 3.0), 0),
        (lambda x, y: relu(x - y) * relu(y - x), 1),
        (lambda x, y: x.detach() * y + x, 1),
        (lambda x, y: (x * 0.0) * math.inf, 1),
        (lambda x, y: x * math.nan, 1),
        (lambda x, y: autograd.maximum(x, x) + y, 2),
        (lambda x, y: x, 1),
        (lambda x, y: -(x * 0.0), 1),
        (lambda x, y: dot([2.0, 3.0], [x, y]) ** 2, 1),
    ],
)
def test_edges(make, count):
    x, y = Value(0.7), Value(-1.3)
    root = make(x, y)
    assert assert_explains(root, x).count == count
    x.grad = 5.0
    again = assert_explains(root, x)
    assert (again.before, again.after) == (5.0, pytest.approx(5.0 + again.gradient, nan_ok=True))
    assert any("5.0 + " in line for line in section(again, "note"))


def test_of_itself_and_of_a_value_within():
    x = Value(2.0)
    e = x * x
    loss = e.sin() * e
    assert "it is what is differentiated" in str(explain(loss, loss))
    found = assert_explains(loss, e)
    assert (found.count, found.gradient) == (2, e.grad)
    e.grad = 99.0
    assert explain(loss, e).after == found.gradient


def test_partials_of_many_operands_with_numbers_among_them():
    x, y = Value(2.0, label="x"), Value(7.0, label="y")
    found = explain(dot([10.0, x], [y, 5.0]), y)
    assert section(found, "partials") == ["∂loss/∂y = 10"]
    again = explain(dot([10.0, y], [3.0, x]), x)
    assert section(again, "partials") == ["∂loss/∂x = y = 7"]


def test_a_decision_and_what_carries_nothing():
    x = Value(3.0, label="x")
    loss = where(autograd.less(x, 0.0), x * 2.0, x)
    found = explain(loss, x)
    assert found.count == 1
    assert "2 more uses of x without a gradient, in " in section(found, "note")[0]
    lost = explain(where(autograd.less(x, 0.0), x * 2.0, 1.0) + Value(1.0), x)
    assert (lost.gradient, lost.contributions) == (0.0, ())
    assert "no gradient comes to x" in str(lost)


def test_many_paths_are_counted_and_many_uses_folded():
    x = Value(0.5, label="x")
    e = x
    for _ in range(100):
        e = e * 0.5 + e.sin() * 0.5
    found = assert_explains(e, x)
    assert found.count == 2**100
    assert len(found.paths) == 3
    assert "about 1.3e30 paths" in str(found)
    assert len(section(found, "uses")) == 2
    total = autograd.sum([x * random.Random(k).random() for k in range(1000)])
    x.grad = 0.0
    found = assert_explains(total, x)
    assert len(section(found, "sum")) == 8
    assert len(str(found).splitlines()) < 100


def test_a_deep_graph():
    x = Value(1.0, label="x")
    y = x
    for _ in range(20_000):
        y = y.sin() + y * 0.5
    begin = time.perf_counter()
    found = explain(y, x)
    assert time.perf_counter() - begin < 60.0  # a cliff: linear, or hours
    assert found.count == 2**20_000
    assert found.gradient == grad(y, x)
    assert "more … ← " in str(found)


def test_rules_of_somebody_s_own():
    x = Value(3.0, label="x")
    y = Value(9.0, (x, x), "square")

    def closure():
        x.grad += 2.0 * x.data * y.grad

    y._backward = closure
    assert_explains(y * 2.0 + x, x)
    found = explain(y * 2.0 + x, x)
    assert "∂y/∂x at place 1 is kept by its rule, which adds 12.0" in section(found, "partials")
    assert "loss ← v1 ← y ← x: 1 · 2 · ? = not known" in section(found, "paths")
    assert [path.product for path in found.paths].count(None) == 1
    own = Value(9.0, (x,), "square", local_grads=[6.0])
    found = explain(own * 2.0, x)
    assert "∂own/∂x = 6" in section(found, "partials")
    a, b = compile(lambda x: (x.sin(), x * x))(x)
    x.grad = 0.0
    found = assert_explains(a * b, x)
    assert found.count == 2


def test_names_of_modules_and_no_two_alike():
    model = nn.MLP(2, [3, 1], "tanh", rng=1)
    loss = (model([0.3, -0.7]) - 1.0) ** 2
    assert_explains(loss, model.parameters()[0])
    found = explain(loss, model.parameters()[0])
    assert "model.layer…eurons.0.w.0" in str(found)
    a, b = Value(2.0, label="a"), Value(3.0, label="a")
    found = explain(a * b, a)
    assert "∂loss/∂a = a_2 = 3" in section(found, "partials")
    found = explain(a * 3.0, a, labels={a: "price"})
    assert "∂loss/∂price = 3" in section(found, "partials")


@pytest.mark.parametrize(
    "label",
    [
        "$$",
        "a`b",
        "``",
        "</script>",
        "a\nb",
        "| x |",
        "\\end{aligned}",
        "x" * 10_000,
        "%",
        "*",
        "_",
        "a\x00b",
        "x\\",
        "∂",
    ],
)
def test_hostile_labels(label):
    x = Value(3.0, label=label)
    found = explain(x * x, x, labels="given")
    assert_mathematics(found.latex)
    assert len(str(found).splitlines()) == 16
    for line in found.markdown.splitlines():
        if line.startswith("- "):
            fence = re.match(r"- (`+)", line)[1]
            assert line.endswith(fence)
            assert fence not in re.sub(f"^- {fence}|{fence}$", "", line)
    assert found.markdown.count("\n$$\n") == 2


def test_it_changes_nothing_and_needs_no_sweep():
    x = Value(2.0)
    y = x.exp() * x
    grads = [v.grad for v in autograd.topological_order(y)]
    explain(y, x)
    assert [v.grad for v in autograd.topological_order(y)] == grads
    assert copy.deepcopy(y).data == y.data
    with no_grad():
        assert explain(y, x).gradient == grad(y, x)


def test_refusals():
    x, y = Value(1.0, label="x"), Value(2.0, label="y")
    with pytest.raises(TypeError, match=r"explain: expected a Value, got float 3\.0"):
        explain(x * y, 3.0)
    with pytest.raises(TypeError, match="explain: expected a Value, got list"):
        explain([x * y], x)
    with pytest.raises(ValueError, match="explain: 'y' is not among what 'exp' was computed from"):
        explain(x.exp(), y)
    frozen = Value(2.0, label="frozen")
    frozen.requires_grad = False
    with pytest.raises(ValueError, match="'frozen' is a constant"):
        explain(x * frozen, frozen)
    cut = x.detach()
    with pytest.raises(ValueError, match="is a constant"):
        explain(cut, cut)
    with pytest.raises(TypeError, match="labels: expected one of these, got ndarray"):
        explain(x * y, x, labels=np.array(["x", "y"]))
    with pytest.raises(RecordingError):
        Tape.record(lambda x: explain(x * x, x).gradient, 1.0)
