"""A call like one before is answered in C, and every other one the long way: nobody can tell which it was."""

import copy
import gc
import pickle
import struct
import sys
import tracemalloc
import zlib
from collections import OrderedDict, defaultdict, deque, namedtuple
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from itertools import combinations, product
from mmap import PAGESIZE
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import autograd
from autograd import Value, compile, no_grad, where
from autograd.compiled import dispatch
from autograd.compiled import traced as tracing
from autograd.compiled.call import Call
from autograd.compiled.gradients import add_gradient
from autograd.compiled.repetitions import KINDS_OF_CALLS
from autograd.replay.replay import smallest_share
from nn import MLP
from tests.random_graphs import on_values, programs

if not autograd.native:
    pytest.skip("calls are repeated in C alone", allow_module_level=True)

SHARE = smallest_share(1)  # of a short program
MANY = 100_000
STATM = Path("/proc/self/statm")
# Random programs step up and down: that is told of elsewhere.
pytestmark = pytest.mark.filterwarnings("ignore:.*through comparisons alone:RuntimeWarning")
KINDS = {"value": "__call__", "gradient": "value_and_grad", "jacobian": "jacobian", "hessian": "hessian"}
Pair = namedtuple("Pair", "left right")
rng = np.random.default_rng(0)


def seen(x):
    """All that can be told of an answer."""
    if isinstance(x, np.ndarray):
        return type(x), x.dtype.str, x.shape, x.flags.writeable, x.tobytes()
    if isinstance(x, dict):
        return type(x), [(key, seen(part)) for key, part in x.items()]
    if isinstance(x, (list, tuple)):
        return type(x), [seen(part) for part in x]
    if isinstance(x, float):
        return type(x), struct.pack("d", x)
    if hasattr(x, "parameters"):
        return type(x), [seen(p.data) for p in x.parameters()]
    return type(x), x


def outcome(call, *args, **kwargs):
    """What is seen of the answer of a call, or of what it raises."""
    try:
        return seen(call(*args, **kwargs))
    except Exception as error:
        return type(error), str(error), getattr(error, "__notes__", [])


def ask(fast, kind, args, kwargs, argnums):
    method = getattr(fast, KINDS[kind])
    with no_grad():  # for Values a call would give Values
        return (
            outcome(method, *args, **kwargs) if kind == "value" else outcome(method, *args, argnums=argnums, **kwargs)
        )


def answered(call, kind, argnums):
    return call.answer(call.question(kind, argnums))


def ask_the_long_way(fast, kind, args, kwargs, argnums):
    return outcome(lambda: answered(Call(fast._traced, args, kwargs), kind, () if kind == "value" else argnums))


def agree(f, calls, kinds=tuple(KINDS), argnums=0, **options):
    """Require of calls, in this order, what the long way gives for them, in this order."""
    for kind in kinds:
        fast, slow = compile(f, **options), compile(f, **options)
        for args, kwargs in calls:
            expected = ask_the_long_way(slow, kind, args, kwargs, argnums)
            assert ask(fast, kind, args, kwargs, argnums) == expected, (kind, args, kwargs)


def long_way(fast):
    """`backward` of a call that is not a repetition."""
    return lambda *args: add_gradient(Call(fast._traced, args, {}))


def given_(*args, **kwargs):
    return args, kwargs


@pytest.fixture(autouse=True)
def every_call_is_recorded(monkeypatch):
    """No call is answered by the eager engine at once, whose zero slopes may have other signs."""
    monkeypatch.setattr(tracing, "MOST_SKIPPED", 0)


@pytest.fixture
def long_ways(monkeypatch):
    """The calls that went the long way."""
    found = []

    class Watched(Call):
        def __init__(self, *args):
            found.append(args)
            super().__init__(*args)

    monkeypatch.setattr(dispatch, "Call", Watched)
    return found


# --- calls that are alike ----------------------------------------------------------------------------------------------


def leaves_of(x):
    if isinstance(x, dict):
        x = [x[key] for key in sorted(x)]
    if isinstance(x, (list, tuple)):
        return [leaf for part in x for leaf in leaves_of(part)]
    return x.ravel().tolist() if isinstance(x, np.ndarray) else [x]


def mixture(*args, **kwargs):
    """A number in which every leaf takes part in its own way."""
    total = 1.0
    for k, x in enumerate(leaves_of([args, kwargs]), 2):
        if isinstance(x, Value):
            total = (total * 0.5 + x * k).tanh() + x * x * (total + 0.25)
    return total


def branching(x, y):
    return x * y if x * x + y > 0.0 else x - y


