"""primitive: a function by its value and its partials; and gradcheck, which names the one that is wrong."""

import copy
import math
import pickle

import numpy as np
import pytest

import autograd
from autograd import (
    GradcheckError,
    Value,
    checkpoint,
    compile,
    custom_jvp,
    custom_vjp,
    draw,
    explain,
    formula,
    grad,
    gradcheck,
    hessian,
    jvp,
    no_grad,
    primitive,
    steps,
)  # fmt: skip

hypotenuse = primitive(
    lambda x, y: math.sqrt(x * x + y * y), partials=lambda x, y, z: (x / z, y / z), name="hypotenuse"
)


@primitive(partials=[lambda x, z: cosine(x)])
def sine(x):
    """By any means: here those of floats."""
    return math.sin(x)


@primitive
def cosine(x):
    """As above."""
    return math.cos(x)


cosine.defpartials(lambda x, z: -sine(x))


def test_value_and_derivatives_of_any_order():
    found, sign = sine, [math.sin, math.cos, lambda x: -math.sin(x), lambda x: -math.cos(x)]
    for order in range(9):
        assert found(0.3) == pytest.approx(sign[order % 4](0.3), rel=1e-14)
        found = grad(found)
    f, g = (lambda x, y: hypotenuse(x, sine(y)) * x), (lambda x, y: autograd.hypot(x, autograd.sin(y)) * x)
    np.testing.assert_allclose(hessian(f, (0, 1))(1.5, 0.4), hessian(g, (0, 1))(1.5, 0.4), rtol=1e-13)
    np.testing.assert_allclose(jvp(f, (1.5, 0.4), (1.0, 2.0)), jvp(g, (1.5, 0.4), (1.0, 2.0)), rtol=1e-14)


def test_of_numbers_values_and_arrays():
    assert hypotenuse(3, 4.0) == 5.0
    assert type(hypotenuse(3, 4.0)) is float
    assert hypotenuse(Value(3.0), 4.0).data == 5.0
    alone = np.array(Value(3.0), dtype=object)  # without axes, as the table's rows take it
    assert hypotenuse(alone, 4.0).data == hypotenuse(alone, Value(4.0)).data == 5.0
    assert hypotenuse(np.array(3.0), np.float32(4.0)) == 5.0
    assert hypotenuse(np.array([3.0, 6.0]), [4.0][0]).tolist() == [5.0, math.sqrt(52.0)]
    found = hypotenuse(np.array([Value(3.0), Value(6.0)], dtype=object), np.array([4.0, 8.0]))
    assert [x.data for x in found] == [5.0, 10.0]
    with no_grad():
        assert hypotenuse(Value(3.0), 4.0).is_constant


def test_it_is_one_node_and_says_its_name_everywhere():
    x, y = Value(3.0, label="x"), Value(4.0, label="y")
    z = hypotenuse(x, y)
    assert (z._op, z.operands, z.partials, z.primitive) == ("hypotenuse", (x, y), (0.6, 0.8), hypotenuse)
    assert str(formula(z)) == "hypotenuse(x, y)"
    assert str(formula(sine(x) * 2.0, wrt=x)) == "2 * cosine(x)"
    assert "hypotenuse" in str(explain(z, x))
    assert "0.6" in str(explain(z, x))
    assert "hypotenuse" in draw(z).source
    assert steps(z)[0].partials == (0.6, 0.8)
    by_methods = primitive(lambda x: math.sin(x), partials=[lambda x, z: x.cos()], name="by_methods")
    y = by_methods(x) * 2.0
    assert "0.98999" in str(explain(y, x))
    with pytest.raises(ValueError, match="goes through by_methods"):
        formula(y, wrt=x)
    assert repr(hypotenuse) == "<primitive hypotenuse>"
    assert sine.__doc__ == "By any means: here those of floats."
    assert pickle.loads(pickle.dumps(sine)) is sine
    with pytest.raises(TypeError, match="cannot be copied"):
        copy.deepcopy(z)


def test_within_a_checkpoint():
    w = Value(0.5)
    y = checkpoint(lambda x: sine(w) * x)(Value(2.0))
    y.backward()
    assert w.grad == pytest.approx(2.0 * math.cos(0.5))


def test_data_that_was_changed_is_noticed():
    x = Value(1.0)
    y = sine(x)
    x.data = 2.0
    assert grad(y, x) == math.cos(1.0)
    with pytest.raises(ValueError, match="data was changed"):
        grad(y, x, create_graph=True)


def test_partials_may_differentiate_something_themselves():
    f = primitive(lambda x: x**3, partials=[lambda x, z: grad(lambda x: x**3)(x)])
    assert grad(f)(2.0) == 12.0
    assert grad(grad(f))(2.0) == 12.0
    y = f(x := Value(2.0))
    with no_grad():
        assert grad(y, x) == 12.0


