"""Rows on several paths, sent along them in C: the same as what is found path by path in Python."""

import threading

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import autograd
from autograd import Value, compile, less, maximum, where
from autograd.compiled.call import Call
from autograd.compiled.rows import Rows
from tests.compiled.branching_programs import function_of, numbers, programs
from tests.sizes import some

if not autograd.native:
    pytest.skip("the interpreted engine goes path by path", allow_module_level=True)

# Random programs step up and down: that is told of elsewhere.
pytestmark = pytest.mark.filterwarnings("ignore:.*through comparisons alone:RuntimeWarning")
rng = np.random.default_rng(3)


def path_by_path(fast, kind, *args, argnums=0):
    """What a call gives when every path is run from Python."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rows, "_follow", lambda self, wanted: None)
        call = Call(fast._traced, args, {})
        return call.answer(call.question(kind, argnums))


def numbers_of(x):
    """All numbers of an answer, in order."""
    parts = x if isinstance(x, (tuple, list)) else [x]
    return np.concatenate([numbers_of(p) if isinstance(p, (tuple, list)) else np.ravel(p) for p in parts])


def branches(x, y):
    if x > y:
        return x * x * y if x > 1.0 else x / (1.0 + y * y)
    return -x * y if y < 0.5 else autograd.exp(-x) * y


def rounds(x, y):
    k = 0
    while x * x < 4.0 and k < 9:
        x, k = x * 1.3 + 0.1 * y, k + 1
    return x * k


def with_constant(x, y):
    return x * y if x > 0.0 else Value(2.0) * 1.5


@pytest.mark.parametrize("n", [1, 2, 3, 63, 64, 65, 200, 5000, 70_000])
@pytest.mark.parametrize("f", [branches, rounds, with_constant])
def test_each_row_gets_what_it_gets_path_by_path(f, n):
    """To the bit; and from the second call on as from the first."""
    x, y = rng.normal(size=n), rng.normal(size=n)
    fast = compile(f, in_axes=0)
    first = numbers_of(fast.value_and_grad(x, y, argnums=(0, 1)))
    expected = numbers_of(path_by_path(fast, "gradient", x, y, argnums=(0, 1)))
    assert first.tobytes() == expected.tobytes()
    for _ in range(2):
        assert numbers_of(fast.value_and_grad(x, y, argnums=(0, 1))).tobytes() == first.tobytes()
    last = 7 % n
    row = numbers_of(fast.value_and_grad(x[last : last + 1], y[last : last + 1], argnums=(0, 1)))
    assert row.tobytes() == first.reshape(3, n)[:, last].tobytes()


@pytest.mark.parametrize("reduce", ["sum", "mean"])
@pytest.mark.parametrize("n", [5, 300, 40_000])
def test_sums_over_several_paths(reduce, n):
    x, y = rng.normal(size=n), 0.3
    fast = compile(branches, in_axes=(0, None), reduce=reduce)
    first = fast.value_and_grad(x, y, argnums=(0, 1))
    assert np.allclose(numbers_of(first), numbers_of(path_by_path(fast, "gradient", x, y, argnums=(0, 1))), rtol=1e-12)
    for threads in (1, 2, 3):
        again = compile(branches, in_axes=(0, None), reduce=reduce, threads=threads)
        for _ in range(2):
            found = again.value_and_grad(x, y, argnums=(0, 1))
            assert numbers_of(found).tobytes() == numbers_of(first).tobytes()


def test_a_batch_on_one_path_gives_the_same_bits_when_more_paths_are_known():
    x = np.abs(rng.normal(size=30_000)) + 1.5
    fast = compile(branches, in_axes=(0, None), reduce="sum")
    alone = numbers_of(fast.value_and_grad(x, 0.3, argnums=(0, 1)))
    fast(rng.normal(size=100), 0.3)
    assert len(fast.tapes) > 2
    for _ in range(3):
        assert numbers_of(fast.value_and_grad(x, 0.3, argnums=(0, 1))).tobytes() == alone.tobytes()


@pytest.mark.parametrize("kind", ["jvp", "hvp", "jacobian", "hessian", "value"])
def test_everything_that_can_be_asked(kind):
    x, y = rng.normal(size=500), rng.normal(size=500)
    fast, slow = compile(branches, in_axes=0), compile(branches, in_axes=0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rows, "_follow", lambda self, wanted: None)
        asked = {
            "jvp": lambda f: f.jvp((x, y), (y, x)), "hvp": lambda f: f.hvp((x, y), (y, None), argnums=(0, 1)),
            "jacobian": lambda f: f.jacobian(x, y, argnums=(0, 1)),
            "hessian": lambda f: f.hessian(x, y, argnums=(0, 1)),
            "value": lambda f: f(x, y),
        }[kind]  # fmt: skip
        expected = numbers_of(asked(slow))
    for _ in range(3):
        assert numbers_of(asked(fast)).tobytes() == expected.tobytes()


def test_mixed_batches_are_repeated(monkeypatch):
    """Once their paths are known, no Python looks at them; a path that is new is recorded and then known."""
    fast, x = compile(branches, in_axes=0), rng.normal(size=100)
    fast.grad(np.array([2.0, -2.0]), np.array([0.5, 0.9]))
    calls = []
    original = Call.__init__
    monkeypatch.setattr(Call, "__init__", lambda self, *args: (calls.append(1), original(self, *args))[1])
    fast.grad(x, x[::-1].copy())
    seen = len(calls)
    assert seen == 1
    for k in range(1, 90):
        fast.grad(x[:k], x[::-1].copy()[:k])
    assert len(calls) == seen


def test_batches_of_any_kind_and_layout():
    x = rng.normal(size=(400, 3))

    def f(v):
        return v[0] * v[1] if v[0] > v[2] else v[1] * v[2] * v[2]

    fast = compile(f, in_axes=0)
    expected = fast.grad(x)
    for batch in (np.asfortranarray(x), np.repeat(x, 2, axis=0)[::2], x[::-1][::-1]):
        assert fast.grad(batch).tobytes() == expected.tobytes()
    assert np.allclose(fast.grad(x.astype(np.float32)), expected, atol=1e-5)
    assert np.array_equal(fast.grad(np.round(x).astype(int)), fast.grad(np.round(x)))
    assert np.array_equal(compile(f, in_axes=1).grad(x.T), expected.T)


def test_captured_values_and_shared_numbers():
    a, b = Value(2.0), Value(3.0)

    def f(x, w):
        return a * x * w[0] if x > w[1] else b * x - w[1]

    x = rng.normal(size=150)
    fast = compile(f, in_axes=(0, None))
    for scale in (1.0, 2.0, 5.0):
        a.data, b.data = scale, -scale
        expected = np.where(x > 0.1, scale * x * 1.5, -scale * x - 0.1)
        assert np.allclose(fast(x, [1.5, 0.1]), expected, rtol=1e-15)
        slopes = fast.grad(x, [1.5, 0.1], argnums=1)
        assert np.allclose(slopes[0], np.where(x > 0.1, scale * x, 0.0))
        assert np.allclose(slopes[1], np.where(x > 0.1, 0.0, -1.0))


def test_a_guard_that_does_not_vary_turns_all_rows():
    def f(x, k):
        if k > 1.0:
            return x * k
        return x + k if x > 0.0 else x - k

    fast, x = compile(f, in_axes=(0, None)), rng.normal(size=70)
    for k in (2.0, 0.5, 3.0, 0.1):
        for _ in range(2):
            assert np.array_equal(fast(x, k), x * k if k > 1.0 else np.where(x > 0.0, x + k, x - k))
    assert len(fast.tapes) == 3


def test_a_nan_that_care_would_not_give_is_not_given():
    def f(x):
        safe = where(less(x, 1.0), x * x, autograd.log(x - 1.0))
        return safe * 2.0 if x > -1.0 else maximum(x, -3.0)

    fast, x = compile(f, in_axes=0), np.array([-5.0, -2.0, 0.0, 0.5, 1.0, 2.0, np.nan])
    for _ in range(3):
        found = fast.grad(x)
        assert np.array_equal(found[:4], [0.0, 1.0, 0.0, 2.0])
        assert found[5] == 2.0
        assert fast.grad(x[:4]).tobytes() == found[:4].tobytes()


def test_more_paths_than_are_kept():
    def f(x):
        for k in range(40):
            if x < k:
                return x * k
        return x

    x = rng.uniform(0.0, 50.0, size=300)
    fast = compile(f, in_axes=0, max_paths=5, branches="guards")
    expected = np.where(x < 39.0, x * (np.floor(x) + 1.0), x)
    with pytest.warns(RuntimeWarning, match="more than 5 paths"):
        assert np.array_equal(fast(x), expected)
    assert np.array_equal(fast(x), expected)
    few = x[x < 2.0]
    assert np.array_equal(fast(few), expected[x < 2.0])


def test_several_threads_at_once():
    fast = compile(rounds, in_axes=0, threads=2)
    batches = [(rng.normal(size=n), rng.normal(size=n)) for n in (10, 500, 9000, 70_000)]
    expected = [numbers_of(compile(rounds, in_axes=0).value_and_grad(*b)).tobytes() for b in batches]
    failures = []

    def work(k):
        for i in range(20):
            at = (i + k) % len(batches)
            if numbers_of(fast.value_and_grad(*batches[at])).tobytes() != expected[at]:
                failures.append(at)

    workers = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert not failures


@settings(max_examples=some(150), deadline=None, suppress_health_check=list(HealthCheck))
@given(programs, st.integers(1, 150), st.integers(0, 2**32), st.sampled_from([0.0, 0.3]), st.booleans())
def test_random_programs(source, n, seed, edgy, reduced):
    """Path by path, and in C; with a sum, the slopes by each row."""
    random = np.random.default_rng(seed)
    f = function_of(source, [Value(x) for x in numbers(random, 2, 0.0)])
    batches = [numbers(random, n, edgy) for _ in range(3)]
    fast = compile(f, in_axes=0, max_paths=200, reduce="sum" if reduced else None)
    found, again = (numbers_of(fast.value_and_grad(*batches, argnums=(0, 1, 2))) for _ in range(2))
    expected = numbers_of(path_by_path(fast, "gradient", *batches, argnums=(0, 1, 2)))
    assert np.array_equal(found, again, equal_nan=True)
    assert np.array_equal(found[reduced:], expected[reduced:], equal_nan=True)