w, v = Value(0.75), Value(-1.25)
normal = rng.normal
ALIKE = {  # a function, options, and what makes arguments for it
    "a number": (lambda x: x * x.exp(), {}, lambda: given_(normal())),
    "numbers": (mixture, {}, lambda: given_(normal(), np.float64(normal()), Value(normal()), int(10 * normal()))),
    "no path": (lambda x, y: x * 2.0 + y, {}, lambda: given_(normal(), normal())),
    "guards": (branching, {}, lambda: given_(normal(), 1.0)),
    "guards in lanes": (branching, {"in_axes": 0}, lambda: given_(normal(size=70), np.ones(70))),
    "guards of shared numbers": (branching, {"in_axes": (None, 0)}, lambda: given_(normal(), np.ones(5))),
    "an array": (mixture, {}, lambda: given_(normal(size=(2, 3)))),
    "an array without axes": (mixture, {}, lambda: given_(np.array(normal()), 1.0)),
    "arrays": (mixture, {}, lambda: given_(normal(size=3), normal(size=(2, 1, 2)).T)),
    "many axes": (lambda x: x * x.sum(), {}, lambda: given_(normal(size=(1,) * 20 + (2,) + (1,) * 9))),
    "a structure": (mixture, {}, lambda: given_({"b": [normal(), (normal(),)], "a": {}, "c": ((), normal(size=2))})),
    "keywords": (mixture, {}, lambda: given_(normal(), z=normal(), a=[normal(size=2)])),
    "keywords alone": (mixture, {}, lambda: given_(x=normal())),
    "batched keywords": (mixture, {"in_axes": 0}, lambda: given_(normal(size=5), z=normal(size=(5, 2)), a=normal())),
    "truth and nothing": (mixture, {}, lambda: given_(normal(), [True, None, normal()])),
    "statics": (lambda x, k, y, s: x**k * len(s) - y, {"static_argnames": ("k", "s")}, lambda: given_(normal(), 3, normal(), s="abc")),
    "captured": (lambda x: (x * w).sin() * v, {}, lambda: given_(normal())),
    "captured, in lanes": (lambda x: x * w if v < x * x else v, {"in_axes": 0}, lambda: given_(normal(size=66))),
    "a batch": (mixture, {"in_axes": 0}, lambda: given_(normal(size=(65, 3)), normal(size=65))),
    "batches of several axes": (mixture, {"in_axes": 0}, lambda: given_(normal(size=(7, 2, 2)), normal(size=(7, 1, 1, 2)))),
    "a batch in a structure": (mixture, {"in_axes": ({"a": None, "b": [0, None]}, None)}, lambda: given_({"a": normal(size=2), "b": [normal(size=9), normal()]}, 3.0)),
    "a sum": (mixture, {"in_axes": (None, 0, 0), "reduce": "sum"}, lambda: given_({"b": normal(size=3), "a": normal()}, normal(size=(70, 2)), normal(size=70))),
    "a mean": (mixture, {"in_axes": (None, 0, 0), "reduce": "mean"}, lambda: given_({"b": normal(size=3), "a": normal()}, normal(size=(70, 2)), normal(size=70))),
    "a mean of guarded rows": (branching, {"in_axes": (0, None), "reduce": "mean"}, lambda: given_(normal(size=100), 1.0)),
    "a mean without a batch": (mixture, {"reduce": "mean"}, lambda: given_(normal(size=3))),
    "steady rows": (lambda x, y: [x * x, y, x * 0.0 + y], {"in_axes": (None, 0)}, lambda: given_(normal(), normal(size=5))),
    "steady rows, in the mean": (lambda x, y: x * x + y, {"in_axes": (None, 0), "reduce": "mean"}, lambda: given_(normal(), normal(size=5))),
    "nothing varies": (lambda x, y: {"k": x * x}, {"in_axes": (None, 0)}, lambda: given_(normal(), normal(size=5))),
    "selections": (lambda x: where(x > 0.0, x.sqrt(), x.relu()) + autograd.maximum(x, 0.5), {"in_axes": 0}, lambda: given_(normal(size=8) + 5.0)),
    "results": (lambda x, y: {"z": (x * y, [2.0, x]), "a": np.array([[x, y], [y, 1.0]]), "m": np.array(x, dtype=object)}, {}, lambda: given_(normal(), normal())),
    "results in lanes": (lambda x, y: [x * y[0], (y * y, {"b": 7.0, "a": y[1:]})], {"in_axes": (None, 0)}, lambda: given_(normal(), normal(size=(67, 3)))),
    "results, summed": (lambda x, y: [x * y[0], (y * y, {"b": 7.0, "a": x})], {"in_axes": (None, 0), "reduce": "sum"}, lambda: given_(normal(), normal(size=(67, 3)))),
    "results without elements": (lambda x, y: [x * y, np.array([], dtype=object), np.empty((2, 0), dtype=object)], {}, lambda: given_(normal(), normal())),
    "results without elements, in lanes": (lambda x, y: [x * y, np.empty((2, 0), dtype=object)], {"in_axes": 0}, lambda: given_(normal(size=3), normal(size=3))),
    "results without elements, summed": (lambda x, y: [x * y, np.empty((2, 0), dtype=object)], {"in_axes": (None, 0), "reduce": "mean"}, lambda: given_(normal(), normal(size=3))),
    "a full share": (lambda x, y: (x * y).sin(), {"in_axes": 0, "reduce": "sum"}, lambda: given_(*normal(size=(2, SHARE)))),
}  # fmt: skip
LONG = {  # of these no call is repeated
    "no arguments": (lambda: w * 2.0, {}, lambda: given_()),
    "another axis": (mixture, {"in_axes": -1}, lambda: given_(normal(size=(2, 5)))),
    "an axis in the middle": (mixture, {"in_axes": (1, 0), "reduce": "sum"}, lambda: given_(normal(size=(2, 5, 2)), normal(size=5))),
    "a pair": (lambda p: p.left * p.right, {}, lambda: given_(Pair(normal(), normal()))),
    "a pair that comes back": (lambda x, y: Pair(x, y * x), {}, lambda: given_(normal(), normal())),
    "an ordered dict": (mixture, {}, lambda: given_(OrderedDict(b=normal(), a=normal()))),
    "a deque": (lambda d: d[0] * d[1], {}, lambda: given_(deque([normal(), 2.0]))),
    "a module": (lambda m, x: m(x), {}, lambda: given_(MLP(2, [3, 1], rng=int(rng.integers(99))), normal(size=2))),
    "without elements": (mixture, {}, lambda: given_(normal(), normal(size=(2, 0)))),
    "a batch without elements": (mixture, {"in_axes": 0}, lambda: given_(normal(size=5), normal(size=(5, 0)))),
    "an empty batch": (mixture, {"in_axes": 0}, lambda: given_(normal(size=(0, 2)))),
    "an empty batch, in the mean": (mixture, {"in_axes": 0, "reduce": "mean"}, lambda: given_(normal(size=(0, 2)))),
    "a batch over several shares": (lambda x, y: x.sin() * y, {"in_axes": 0, "reduce": "mean"}, lambda: given_(*normal(size=(2, SHARE + 1)))),
    "Fractions": (mixture, {}, lambda: given_(Fraction(normal()))),
    "Values in an array": (mixture, {}, lambda: given_(np.array([Value(normal()), 2.0]))),
    "single precision": (mixture, {"in_axes": 0}, lambda: given_(normal(size=(3, 2)).astype(np.float32))),
}  # fmt: skip
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


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
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


