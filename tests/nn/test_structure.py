"""Modules as arguments of compiled functions: taken apart without loss, put together as they were, differentiated."""

import functools
import math
from collections import OrderedDict, defaultdict
from typing import NamedTuple

import numpy as np
import pytest

import autograd
from autograd import Value, compile
from nn import MLP, Layer, Module, Neuron, hinge
from nn.structure import put_together, take_apart


class Pair(NamedTuple):
    left: object
    right: object


class Stack(list):
    """A list of a class of its own, with something besides."""


class Part(Module):
    def __init__(self, scale):
        self.scale = Value(scale)

    def __call__(self, x):
        return self.scale * x


class Zoo(Module):
    """One of everything that a module may hold."""

    def __init__(self):
        self.p = Value(1.0)
        self.part = Part(2.0)
        self.again = self.part
        self.pair = (Value(3.0), [self.p, {"deep": Pair(Value(4.0), self.part)}])
        self.keyed = OrderedDict([(2, Value(5.0)), ("two", Value(6.0)), ("once more", self.pair[0])])
        self.lazy = defaultdict(list, more=[Value(7.0)])
        self.array = np.array([[Value(8.0), Value(9.0)], [self.p, 0.5]])
        self.stack = Stack([Value(10.0)])
        self.stack.name = "stack"
        self.me = self
        self.act = self.work
        self.constant = Value(11.0).detach()
        self.computed = self.p * 2.0
        self.weights = np.array([[1.0, 2.0]])
        self.empty = ((), [], {}, set(), np.zeros((0, 2)), Module())
        self.fixed = (1, -0.0, math.nan, 2 + 3j, "text", b"bytes", None, True, np.float32(0.1), math.sin, Zoo)
        self.names = {"a", "b"}

    def work(self, x):
        return self.p * x


def data_of(module):
    return [p.data for p in module.parameters()]


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


# --- compiled ---


def loss_of(model, points, labels):
    return hinge([model(p) for p in points], labels)


@pytest.mark.parametrize("sizes", [[4, 1], [5, 3]])
def test_derivatives_come_as_a_module_alike(sizes):
    model = MLP(2, sizes, ["tanh", "sigmoid"], rng=1)
    before = model.state_dict()
    ids = [id(p) for p in model.parameters()]

    def f(model, x):
        return autograd.sum([model(x)] if sizes[-1] == 1 else model(x))

    value, slopes = compile(f).value_and_grad(model, [0.3, -0.7])
    assert type(slopes) is MLP
    assert repr(slopes) == repr(model)
    assert list(slopes.state_dict()) == list(before)
    assert (model.state_dict(), [id(p) for p in model.parameters()]) == (before, ids)
    assert all(p.grad == 0.0 for p in model.parameters())
    expected = f(model, [0.3, -0.7])
    expected.backward()
    assert value == pytest.approx(expected.data, rel=1e-14)
    assert data_of(slopes) == pytest.approx([p.grad for p in model.parameters()], rel=1e-12)


def test_a_zoo_is_differentiated():
    def f(zoo, x):
        total = zoo.p * x + zoo.pair[0] * zoo.part(x) + zoo.act(x) + zoo.keyed["two"] * zoo.constant
        return total + zoo.array[0, 1] * zoo.weights[0, 1] + zoo.stack[0] * zoo.lazy["more"][0] + zoo.array[1, 0]

    zoo = Zoo()
    slopes = compile(f).grad(zoo, 2.0)
    f(zoo, 2.0).backward()
    assert data_of(slopes) == [p.grad for p in zoo.parameters()]
    assert slopes.p.data == 5.0  # x, once more x in `act`, and 1 in the array: one parameter in three places
    assert slopes.array[1, 0] is slopes.p


def test_backward_adds_to_the_parameters_of_the_argument():
    model, points, labels = MLP(2, [3, 1], rng=1), [[0.1, 0.2], [0.3, -0.4]], [1.0, -1.0]
    step = compile(lambda model, x, y: hinge([model(x)], [y]), in_axes=(None, 0, 0), reduce="mean")
    for _ in range(2):
        value = step.backward(model, np.array(points), np.array(labels))
    found = [p.grad for p in model.parameters()]
    model.zero_grad()
    expected = loss_of(model, points, labels)
    expected.backward()
    assert value == pytest.approx(expected.data, rel=1e-14)
    assert found == pytest.approx([2.0 * p.grad for p in model.parameters()], rel=1e-12)
    assert len(step.tapes) == 1


@pytest.mark.parametrize("reduce", ["sum", "mean", None])
def test_a_module_that_a_batch_shares(reduce):
    model, xs = MLP(2, [3, 1], "tanh", rng=1), np.array([[0.1, 0.2], [0.3, -0.4], [1.0, 1.5]])
    f = compile(lambda model, x: model(x) ** 2, in_axes=(None, 0), reduce=reduce)
    values, slopes = f.value_and_grad(model, xs)
    rows = []
    for x in xs.tolist():
        model.zero_grad()
        y = model(x) ** 2
        y.backward()
        rows.append((y.data, [p.grad for p in model.parameters()]))
    if reduce is None:
        assert values == pytest.approx([y for y, _ in rows], rel=1e-13)
        assert slopes.layers[0].neurons[1].w[1] == pytest.approx([grads[4] for _, grads in rows], rel=1e-12)
        assert slopes.layers[1].neurons[0].b.shape == (3,)
        assert slopes.parameters() == []
    else:
        share = 1.0 if reduce == "sum" else 1.0 / 3.0
        assert values == pytest.approx(share * sum(y for y, _ in rows), rel=1e-13)
        expected = share * np.sum([grads for _, grads in rows], axis=0)
        assert data_of(slopes) == pytest.approx(expected.tolist(), rel=1e-12)


