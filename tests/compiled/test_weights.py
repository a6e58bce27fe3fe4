"""Weights by their numbers, and what else a function gives: `weights=` and `has_aux=`."""

import numpy as np
import pytest

from autograd import Value, compile, no_grad


def line(**options):
    slope, offset = Value(1.0), Value(2.0)
    fast = compile(lambda x: (slope * x - offset) ** 2, in_axes=0, weights=[slope, offset], **options)
    return fast, slope, offset


def test_derivatives_by_weights_come_as_one_array():
    fast, _, _ = line(reduce="mean")
    weights, xs = np.array([3.0, 1.0]), np.array([1.0, 2.0])
    for _ in range(3):  # recorded, replayed, repeated
        value, slopes = fast.value_and_grad(weights, xs)
        assert value == 14.5
        assert slopes.tolist() == [12.0, -7.0]
    assert fast.hessian(weights, xs).tolist() == [[5.0, -3.0], [-3.0, 2.0]]
    assert fast.hvp((weights, xs), (np.array([1.0, 0.0]), None)).tolist() == [5.0, -3.0]


def test_a_branch_is_that_of_the_numbers_given_not_of_those_the_values_have():
    w = Value(-1.0)
    fast = compile(lambda x: w * x if w > 0 else w - x, weights=[w])
    assert fast(np.array([3.0]), 2.0) == 6.0
    assert fast(np.array([-3.0]), 2.0) == -5.0
    assert fast.grad(np.array([3.0]), 2.0).tolist() == [2.0]


def test_rows_that_are_run_eagerly_have_the_weights_too():
    w = Value(0.0)
    fast = compile(lambda x: w * x if x > 1 else w - x, in_axes=0, weights=[w], max_paths=1, branches="guards")
    with pytest.warns(RuntimeWarning, match="takes more than 1 paths"):
        assert fast(np.array([3.0]), np.array([2.0, 0.5])).tolist() == [6.0, 2.5]
    assert fast.grad(np.array([3.0]), np.array([2.0, 0.5])).tolist() == [[2.0], [1.0]]


def test_other_captured_values_are_read_as_ever():
    w, other = Value(2.0), Value(5.0)
    fast = compile(lambda x: w * x + other, weights=[w])
    assert fast(np.array([3.0]), 1.0) == 8.0
    other.data = 7.0
    assert fast(np.array([3.0]), 1.0) == 10.0


@pytest.mark.parametrize(
    ("args", "error", "match"),
    [
        ((np.ones(3), np.ones(2)), TypeError, "the numbers of its 2 weights, one array, got array"),
        ((1.0, np.ones(2)), TypeError, "the numbers of its 2 weights, one array, got 1.0"),
        (([1.0, 2.0], np.ones(2)), TypeError, "the numbers of its 2 weights"),
    ],
)
def test_weights_are_one_array_of_as_many(args, error, match):
    with pytest.raises(error, match=match):
        line()[0](*args)


def test_what_are_no_weights():
    with pytest.raises(TypeError, match="compile: weights: expected a Value"):
        compile(lambda x: x, weights=[1.0])
    w = Value(1.0)
    with pytest.raises(ValueError, match="twice"):
        compile(lambda x: x, weights=[w, w])
    with pytest.raises(ValueError, match="computed"):
        compile(lambda x: x, weights=[w * 2])


def test_no_graph_through_weights_given_by_numbers():
    fast, _, _ = line()
    with pytest.raises(TypeError, match="compiled with weights it takes numbers"):
        fast(np.array([1.0, 2.0]), np.array([Value(1.0), Value(2.0)]))
    with no_grad():
        assert fast(np.array([1.0, 2.0]), np.array([Value(1.0), Value(2.0)])).tolist() == [1.0, 0.0]


@pytest.mark.parametrize("reduce", [None, "sum", "mean"])
def test_what_else_a_function_gives_is_neither_differentiated_nor_reduced(reduce):
    fast = compile(lambda w, x: ((w * x) ** 2, {"x": x, "both": [w, 3.0 * x]}), in_axes=(None, 0), reduce=reduce)
    xs = np.array([1.0, 2.0])
    whole = {None: lambda a: a, "sum": np.sum, "mean": np.mean}[reduce]
    n = 2 if reduce == "mean" else 1
    for _ in range(3):
        (value, aux), (by_w, by_x) = fast.value_and_grad(3.0, xs, argnums=(0, 1), has_aux=True)
        assert np.array_equal(value, whole(9.0 * xs**2))
        assert np.array_equal(by_w, whole(6.0 * xs**2))
        assert np.array_equal(by_x, 18.0 * xs / n)
        assert aux["x"].tolist() == [1.0, 2.0]
        assert [part.tolist() for part in aux["both"]] == [[3.0, 3.0], [3.0, 6.0]]


def test_what_else_along_several_paths():
    fast = compile(lambda x: ((x * x if x > 0 else -x), x + 1.0), in_axes=0, reduce="mean")
    for _ in range(3):
        (value, aux), slopes = fast.value_and_grad(np.array([2.0, -4.0]), has_aux=True)
        assert (value, aux.tolist(), slopes.tolist()) == (4.0, [3.0, -3.0], [2.0, -0.5])


@pytest.mark.parametrize("gives", [lambda x: x, lambda x: (x, x, x), lambda x: ([x], x), lambda x: (np.array([x]), x)])
def test_a_pair_is_wanted(gives):
    with pytest.raises(TypeError, match="has_aux wants a function that gives a pair"):
        compile(gives).value_and_grad(1.0, has_aux=True)
