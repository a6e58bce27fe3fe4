"""Modules as arguments of compiled functions: taken apart without loss, put together as they were."""

import functools
import math
from collections import OrderedDict, defaultdict

import numpy as np
import pytest

import autograd
from autograd import Value, compile
from nn import MLP, Layer, Module, Neuron
from nn.modules.arguments import put_together, take_apart
from tests.nn.modules.zoo import Part, Zoo, data_of


def test_parameters_come_in_their_order():
    for module in (Zoo(), MLP(2, [3, 2], rng=1), Neuron(2)):
        assert [id(p) for p in take_apart(module)[0]] == [id(p) for p in module.parameters()]


def test_a_zoo_is_put_together_as_it_was():
    zoo = Zoo()
    parameters, anatomy = take_apart(zoo)
    assert [p.data for p in parameters] == [float(k) for k in range(1, 11)]
    twin = put_together(anatomy, [10.0 * p.data for p in parameters])
    assert data_of(zoo) == [float(k) for k in range(1, 11)]
    assert data_of(twin) == [10.0 * k for k in range(1, 11)]
    assert list(vars(twin)) == list(vars(zoo))
    assert twin.again is twin.part
    assert twin.me is twin
    assert twin.pair[1][1]["deep"].right is twin.part
    assert twin.pair[1][0] is twin.array[1, 0] is twin.p
    assert twin.act(2.0).data == 20.0
    assert twin.array.shape == (2, 2)
    assert twin.array[1, 1] == 0.5
    assert (twin.stack.name, twin.lazy.default_factory) == ("stack", list)
    assert list(twin.keyed) == [2, "two", "once more"]
    assert twin.keyed["once more"] is twin.pair[0]
    for name in ("pair", "keyed", "lazy", "stack", "part", "array", "weights", "names", "empty"):
        assert type(getattr(twin, name)) is type(getattr(zoo, name))
        assert getattr(twin, name) is not getattr(zoo, name)
    assert twin.constant is zoo.constant
    assert twin.computed is zoo.computed
    assert twin.weights.tolist() == [[1.0, 2.0]]
    assert twin.weights.flags.writeable
    assert twin.names == {"a", "b"}
    assert twin.empty[4].shape == (0, 2)
    assert str(twin.fixed) == str(zoo.fixed)
    assert [type(x) for x in twin.fixed] == [type(x) for x in zoo.fixed]


def test_taking_apart_what_was_put_together_gives_the_same():
    for module in (Zoo(), MLP(2, [3, 2], rng=1), Module()):
        parameters, anatomy = take_apart(module)
        again, same = take_apart(put_together(anatomy, parameters))
        assert [id(p) for p in again] == [id(p) for p in parameters]
        assert all(p is q for p, q in zip(again, parameters, strict=True))
        if not isinstance(module, Zoo):  # whose copies of containers of a user's own class are others
            assert same == anatomy
            assert hash(same) == hash(anatomy)


def test_numbers_become_parameters_and_arrays_stay():
    anatomy = take_apart(Neuron(2))[1]
    batch = np.array([1.0, 2.0])
    twin = put_together(anatomy, [np.float64(1.5), batch, np.array(2.5)])
    assert (twin.w[0].data, twin.b.data) == (1.5, 2.5)
    assert twin.w[1] is batch


SHARED = Value(1.0)
CONSTANT = Value(2.0).detach()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (1, 1, True),
        (1, 1.0, False),
        (1, True, False),
        (0.0, -0.0, False),
        (math.nan, -float("inf") * 0.0, True),
        ("tanh", "relu", False),
        (None, 0, False),
        ([1, 2], (1, 2), False),
        ([1, 2], [1, 2], True),
        ([1, [2]], [[1], 2], False),
        ([[], 1], [[1]], False),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, False),
        ({1: "a"}, {True: "a"}, False),
        (OrderedDict(a=1), OrderedDict(a=1), True),
        (OrderedDict(a=1), {"a": 1}, False),
        (defaultdict(list), defaultdict(int), False),
        ({1, 2}, {2, 1}, True),
        ({1, 2}, {1, 2, 3}, False),
        (frozenset({1}), {1}, False),
        (np.array([1.0]), np.array([1.0]), True),
        (np.array([1.0]), np.array([2.0]), False),
        (np.array([1]), np.array([1.0]), False),
        (np.zeros((1, 2)), np.zeros((2, 1)), False),
        (np.float32(1.0), np.float64(1.0), False),
        (math.sin, math.sin, True),
        (math.sin, math.cos, False),
        (CONSTANT, CONSTANT, True),
        (Value(2.0).detach(), Value(2.0).detach(), False),
        (Value(1.0), Value(2.0), True),
        (Value(1.0), 1.0, False),
        ([SHARED, SHARED], [Value(1.0), Value(1.0)], False),
        ([SHARED, SHARED], [CONSTANT, SHARED], False),
        ([SHARED, Value(1.0), SHARED], [SHARED, Value(1.0), SHARED], True),
        ([a := [], a], [[], []], False),
        (Part(1.0), Part(2.0), True),
        (Neuron(2), Neuron(3), False),
        (Neuron(2), Layer(2, 1), False),
        (bytearray(b"a"), bytearray(b"a"), False),
    ],
)
def test_what_tells_modules_apart(one, other, same):
    def anatomy(x):
        module = Module()
        module.x = x
        return take_apart(module)[1]

    assert (anatomy(one) == anatomy(other)) == same
    if same:
        assert hash(anatomy(one)) == hash(anatomy(other))


def test_names_of_attributes_and_classes_tell_modules_apart():
    a, b, c = Module(), Module(), Part(1.0)
    a.scale, b.other = Value(1.0), Value(1.0)
    assert len({take_apart(m)[1] for m in (a, b, c)}) == 3


def test_deep_modules_and_those_that_refer_in_a_circle():
    top = deep = Module()
    for _ in range(5_000):
        deep.inner = Module()
        deep.inner.outer = deep
        deep = deep.inner
    deep.p = Value(2.0)
    parameters, anatomy = take_apart(top)
    assert parameters == (deep.p,)
    twin = put_together(anatomy, [5.0])
    assert data_of(twin) == [5.0]
    assert twin.inner.outer is twin


# --- functions that hold on to the module ---


def test_a_function_that_captured_the_module_is_refused():
    for attribute in (
        lambda module: lambda x: module.scale * x,
        lambda module: lambda x, scale=module.scale: scale * x,
        lambda module: functools.partial(autograd.hypot, module.scale),
    ):
        part = Part(2.0)
        part.act = attribute(part)
        with pytest.raises(TypeError, match=r"Part as an argument: its attribute .* captured .* make it a method"):
            compile(lambda part, x: part.act(x)).grad(part, 3.0)


def test_other_functions_are_attributes_as_any():
    part, factor = Part(2.0), 10.0
    part.act = lambda x: factor * x
    f = compile(lambda part, x: part.act(part(x)))
    assert f(part, 3.0) == f(part, 3.0) == 60.0
    assert len(f.tapes) == 1


def test_a_method_kept_as_an_attribute_is_that_of_the_copy():
    part = Part(2.0)
    part.act = part.__call__
    assert compile(lambda part, x: part.act(x)).grad(part, 3.0).scale.data == 3.0