# --- calls that are not ------------------------------------------------------------------------------------------------


class Half(float):
    pass


class Floating:
    def __float__(self):
        return 2.5


class Matrix(np.ndarray):
    pass


NUMBERS = [
    2, True, False, None, np.float64(2.5), np.float32(2.1), np.float16(2.1), np.longdouble(2.5), np.int64(3), np.bool_(True), Half(0.5), 10**400, -(10**400),
    2**53, 2**53 + 1, -(2**60) - 1, 10**300, Fraction(1, 3), Decimal("0.1"), Decimal("sNaN"), "1", b"1", 1j, np.complex128(2.0), Floating(), object(), np.array(2.5),
    np.array([2.5]), np.array(2), np.array(2.5, dtype=">f8"), np.array(Value(2.5)), np.datetime64(1, "s"), Value(2.5), Value(np.nan), float("nan"), float("inf"), -0.0,
    [2.5], (2.5,), {"a": 2.5}, [], {}, (), {2.5}, range(3), lambda: 2.5,
]  # fmt: skip


@pytest.mark.parametrize(
    "second",
    NUMBERS,
    ids=lambda x: f"{type(x).__name__} {x!r:.20}" if type(x) not in (object, Floating) else type(x).__name__,
)
def test_a_number_of_another_type(second):
    for first in (1.5, 2, Value(1.5)):
        turns = [given_(first, x) for x in (first, first, second, second, first)]
        agree(lambda x, y: mixture(x, y) * x, turns, argnums=(0, 1))
        agree(lambda x, y: x * y, turns, ("gradient",), argnums=(1, 0))
    if hash_of(second) is not None:
        agree(lambda x, *, k: x * 2.0, [given_(1.5, k=x) for x in (1.5, 1.5, second, second, 1.5)])


def hash_of(x):
    try:
        return hash(x)
    except TypeError:
        return None


