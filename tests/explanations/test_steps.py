"""The steps of a sweep are those of `backward()`: the same numbers in the same order, to the last bit."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
import nn
from autograd import RecordingError, Tape, Value, backward, compile, dot, relu, steps, topological_order, where
from autograd.engine.reading import rule_of
from autograd.engine.rules import Result
from tests.random_graphs import programs, swept_graph
from tests.sizes import some


def by_steps(found):
    """What a sweep leaves in each node, from its steps."""
    return {step.node: step.after[0] if step.is_leaf else step.adjoint for step in found}


def assert_as_backward(roots, seeds=None):
    """The steps, and then the engine's own sweep."""
    roots = list(roots)
    before = {v: v.grad for v in topological_order(roots)}
    found = steps(roots, seeds)
    assert [v.grad.hex() for v in before] == [g.hex() for g in before.values()]
    told = by_steps(found)
    backward(roots, seeds)
    for v in before:
        if v in told:
            assert v.grad.hex() == told[v].hex() or math.isnan(v.grad)
        elif not v.is_constant and v.operands:
            assert v.grad in (0.0, before[v])
    assert_connected(found)
    return found


def assert_connected(found):
    """What an operand has after a contribution it had before the next."""
    have = {}
    for step in found:
        if step.is_leaf:
            continue
        for x, share, had, has in zip(step.operands, step.contributions, step.before, step.after, strict=True):
            if share is not None and not isinstance(rule_of(step.node), Result):
                assert had == have.get(x, had) or math.isnan(had)
                assert has == had + share or math.isnan(has)
                have[x] = has


def test_a_diamond_and_its_numbers():
    w, x, y = Value(2.0), Value(5.0), Value(12.0)
    e = w * x - y
    loss = e * e
    found = steps(loss)
    assert [step.node for step in found][:2] == [loss, e]
    assert found[0].partials == (-2.0, -2.0)
    assert (found[0].contributions, found[0].before, found[0].after) == ((-2.0, -2.0), (0.0, -2.0), (-2.0, -4.0))
    assert by_steps(found)[w] == -20.0
    assert w.grad == 0.0
    assert [step.is_leaf for step in found].count(True) == 3


@pytest.mark.parametrize(
    "make",
    [
        lambda x, y: x * x,
        lambda x, y: x + x,
        lambda x, y: dot([x, x], [x, y]),
        lambda x, y: where(x > y, x * 2.0, y * 3.0),
        lambda x, y: relu(x - y) * relu(y - x),
        lambda x, y: x.detach() * y,
        lambda x, y: (x * 0.0) * math.inf,
        lambda x, y: autograd.maximum(x, y) + autograd.maximum(x, x),
        lambda x, y: autograd.logsumexp([x, y, x, 1.0]),
        lambda x, y: x,
    ],
)
def test_edges(make):
    x, y = Value(0.7), Value(-1.3)
    x.grad = 5.0
    root = make(x, y)
    assert_as_backward([root])
    assert_as_backward([root])  # again: leaves add up
    assert_as_backward([root, x, root], [2.0, -1.0, 0.5])


@settings(max_examples=some(200), deadline=None)
@given(programs(), st.integers(0, 10**9))
def test_random_graphs(program, seed):
    root = swept_graph(program, seed, 0)
    if root is not None:
        assert_as_backward([root])


def test_a_closure_is_measured_and_has_no_partials():
    x = Value(3.0)
    x.grad = 10.0
    y = Value(9.0, (x, x), "square")

    def closure():
        x.grad += 2.0 * x.data * y.grad

    y._backward = closure
    z = y * 2.0
    step = next(s for s in assert_as_backward([z]) if s.node is y)
    assert (step.partials, step.contributions) == ((None, None), (12.0, None))
    assert "after - before" in str(step)


def test_a_call_of_a_compiled_function_of_several_results():
    x = Value(0.5)
    a, b = compile(lambda x: (x.sin(), x * x))(x)
    told = by_steps(assert_as_backward([a * b]))
    assert told[x] == pytest.approx(math.cos(0.5) * 0.25 + math.sin(0.5))


def test_a_network():
    model = nn.MLP(2, [4, 1], "tanh", rng=1)
    loss = (model([0.3, -0.7]) - 1.0) ** 2
    told = by_steps(assert_as_backward([loss]))
    assert {p: p.grad for p in model.parameters()} == {p: told[p] for p in model.parameters()}


def test_a_deep_graph():
    y = x = Value(1.0)
    for _ in range(50_000):
        y = y + 1.0
    assert len(steps(y)) == 50_001
    assert x.grad == 0.0


def test_refusals():
    with pytest.raises(ValueError, match="has no graph"):
        steps(Value(1.0).detach())
    with pytest.raises(ValueError, match="nothing below it can learn"):
        steps(Value(2.0).detach() * 3.0)
    with pytest.raises(TypeError, match="steps: expected a Value"):
        steps(3.0)
    with pytest.raises(ValueError, match="expected 1 seeds"):
        steps(Value(1.0), [1.0, 2.0])
    with pytest.raises(RecordingError):
        Tape.record(lambda x: steps(x * x)[0].node, 1.0)
