"""Comparisons with PyTorch and JAX: they find what differs, name it, and pass where nothing does."""

import importlib
import math
import random

import numpy as np
import pytest

import autograd
from autograd import Value, assert_same_as_jax, assert_same_as_torch
from autograd.calculus.primitive import Variadic
from autograd.calculus.table import TABLE
from autograd.comparisons import peers
from autograd.foreign.numbers import Foreign

pytestmark = pytest.mark.any_build

LIBRARIES = {"torch": assert_same_as_torch, "jax": assert_same_as_jax}
INNER = {
    "polygamma_rise", "erfcx_derivative", "sinc_derivative", "sigmoid_slope", "one_less_square", "direction",
    "cbrt_slope", "atan_slope", "inversion", "pow_slope", "pow_log", "pow_curvature",
    "pow_mixed", "pow_log_squared", "xdivy", "i0e_derivative", "i1e_derivative",
}  # fmt: skip
"""Rows that others are written with; no library has them."""
MISSING = {"torch": {*INNER, "beta", "iv", "j0", "j1", "jv"}, "jax": INNER}
"""PyTorch's `bessel_j0` and `bessel_j1` have no derivatives."""


@pytest.fixture(params=["torch", "jax"])
def library(request):
    pytest.importorskip(request.param, reason=f"{request.param} is what is compared with: pip install {request.param}")
    return request.param


@pytest.fixture
def same(library):
    return LIBRARIES[library]


JAXS = {"gamma", "norm_pdf", "where", "less", "both", "logsumexp", "sum", "detach", "share", "acos", "xlog1py", "erfcx"}
"""Rows that are compared with JAX's: it takes a second for each, since it compiles every step of a function."""


def test_rows_are_theirs(library, same):
    missing = set()
    for row in TABLE:
        rng = random.Random(row.name)
        at = row.inside([rng.uniform(0.2, 0.8) for _ in row.domain])
        if isinstance(row, Variadic):
            at = [0.5, 1.2, 0.7, 2.0]
        try:
            if row.name == "polygamma":
                same(lambda x: autograd.polygamma(2.0, x), at[1])
            elif library == "torch" or row.name in JAXS:
                same(lambda *xs, row=row: row(*xs), *at, order=2 if library == "torch" else 1)
            elif row.name in INNER:
                peers.Jax().apply(row, at)
        except NotImplementedError:
            missing.add(row.name)
    assert missing == MISSING[library]
    with pytest.raises(NotImplementedError, match="no function 'cbrt_slope': give theirs="):
        same(autograd.cbrt_slope, 1.0)


def test_plain_python_with_methods_functions_and_branches(same):
    def f(x, y):
        total = 0.0
        for k in range(3):
            total = total + x**k / (y + k)
        if x > y or x == 7.0:
            return -total
        return abs(total.tanh() - autograd.exp(x)) % 0.75 + autograd.clip(y, -1.0, 1.0)

    same(f, 0.5, 2.0, order=2)
    same(f, 2.5, 2.0, order=2)
    same(lambda x: 2.0**x + 3.0 / x - (1 - x) + True, 1.5, order=2)


def test_structures_arrays_and_lists(same):
    same(lambda a, x: a @ x, np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([0.5, 0.25]))
    same(
        lambda x, p: {
            "a": [x[0] * p["w"], autograd.dot(x, [1, 2.0])],
            "b": np.array(autograd.softmax(list(x))),
            "c": 2,
        },
        [0.5, 2.0],
        {"w": 3.0},
    )
    same(lambda x: autograd.logsumexp([*x, 1]) + autograd.sum(x) + autograd.norm(x) + autograd.std(x), [0.5, 2.0, 1.0])


def test_values_count_as_their_numbers_and_other_arguments_are_given_on(same):
    w = Value(2.0)
    same(lambda x, kind: x**2 if kind == "square" else x, w, "square", order=2)
    assert w.grad == 0.0
    same(lambda x, y: x * y, 2.0, 3.0, argnums=1)


def test_where_it_is_not_finite_it_is_the_same(same):
    same(lambda x: x.log(), 0.0)
    same(lambda x: x.sqrt(), -1.0)
    same(lambda x: x * 1.0, math.nan)


def test_their_own_way_of_writing_it():
    torch = pytest.importorskip("torch", reason="torch is what is compared with: pip install torch")
    assert_same_as_torch(
        lambda x, a: (autograd.exp(x) * a[0, 1]).sin() + a[1, 0], 0.5, np.array([[1.0, 2.0], [3.0, 4.0]]), order=2,
        theirs=lambda x, a: torch.sin(torch.exp(x) * a[0, 1]) + a[1, 0],
    )  # fmt: skip
    assert_same_as_torch(lambda x: x * np.array([1.0, 2.0]), 3.0, theirs=lambda x: x * torch.tensor([1.0, 2.0]))