base = normal(size=(6, 3))
packed = np.zeros(6, dtype=[("a", "i4"), ("b", float, 3)])
packed["b"] = base
spaced = np.zeros(6, dtype=[("a", "i8"), ("b", float, 3)])
spaced["b"] = base
ARRAYS = {
    "int": np.arange(18).reshape(6, 3), "large int": np.full((6, 3), 2**53 + 1), "bool": base > 0, "float32": base.astype("f4"), "float16": base.astype("f2"),
    "longdouble": base.astype(np.longdouble), "complex": base + 0j, "str": base.astype(str), "datetime": np.zeros((6, 3), "M8[s]"),
    "objects": base.astype(object), "Values": np.array([[Value(x) for x in row] for row in base]), "strange objects": np.array([["a", None, 1j]] * 6, dtype=object),
    "matrix": base.view(np.matrix), "masked": np.ma.masked_array(base, base > 0), "record": np.rec.array(base), "subclass": base.view(Matrix), "big-endian": base.astype(">f8"),
    "unaligned": packed["b"], "spaced": spaced["b"], "shifted": np.frombuffer(b"\0" * 4 + base.tobytes() + b"\0" * 4, offset=4, count=18).reshape(6, 3),
    "read-only": np.frombuffer(base.tobytes()).reshape(6, 3), "F": np.asfortranarray(base), "transposed": np.ascontiguousarray(base.T).T, "reversed": base[::-1],
    "reversed twice": base[::-1, ::-1], "strided": np.repeat(np.repeat(base, 2, 0), 3, 1)[::2, ::3], "broadcast rows": np.broadcast_to(base[0], (6, 3)),
    "broadcast columns": np.broadcast_to(base[:, :1], (6, 3)), "broadcast": np.broadcast_to(2.5, (6, 3)), "more rows": normal(size=(70, 3)), "a row": base[:1],
    "a row of many": base[::7], "no rows": base[:0], "no columns": base[:, :0], "nothing": np.empty((0, 0)), "another column": normal(size=(6, 4)),
    "one column": base[:, :1], "another axis": base[:, :, None], "an axis less": base[:, 0], "0-d": np.array(1.5), "list": base.tolist(),
    "tuple": tuple(map(tuple, base.tolist())), "a list of arrays": [*base], "number": 1.5, "Value": Value(1.5), "None": None, "nan": np.where(base > 0, np.nan, base),
    "inf": np.where(base > 0, np.inf, base), "zeros": np.zeros((6, 3)), "-0.0": -np.zeros((6, 3)), "many": normal(size=(SHARE + 1, 3)),
}  # fmt: skip


@pytest.mark.parametrize("name", ARRAYS)
@pytest.mark.parametrize("reduce", [None, "sum", "mean"])
@pytest.mark.parametrize("axis", [None, 0])
def test_an_array_of_another_kind(name, axis, reduce):
    options = {"in_axes": (None, axis), "reduce": reduce}
    few = name in ("more rows", "many") and axis is None  # rows are then so many arguments
    kinds = () if few and name == "many" else ("value", "gradient") if few or name == "many" or reduce else tuple(KINDS)
    for f in (mixture, lambda w, x: x[0] * w["a"] if x[0] > 0 else x[1] * x[1] - w["a"]):
        turns = [given_({"a": 0.5}, x) for x in (base, base, ARRAYS[name], ARRAYS[name], base)]
        agree(f, turns, kinds if f is mixture or axis == 0 else (), (1, 0), **options)


@pytest.mark.parametrize("n", [0, 1, 2, 63, 64, 65, 127, 128, 129, SHARE - 1, SHARE, SHARE + 1])
@pytest.mark.parametrize("reduce", [None, "sum", "mean"])
def test_batches_of_other_lengths(n, reduce):
    turns = [given_(0.5, *normal(size=(2, length))) for length in (64, 64, n, n, 5, n)]
    for f in (lambda k, x, y: (x * k).sin() + y, lambda k, x, y: x * k if x < 2.0 else y.exp()):
        agree(f, turns, ("value", "gradient"), (0, 1), in_axes=(None, 0, 0), reduce=reduce)
    agree(lambda x, y: x * y, [given_(np.ones(n), np.ones(m)) for m in (n, n, n + 1, n, 1)], in_axes=0, reduce=reduce)


@pytest.mark.parametrize("layout", ["C", "F", "strided", "reversed", "broadcast", "one column of many"])
@pytest.mark.parametrize("shape", [(), (1,), (3,), (2, 3), (3, 1), (1, 3), (2, 1, 2)])
def test_batches_laid_out_in_any_way(shape, layout):
    turns = []
    for n in (64, 128, 64, 1, 2):
        x = normal(size=(n, *shape))
        if layout == "F":
            x = np.asfortranarray(x)
        elif layout == "strided":
            x = np.repeat(np.repeat(x, 2, 0), 2, -1)[::2, ..., ::2] if shape else np.repeat(x, 2)[::2]
        elif layout == "reversed":
            x = x[::-1, ..., ::-1] if shape else x[::-1]
        elif layout == "broadcast":
            x = np.broadcast_to(x[:1], x.shape)
        elif layout == "one column of many":
            x = np.stack([x, x], -1)[..., 0]
        turns += [given_(x, np.arange(n) * 0.1)]
    agree(mixture, turns, ("value", "gradient"), (0, 1), in_axes=0)
    agree(mixture, turns, ("gradient",), (0, 1), in_axes=0, reduce="sum")


class Dict(dict):
    pass


