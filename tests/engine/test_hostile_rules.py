"""Rules that give something else than one number for each operand, and nodes that are no results."""

import math
from fractions import Fraction

import numpy as np
import pytest

from autograd import Value, grad
from autograd import compile as compiled
from autograd.engine.rules import Rule
from autograd.values.closures import join


class Given(Rule):
    """Contributes what it was made with."""

    __slots__ = ("given",)
    name = "given"

    def __init__(self, given):
        self.given = given

    def contributions(self, node, adjoint):
        return self.given

    def contributions_as_values(self, node, adjoint):
        return self.given


def joined(given):
    x, y = Value(2.0), Value(3.0)
    return x, y, join(1.5, (x, y), Given(given))


@pytest.mark.parametrize(
    "given",
    [(2, True), np.array([2.0, 1.0]), [np.float32(2.0), Fraction(1)], [np.array([2.0]), np.array(1.0)]],
    ids=["whole numbers", "an array", "scalars", "arrays of one"],
)
def test_contributions_become_floats(given):
    x, y, z = joined(given)
    (z * 1.0).backward()
    found = [x.grad, y.grad, *z.partials, *grad(z * 1.0, [x, y])]
    assert found == [2.0, 1.0] * 3
    assert {type(g) for g in found} == {float}


@pytest.mark.parametrize(
    "given",
    [["a", 1.0], [1j, 1.0], [Value(1.0), 1.0], [object(), 1.0], np.ones((2, 2)), "ab"],
    ids=["text", "a complex number", "a Value", "an object", "rows", "letters"],
)
def test_what_is_no_number_is_refused_and_no_grad_changes(given):
    x, y, z = joined(given)
    for attempt in (z.backward, lambda: grad(z, x), lambda: z.partials, lambda: z._backward()):
        with pytest.raises(TypeError, match="given: a contribution: expected a real number"):
            attempt()
    assert (x.grad, y.grad) == (0.0, 0.0)


@pytest.mark.parametrize("given", [[1.0], [1.0, 2.0, 3.0], []], ids=repr)
def test_as_many_as_operands(given):
    x, y, z = joined(given)
    for attempt in (
        z.backward, lambda: grad(z, x), lambda: grad(z, x, create_graph=True), lambda: z.partials, lambda: z._backward()
    ):  # fmt: skip
        with pytest.raises(ValueError, match=f"given: 2 operands, but contributions to {len(given)} of them"):
            attempt()
    assert (x.grad, y.grad) == (0.0, 0.0)


@pytest.mark.parametrize("given", [3.0, iter([1.0, 2.0])], ids=["a number", "an iterator"])
def test_no_sequence(given):
    x, _, z = joined(given)
    for attempt in (z.backward, lambda: grad(z, x, create_graph=True)):
        with pytest.raises(TypeError, match="given: expected a contribution to each of 2 operands, got"):
            attempt()


def test_a_rule_needs_nodes():
    for operands in ((Value(1.0), 2.0), ("a",), (None,)):
        with pytest.raises(TypeError, match="given: expected Values as operands"):
            join(1.0, operands, Given([1.0, 2.0]))


def test_the_node_of_several_results_is_no_number():
    x = Value(2.0)
    p, _ = compiled(lambda x: [x * x, x + 1.0])(x)
    whole = p.operands[0]
    for root in (whole * 2.0, whole * 2.0 + p):
        for attempt in (root.backward, lambda r=root: grad(r, x), lambda r=root: grad(r, x, create_graph=True)):
            with pytest.raises(TypeError, match="it has several results, start from one of these"):
                attempt()
    p.backward()
    assert x.grad == 4.0


def test_nan_and_inf_pass():
    x, y, z = joined([math.nan, math.inf])
    z.backward()
    assert math.isnan(x.grad)
    assert y.grad == math.inf
