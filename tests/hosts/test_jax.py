"""Compiled functions in JAX: its own check of gradients, of both orders, and what jit, vmap and grad make of them."""

import numpy as np
import pytest

import autograd
import nn
from autograd import Value, to_jax
from autograd.compiled.compile import Compiled

jax = pytest.importorskip("jax", reason="JAX is what the functions are called from: pip install jax")
pytestmark = pytest.mark.any_build  # JAX compiles for seconds; the same functions run in PyTorch's tests on both
jnp, check_grads = jax.numpy, pytest.importorskip("jax.test_util").check_grads


@pytest.fixture(autouse=True)
def _doubles():
    """JAX in doubles, as long as a test runs."""
    before = jax.config.jax_enable_x64
    jax.config.update("jax_enable_x64", True)
    yield
    jax.config.update("jax_enable_x64", before)


def numbers(*shape, seed=1):
    return jnp.array(np.random.default_rng(seed).normal(size=shape))


def checked(function, *args):
    check_grads(function, args, order=2, modes=["rev"])


def f(x, y):
    return x[0] ** 2 * x[1] * y + autograd.sin(y)


def f_there(x, y):
    return x[0] ** 2 * x[1] * y + jnp.sin(y)


def test_a_function_of_arrays_and_numbers():
    fast = to_jax(autograd.compile(f))
    x, y = numbers(2), numbers()
    assert float(fast(x, y)) == pytest.approx(float(f_there(x, y)), rel=1e-15)
    assert float(fast(x, 0.5)) == pytest.approx(float(f_there(x, 0.5)), rel=1e-15)
    checked(fast, x, y)
    assert fast.__name__ == "f"


MADE = {
    "value": lambda h: h,
    "gradient": lambda h: jax.grad(h, argnums=(0, 1)),
    "hessian": lambda h: jax.jacrev(jax.grad(h)),
    "product": lambda h: jax.grad(lambda x, y: jax.grad(h, argnums=1)(x, y) * y, argnums=(0, 1)),
}


@pytest.mark.parametrize("axes", [(0, 0), (None, 0), (0, None)])
@pytest.mark.parametrize("made", MADE)
def test_vmap_jit_and_grad_pass_through(made, axes):
    at = [numbers(5, 2), numbers(5, seed=2)]
    at = [x if axis == 0 else x[0] for x, axis in zip(at, axes, strict=True)]
    fast = to_jax(autograd.compile(f))
    found = jax.jit(jax.vmap(MADE[made](fast), in_axes=axes))(*at)
    expected = jax.vmap(MADE[made](f_there), in_axes=axes)(*at)
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-13), found, expected)


def test_vmap_of_vmap():
    fast, x, y = to_jax(autograd.compile(f)), numbers(3, 2), numbers(4, seed=2)

    def twice(h):
        return jax.vmap(jax.vmap(jax.grad(h, argnums=(0, 1)), in_axes=(None, 0)), in_axes=(0, None))

    found, expected = twice(fast)(x, y), twice(f_there)(x, y)
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-12), found, expected)


def test_a_jacobian_maps_adjoints_alone():
    fast, x = to_jax(autograd.compile(lambda x: [x[0] * x[1], x[0] ** 2])), numbers(2)
    slopes = [jax.grad(lambda x, k=k: fast(x)[k])(x) for k in range(2)]  # first without a map
    for found, slope, expected in zip(jax.jacrev(fast)(x), slopes, ([x[1], x[0]], [2.0 * x[0], 0.0]), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-15)
        np.testing.assert_allclose(slope, expected, rtol=1e-15)


def test_a_batch_is_one_call(monkeypatch):
    calls = []
    call = Compiled.__call__
    monkeypatch.setattr(
        Compiled, "__call__", lambda self, *args, **kwargs: calls.append(1) or call(self, *args, **kwargs)
    )
    fast, x, y = to_jax(autograd.compile(f)), numbers(200, 2), numbers(200)
    fast(x[0], y[0])
    del calls[:]
    jax.vmap(fast)(x, y)
    assert len(calls) == 1
    jax.vmap(fast, in_axes=(0, None))(x[:1], y[0])  # an axis of one
    assert len(calls) == 2


def structured(p, x):
    """Results of several shapes, of arguments of several shapes."""
    return {"a": [p["w"][0] * x[0].exp(), x * p["b"]], "c": p["w"][1] * x[1] * x[1] * p["b"]}


@pytest.mark.parametrize("reduce", [None, "mean"])
def test_structures_and_batches(reduce):
    fast = to_jax(autograd.compile(structured, in_axes=(None, 0), reduce=reduce))
    w, b, x = numbers(2), numbers(seed=2), numbers(4, 2, seed=3)
    rows = () if reduce else (4,)
    found = jax.tree.map(lambda y: y.shape, fast({"w": w, "b": b}, x), is_leaf=lambda y: hasattr(y, "shape"))
    assert found == {"a": [rows, (*rows, 2)], "c": rows}
    checked(lambda w, b, x: fast({"w": w, "b": b}, x), w, b, x)
    over = jax.vmap(lambda b: fast({"w": w, "b": b}, x)["c"])(jnp.stack([b, 2.0 * b]))  # over a batch of its own
    np.testing.assert_allclose(over[1], 2.0 * fast({"w": w, "b": b}, x)["c"], rtol=1e-14)


def test_rows_take_their_own_paths():
    fast = to_jax(autograd.compile(lambda x: x * x if x > 0 else -x * x * x))
    x = numbers(9)
    for h in (fast, jax.grad(fast)):
        there = jax.vmap(h if h is not fast else fast)(x)
        expected = jnp.where(x > 0, x * x, -(x**3)) if h is fast else jnp.where(x > 0, 2 * x, -3 * x * x)
        np.testing.assert_allclose(there, expected, rtol=1e-14)