STRUCTURES = [
    {"a": 1.0, "b": [2.0, (3.0, 4.0)]}, {"b": [2.0, (3.0, 4.0)], "a": 1.0}, {"a": 1.0, "b": [2.0, (3.0, 4.0)], "c": 5.0}, {"a": 1.0}, {"a": 1.0, "c": [2.0, (3.0, 4.0)]},
    {"a": 1.0, "b": [2.0, [3.0, 4.0]]}, {"a": 1.0, "b": (2.0, (3.0, 4.0))}, {"a": 1.0, "b": [2.0, (3.0, 4.0, 5.0)]}, {"a": 1.0, "b": [2.0, (3.0,)]},
    {"a": 1.0, "b": [2.0, Pair(3.0, 4.0)]}, {"a": 1.0, "b": [2.0, 3.0]}, {"a": [1.0], "b": [2.0, (3.0, 4.0)]}, {"a": None, "b": [2.0, (3.0, 4.0)]},
    {"a": 1.0, "b": [2.0, (3.0, True)]}, {"a": Value(1.0), "b": [2, (Value(3.0), 4)]}, {"a": 1.0, "b": []}, {"a": np.ones(2), "b": [2.0, (3.0, 4.0)]}, Dict(a=1.0, b=[2.0, (3.0, 4.0)]),
    OrderedDict(a=1.0, b=[2.0, (3.0, 4.0)]), OrderedDict(b=[2.0, (3.0, 4.0)], a=1.0), defaultdict(list, a=1.0, b=[2.0, (3.0, 4.0)]), [1.0, [2.0, (3.0, 4.0)]], (1.0, [2.0, (3.0, 4.0)]), 1.0,
    {1: 1.0, 2: 3.0}, {True: 1.0, 2: 3.0}, {1.0: 1.0, 2: 3.0}, {"1": 1.0, 2: 3.0}, {2: 3.0, 1: 1.0}, {(1, 2): 3.0}, {(1.0, 2): 3.0}, {}, [], (), [[]], deque([1.0]), "a", {1.0},
]  # fmt: skip


@pytest.mark.parametrize("first", range(len(STRUCTURES)))
def test_an_argument_of_another_structure(first):
    def f(p, x, **named):
        return sum(
            (
                y * y
                for y in leaves_of([[*p.values()] if isinstance(p, dict) else p, [*named.values()]])
                if isinstance(y, Value)
            ),
            x,
        )

    a = STRUCTURES[first]
    for b in STRUCTURES:
        agree(f, [given_(p, 2.0) for p in (a, a, b, b, a)], ("gradient",), (0, 1))
    agree(f, [given_(p, 2.0, k=a) for p in STRUCTURES for _ in range(2)], ("value",))


def test_keywords_that_come_and_go():
    f = lambda x, y=2.0, *, k=3.0, **more: x * y - k * sum(more.values())  # noqa: E731
    turns = [
        given_(1.0), given_(1.0, 2.0), given_(1.0, y=2.0), given_(1.0, k=2.0), given_(1.0, z=2.0), given_(1.0, z=2.0, a=3.0), given_(1.0, a=3.0, z=2.0), given_(x=1.0),
        given_(), given_(1.0, x=2.0), given_(1.0, 2.0, 3.0), given_(1.0, k=Value(1.0)), given_(1.0, k="a"),
    ]  # fmt: skip
    agree(f, [turn for turn in [*turns, *turns[::-1]] for _ in range(2)])


class Color(Enum):
    RED, GREEN = 1, 2


class Size:
    """Hashable, though it changes."""

    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return hash(self.n)

    def __eq__(self, other):
        return isinstance(other, Size) and self.n == other.n

    def __repr__(self):
        return f"Size({self.n})"


STATICS = [
    1, True, 1.0, 2, 0, False, 0.0, -0.0, None, float("nan"), float("inf"), "1", "2", b"1", (1,), (True,), (1.0,), (0.0,), (-0.0,), (), ((1,),), ((True,),),
    frozenset({1}), frozenset({True}), np.int64(1), np.float64(1.0), np.str_("1"), Half(1.0), Fraction(1), Decimal(1), 10**30, Color.RED, Color.GREEN, int, len, Size(1), Size(2),
    [1], {}, np.ones(2), ([],), Value(1.0),
]  # fmt: skip


def weight(k):
    return zlib.crc32(f"{type(k)} {k!r}".encode()) / 2**32


@pytest.mark.parametrize("first", range(len(STATICS)), ids=lambda k: repr(STATICS[k])[:20])
def test_another_static_argument(first):
    a = STATICS[first]
    for b in STATICS:
        turns = [given_(2.0, k) for k in (a, a, b, b, a)] + [given_(2.0, k=k) for k in (b, b, a)]
        agree(lambda x, k: x * weight(k), turns, ("value",), static_argnames="k")
    agree(lambda x, k: x * weight(k), [given_(2.0, a)] * 3, argnums=(1, 0), static_argnames="k")


