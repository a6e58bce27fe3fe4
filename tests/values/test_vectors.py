"""The numbers of many Values at once: what the Values say one by one, to the bit; all are set, or none."""

import copy
import math
import random
import signal
import struct
import threading
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

import autograd
from autograd import RecordingError, Tape, Value, values_to_vector, vector_to_values

NAN = struct.unpack("<d", struct.pack("<Q", 0x7FF8_0000_DEAD_BEEF))[0]
ODD = [0.0, -0.0, math.inf, -math.inf, math.nan, -math.nan, NAN, 5e-324, -5e-324, 1.7976931348623157e308, 1e-310]


def bits(numbers):
    return [struct.pack("<d", x) for x in numbers]


def some(n=200, seed=1):
    rng = random.Random(seed)
    return [rng.choice([rng.gauss(0.0, 1.0), rng.choice(ODD), rng.gauss(0.0, 1e150)]) for _ in range(n)]


@pytest.mark.parametrize("of", ["data", "grad"])
def test_they_are_read_and_set_to_the_bit(of):
    numbers, others = ODD + some(), ODD + some(seed=2)
    vs = [Value(0.5) for _ in numbers]
    for v, x in zip(vs, numbers, strict=True):
        v.data, v.grad = (x, 0.25) if of == "data" else (0.5, x)
    other = "grad" if of == "data" else "data"
    untouched = [getattr(v, other) for v in vs]
    vector = values_to_vector(vs, of)
    assert (vector.dtype, vector.shape, vector.flags.writeable) == (np.float64, (len(vs),), True)
    assert bits(vector.tolist()) == bits(numbers)
    vector[:] = 7.0  # a copy
    assert bits([getattr(v, of) for v in vs]) == bits(numbers)
    for given in (np.array(others), others, tuple(others), np.array([others, others]).T[:, 1]):
        vector_to_values(1.0, vs, of)
        vector_to_values(given, vs, of)
        assert bits([getattr(v, of) for v in vs]) == bits(others)
    assert [getattr(v, other) for v in vs] == untouched
    assert {type(getattr(v, of)) for v in vs} == {float}


def test_data_comes_first():
    v = Value(2.0)
    v.grad = 3.0
    assert values_to_vector([v]).tolist() == [2.0]
    vector_to_values([5.0], [v])
    assert (v.data, v.grad) == (5.0, 3.0)


def test_values_come_in_anything_that_holds_them():
    x, y = Value(1.0), Value(2.0)
    for values in ([x, y], (x, y), iter([x, y]), {"x": x, "y": y}.values(), np.array([x, y])):
        assert values_to_vector(values).tolist() == [1.0, 2.0]
    for values in ([x, y], (x, y), iter([x, y]), {"x": x, "y": y}.values(), np.array([x, y])):
        vector_to_values(0.0, [x, y])
        vector_to_values([3.0, 4.0], values)
        assert (x.data, y.data) == (3.0, 4.0)
    assert values_to_vector(x).tolist() == [3.0]
    vector_to_values(9.0, x, "grad")
    assert x.grad == 9.0


def test_none_are_no_trouble():
    assert values_to_vector([]).shape == values_to_vector([], "grad").shape == (0,)
    vector_to_values([], [])
    vector_to_values(0.0, [], "grad")
    with pytest.raises(ValueError, match=r"0 Values, but numbers of shape \(1,\)"):
        vector_to_values([1.0], [])


def test_one_that_occurs_twice():
    x, y = Value(1.0), Value(2.0)
    assert values_to_vector([x, y, x]).tolist() == [1.0, 2.0, 1.0]
    vector_to_values([3.0, 4.0, 5.0], [x, y, x])
    assert (x.data, y.data) == (5.0, 4.0)


def test_constants_and_computed_values_have_numbers_too():
    x = Value(3.0)
    y, c = x * x, x.detach()
    y.backward()
    assert values_to_vector([x, y, c]).tolist() == [3.0, 9.0, 3.0]
    assert values_to_vector([x, y, c], "grad").tolist() == [6.0, 1.0, 0.0]
    vector_to_values([1.0, 2.0, 4.0], [x, y, c])
    assert [v.data for v in (x, y, c)] == [1.0, 2.0, 4.0]
    y.backward()  # the gradient is that of the forward pass that ran
    assert x.grad == 12.0


