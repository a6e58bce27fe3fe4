"""Rows of which hardly two have a path in common: left alone, after a few were tried; and single calls of that kind."""

import numpy as np
import pytest

from autograd import Value, compile, grad
from tests.benchmarks.deciding import pivoted

pytestmark = [pytest.mark.any_build, pytest.mark.filterwarnings("ignore:.* takes (more than|another path)")]


def eagerly(f, row):
    leaves = [Value(x) for x in row]
    result = f(*leaves)
    return [result.data, *grad(result, leaves)]


def test_an_elimination_with_pivots_is_left_to_the_eager_engine_to_the_bit():
    rows = np.random.default_rng(1).normal(size=(200, 25))
    fast = compile(pivoted, in_axes=0)
    for _ in range(3):
        value, slopes = fast.value_and_grad(*rows.T, argnums=tuple(range(25)))
        for k in range(0, 200, 7):
            assert [value[k], *[s[k] for s in slopes]] == eagerly(pivoted, rows[k].tolist())
    assert len(fast.tapes) <= 2


def test_a_small_batch_that_comes_again_is_recorded():
    rows = np.random.default_rng(1).normal(size=(20, 25))
    fast = compile(pivoted, in_axes=0)
    for _ in range(60):
        fast(*rows.T)
    assert len(fast.tapes) == 20


def test_what_the_eager_engine_cannot_give_is_recorded():
    rows = np.random.default_rng(1).normal(size=(40, 16))
    fast = compile(pivoted, in_axes=0)
    fast(*rows.T)
    fast.hessian(*rows.T, argnums=(0, 5))
    assert len(fast.tapes) > 20


def structured(p, more):
    return pivoted(*p["b"].ravel(), *p["a"], *more[0], more[1])


STRUCTURES = {
    "scalars": (pivoted, lambda x: tuple(x.tolist()), tuple(range(16))),
    "floats of NumPy": (pivoted, tuple, (3, 0)),
    "an array": (lambda a: pivoted(*a), lambda x: (x,), 0),
    "rows": (lambda a: pivoted(*a.ravel()), lambda x: (x.reshape(4, 4),), (0,)),
    "lists": (lambda a: pivoted(*[x for row in a for x in row]), lambda x: (x.reshape(4, 4).tolist(),), 0),
    "a dict": (
        structured,
        lambda x: ({"b": x[:6].reshape(2, 3), "a": x[6:11].tolist()}, (tuple(x[11:15].tolist()), float(x[15]))),
        (0, 1),
    ),
}


@pytest.mark.parametrize("name", STRUCTURES)
def test_single_calls_on_ever_new_paths_give_the_same_in_any_structure(name):
    f, arguments, argnums = STRUCTURES[name]
    one, rows = compile(f), compile(f, max_paths=10**6, branches="guards")
    for x in np.random.default_rng(3).normal(size=(40, 16)):
        args = arguments(x)
        found, expected = (g.value_and_grad(*args, argnums=argnums) for g in (one, rows))
        assert of_types(found) == of_types(expected)
        np.testing.assert_allclose(flat(found), flat(expected), rtol=1e-10)
    assert len(one.tapes) < 10
    assert one._traced.lone


def of_types(x):
    if isinstance(x, dict):
        return {key: of_types(each) for key, each in x.items()}
    return type(x), [of_types(each) for each in x] if isinstance(x, (list, tuple)) else np.shape(x)


def flat(x):
    if isinstance(x, dict):
        x = list(x.values())
    return [y for each in x for y in flat(each)] if isinstance(x, (list, tuple)) else np.ravel(x).tolist()


def test_whole_numbers_and_other_patterns_are_told_apart():
    def f(p):
        return sum((x * x if x > 0.0 else x for x in p["x"]), 0.0) * p["y"]

    one = compile(f)
    for k in range(30):
        signs = [1.0 if k >> i & 1 else -1.0 for i in range(5)]
        p = {"x": [2.0 * s for s in signs], "y": 3}
        expected = sum(4.0 if s > 0 else -2.0 for s in signs) * 3.0
        assert one(p) == expected
        assert one({"y": 3.0, "x": p["x"]}) == expected
        assert one({"x": tuple(p["x"]), "y": Value(3.0)}).data == expected
        assert one({"x": p["x"][:2], "y": np.float64(3.0)}) == sum(4.0 if s > 0 else -2.0 for s in signs[:2]) * 3.0
