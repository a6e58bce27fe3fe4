"""The walk forward: against the same in Python over random graphs, to the bit, and where it leaves the work to that."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
from autograd import Value, custom_vjp, jacobian, jvp, where
from autograd.curvature.pushing import all_finite, moved
from autograd.derivatives.forward import partials_as_numbers, tangents_below
from autograd.engine.reading import finish
from autograd.values.roots import topological_order
from tests.random_graphs import EDGES, on_values, programs
from tests.sizes import some


def by_python(roots, inputs, direction):
    tangents = dict(zip(inputs, direction, strict=True))
    return tangents_below(topological_order(roots), roots, tangents, partials_as_numbers)


def same(a, b):
    """Whether numbers are the same to the bit, but for what a nan is made of."""
    return [str(x) for x in a] == [str(x) for x in b]


@settings(max_examples=some(150), deadline=None)
@given(programs(), st.integers(0, 2**30))
def test_random_graphs_to_the_bit(program, seed):
    leaves = [Value(x) for x in program.leaves]
    root = program.run(on_values, leaves)
    rng = np.random.default_rng(seed)
    v = rng.choice([*rng.normal(size=3), *EDGES], size=len(leaves)).tolist()
    roots = [root, autograd.sum([*leaves, 2.0, root, leaves[0]]), leaves[-1]]
    moving = leaves[1:]  # the first stands still
    [found] = moved(roots, moving, [v[1:]])
    assert same(found, by_python(roots, moving, v[1:]))
    rows = [by_python(roots, [x], [1.0]) for x in leaves]
    assert all(same(a, b) for a, b in zip(moved(roots, leaves, None), rows, strict=True))
    assert same(moved(roots, leaves, [v, v])[1], by_python(roots, leaves, v))


def test_by_hand():
    x, y = Value(2.0), Value(3.0)
    assert moved([x * y, x + 1.0, 7.0, y], [x], [[10.0]]) == [[30.0, 10.0, 0.0, 0.0]]
    assert moved([x * y], [x, y], [[1.0, 1.0], [0.0, 2.0]]) == [[5.0], [4.0]]
    assert moved([autograd.dot([x, y, 4.0], [y, x, 5.0])], [x, y], None) == [[6.0], [4.0]]
    inner = x * y
    assert moved([inner * x], [inner], [[1.0]]) == [[2.0]]  # what it was made from stands still
    assert moved([x * x], [y], [[1.0]]) == [[0.0]]
    assert moved([x.detach() * y, x.detach()], [x], [[1.0]]) == [[0.0, 0.0]]
    assert moved([2.0], [x], [[1.0]]) == [[0.0]]


def test_signs_of_zeros_and_infinite_partials_of_what_stands_still():
    x, y = Value(0.0), Value(1.0)
    assert str(moved([x * -1.0], [x], [[0.0]])[0][0]) == "-0.0"  # a sum that begins with 0.0 would lose the sign
    assert moved([x.sqrt() + y], [y], [[1.0]]) == [[1.0]]
    assert math.isnan(moved([x.sqrt() + y], [x, y], [[0.0, 1.0]])[0][0])
    assert moved([where(y > 0.0, y, x.sqrt())], [x, y], [[1.0, 1.0]]) == [[1.0]]


def test_rules_of_ones_own_and_what_is_over_are_left_to_python():
    @custom_vjp
    def cube(x):
        return x**3

    cube.defvjp(lambda x: (cube(x), x), lambda x, w: (3.0 * x * x * w,))
    x = Value(2.0)
    assert moved([x * x, cube(x)], [x], [[1.0]]) is None
    assert jvp(cube, (2.0,), (1.0,)) == (8.0, 12.0)
    assert jacobian(lambda x: [x, cube(x), 1.0])(2.0) == [1.0, 12.0, 0.0]
    over = x * 3.0
    finish([over])  # as a recording does with its Values
    assert moved([over], [x], [[1.0]]) is None
    with pytest.raises(autograd.RecordingError):
        jvp(lambda x: over, (2.0,), (1.0,))


def test_a_closure_that_was_not_taken_is_not_asked():
    def f(x):
        y = Value(x.data**2, (x,), "square")
        y._backward = lambda: None
        return where(x > 0.0, x * 2.0, y)

    assert jvp(f, (3.0,), (1.0,)) == (6.0, 2.0)


def test_a_long_chain():
    y = x = Value(1.0)
    for _ in range(100_000):
        y = y + x
    assert moved([y], [x], [[2.0]]) == [[200_002.0]]


def test_what_overflows_is_seen():
    assert all_finite([])
    assert all_finite([1.0, -0.0, 1e308])
    assert not any(map(all_finite, ([1.0, math.inf], [-math.inf], [math.nan, 1.0])))