def test_numbers_of_any_type():
    vs = [Value(0.0), Value(0.0)]
    for given in (
        [1, Fraction(1, 4)], [np.float32(1), Decimal("0.25")], np.array([1, 0.25], dtype=np.float32),
        np.array([1, 0.25], dtype=np.longdouble), np.array([1.0, Fraction(1, 4)], dtype=object), [True, 0.25],
    ):  # fmt: skip
        vector_to_values(0.5, vs)
        vector_to_values(given, vs)
        assert [v.data for v in vs] == [1.0, 0.25]
    for given in (np.array([1, 0]), np.array([True, False]), np.array([1, 0], dtype=np.uint8), range(1, -1, -1)):
        vector_to_values(given, vs)
        assert [v.data for v in vs] == [1.0, 0.0]
    vector_to_values([2**70, -(2**53) - 1], vs)
    assert [v.data for v in vs] == [2.0**70, float(-(2**53) - 1)]
    for one in (3, 3.0, Fraction(3), np.float64(3), np.array(3.0)):
        vector_to_values(0.0, vs)
        vector_to_values(one, vs)
        assert [v.data for v in vs] == [3.0, 3.0]


@pytest.mark.parametrize(
    ("vector", "error", "message"),
    [
        ([1.0], ValueError, r"2 Values, but numbers of shape \(1,\): give one for each"),
        ([1.0, 2.0, 3.0], ValueError, r"2 Values, but numbers of shape \(3,\)"),
        ([[1.0, 2.0]], ValueError, r"numbers of shape \(1, 2\)"),
        ([[1.0], [2.0]], ValueError, r"numbers of shape \(2, 1\)"),
        ([1.0, "2"], TypeError, "expected a real number, got str '1.0'|got str '2'"),
        ([1.0, None], TypeError, "vector_to_values: expected a real number, got None"),
        ([1.0, 2j], TypeError, "vector_to_values: expected a real number, got complex"),
        ([1.0, Value(2.0)], TypeError, r"got a Value: use it as it is, or its \.data"),
        (None, TypeError, "expected a real number, got None"),
        (iter([1.0, 2.0]), TypeError, "expected a real number, got list_iterator"),
        ([1.0, 10**400], OverflowError, "too large for a float"),
    ],
)
def test_numbers_that_are_refused_change_nothing(vector, error, message):
    vs = [Value(1.5), Value(2.5)]
    with pytest.raises(error, match=message):
        vector_to_values(vector, vs)
    assert [v.data for v in vs] == [1.5, 2.5]


@pytest.mark.parametrize("bad", [None, 1.0, "v", object(), [Value(1.0)]])
def test_what_is_no_value_is_refused_and_changes_nothing(bad):
    first = Value(1.5)
    for values in ([first, bad], (first, bad), [bad, first]):
        with pytest.raises(TypeError, match="values_to_vector: expected a Value, got"):
            values_to_vector(values)
        with pytest.raises(TypeError, match="vector_to_values: expected a Value, got"):
            vector_to_values([7.0, 8.0], values)
        with pytest.raises(TypeError, match="vector_to_values: expected a Value, got"):
            vector_to_values(0.0, values, "grad")
    assert first.data == 1.5
    with pytest.raises(TypeError, match="expected a Value or several, got float"):
        values_to_vector(1.0)


@pytest.mark.parametrize("of", ["label", "", None, "_data", 0, ["data"]])
def test_there_is_only_data_and_grad(of):
    with pytest.raises(ValueError, match='a Value has "data" and "grad"'):
        values_to_vector([Value(1.0)], of)
    with pytest.raises(ValueError, match='a Value has "data" and "grad"'):
        vector_to_values([1.0], [Value(1.0)], of)


def test_a_class_of_ones_own():
    class Named(Value):
        pass

    class Positive(Value):
        @property
        def data(self):
            return Value.data.__get__(self)

        @data.setter
        def data(self, x):
            Value.data.__set__(self, max(x, 0.0))

    plain, named, positive = Value(1.0), Named(2.0), Positive(3.0)
    assert values_to_vector([plain, named]).tolist() == [1.0, 2.0]
    vs = [plain, named, positive]
    vector_to_values([-1.0, -2.0, -3.0], vs)
    assert values_to_vector(vs).tolist() == [v.data for v in vs] == [-1.0, -2.0, 0.0]
    vector_to_values(-4.0, vs, "grad")
    assert values_to_vector(vs, "grad").tolist() == [-4.0, -4.0, -4.0]
    with pytest.raises(TypeError, match="expected a Value, got None"):
        vector_to_values(0.0, [*vs, None])
    assert plain.data == -1.0


