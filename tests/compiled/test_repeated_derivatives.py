"""Calls of backward and along directions, repeated in C: nobody can tell."""

from fractions import Fraction

import numpy as np
import pytest

import autograd
from autograd import Value, compile, where
from autograd.compiled.call import Call
from tests.compiled.cases_of_calls import SHARE, normal
from tests.compiled.long_way import answered, leaves_of, long_way, outcome, seen

if not autograd.native:
    pytest.skip("calls are repeated in C alone", allow_module_level=True)
# Random programs step up and down: that is told of elsewhere.
pytestmark = [
    pytest.mark.usefixtures("every_call_is_recorded"),
    pytest.mark.filterwarnings("ignore:.*through comparisons alone:RuntimeWarning"),
]
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


# --- along a direction -----------------------------------------------------------------------------------------------


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
