"""Gradients of random graphs with sharing, against torch in float64."""

import pytest
from hypothesis import HealthCheck, given, settings

import autograd
from autograd import Value
from tests.random_graphs import OPERATORS, on_values, programs, tamed
from tests.sizes import some

torch = pytest.importorskip("torch", reason="torch is the oracle here: pip install torch")


def on_torch(name, operands):
    def apply(name, xs):
        xs = [torch.as_tensor(x, dtype=torch.float64) for x in xs]
        if name in OPERATORS:
            return getattr(xs[0], OPERATORS[name])(*xs[1:])
        if name == "softplus":
            return torch.logaddexp(xs[0], torch.zeros((), dtype=torch.float64))
        return getattr(torch, name)(*xs)

    return tamed(name, operands, apply)


@settings(max_examples=some(300), deadline=None, suppress_health_check=list(HealthCheck))
@given(programs())
def test_gradients_are_torchs(program):
    ours = [Value(x) for x in program.leaves]
    theirs = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in program.leaves]
    root = program.run(on_values, ours)
    root.backward()
    expected = program.run(on_torch, theirs)
    gradients = torch.autograd.grad(expected, theirs, allow_unused=True)
    assert root.data == pytest.approx(expected.item(), rel=1e-12, abs=1e-12)
    scale = max([1.0, *(abs(g.item()) for g in gradients if g is not None)])
    for leaf, g in zip(ours, gradients, strict=True):
        assert leaf.grad == pytest.approx(0.0 if g is None else g.item(), rel=1e-12, abs=1e-12 * scale)


@settings(max_examples=some(100), deadline=None, suppress_health_check=list(HealthCheck))
@given(programs(max_steps=12))
def test_second_derivatives_are_torchs(program):
    ours = [Value(x) for x in program.leaves]
    theirs = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in program.leaves]
    first = autograd.grad(program.run(on_values, ours), ours, create_graph=True, allow_unused=True)
    total = first[0]
    for g in first[1:]:
        total = total + g
    expected_first = torch.autograd.grad(
        program.run(on_torch, theirs), theirs, create_graph=True, allow_unused=True, materialize_grads=True
    )
    expected_total = sum(expected_first)
    if total.is_constant or not expected_total.requires_grad:
        return
    expected = torch.autograd.grad(expected_total, theirs, allow_unused=True)
    found = autograd.grad(total, ours)
    scale = max([1.0, *(abs(g.item()) for g in expected if g is not None)])
    for a, b in zip(found, expected, strict=True):
        assert a == pytest.approx(0.0 if b is None else b.item(), rel=1e-10, abs=1e-10 * scale)


@settings(max_examples=some(50), deadline=None, suppress_health_check=list(HealthCheck))
@given(programs())
def test_recorded_sweep_equals_the_plain_one(program):
    leaves = [Value(x) for x in program.leaves]
    root = program.run(on_values, leaves)
    plain = autograd.grad(root, leaves, allow_unused=True)
    recorded = autograd.grad(root, leaves, create_graph=True, allow_unused=True)
    assert plain == pytest.approx([v.data for v in recorded], rel=1e-12, abs=1e-12)