def test_a_compiled_function_reads_captured_values_of_any_class():
    class Named(Value):
        pass

    w, b = Named(2.0), Value(0.5)
    line = autograd.compile(lambda x: w * x + b, in_axes=0, reduce="sum")
    assert line(np.array([1.0, 2.0])) == 7.0
    vector_to_values([3.0, -0.5], [w, b])
    assert line.backward(np.array([1.0, 2.0])) == 8.0
    assert values_to_vector([w, b], "grad").tolist() == [3.0, 2.0]


def test_copies_and_labels_are_as_they_were():
    v = Value(1.0, label="w")
    vector_to_values([2.0], [v])
    assert (v.label, v.data, copy.deepcopy(v).data) == ("w", 2.0, 2.0)


def test_a_recording_refuses_as_it_does_for_one():
    w = Value(2.0)
    for act, message in (
        (lambda x: values_to_vector([x]), r"reading \.data"),
        (lambda x: values_to_vector([w], "grad"), r"reading \.grad"),
        (lambda x: vector_to_values([1.0], [w]), r"setting \.data"),
        (lambda x: vector_to_values(0.0, [w], "grad"), r"setting \.grad"),
    ):
        with pytest.raises(RecordingError, match=rf"{message} while a function is recorded .*test_vectors\.py"):
            Tape.record(lambda x, act=act: act(x) is None or x, 3.0)
    assert (w.data, w.grad) == (2.0, 0.0)


def test_a_value_that_is_being_recorded_refuses_in_every_thread():
    refused = []

    def function(x):
        y = x * x

        def other():
            try:
                values_to_vector([y])
            except RecordingError as error:
                refused.append(error)
            assert values_to_vector([Value(4.0)]).tolist() == [4.0]

        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
        return y

    with pytest.raises(RecordingError, match=r"reading \.data"):  # though the other thread went on without it
        Tape.record(function, 3.0)
    assert len(refused) == 1


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs POSIX timers")
@pytest.mark.usefixtures("no_collector_callbacks")
def test_a_signal_finds_all_set_or_none():
    vs = [Value(0.0) for _ in range(20_000)]
    seen = []
    previous = signal.signal(signal.SIGALRM, lambda *_: seen.append({v.data for v in vs}))
    try:
        for k in range(30):
            signal.setitimer(signal.ITIMER_REAL, 1e-5 * (k + 1))
            while len(seen) <= k:
                vector_to_values(1.0, vs)
                vector_to_values(2.0, vs)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
    assert {len(numbers) for numbers in seen} == {1}


def test_a_mask_is_not_lost_in_silence():
    x = np.ma.masked_array([1.0, 2.0], mask=[False, True])
    with pytest.raises(TypeError, match="vector_to_values: a masked array would lose its mask"):
        vector_to_values(x, [Value(0.0), Value(0.0)])
    with pytest.raises(TypeError, match="tanh: a masked array would lose its mask"):
        autograd.tanh(x)


def test_which_values_gradients_flow_through():
    w, frozen, constant = Value(1.0), Value(2.0).requires_grad_(False), Value(3.0).detach()
    values = [w, frozen, constant, w * frozen, w]
    assert values_to_vector(values, "requires_grad").tolist() == [1.0, 0.0, 0.0, 1.0, 1.0]
    assert values_to_vector(iter(values), "requires_grad").tolist() == [float(v.requires_grad) for v in values]
    assert values_to_vector([], "requires_grad").shape == (0,)

    class Own(Value):
        pass

    assert values_to_vector([Own(1.0), frozen], "requires_grad").tolist() == [1.0, 0.0]
    with pytest.raises(TypeError):
        values_to_vector([w, 1.0], "requires_grad")
    with pytest.raises(ValueError, match="of is 'requires_grad'"):
        vector_to_values([1.0], [w], "requires_grad")