def test_jaxs_own_way_of_writing_it_and_its_precision_afterwards():
    jnp = pytest.importorskip("jax.numpy", reason="jax is what is compared with: pip install jax")
    before = jnp.asarray(1.0).dtype
    assert_same_as_jax(lambda x: np.sin(x) * x, np.array([0.5, 2.0]), theirs=lambda x: jnp.sin(x) * x, order=2)
    assert jnp.asarray(1.0).dtype == before


def test_what_differs_is_named(same):
    with pytest.raises(AssertionError, match=r"against (PyTorch|JAX): 2 of 3 numbers differ") as caught:
        same(lambda x, y: x * y, 2.0, 3.0, theirs=lambda x, y: x * y + 1e-6 * x)
    text = str(caught.value)
    assert "of " in text.splitlines()[1]
    assert "the result" in text
    assert "∂(the result)  argument 0  3" in text
    assert "argument 1" not in text
    same(lambda x, y: x * y, 2.0, 3.0, theirs=lambda x, y: x * y + 1e-6 * x, rtol=1e-5)


def test_second_derivatives_that_differ_are_found_by_order_2(same):
    ours, theirs = (lambda x: (x - 1.0) ** 3 + x), (lambda x: (x - 1.0) ** 2 + x)
    same(ours, 1.0, theirs=theirs)
    with pytest.raises(AssertionError, match="1 of 3 numbers differ") as caught:
        same(ours, 1.0, theirs=theirs, order=2)
    assert "∂²(the result)  argument 0, argument 0" in str(caught.value)


def test_a_wrong_slope_of_ones_own_is_found(same):
    def square(x):
        return Value(x.data**2, (x,), local_grads=(3.0 * x.data,)) if isinstance(x, Value) else x * x

    with pytest.raises(AssertionError, match="1 of 2 numbers differ") as caught:
        same(square, 2.0)
    assert caught.value.args[0].splitlines()[2].split() == ["∂(the", "result)", "argument", "0", "6", "4", "2.0e+00"]


def test_a_primitive_is_run_as_it_is_written(same):
    right = autograd.primitive(lambda x: autograd.sin(x), partials=[lambda x, z: autograd.cos(x)], name="of_mine")
    wrong = autograd.primitive(lambda x: autograd.sin(x), partials=[lambda x, z: 2.0 * autograd.cos(x)], name="exp")
    same(lambda x: right(x) * x, 0.7, order=2)
    with pytest.raises(AssertionError, match="1 of 2 numbers differ"):  # not with the library's exp
        same(wrong, 0.7)
    by_floats = autograd.primitive(math.sin, partials=[lambda x, z: autograd.cos(x)], name="by_floats")
    with pytest.raises(NotImplementedError, match=r"by_floats, a function of your own, cannot be run .* give theirs="):
        same(by_floats, 0.7)


def test_many_differences_are_counted(same):
    with pytest.raises(AssertionError, match="and 16 more"):
        same(lambda x: x * 2.0, np.ones(14), theirs=lambda x: x * 3.0)


def test_another_number_of_results_is_said(same):
    with pytest.raises(AssertionError, match="has 2 results, and ours are one number"):
        same(lambda x: x, 1.0, theirs=lambda x: [x, x])


def test_results_that_nothing_moves(same):
    same(lambda x: [x, 3.0], 1.0, order=2)


@pytest.mark.parametrize(
    ("args", "options", "error", "message"),
    [
        ((1.0,), {}, TypeError, "expected a function"),
        ((lambda x: x, "a"), {}, TypeError, "argument 0: .* is a str, not a real number"),
        ((lambda x: x, 1.0), {"order": 3}, ValueError, "order 3"),
        ((lambda x: x, 1.0), {"rtol": -1.0}, ValueError, "rtol -1"),
        ((lambda x: x, 1.0), {"atol": math.nan}, ValueError, "atol nan"),
        ((lambda x: x, 1.0), {"theirs": 3}, TypeError, "theirs: expected a function"),
        ((lambda x: x, 1.0), {"theirs": lambda x: "a"}, TypeError, "gave a str"),
        ((lambda x: x.frobnicate(), 1.0), {}, AttributeError, "frobnicate"),
    ],
)
def test_refused(same, args, options, error, message):
    with pytest.raises(error, match=message):
        same(*args, **options)


def test_what_their_numbers_have_not_is_said(library):
    peer = peers.Torch() if library == "torch" else peers.Jax()
    with pytest.raises(AttributeError, match="has no 'frobnicate' here, only operators and functions of the table"):
        Foreign(peer, peer.number(1.0)).frobnicate()


@pytest.mark.parametrize(("name", "said"), [("torch", "PyTorch"), ("jax", "JAX")])
def test_without_the_library_it_says_what_to_do(monkeypatch, name, said):
    def missing(wanted):
        if wanted.split(".")[0] == name:
            raise ImportError(f"No module named {wanted!r}")
        return importlib.import_module(wanted)

    monkeypatch.setattr(peers, "import_module", missing)
    with pytest.raises(ImportError, match=f"{said} is not installed here .*: pip install {name}"):
        LIBRARIES[name](lambda x: x, 1.0)
