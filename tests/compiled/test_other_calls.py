"""A call that is not like one before: other types, arrays, structures, statics, paths. Nobody can tell."""

import zlib
from collections import OrderedDict, defaultdict, deque
from decimal import Decimal
from enum import Enum
from fractions import Fraction

import numpy as np
import pytest

import autograd
from autograd import Value, compile, where
from tests.compiled.cases_of_calls import SHARE, Pair, normal
from tests.compiled.long_way import KINDS, agree, given_, leaves_of, mixture
from tests.sizes import every_few

if not autograd.native:
    pytest.skip("calls are repeated in C alone", allow_module_level=True)
# Random programs step up and down: that is told of elsewhere.
pytestmark = [
    pytest.mark.usefixtures("every_call_is_recorded"),
    pytest.mark.filterwarnings("ignore:.*through comparisons alone:RuntimeWarning"),
]


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
    agree(f, [given_(p, 2.0) for b in every_few(STRUCTURES) for p in (a, a, b, b, a)], ("gradient",), (0, 1))
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
    turns = []
    for b in every_few(STATICS):
        turns += [given_(2.0, k) for k in (a, a, b, b, a)] + [given_(2.0, k=k) for k in (b, b, a)]
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
    for first in every_few(RARE):
        agree(f, [given_(x) for x in (first, first, *RARE, *RARE)])
        for reduce in (None, "sum", "mean"):
            row = lambda *xs: given_(np.array(xs))  # noqa: E731
            turns = [row(first), row(first), *(row(first, x, 2.0) for x in RARE), row(*RARE), row(*RARE[::-1])]
            agree(f, turns, in_axes=0, reduce=reduce)