def test_a_static_argument_that_changes():
    fast, size = compile(lambda x, k: x * k.n, static_argnames="k"), Size(2)
    for n in (2, 2, 5, 5, 2, 3):
        size.n = n
        assert fast(10.0, size) == 10.0 * n
        assert fast(10.0, Size(n)) == 10.0 * n
    assert [fast(10.0, Size(n)) for n in (5, 2, 7)] == [50.0, 20.0, 70.0]


KINKS = {
    "where": lambda x: where(x > 0.0, x.log() * x, x * x),
    "relu": lambda x: (x.relu().sqrt() + x) * x,
    "maximum": lambda x: autograd.maximum(x, 0.0) ** 0.5 * x,
    "guard": lambda x: x.sqrt() if x > 0.0 else x * x,
    "guard and relu": lambda x: x.relu().sqrt() if x < 5.0 else x * 2.0,
    "abs": lambda x: abs(x) + (x - x.detach()).cbrt(),
}
RARE = [1.0, 2.0, -1.0, 0.0, -0.0, np.inf, -np.inf, np.nan, 7.0, 1e-320, 1e308]


@pytest.mark.parametrize("name", KINKS)
def test_rows_at_kinks_and_rows_that_leave_the_path(name):
    f = KINKS[name]
    for first in RARE:
        agree(f, [given_(x) for x in (first, first, *RARE, *RARE)])
        for reduce in (None, "sum", "mean"):
            row = lambda *xs: given_(np.array(xs))  # noqa: E731
            turns = [row(first), row(first), *(row(first, x, 2.0) for x in RARE), row(*RARE), row(*RARE[::-1])]
            agree(f, turns, in_axes=0, reduce=reduce)


# --- what can happen between calls, or meanwhile -----------------------------------------------------------------------


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


# --- backward ----------------------------------------------------------------------------------------------------------

W, B = [0.5, -0.25], 2.0
BACKWARD = {
    "numbers": (lambda w, b: lambda x: w[0] * x + b, {}, [(2.0,), (-3.0,), (5,)]),
    "a Value among the arguments": (lambda w, b: lambda x: w[0] * x + b, {}, [(2.0,), (Value(3.0),), (4.0,)]),
    "Values alone": (lambda w, b: lambda x: w[0] * x[0] * x[1], {}, [([Value(3.0), 2.0],), ([Value(1.0), 4.0],)]),
    "a sum": (lambda w, b: lambda x: (w[0] * x[0] + w[1] * x[1] + b).tanh(), {"in_axes": 0, "reduce": "sum"},
              [(normal(size=(n, 2)),) for n in (7, 7, 64, 100, 0, 1, SHARE + 1)]),
    "a mean": (lambda w, b: lambda x: (w[0] * x[0] + w[1] * x[1] + b).tanh(), {"in_axes": 0, "reduce": "mean"},
               [(normal(size=(n, 2)),) for n in (7, 7, 64, 100, 1, 3)]),
    "branches": (lambda w, b: lambda x: w[0] * x if x > 0.0 else w[1] * x * x, {"in_axes": 0, "reduce": "mean"},
                 [(np.array(x),) for x in ([1.0, 2.0], [3.0, 4.0], [-1.0, 3.0], [-1.0, -2.0], [-3.0, -2.0])]),
    "nan where it selects": (lambda w, b: lambda x: where(x > 0.0, w[0] * x.log(), b), {}, [(1.0,), (0.0,), (-1.0,)]),
    "captured nodes": (lambda w, b: (lambda z: lambda x: z * x + b)(w[0] * w[1]), {}, [(2.0,), (3.0,), (4.0,)]),
    "nothing captured": (lambda w, b: lambda x: x * x, {}, [(2.0,), (3.0,), (Value(4.0),)]),
}  # fmt: skip


@pytest.mark.parametrize("name", BACKWARD)
def test_a_repeated_backward_gives_the_value_and_adds_what_the_long_way_adds(name):
    make, options, arguments = BACKWARD[name]
    found = []
    for again in (True, False):
        w, b = [Value(x) for x in W], Value(B)
        fast = compile(make(w, b), **options)
        own = [x for args in arguments for x in leaves_of(args) if isinstance(x, Value)]
        for turn, args in enumerate(arguments):
            w[0].data = W[0] * (turn + 1.0)
            value = outcome(fast.backward if again else long_way(fast), *args)
            found.append((again, value, [seen(v.grad) for v in (*w, b, *own)]))
        for x in own:
            x.grad = 0.0
    half = len(found) // 2
    assert [rest for _, *rest in found[:half]] == [rest for _, *rest in found[half:]]


def test_backward_is_repeated(long_ways):
    w = Value(3.0)
    fast = compile(lambda x: w * x, in_axes=0, reduce="mean")
    for _ in range(5):
        fast.backward(np.array([1.0, 2.0]))
    assert len(long_ways) == 1
    assert w.grad == 7.5
    with pytest.raises(TypeError, match="batch of Values"):
        fast.backward(np.array([Value(1.0), Value(2.0)]))


# --- what is kept of a call, and what it gives away --------------------------------------------------------------------


