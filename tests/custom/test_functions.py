"""custom_vjp and custom_jvp: JAX's conventions, derivatives of any order, structures, and what is refused."""

import copy
import math
import pickle

import numpy as np
import pytest
from hypothesis import given, settings

import autograd
from autograd import (
    Value,
    checkpoint,
    compile,
    custom_jvp,
    custom_vjp,
    explain,
    formula,
    grad,
    hessian,
    hvp,
    jacobian,
    jvp,
    no_grad,
    vjp,
)  # fmt: skip
from tests.random_graphs import on_values, programs
from tests.sizes import some


def own_vjp(f):
    """The function, with a rule that is its own reverse mode."""
    found = custom_vjp(f)
    found.defvjp(lambda *xs: (f(*xs), xs), lambda xs, g: vjp(f, *xs)[1](g))
    return found


def own_jvp(f):
    """The function, with a rule that is its own forward mode."""
    found = custom_jvp(f)
    found.defjvp(lambda primals, tangents: jvp(f, primals, tangents))
    return found


@pytest.mark.parametrize("own", [own_vjp, own_jvp])
@settings(max_examples=some(25), deadline=None)
@given(program=programs(max_steps=10))
def test_the_rule_of_a_function_that_is_its_own_derivative_changes_nothing(own, program):
    f = lambda *x: program.run(on_values, [v * Value(1.0).detach() for v in x])  # noqa: E731
    custom = own(f)
    g, h = (lambda *x: f(*x) * x[0]), (lambda *x: custom(*x) * x[0])
    at, all_of = program.leaves, tuple(range(len(program.leaves)))
    for one, two in [
        (grad(g, all_of)(*at), grad(h, all_of)(*at)),
        (hessian(g, all_of)(*at), hessian(h, all_of)(*at)),
        (jvp(g, at, [1.0] * len(at)), jvp(h, at, [1.0] * len(at))),
        (hvp(g, at, [1.0] * len(at), all_of), hvp(h, at, [1.0] * len(at), all_of)),
        (grad(grad(grad(g)))(*at), grad(grad(grad(h)))(*at)),
    ]:
        np.testing.assert_allclose(two, one, rtol=1e-9, atol=1e-11)


def exponential():
    f = custom_vjp(autograd.exp)

    def forward(x):
        y = autograd.exp(x)
        return y, y

    f.defvjp(forward, lambda y, g: (g * y,))
    return f


def test_a_residual_that_is_a_result_has_the_rule_again_and_again():
    f = exponential()
    found = f
    for _ in range(7):
        assert found(0.5) == pytest.approx(math.exp(0.5), rel=1e-14)
        found = grad(found)
    numbers = custom_vjp(lambda x: math.exp(x))  # arithmetic gives no derivative at all here
    numbers.defvjp(lambda x: (y := Value(math.exp(x.data)), [y]), lambda y, g: (g * y[0],))
    assert grad(grad(grad(numbers)))(0.5) == math.exp(0.5)


def test_a_residual_that_is_an_argument_is_the_argument():
    doubled = custom_vjp(lambda x: x)
    doubled.defvjp(lambda x: (x, x), lambda x, g: (g * x,))
    assert grad(doubled)(3.0) == 3.0
    assert grad(grad(doubled))(3.0) == 1.0  # x by its own slope 1, not by the rule's


@custom_vjp
def both(pair, weights):
    """Two results of two arguments with structure."""
    return {"sum": pair[0] * weights[0] + pair[1] * weights[1], "product": pair[0] * pair[1]}


def both_backward(residuals, g):
    (x, y), weights = residuals
    by_pair = (g["sum"] * weights[0] + g["product"] * y, g["sum"] * weights[1] + g["product"] * x)
    by_weights = np.array([g["sum"] * x, g["sum"] * y], dtype=object)
    return by_pair, by_weights


both.defvjp(lambda pair, weights: (both.function(pair, weights), (pair, weights)), both_backward)


def test_structures_and_several_results():
    def f(x, y, w):
        found = both((x, y), np.array([w, 2.0], dtype=object))
        return found["sum"] * found["product"] ** 2

    def g(x, y, w):
        found = both.function((x, y), np.array([w, 2.0], dtype=object))
        return found["sum"] * found["product"] ** 2

    at = (1.5, -0.7, 0.3)
    for transform in (grad, hessian):
        np.testing.assert_allclose(transform(f, (0, 1, 2))(*at), transform(g, (0, 1, 2))(*at), rtol=1e-13)
    tangents = (1.0, 2.0, 3.0)
    np.testing.assert_allclose(jvp(f, at, tangents), jvp(g, at, tangents), rtol=1e-13)
    x, y = Value(2.0), Value(3.0)
    found = both((x, y), [4.0, 5.0])
    found["product"].backward()  # one of the results alone
    assert (x.grad, y.grad) == (3.0, 2.0)
    assert np.shape(jacobian(lambda x: list(both((x, x * x), [1.0, 1.0]).values()))(2.0)) == (2,)


