"""A call like one before is answered in C, and every other one the long way: nobody can tell which it was."""

import copy
import pickle
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from threading import Event

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import autograd
from autograd import Value, compile
from autograd.recorded.repetitions import KINDS_OF_CALLS
from tests.compiled.cases_of_calls import ALIKE, LONG, SHARE, normal
from tests.compiled.long_way import KINDS, ask, ask_the_long_way, mixture, outcome
from tests.random_graphs import on_values, programs
from tests.sizes import some

if not autograd.native:
    pytest.skip("calls are repeated in C alone", allow_module_level=True)
# Random programs step up and down: that is told of elsewhere.
pytestmark = [
    pytest.mark.usefixtures("every_call_is_recorded"),
    pytest.mark.filterwarnings("ignore:.*through comparisons alone:RuntimeWarning"),
]
ARGNUMS = [
    0,
    1,
    -1,
    (),
    (0,),
    (-1, 0),
    (0, 0),
    [0],
    np.int64(0),
    (np.int64(0),),
    5,
    True,
    (True,),
    (0.0,),
    1.5,
    None,
    ([0],),
    "0",
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", [*ALIKE, *LONG])
def test_a_repeated_call_gives_what_the_long_way_gives(name, kind, long_ways):
    f, options, arguments = (ALIKE | LONG)[name]
    for argnums in (0, -1, (0,), (-1, 0), ()) if kind != "value" else (0,):
        fast, slow = compile(f, **options), compile(f, **options)
        for turn in range(5):
            args, kwargs = arguments()
            expected = ask_the_long_way(slow, kind, args, kwargs, argnums)
            del long_ways[:]
            assert ask(fast, kind, args, kwargs, argnums) == expected
            failed = isinstance(expected[0], type) and issubclass(expected[0], Exception)
            nothing = argnums == () and kind in ("jacobian", "hessian")
            if turn and name in ALIKE and not failed and not nothing:
                assert not long_ways, argnums


@pytest.mark.parametrize("argnums", ARGNUMS, ids=repr)
@pytest.mark.parametrize("f", [lambda x, y: x * y * y, lambda x, y: [x * y, {"a": y}]], ids=["one", "many"])
def test_argnums_mean_the_same_in_every_call(f, argnums):
    for kind in ("gradient", "jacobian", "hessian"):
        fast, slow = compile(f), compile(f)
        for others in (1, (0,), (1,), (0, 1), argnums, argnums):
            expected = ask_the_long_way(slow, kind, (2.0, 3.0), {}, others)
            assert ask(fast, kind, (2.0, 3.0), {}, others) == expected


@settings(max_examples=some(60), deadline=None, suppress_health_check=list(HealthCheck))
@given(
    programs(max_steps=25), st.integers(1, 130), st.lists(st.booleans(), min_size=4, max_size=4), st.integers(0, 2**32),
    st.sampled_from([None, "sum", "mean"]), st.sampled_from([*KINDS]),
)  # fmt: skip
def test_programs_on_any_numbers(program, n, shared, seed, reduce, kind):
    rng = np.random.default_rng(seed)
    f = lambda *xs: program.run(on_values, xs)  # noqa: E731
    shared = shared[: len(program.leaves)]
    fast, slow = (compile(f, in_axes=tuple(None if s else 0 for s in shared), reduce=reduce) for _ in range(2))
    for _ in range(4):
        xs = rng.uniform(-2.0, 2.0, (len(shared), n))
        if rng.random() < 0.5:
            xs[rng.random(xs.shape) < 0.1] = rng.choice([np.nan, np.inf, -np.inf, 0.0, -0.0])
        args = [float(x[0]) if s else x for s, x in zip(shared, xs, strict=True)]
        argnums = tuple(range(len(args)))
        assert ask(fast, kind, args, {}, argnums) == ask_the_long_way(slow, kind, args, {}, argnums)


# --- what can happen between calls, or meanwhile ---------------------------------------------------------------------


def test_captured_values_are_read_at_every_call():
    a, b = Value(2.0), Value(3.0)
    for options, x in (
        ({}, 1.5),
        ({"in_axes": 0}, np.array([1.5, 2.5])),
        ({"in_axes": 0, "reduce": "mean"}, np.array([1.5, 2.5])),
    ):
        f = lambda x: x * a if b > 0.0 else (x - b) * a  # noqa: E731
        fast, slow = compile(f, **options), compile(f, **options)
        for a.data, b.data in product([2.0, -0.0, np.nan, np.inf], [3.0, -3.0, 1e308, np.nan]):
            for kind in (*KINDS, *KINDS):
                assert ask(fast, kind, (x,), {}, 0) == ask_the_long_way(slow, kind, (x,), {}, 0)


def test_within_a_recorded_function_it_is_refused_as_ever():
    fast = compile(lambda x: x * x)
    batched = compile(lambda x: x * x, in_axes=0)
    for inner in (fast.grad, fast.value_and_grad, fast.jacobian, fast.hessian, fast, batched.grad, batched):
        arguments = (
            (3.0,) if "in_axes" not in repr(inner) and getattr(inner, "__self__", inner) is fast else (np.ones(3),)
        )
        first = outcome(compile(lambda x, inner=inner, arguments=arguments: x * inner(*arguments)), 2.0)
        inner(*arguments), inner(*arguments)
        assert outcome(compile(lambda x, inner=inner, arguments=arguments: x * inner(*arguments)), 2.0) == first
        assert (first[0] is autograd.RecordingError) == (inner is not fast)


def test_a_function_that_raises_at_first():
    refusing = [True]

    def f(x):
        if refusing:
            raise KeyError(refusing.pop())
        return x * x

    fast = compile(f)
    with pytest.raises(KeyError):
        fast.grad(3.0)
    assert [fast.grad(x) for x in (3.0, 4.0, -5.0)] == [6.0, 8.0, -10.0]


def test_more_layouts_than_are_repeated(long_ways):
    fast = compile(mixture)
    layouts = [normal(size=n) for n in range(1, KINDS_OF_CALLS + 4)]
    expected = [ask_the_long_way(fast, "gradient", (x,), {}, 0) for x in layouts]
    for _ in range(4):
        del long_ways[:]
        assert [ask(fast, "gradient", (x,), {}, 0) for x in layouts] == expected
    assert len(long_ways) == len(layouts) - KINDS_OF_CALLS
    assert all(len(found) <= KINDS_OF_CALLS for found in fast._traced.repetitions.kept.values())


@pytest.mark.parametrize("reduce", [None, "sum", "mean"])
def test_calls_on_any_path_are_repeated(reduce, long_ways):
    def f(x, y):
        return (x * y).sin() if x > y else x * 0.0 if x * x < y else y / x

    points = [(2.0, 1.0), (-0.5, 1.0), (-2.0, 1.0)]
    fast, batched = compile(f), compile(f, in_axes=(0, None), reduce=reduce)
    turns = [(fast, x, y) for x, y in points] + [(batched, np.full(n, x), y) for n in (3, 65, 64) for x, y in points]
    for kind in KINDS:
        for _ in range(3):
            del long_ways[:]
            for g, x, y in turns:
                expected = ask_the_long_way(g, kind, (x, y), {}, 0)
                assert ask(g, kind, (x, y), {}, 0) == expected
                one = compile(f, **({} if g is fast else {"in_axes": (0, None), "reduce": reduce}))
                assert ask_the_long_way(one, kind, (x, y), {}, 0) == expected  # whatever was called before
        assert not long_ways


def squares(x, k=2):
    return x**k


def test_methods_copies_and_pickles():
    class Scaled:
        def __init__(self, by):
            self.by = by

        @compile
        def scale(self, x):
            return x * self.by

        @compile(in_axes=0, static_argnames="k")
        def rows(self, x, k):
            return x**k * self.by

    for _ in range(3):
        for scaled in (Scaled(2.0), Scaled(3.0)):
            for x in (1.0, 2.0, 3.0):
                assert scaled.scale.value_and_grad(x) == (scaled.by * x, scaled.by)
                assert scaled.rows(np.array([x]), 2).tolist() == [scaled.by * x * x]
                assert scaled.rows(np.array([x]), k=3).tolist() == [scaled.by * x**3]
    fast = compile(squares, static_argnames="k")
    for other in (copy.copy(fast), copy.deepcopy(fast), pickle.loads(pickle.dumps(fast))):
        for _ in range(2):
            for f in (fast, other):
                assert [f.grad(3.0), f.grad(3.0, 3), f.grad(2.0, k=3), f(4.0)] == [6.0, 27.0, 12.0, 16.0]


@pytest.mark.parametrize(
    "name", ["a sum", "a structure", "results in lanes", "guards in lanes", "captured", "selections"]
)
def test_threads_do_not_meet(name):
    f, options, arguments = ALIKE[name]
    fast = compile(f, **options)
    sets = [arguments() for _ in range(16)]
    kinds = [kind for kind in KINDS if isinstance(ask(fast, kind, *sets[0], 0)[1], (list, bytes)) or kind == "value"]
    expected = {(k, i): ask_the_long_way(fast, k, *given, 0) for k in kinds for i, given in enumerate(sets)}

    def work(thread):
        order = np.random.default_rng(thread).permutation(len(expected) * 20) % len(expected)
        keys = [*expected]
        return all(ask(fast, keys[i][0], *sets[keys[i][1]], 0) == expected[keys[i]] for i in order)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(8)))