def test_what_is_fixed_decides_the_tape():
    neuron = Neuron(1, "tanh", rng=1)
    neuron.w[0].data, neuron.b.data = 2.0, 0.0
    f = compile(lambda neuron, x: neuron([x]) if x > 0 else -neuron([x]))
    assert f(neuron, 0.5) == math.tanh(1.0)
    neuron.activation = "relu"
    assert (f(neuron, 0.5), len(f.tapes)) == (1.0, 2)
    neuron.activation = "tanh"
    assert (f(neuron, 0.5), len(f.tapes)) == (math.tanh(1.0), 2)
    neuron.activation = "relu"
    neuron.w[0].data = 3.0  # a parameter is read at each call
    assert (f(neuron, 0.5), len(f.tapes)) == (1.5, 2)
    neuron.activation = "linear"
    assert (f(neuron, 0.5), len(f.tapes)) == (1.5, 3)
    neuron.activation = "tanh"  # a new path, of a module that meanwhile was another
    assert f(neuron, -0.5) == math.tanh(1.5)
    assert f.grad(neuron, -0.5).w[0].data == pytest.approx(0.5 * (1 - math.tanh(1.5) ** 2), rel=1e-13)
    assert len(f.tapes) == 4


def test_an_array_that_is_changed_in_place_is_another():
    class Scaled(Part):
        def __init__(self):
            super().__init__(2.0)
            self.by = np.array([3.0])

    scaled = Scaled()
    f = compile(lambda m, x: m(x) * m.by[0])
    assert f(scaled, 1.0) == 6.0
    scaled.by[0] = 5.0
    assert f(scaled, 1.0) == 10.0


def test_modules_of_one_make_share_a_tape_and_nothing_else():
    a, b = MLP(2, [3, 1], rng=1), MLP(2, [3, 1], rng=2)
    f = compile(lambda model, x: model(x))
    for model in (a, b, a):
        assert f(model, [1.0, 2.0]) == model([1.0, 2.0]).data
    f.backward(b, [1.0, 2.0])
    assert len(f.tapes) == 1
    assert all(p.grad == 0.0 for p in a.parameters())
    assert any(p.grad for p in b.parameters())


def test_a_module_without_parameters():
    class Square(Module):
        def __call__(self, x):
            return x * x

    square = Square()
    f = compile(lambda square, x: square(x))
    assert f(square, 3.0) == 9.0
    nothing, slope = f.grad(square, 3.0, argnums=(0, 1))
    assert (type(nothing), nothing.parameters(), slope) == (Square, [], 6.0)


def test_modules_within_structures():
    models = {"a": Part(2.0), "b": [Part(3.0)]}
    slopes = compile(lambda ms, x: ms["a"](x) * ms["b"][0](x)).grad(models, 5.0)
    assert (slopes["a"].scale.data, slopes["b"][0].scale.data) == (75.0, 50.0)


def test_higher_derivatives():
    model, x = MLP(1, [2, 1], "tanh", rng=1), [0.5]
    n = len(model.parameters())
    f = compile(lambda model, x: model(x) ** 2)
    matrix = f.hessian(model, x)
    assert matrix.shape == (n, n)
    direction = put_together(take_apart(model)[1], [float(k) for k in range(n)])
    slope = sum(k * d for k, d in enumerate(data_of(f.grad(model, x))))
    assert f.jvp((model, x), (direction, None))[1] == pytest.approx(slope, rel=1e-12)
    assert f.jvp((model, x), (None, [1.0]))[1] == pytest.approx(f.grad(model, x, argnums=1)[0], rel=1e-12)
    product = f.hvp((model, x), (direction, None))
    assert type(product) is MLP
    assert data_of(product) == pytest.approx((matrix @ np.arange(n)).tolist(), rel=1e-9, abs=1e-13)
    assert data_of(f.jacobian(model, x)) == pytest.approx(data_of(f.grad(model, x)), rel=1e-14)


def test_each_class_of_modules_is_registered_and_options_pass_through():
    class Base(Module):
        def __init_subclass__(cls, *, kind="", **options):
            super().__init_subclass__(**options)
            cls.kind = kind

    class Named:
        def __init_subclass__(cls, *, name, **options):
            super().__init_subclass__(**options)
            cls.name = name

    class Child(Base, Named, kind="child", name="mine"):
        def __init__(self):
            self.w = Value(2.0)

    assert (Child.kind, Child.name) == ("child", "mine")
    slopes = compile(lambda m: m.w * m.w).grad(Child())
    assert (type(slopes), slopes.w.data) == (Child, 4.0)


def test_a_module_is_no_batch():
    with pytest.raises(ValueError, match="in_axes gives it batch axis 0, but it is one number"):
        compile(lambda part: part(1.0), in_axes=0)(Part(2.0))