def test_numbers_alone_call_the_function_as_it_is():
    called = []
    f = custom_vjp(lambda x: called.append(x) or x)
    f.defvjp(lambda x: (x, None), lambda _, g: (g,))
    assert f(2.0) == 2.0
    with no_grad():
        assert f(Value(3.0)).data == 3.0
    assert len(called) == 2
    assert f(Value(4.0)).data == 4.0
    assert len(called) == 2


def test_arguments_that_no_derivative_goes_to_and_names_and_defaults():
    @custom_vjp(nondiff_argnums=(0, 2))
    def power(name, x, n=2):
        return x**n

    power.defvjp(lambda name, x, n: (x**n, x), lambda name, n, x, g: (g * n * x ** (n - 1),))
    assert grad(lambda x: power("a", x))(3.0) == 6.0
    assert grad(lambda x: power("a", n=3, x=x))(2.0) == 12.0
    with pytest.raises(TypeError, match="argument 2 is of nondiff_argnums and holds a Value"):
        power("a", Value(1.0), Value(2.0))

    @custom_jvp(nondiff_argnums=0)
    def scaled(factor, x, y):
        return factor * x * y

    scaled.defjvps(lambda d, z, x, y: 3.0 * d * y, lambda d, z, x, y: 3.0 * x * d)
    assert grad(lambda x, y: scaled(3.0, x, y), (0, 1))(2.0, 5.0) == (15.0, 6.0)


def test_a_method_and_what_is_printed():
    class Model:
        @custom_vjp
        def predict(self, x):
            return x * x

        predict.defvjp(lambda self, x: (x * x, x), lambda x, g: (None, 2.0 * g * x))

    x = Value(3.0, label="x")
    y = Model().predict(x)
    y.backward()
    assert x.grad == 6.0
    assert y._op == "predict"
    assert str(formula(y)) == "predict(x)"
    assert y.partials == (6.0,)
    assert "predict" in str(explain(y, x))
    assert str(formula(y, wrt=x)) == "2 * x"
    assert repr(Model.predict) == "<custom_vjp of predict>"


def test_none_is_nothing_and_not_zero_times_infinity():
    f = custom_vjp(lambda x, y: x)
    f.defvjp(lambda x, y: (x, None), lambda _, g: (g, None))
    x, y = Value(1.0), Value(0.0)
    f(x, y.sqrt()).backward()
    assert (x.grad, y.grad) == (1.0, 0.0)


def test_within_a_checkpoint_and_under_no_grad():
    f, w = exponential(), Value(0.5)
    y = checkpoint(lambda x: f(x * w) * w)(Value(2.0))
    y.backward()
    assert w.grad == pytest.approx(math.e * 2.0)


def test_data_that_was_changed_is_noticed():
    f = exponential()
    x = Value(1.0)
    y = f(x)
    x.data = 2.0
    assert grad(y, x) == math.e  # of the forward pass that ran
    with pytest.raises(ValueError, match="forward gives other numbers"):
        grad(y, x, create_graph=True)


def test_what_it_captures_is_a_constant():
    w = Value(3.0)
    f = custom_vjp(lambda x: x * w)
    f.defvjp(lambda x: (x * w, None), lambda _, g: (g * w,))
    y = f(Value(2.0))
    y.backward()
    assert w.grad == 0.0


def test_it_is_copied_and_kept_as_a_function_is():
    assert copy.deepcopy(exponential()) is not None
    assert pickle.loads(pickle.dumps(both)) is both
    with pytest.raises(TypeError, match="cannot be copied: a function with a rule of its own gave it"):
        copy.deepcopy(exponential()(Value(1.0)))


def test_a_graph_with_a_rule_is_let_go():
    import gc
    import weakref

    class Marked:
        """An object that can be looked for."""

    marked = Marked()
    x = Value(1.0)
    x.mark = marked
    y = exponential()(x * 1.0)
    found = weakref.ref(marked)
    grad(y, x, create_graph=True)
    gc.disable()
    try:
        del marked, x, y
        assert found() is None
    finally:
        gc.enable()