def test_mistakes_are_named():
    with pytest.raises(ValueError, match="f: 3 partials, and it takes 2 operands"):
        primitive(lambda x, y: x * y, partials=[lambda *_: 1.0] * 3, name="f")
    with pytest.raises(TypeError, match="f: a partial: expected a function, got float"):
        primitive(lambda x: x, partials=[1.0], name="f")
    with pytest.raises(TypeError, match="primitive: expected a function"):
        primitive(3)
    f = primitive(lambda x, y: x * y, name="f")
    with pytest.raises(TypeError, match=r"f\.defpartials\(...\) was never called"):
        f(1.0, 2.0)
    with pytest.raises(TypeError, match=r"f: a partial is given its 2 operands and then the result, .* takes 2 \("):
        f.defpartials(lambda x, y: y, lambda x, y: x)
    with pytest.raises(TypeError, match=r"f: a partial .* 3 numbers, and this takes 4 \(.*test_primitives"):
        f.defpartials(lambda w, x, y, z: (y, x))
    f.defpartials(lambda x, y, z: (y,))
    with pytest.raises(ValueError, match="f: 2 operands, and its rule gives 1 partials"):
        f(Value(1.0), 2.0)
    f.defpartials(lambda x, y, z: y)
    with pytest.raises(TypeError, match="is to give a tuple of 2"):
        f(Value(1.0), 2.0)
    f.defpartials(lambda x, y, z: y, lambda x, y, z: "x")
    with pytest.raises(TypeError, match="f: a partial: expected a real number"):
        f(Value(1.0), 2.0)
    with pytest.raises(TypeError, match="f takes 2 operands, got 1"):
        f(1.0)
    with pytest.raises(ValueError, match="f: no partials"):
        f.defpartials()
    pair = primitive(lambda x: (x, x), partials=[lambda x, z: 1.0], name="pair")
    with pytest.raises(TypeError, match="pair: the value: expected a real number"):
        pair(Value(1.0))
    with pytest.raises(TypeError, match="pair: a primitive gives one number"):
        compile(pair)(1.0)


def as_primitive(partials):
    """A product of sines as a primitive."""
    return primitive(lambda x, y: math.sin(x) * y * y, partials=partials, name="planted")


def as_vjp(partials):
    """The same by a reverse rule."""
    planted = custom_vjp(lambda x, y: autograd.sin(x) * y * y)
    planted.defvjp(
        lambda x, y: (autograd.sin(x) * y * y, (x, y)),
        lambda xs, g: tuple(g * partial(*xs, None) for partial in partials),
    )
    planted.name = "planted"
    return planted


def as_pair_by_vjp(partials):
    """The same as the second of two results."""
    planted = custom_vjp(lambda x, y: (x, autograd.sin(x) * y * y))
    planted.defvjp(
        lambda x, y: ((x, autograd.sin(x) * y * y), (x, y)),
        lambda xs, g: (g[0] + g[1] * partials[0](*xs, None), g[1] * partials[1](*xs, None)),
    )
    planted.name = "planted"
    return lambda x, y: planted(x, y)[1]


def as_jvp(partials):
    """The same by a forward rule."""
    planted = custom_jvp(lambda x, y: autograd.sin(x) * y * y)
    planted.defjvps(*[lambda d, z, x, y, p=p: d * p(x, y, z) for p in partials])
    planted.name = "planted"
    return planted


by_x, by_y = (lambda x, y, z: autograd.cos(x) * y * y), (lambda x, y, z: 2.0 * autograd.sin(x) * y)
WRONG = {
    "a sign": [lambda x, y, z: -by_x(x, y, z), by_y],
    "a factor": [by_x, lambda x, y, z: 1.001 * by_y(x, y, z)],
    "a missing term": [by_x, lambda x, y, z: autograd.sin(x) * y],
    "operands in each other's place": [by_y, by_x],
    "the second derivative alone": [by_x, lambda x, y, z: autograd.detach(by_y(x, y, z))],
}


@pytest.mark.parametrize("mistake", WRONG)
@pytest.mark.parametrize("planted", [as_primitive, as_vjp, as_pair_by_vjp, as_jvp])
def test_gradcheck_finds_a_wrong_rule_and_names_it(planted, mistake):
    assert gradcheck(lambda x, y: planted([by_x, by_y])(x, y) * x, 0.7, 1.3)
    f = planted(WRONG[mistake])
    with pytest.raises(GradcheckError) as found:
        gradcheck(lambda x, y: f(x, y) * x + autograd.exp(x), 0.7, 1.3)
    said = str(found.value).splitlines()[-1]
    assert said.startswith("the rule of planted (")
    assert "is wrong, applied at" in said
    assert said.count(".py:") == 2
