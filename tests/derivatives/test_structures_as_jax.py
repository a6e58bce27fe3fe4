"""Arguments and results of any structure: each transform gives what JAX's transform of that name gives there."""

import numpy as np
import pytest

import autograd
from autograd import compile, ggn_vp, grad, hessian, hvp, jacobian, jvp, laplacian, value_and_grad, vjp

jax = pytest.importorskip("jax")

pytestmark = pytest.mark.any_build


@pytest.fixture(autouse=True)
def doubles():
    with jax.enable_x64(True):
        yield


def leaves(x):
    """The numbers of a structure, as its author would read them."""
    return [y for leaf in jax.tree_util.tree_leaves(x) for y in np.asarray(leaf, dtype=object).ravel().tolist()]


def mixed(leaves_of):
    """A function of all numbers of some arguments, with derivatives of every order."""

    def f(*args):
        total = 1.0
        for k, x in enumerate(leaves_of(args)):
            total = total * (x + 0.5 + k) + x * x * x
        return total

    return f


def numbers(args):
    """The numbers of arguments, in order, whoever's they are."""
    found = []
    for x in jax.tree_util.tree_leaves(args, is_leaf=lambda x: isinstance(x, autograd.Value)):
        found += [x] if isinstance(x, (float, autograd.Value)) or not np.shape(x) else [*x.ravel()]
    return found


STRUCTURES = {
    "a number": ((2.0,), 0),
    "a list": (([1.0, 2.0, 3.0],), 0),
    "a tuple": (((1.0, 2.0),), 0),
    "a dict": (({"b": 2.0, "a": 3.0},), 0),
    "an array": ((np.array([1.0, 2.0, 3.0]),), 0),
    "a matrix": ((np.array([[1.0, 2.0], [3.0, 0.5]]),), 0),
    "an array in a dict": (({"w": np.array([1.0, 2.0]), "b": 0.5},), 0),
    "lists in lists": (([[1.0, 2.0], [0.5]],), 0),
    "two numbers": ((2.0, 3.0), (0, 1)),
    "one of two": ((2.0, [3.0, 1.0]), 1),
    "one in a tuple": ((2.0, [3.0, 1.0]), (1,)),
    "a number and arrays": ((2.0, np.array([1.0, 0.5]), {"c": (np.array([[0.2]]),)}), (0, 1, 2)),
    "the other way round": ((2.0, np.array([1.0, 0.5])), (1, 0)),
    "an array of one": ((np.array([2.0]),), (0,)),
    "an array of no axes, and an empty list": (({"a": np.array(2.0), "e": []},), 0),
}


def alike(ours, theirs):
    """The same structure, the same shapes, the same numbers; what is a number here is no array."""
    a, form = jax.tree_util.tree_flatten(ours)
    b, other = jax.tree_util.tree_flatten(theirs)
    assert form == other
    for x, y in zip(a, b, strict=True):
        assert np.shape(x) == np.shape(y)
        assert type(x) is float or (isinstance(x, np.ndarray) and x.dtype == float and x.shape)
        np.testing.assert_allclose(x, np.asarray(y), rtol=1e-11, atol=1e-12)


def several(f):
    """A function that gives numbers in a structure: some in an array, for which each library has its own."""

    def g(*args):
        y = f(*args)
        pair = [y, y * y]
        array = np.array(pair, dtype=object) if isinstance(y, autograd.Value) else jax.numpy.stack(pair)
        return {"n": y * 2.0, "a": [array]}

    return g


def plain(x):
    """The numbers that hold no array, where both libraries see one."""
    return jax.tree_util.tree_map(lambda leaf: np.asarray(leaf) if np.shape(leaf) else float(leaf), x)


@pytest.mark.parametrize("kind", STRUCTURES)
def test_in_every_structure(kind):
    args, by = STRUCTURES[kind]
    f, g = mixed(numbers), several(mixed(numbers))
    alike(grad(f, by)(*args), jax.grad(f, by)(*args))
    alike(value_and_grad(f, by)(*args), jax.value_and_grad(f, by)(*args))
    alike(hessian(f, by)(*args), jax.hessian(f, by)(*args))
    alike(hessian(f, by)(*args), jacobian(grad(f, by), by)(*args))
    alike(jacobian(g, by)(*args), jax.jacrev(g, by)(*args))
    alike(jacobian(f, by)(*args), jax.jacrev(f, by)(*args))
    tangents = jax.tree_util.tree_map(lambda x: np.cos(np.asarray(x)) if np.shape(x) else 0.3 * float(x), args)
    alike(jvp(g, args, tangents), jax.jvp(g, plain(args), plain(tangents)))
    value, pull = vjp(g, *args)
    theirs, pull_theirs = jax.vjp(g, *args)
    alike(value, theirs)
    alike(pull(value), pull_theirs(theirs))
    whole = tuple(range(len(args)))
    curved = jax.jvp(jax.grad(f, whole), plain(args), plain(tangents))[1]
    alike(hvp(f, args, tangents, whole), curved)
    if len(args) == 1:
        alike(hvp(f, args, tangents), curved[0])
    size = len(leaves([args[k] for k in ([by] if isinstance(by, int) else by)]))
    flat = np.array(leaves(jax.hessian(f, by)(*args)), dtype=float)
    assert len(flat) == size * size
    if len(args) == 1 and size == len(jax.tree_util.tree_leaves(args)):
        assert laplacian(f, by)(*args) == pytest.approx(np.trace(flat.reshape(size, size)), rel=1e-12)
    loss = lambda z: (z["n"] - 1.0) ** 2 + z["a"][0][0] * z["a"][0][1]  # noqa: E731
    outputs, moved = jax.jvp(g, plain(args), plain(tangents))
    theirs = jax.vjp(g, *args)[1](jax.jvp(jax.grad(loss), (outputs,), (moved,))[1])
    alike(ggn_vp(g, loss, args, tangents), theirs[0] if len(args) == 1 else theirs)


@pytest.mark.parametrize("kind", STRUCTURES)
def test_what_else_a_function_gives(kind):
    args, by = STRUCTURES[kind]
    f = mixed(numbers)
    both = lambda *xs: (f(*xs), {"seen": [numbers(xs)[0] * 2.0]})  # noqa: E731
    for ours, theirs in ((hessian, jax.hessian), (jacobian, jax.jacrev), (grad, jax.grad)):
        alike(ours(both, by, has_aux=True)(*args), theirs(both, by, has_aux=True)(*args))


def test_values_in_the_structure_and_within_what_is_recorded():
    f = lambda d: d["a"] ** 3 * d["b"][0]  # noqa: E731
    second = lambda w: hessian(f)({"a": 2.0 * w, "b": [w]})["a"]["a"]  # noqa: E731  (6 a b = 12 w²)
    assert grad(second)(3.0) == 72.0
    assert compile(second).grad(3.0) == 72.0
    w = autograd.Value(3.0)
    found = hessian(lambda x: (x * x * x).sum())(np.array([w, w * 2.0], dtype=object))
    assert found.shape == (2, 2)
    assert [x.data for x in found.ravel()] == [18.0, 0.0, 0.0, 36.0]
    of_matrix = hessian(lambda m: (m * m * m).sum())(np.array([[1.0, 2.0], [3.0, 4.0]]))
    assert of_matrix.shape == (2, 2, 2, 2)
    assert of_matrix[1, 0, 1, 0] == 18.0
    assert of_matrix[1, 0, 0, 1] == 0.0
    with pytest.raises(TypeError, match=r"hessian of .*: with has_aux it gives a pair"):
        hessian(lambda x: x * x, has_aux=True)(2.0)