MISTAKES = [
    (lambda x: (x, None), lambda r, g: g, TypeError, "is to give a tuple"),
    (lambda x: (x, None), lambda r, g: (g, g), ValueError, "gives 2, and is to give one for each of the 1 arguments"),
    (lambda x: (x, None), lambda r, g: ([g],), ValueError, "has not the structure"),
    (lambda x: (x, None), lambda r, g: ("1",), TypeError, "'1' is a str"),
    (lambda x: x, lambda r, g: (g,), TypeError, "forward gives a pair"),
    (lambda x: ("a", None), lambda r, g: (g,), TypeError, "forward of custom_vjp gave"),
]


@pytest.mark.parametrize(("forward", "backward", "error", "message"), MISTAKES)
def test_a_rule_that_is_none_is_refused(forward, backward, error, message):
    f = custom_vjp(lambda x: x)
    f.defvjp(forward, backward)
    with pytest.raises(error, match=message):
        f(Value(1.0)).backward()


def test_other_mistakes_are_named():
    with pytest.raises(TypeError, match="custom_vjp: expected a function, got int 3"):
        custom_vjp(3)
    f = custom_vjp(lambda x: x)
    with pytest.raises(TypeError, match=r"f.defvjp\(forward, backward\) was never called"):
        f(1.0)
    with pytest.raises(TypeError, match="defvjp: backward: expected a function"):
        f.defvjp(lambda x: (x, x), 3)
    with pytest.raises(TypeError, match="nondiff_argnums -1"):
        custom_vjp(lambda x: x, nondiff_argnums=-1)
    g = custom_jvp(lambda x, y: x)
    with pytest.raises(TypeError, match=r"f.defjvp\(rule\) was never called"):
        g(1.0, 2.0)
    g.defjvps(lambda d, z, x, y: d)
    with pytest.raises(ValueError, match="1 rules, and there are 2 arguments"):
        grad(g)(1.0, 2.0)
    g.defjvp(lambda primals, tangents: primals[0])
    with pytest.raises(TypeError, match="its rule gives a pair"):
        grad(g)(1.0, 2.0)
    g.defjvp(lambda primals, tangents: (primals[0], [tangents[0], tangents[0]]))
    with pytest.raises(ValueError, match="the function gives one number"):
        grad(g)(1.0, 2.0)
    h = custom_vjp(lambda x, *, y: x, nondiff_argnums=())
    h.defvjp(lambda x: (x, None), lambda r, g: (g,))
    with pytest.raises(TypeError, match="by name alone"):
        h(Value(1.0), y=2.0)
    k = custom_vjp(lambda x: x, nondiff_argnums=3)
    k.defvjp(lambda x: (x, None), lambda r, g: (g,))
    with pytest.raises(TypeError, match="nondiff_argnums has 3"):
        k(1.0)


def test_forward_mode_by_a_forward_rule_runs_it_once_for_all_results():
    calls = []
    f = custom_jvp(lambda x: [x, x * x, x * x * x])

    @f.defjvp
    def rule(primals, tangents):
        calls.append(1)
        (x,), (d,) = primals, tangents
        return [x, x * x, x * x * x], [d, 2.0 * x * d, 3.0 * x * x * d]

    assert jvp(f, (2.0,), (1.0,)) == ([2.0, 4.0, 8.0], [1.0, 4.0, 12.0])
    assert len(calls) == 1
    assert compile(lambda x: f(x)[2]).grad(2.0) == 12.0


def test_a_forward_rule_may_call_the_function_itself():
    """As JAX's users write it."""

    @autograd.custom_vjp
    def f(x, y):
        return autograd.sin(x) * y

    def forward(x, y):
        return f(x, y), (autograd.cos(x), autograd.sin(x), y)

    def backward(residuals, g):
        cosine, sine, y = residuals
        return 3.0 * cosine * g * y, 3.0 * sine * g  # three times too much, to be told from arithmetic

    f.defvjp(forward, backward)
    expected = 3.0 * 2.0 * math.cos(1.0)
    assert autograd.grad(f)(1.0, 2.0) == pytest.approx(expected)
    assert autograd.compile(f).grad(1.0, 2.0) == pytest.approx(expected)
    assert autograd.Tape.record(f, 1.0, 2.0).gradient()(1.0, 2.0)[-2] == pytest.approx(expected)
    plain = autograd.hessian(lambda x: f(x[0], x[1]))([1.0, 2.0])
    np.testing.assert_allclose(autograd.compile(lambda x: f(x[0], x[1])).hessian(np.array([1.0, 2.0])), plain)
    assert plain[0][0] == pytest.approx(-3.0 * 2.0 * math.sin(1.0))