def test_statics_constants_and_keywords():
    fast = to_jax(autograd.compile(lambda x, n, *, up=True: [x**n] * n if up else -x, static_argnames=("n", "up")))
    x = numbers()
    assert [len(fast(x, n)) for n in (2, 3)] == [2, 3]
    assert float(jax.jit(fast, static_argnums=1, static_argnames="up")(x, 3)[0]) == pytest.approx(float(x) ** 3)
    assert float(fast(x, 2, up=False)) == -float(x)
    for up in (True, False):
        checked(lambda x, up=up: fast(x, 2, up=up), x)
    with pytest.raises(TypeError, match="to_jax: <lambda>: up is given by keyword, where no derivatives are taken"):
        fast(x, 2, up=x)


def test_32_bits_where_jax_has_no_more():
    jax.config.update("jax_enable_x64", False)
    fast = to_jax(autograd.compile(lambda x, n: x[0] * x[1] * n))
    x = jnp.array([3.0, 5.0])
    y, slope = jax.jit(jax.value_and_grad(fast))(x, 2)
    assert (y.dtype, slope.dtype, slope.tolist()) == (jnp.float32, jnp.float32, [10.0, 6.0])
    half = fast(x.astype(jnp.bfloat16), 2)
    assert (half.dtype, float(half)) == (jnp.bfloat16, 30.0)
    with pytest.raises(TypeError, match="to_jax: <lambda> takes real numbers, got complex ones"):
        fast(x * 1j, 2)


def test_what_does_not_pass_says_so():
    fast, x = to_jax(autograd.compile(lambda x: x**4)), numbers()
    assert float(jax.grad(jax.grad(fast))(x)) == pytest.approx(12 * float(x) ** 2)
    with pytest.raises(NotImplementedError, match=r"third and higher order .* in JAX, which has first and second"):
        jax.grad(jax.grad(jax.grad(fast)))(x)
    with pytest.raises(TypeError, match="custom_vjp"):
        jax.jvp(fast, (x,), (x,))


def test_shapes_are_learnt_under_jit_and_where_that_fails_it_says_so():
    def picky(x):
        if x < 1.0:
            raise ValueError("too small")
        return x * x

    fast = to_jax(autograd.compile(picky))
    with pytest.raises(ValueError, match=r"run with all numbers 0.5, and raised ValueError: too small; call it once"):
        jax.jit(fast)(jnp.array(3.0))
    assert float(fast(jnp.array(3.0))) == 9.0
    assert float(jax.jit(fast)(jnp.array(3.0))) == 9.0


def test_a_large_batch_comes_through():
    fast = to_jax(autograd.compile(lambda x: x * x, in_axes=0))
    assert float(jax.jit(lambda x: jnp.sum(fast(x)))(jnp.ones(1_000_000))) == 1e6


def test_weights_are_the_first_array_and_captured_ones_constants():
    scale = Value(2.0)
    fast = to_jax(autograd.compile(lambda x: scale * scale * x[0] * x[1], weights=[scale], in_axes=0))
    checked(fast, numbers(1), numbers(3, 2))
    captured = jax.jit(to_jax(autograd.compile(lambda x: scale * x * x)))
    x = jnp.array(3.0)
    before = float(captured(x))
    scale.data += 1.0
    assert float(captured(x)) == pytest.approx(before + 9.0)


def test_a_network_on_both_sides():
    """Layers of JAX around one of ours, against the same network in JAX alone: gradients to 1e-12."""
    ours = nn.MLP(4, [5, 3], ["tanh", "linear"], rng=1)
    names = list(nn.to_torch_state(ours))
    state = {name: jnp.array(x) for name, x in nn.to_torch_state(ours).items()}
    fast = to_jax(autograd.compile(ours, weights=ours.parameters(), in_axes=0))
    theta = jnp.array([p.data for p in ours.parameters()])
    around = {"first": numbers(2, 4), "last": numbers(3, 1, seed=2)}
    x, y = numbers(32, 2, seed=3), numbers(32, 1, seed=4)

    def loss(inner, weights, around):
        return jnp.mean((inner(weights, jnp.sin(x @ around["first"])) @ around["last"] - y) ** 2)

    def inner(state, h):
        h = jnp.tanh(h @ state[names[0]].T + state[names[1]])
        return h @ state[names[2]].T + state[names[3]]

    def stacked(theta, h):
        return jnp.stack(fast(theta, h), 1)

    here = jax.jit(jax.value_and_grad(lambda *args: loss(stacked, *args), argnums=(0, 1)))(theta, around)
    there = jax.value_and_grad(lambda *args: loss(inner, *args), argnums=(0, 1))(state, around)
    assert float(here[0]) == pytest.approx(float(there[0]), rel=1e-14)
    own = nn.MLP(4, [5, 3], ["tanh", "linear"], rng=1)
    nn.load_torch_state(own, {name: np.asarray(x) for name, x in there[1][0].items()})  # in our parameters' order
    np.testing.assert_allclose(here[1][0], [p.data for p in own.parameters()], rtol=1e-12, atol=1e-14)
    for name in around:
        np.testing.assert_allclose(here[1][1][name], there[1][1][name], rtol=1e-12, atol=1e-14)


def test_what_is_refused(monkeypatch):
    with pytest.raises(TypeError, match=r"to_jax: expected a compiled function, got function .*compile\(f\)"):
        to_jax(lambda x: x)
    monkeypatch.setitem(__import__("sys").modules, "jax", None)
    with pytest.raises(ImportError, match=r"to_jax: JAX is not installed here .*pip install jax"):
        to_jax(autograd.compile(lambda x: x))