def test_a_first_call_in_every_thread_at_once():
    for _ in range(20):
        fast = compile(mixture)
        sets = [(normal(size=1 + k % 3),) for k in range(8)]
        expected = [ask_the_long_way(compile(mixture), "gradient", args, {}, 0) for args in sets]
        with ThreadPoolExecutor(8) as pool:
            assert (
                list(pool.map(lambda args, fast=fast: [ask(fast, "gradient", args, {}, 0) for _ in range(5)][-1], sets))
                == expected
            )


def test_arguments_that_others_change_meanwhile():
    """A call sees an old leaf or a new one, whole; what is freed meanwhile is not read."""
    fast = compile(lambda p, x: x[0] * p["k"][0] + x[1] - x[1], in_axes=(None, 0))
    p, batches, done = {"k": [1.0, {"a": 2.0}]}, [np.full((SHARE, 2), 1.0)], Event()

    def change():
        turn = 0
        while not done.is_set():
            turn += 1
            p["k"][0] = float(turn % 3 + 1)
            p["k"] = [float(turn % 3 + 1), {"a": float(turn)}]
            batches[0] = np.full((SHARE, 2), float(turn % 3 + 1))

    with ThreadPoolExecutor(4) as pool:
        changes = [pool.submit(change) for _ in range(3)]
        try:
            for _ in range(1000):
                found = fast(p, batches[0])
                assert found.min() == found.max()
                assert found[0] in (1.0, 2.0, 3.0, 4.0, 6.0, 9.0)
        finally:
            done.set()
        for x in changes:
            x.result()


def test_a_structure_that_shrinks_while_it_is_looked_at():
    class Key(str):
        __hash__ = str.__hash__

        def __eq__(self, other):
            del rows[1:]
            return str.__eq__(self, other)

    rows = [{"a": 1.0}, 2.0, 3.0]
    fast = compile(lambda p: p[0]["a"] * p[1] + p[2] if len(p) > 1 else p[0]["a"])
    for _ in range(2):
        assert fast(rows) == 5.0
    rows[0] = {Key("a"): 1.0}
    assert fast(rows) == 1.0
    assert len(rows) == 1
