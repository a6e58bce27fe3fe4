"""Modules as arguments of compiled functions: differentiated, with a tape for each anatomy."""

import math

import numpy as np
import pytest

import autograd
from autograd import Value, compile
from nn import MLP, Module, Neuron, hinge
from nn.modules.arguments import put_together, take_apart
from tests.nn.modules.zoo import Part, Zoo, data_of


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