def arrays_of(x):
    if isinstance(x, dict):
        x = [*x.values()]
    if isinstance(x, (list, tuple)):
        return [array for part in x for array in arrays_of(part)]
    return [x] if isinstance(x, np.ndarray) else []


@pytest.mark.parametrize("name", ALIKE)
def test_an_answer_belongs_to_who_asked(name):
    f, options, arguments = ALIKE[name]
    fast, (args, kwargs) = compile(f, **options), arguments()
    for kind, method in KINDS.items():
        expected = ask(fast, kind, args, kwargs, 0)
        if expected[0] in (TypeError, ValueError):  # many results have no gradient, keywords no number
            continue
        with no_grad():
            answers = [getattr(fast, method)(*args, **kwargs) for _ in range(3)]
        for a, b in combinations([*answers, [args, kwargs]], 2):
            assert not any(np.shares_memory(x, y) for x in arrays_of(a) for y in arrays_of(b))
        for answer in answers:
            assert seen(answer) == expected
            assert not any(np.shares_memory(x, y) for x, y in combinations(arrays_of(answer), 2))
            for array in arrays_of(answer):
                array[...] = np.nan
            if isinstance(answer, (dict, list)):
                answer.clear()
        assert ask(fast, kind, args, kwargs, 0) == expected


def test_large_answers_are_not_written_over():
    """Their memory is used again, but not while somebody looks into it."""
    fast = compile(lambda x: np.outer(x, x), in_axes=0)
    xs = normal(size=(SHARE, 12))
    first = fast(xs)
    assert first.nbytes >= 2**22
    corner, expected = first[5, 3:, 7], np.outer(xs[5], xs[5])[3:, 7]
    del first
    for k in range(1, 5):
        later = fast(k * xs)
        assert later[5].tolist() == np.outer(k * xs[5], k * xs[5]).tolist()
        assert not np.shares_memory(later, corner)
    assert corner.tolist() == expected.tolist()


@pytest.mark.parametrize("name", [*ALIKE, *LONG])
def test_arguments_are_let_go(name):
    f, options, arguments = (ALIKE | LONG)[name]
    fast, (args, kwargs) = compile(f, **options), arguments()
    things = [*args, *kwargs.values(), *leaves_of([list(args), kwargs])]
    things = [x for x in things if type(x) in (np.ndarray, dict, list, Value, float)]
    before = [sys.getrefcount(x) for x in things]
    for kind in KINDS:
        for _ in range(3):
            ask(fast, kind, args, kwargs, 0)
    gc.collect()
    assert [sys.getrefcount(x) for x in things] == before


LEAKS = {  # first and second arguments: of calls that are repeated, and of calls that turn out otherwise, one way or another
    "repeated": (lambda p, x: p["a"] * x[0], (2.0, (2, 3)), (3.0, (2, 3))),
    "many numbers": (lambda p, x: p["a"] * x.sum(), (2.0, (2, MANY // 100)), (3.0, (2, MANY // 100))),
    "off the path": (lambda p, x: p["a"] * x[0] if p["a"] > 0 else x[1], (2.0, (2, 3)), (-3.0, (2, 3))),
    "nan at a kink": (lambda p, x: (p["a"] * x[0]).relu().sqrt(), (2.0, (2, 3)), (-1.0, (2, 3))),
    "another length": (lambda p, x: p["a"] * x[0], (2.0, (2, 3)), (3.0, (3, 3))),
    "another shape": (lambda p, x: p["a"] * x[0], (2.0, (2, 3)), (3.0, (2, 2))),
    "another type": (lambda p, x: p["a"] * x[0], (2.0, (2, 3)), (np.float32(3.0), (2, 3))),
    "refused": (lambda p, x: p["a"] * x[0], (2.0, (2, 3)), ("3.0", (2, 3))),
}


def pages():
    """How many pages of memory are in use now."""
    return int(STATM.read_text().split()[1])


@pytest.mark.parametrize("name", LEAKS)
def test_memory_stays_where_it_is(name):
    if not STATM.exists():
        pytest.skip("nobody says how much memory is in use here")
    f, *pair = LEAKS[name]
    fast = compile(f, in_axes=(None, 0))
    p, other = ({"a": a} for a, _ in pair)
    x, y = (np.ones(shape) for _, shape in pair)

    def work(n):
        for _ in range(n):
            for arguments in ((p, x), (other, y)):
                with suppress(TypeError):
                    fast.value_and_grad(*arguments, argnums=(0, 1))

    work(100)
    gc.collect()
    tracemalloc.start()
    work(200)
    before = tracemalloc.get_traced_memory()[0]
    work(300)
    gc.collect()
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert grown < 3000
    before = pages()
    work(MANY if name == "repeated" else MANY // 20)
    assert (pages() - before) * PAGESIZE < 4_000_000


# --- along a direction ---


def bent(x, w, k=None):
    y = autograd.tanh(x * w[0]) + w[1] * x * x
    return y * scale if y > 0.1 else autograd.exp(-y) * x


scale = Value(1.5)
BATCH = normal(size=40)
DIRECTIONS = {
    "numbers": ({}, [((0.5, [2.0, 1.0]), (1.0, [0.5, -1.0])), ((-0.5, [1.0, 3.0]), (0.0, [1.0, 0.0]))]),
    "one that stays": ({}, [((0.5, [2.0, 1.0]), (None, [0.5, -1.0])), ((0.7, [2.0, 1.0]), (1.0, None)), ((0.5, [2.0, 1.0]), (None, [0.5, 2.0]))]),
    "a batch on several paths": ({"in_axes": (0, None)}, [((BATCH, [2.0, 1.0]), (BATCH[::-1], [0.5, -1.0])), ((BATCH[:7], [1.0, 1.0]), (BATCH[7:14], [0.1, 0.2]))]),
    "a batch that stays": ({"in_axes": (0, None)}, [((BATCH, [2.0, 1.0]), (None, [0.5, -1.0])), ((-BATCH, [2.0, 0.5]), (None, [1.5, -1.0]))]),
    "only the batch": ({"in_axes": (0, None), "reduce": "sum"}, [((BATCH, [2.0, 1.0]), (BATCH * 2.0, None)), ((BATCH, [2.0, 3.0]), (BATCH, None))]),
    "the mean": ({"in_axes": (0, None), "reduce": "mean"}, [((BATCH, [2.0, 1.0]), (BATCH, [1.0, 1.0])), ((BATCH[:3], [2.0, 3.0]), (BATCH[:3], [1.0, 1.0]))]),
    "arrays": ({}, [((0.5, np.array([2.0, 1.0])), (1.0, np.array([0.5, -1.0]))), ((0.5, np.array([2.0, 1.0])), (1.0, np.array([0.5, 7.0])))]),
    "integers, Values and Fractions": ({}, [((0.5, [2.0, 1.0]), (1.0, [0.5, -1.0])), ((1, [2, 1]), (1, [0, -1])), ((Value(0.5), [2.0, 1.0]), (1.0, [0.5, -1.0])), ((0.5, [2.0, 1.0]), (Fraction(1, 2), [0.5, -1.0]))]),
    "what does not fit": ({}, [((0.5, [2.0, 1.0]), (1.0, [0.5, -1.0])), ((0.5, [2.0, 1.0]), (1.0, [0.5])), ((0.5, [2.0, 1.0]), (1.0,)), ((0.5,), (1.0,)), ((0.5, [2.0, 1.0]), (1.0, (0.5, 1.0)))]),
    "lengths that do not fit": ({"in_axes": (0, None)}, [((BATCH, [2.0, 1.0]), (BATCH, [0.5, -1.0])), ((BATCH, [2.0, 1.0]), (BATCH[1:], [0.5, -1.0])), ((BATCH[1:], [2.0, 1.0]), (BATCH[1:], [0.5, -1.0]))]),
    "a static argument": ({"static_argnames": "k"}, [((0.5, [2.0, 1.0], "a"), (1.0, [0.5, -1.0], None)), ((0.5, [2.0, 1.0], "b"), (1.0, [0.5, -1.0], None)), ((0.5, [2.0, 1.0], "b"), (1.0, [0.5, -1.0], "b"))]),
    "nan and infinity": ({"in_axes": (0, None)}, [((BATCH, [2.0, 1.0]), (BATCH, [0.5, -1.0])), ((np.array([np.nan, 1.0, np.inf, -np.inf, 0.0]), [2.0, 1.0]), (np.ones(5), [0.0, 1.0]))]),
}  # fmt: skip


@pytest.mark.parametrize("kind", ["jvp", "hvp"])
@pytest.mark.parametrize("name", DIRECTIONS)
def test_a_direction_is_repeated_as_the_long_way_goes(name, kind):
    options, calls_of_it = DIRECTIONS[name]
    fast, slow = compile(bent, **options), compile(bent, **options)
    argnums = (0, 1) if kind == "hvp" else ()

    def short(primals, tangents):
        return outcome(fast.hvp, primals, tangents, argnums) if argnums else outcome(fast.jvp, primals, tangents)

    def long(primals, tangents):
        return outcome(lambda: answered(Call(slow._traced, primals, {}, tangents), kind, argnums))

    for _ in range(3):
        for i, (primals, tangents) in enumerate(calls_of_it):
            scale.data = 1.5 + i
            assert short(primals, tangents) == long(primals, tangents), (primals, tangents)
    scale.data = 1.5


def test_directions_are_repeated(long_ways):
    fast, x = compile(bent, in_axes=(0, None)), BATCH
    for _ in range(5):
        fast.jvp((x, [2.0, 1.0]), (x, [0.5, 1.0]))
        fast.hvp((x, [2.0, 1.0]), (None, [0.5, 1.0]), (0, 1))
    assert len(long_ways) == 2
