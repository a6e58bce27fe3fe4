"""Compiled functions in PyTorch: its own checks of gradients, of both orders, and a network on both sides."""

import math
import re

import numpy as np
import optree
import pytest

import autograd
import nn
from autograd import Value, to_torch
from autograd.hosts.torch import functions_of_torch

torch = pytest.importorskip("torch", reason="PyTorch is what the functions are called from: pip install torch")
gradcheck, gradgradcheck = torch.autograd.gradcheck, torch.autograd.gradgradcheck


def doubles(*shape, seed=1, wanted=True):
    source = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=source, dtype=torch.float64).requires_grad_(wanted)


def checked(function, *args):
    """Whether PyTorch finds both orders right."""
    return gradcheck(function, args) and gradgradcheck(function, args)


def test_a_function_of_arrays_and_numbers():
    fast = to_torch(autograd.compile(lambda x, y: x[0] ** 2 * x[1] * y + y.sin()))
    x, y = doubles(2), doubles()
    assert fast(x, y).item() == pytest.approx((x[0] ** 2 * x[1] * y + y.sin()).item(), rel=1e-15)
    assert checked(fast, x, y)
    assert fast.__name__ == "<lambda>"


def structured(p, x):
    """Results of several shapes, of arguments of several shapes."""
    return {"a": [p["w"][0] * x[0].exp(), x * p["b"]], "c": p["w"][1] * x[1] * x[1] * p["b"]}


@pytest.mark.parametrize("reduce", [None, "sum", "mean"])
def test_structures_and_batches(reduce):
    fast = to_torch(autograd.compile(structured, in_axes=(None, 0), reduce=reduce))
    w, b, x = doubles(2), doubles(seed=2), doubles(4, 2, seed=3)
    found = fast({"w": w, "b": b}, x)
    rows = () if reduce else (4,)
    assert optree.tree_map(lambda y: tuple(y.shape), found) == {"a": [rows, (*rows, 2)], "c": rows}
    expected = w[1] * x[:, 1] ** 2 * b
    expected = expected.sum() if reduce == "sum" else expected.mean() if reduce else expected
    torch.testing.assert_close(found["c"], expected, rtol=1e-14, atol=0.0)
    assert checked(lambda w, b, x: tuple(optree.tree_leaves(fast({"w": w, "b": b}, x))), w, b, x)
    assert checked(lambda b: fast({"w": w.detach(), "b": b}, x.detach())["c"], b)  # not all are wanted


@pytest.mark.parametrize("axes", [0, (0, 1), ({"u": 0, "v": None}, None)])
def test_axes(axes):
    one = isinstance(axes, tuple) and isinstance(axes[0], dict)
    fast = to_torch(
        autograd.compile(lambda a, b: a["u"] * b[0] * b[1] * a["v"] if one else a[0] * b[1] ** 2, in_axes=axes)
    )
    if one:
        assert checked(lambda u, v, b: fast({"u": u, "v": v}, b), doubles(3), doubles(), doubles(2))
    else:
        assert checked(fast, doubles(3, 2), doubles(3, 2) if axes == 0 else doubles(2, 3))


def test_rows_take_their_own_paths():
    fast = to_torch(autograd.compile(lambda x: x * x if x > 0 else -x * x * x, in_axes=0))
    x = doubles(9)
    assert checked(fast, x)
    torch.testing.assert_close(fast(x), torch.where(x > 0, x * x, -(x**3)), rtol=1e-15, atol=0.0)


def test_constants_statics_and_keywords():
    fast = autograd.compile(
        lambda x, n, k=1.0, *, up=True: (x**n * k if up else -x) + x * 0.0, static_argnames=("n", "up")
    )
    there, x = to_torch(fast), doubles()
    for up in (True, False):
        for n in (2, 3):
            assert there(x, n, 2.5, up=up).item() == pytest.approx(2.5 * x.item() ** n if up else -x.item())
            assert checked(lambda x, n=n, up=up: there(x, n, 2.5, up=up), x)
    assert checked(lambda x: there(x, 2, k=3.0), x)
    of_list = to_torch(autograd.compile(lambda x, ks: x * ks["a"][0] + x * x * ks["a"][1]))
    assert checked(lambda x: of_list(x, ks={"a": [3.0, 2.0]}), x)
    with pytest.raises(TypeError, match="to_torch: <lambda>: k is given by keyword, where no derivatives are taken"):
        there(x, 2, k=x)


def test_weights_are_the_first_tensor():
    scale = Value(2.0)
    fast = to_torch(autograd.compile(lambda x: scale * scale * x[0] * x[1], weights=[scale], in_axes=0))
    assert checked(fast, doubles(1), doubles(3, 2))
    captured = to_torch(autograd.compile(lambda x: scale * x * x))
    scale.data = 5.0  # read at every call
    x = torch.tensor(3.0, dtype=torch.float64, requires_grad=True)
    y = captured(x)
    (slope,) = torch.autograd.grad(y, x, create_graph=True)
    (bend,) = torch.autograd.grad(slope, x)
    assert (y.item(), slope.item(), bend.item()) == (45.0, 30.0, 10.0)


def test_a_function_with_a_rule_of_its_own():
    @autograd.custom_vjp
    def half(x):
        return x * x

    half.defvjp(lambda x: (x * x, x), lambda x, adjoint: (adjoint * x,))  # half of the slope
    x = torch.tensor(3.0, dtype=torch.float64, requires_grad=True)
    (slope,) = torch.autograd.grad(to_torch(autograd.compile(lambda x: half(x) + x))(x), x)
    assert slope.item() == 4.0


def test_values_and_modules_among_the_arguments_are_constants():
    neuron, x = nn.Neuron(2, "tanh", rng=1), doubles(2)
    fast = to_torch(autograd.compile(lambda model, x, v: model(x) * v * v))
    assert checked(lambda x: fast(neuron, x, Value(1.5)), x)
    with autograd.no_grad():
        assert fast(neuron, x, 1.5).item() == pytest.approx(neuron(x.tolist()).data * 2.25)


def test_nothing_and_empty_batches():
    fast = to_torch(autograd.compile(lambda x, k: [x[0] * x[1] * k, 1.0], in_axes=(0, None)))
    x, k = torch.zeros(0, 2, dtype=torch.float64, requires_grad=True), doubles()
    found, one = fast(x, k)
    assert (found.shape, one.shape) == ((0,), (0,))
    slopes = torch.autograd.grad(found.sum(), [x, k])
    assert (slopes[0].shape, slopes[1].item()) == ((0, 2), 0.0)
    assert to_torch(autograd.compile(lambda x: x * x))(3.0).item() == 9.0  # no tensors at all


def test_types_and_what_stands_between():
    fast = to_torch(autograd.compile(lambda x, n: x[0] * x[1] * n))
    x = torch.tensor([3.0, 5.0], requires_grad=True)
    y = fast(x, torch.tensor(2))
    y.backward()
    assert (y.dtype, x.grad.dtype, x.grad.tolist()) == (torch.float32, torch.float32, [10.0, 6.0])
    assert fast(torch.tensor([1, 2]), 3).dtype == torch.float64
    assert fast(x.double(), torch.tensor(2.0)).dtype == torch.float64
    assert fast(doubles(2, 3, wanted=False).T[0], 1.0).requires_grad is False  # not contiguous
    with pytest.raises(TypeError, match=re.escape("takes real numbers, got a tensor of torch.complex64")):
        fast(torch.tensor([1.0j, 2.0]), 3)


def test_torch_func_and_hvp():
    fast = to_torch(autograd.compile(lambda x: x[0] ** 3 * x[1]))
    x, v = doubles(2, wanted=False), doubles(2, seed=2, wanted=False)
    hessian = torch.tensor([[6 * x[0] * x[1], 3 * x[0] ** 2], [3 * x[0] ** 2, 0.0]], dtype=torch.float64)
    slope = torch.func.grad(fast)(x)
    torch.testing.assert_close(slope, torch.stack([3 * x[0] ** 2 * x[1], x[0] ** 3]), rtol=1e-14, atol=0.0)
    twice = torch.func.grad(lambda x: torch.func.grad(fast)(x) @ v)(x)
    torch.testing.assert_close(twice, hessian @ v, rtol=1e-13, atol=1e-13)
    torch.testing.assert_close(torch.autograd.functional.hvp(fast, x, v)[1], hessian @ v, rtol=1e-13, atol=1e-13)
    torch.testing.assert_close(torch.autograd.functional.hessian(fast, x), hessian, rtol=1e-13, atol=1e-13)


def test_a_third_derivative_is_refused_in_words():
    fast, x = to_torch(autograd.compile(lambda x: x**4)), doubles()
    (slope,) = torch.autograd.grad(fast(x), x, create_graph=True)
    (bend,) = torch.autograd.grad(slope, x, create_graph=True)
    assert bend.item() == pytest.approx(12 * x.item() ** 2)
    with pytest.raises(NotImplementedError, match=r"third and higher order .* in PyTorch, which has first and second"):
        torch.autograd.grad(bend, x)


def test_a_network_on_both_sides():
    """Layers of PyTorch around one of ours, against the same network of PyTorch's alone: gradients to 1e-12."""
    ours = nn.MLP(4, [5, 3], ["tanh", "linear"], rng=1)
    middle = torch.nn.Sequential(torch.nn.Linear(4, 5), torch.nn.Tanh(), torch.nn.Linear(5, 3)).double()
    middle.load_state_dict({name: torch.tensor(x) for name, x in nn.to_torch_state(ours).items()})
    fast = to_torch(autograd.compile(ours, weights=ours.parameters(), in_axes=0))
    first, last = torch.nn.Linear(2, 4).double(), torch.nn.Linear(3, 1).double()
    theta = torch.tensor([p.data for p in ours.parameters()], dtype=torch.float64, requires_grad=True)
    x, y = doubles(32, 2, wanted=False), doubles(32, 1, seed=2, wanted=False)

    def loss(inner):
        return ((last(inner(first(x).sin())) - y) ** 2).mean()

    both = [*first.parameters(), *last.parameters()]

    def stacked(h):
        return torch.stack(fast(theta, h), 1)

    here, there = loss(stacked), loss(middle)
    assert here.item() == pytest.approx(there.item(), rel=1e-14)
    found = torch.autograd.grad(here, [theta, *both])
    expected = torch.autograd.grad(there, [*middle.parameters(), *both])
    own = nn.MLP(4, [5, 3], ["tanh", "linear"], rng=1)
    names = list(middle.state_dict())
    nn.load_torch_state(own, dict(zip(names, expected[: len(names)], strict=True)))  # in the order of our parameters
    np.testing.assert_allclose(found[0], [p.data for p in own.parameters()], rtol=1e-12, atol=1e-14)
    for ours_, theirs in zip(found[1:], expected[len(names) :], strict=True):
        np.testing.assert_allclose(ours_, theirs, rtol=1e-12, atol=1e-14)


def test_an_optimiser_of_pytorch_trains_it():
    fast = to_torch(
        autograd.compile(lambda p, x: (p[0] * x + p[1] - 3.0 * x + 1.0) ** 2, in_axes=(None, 0), reduce="mean")
    )
    p, x = torch.zeros(2, dtype=torch.float64, requires_grad=True), torch.linspace(-1.0, 1.0, 50, dtype=torch.float64)
    optimiser = torch.optim.LBFGS([p], line_search_fn="strong_wolfe")

    def closure():
        optimiser.zero_grad()
        loss = fast(p, x)
        loss.backward()
        return loss

    optimiser.step(closure)
    assert p.tolist() == pytest.approx([3.0, -1.0], abs=1e-5)


def test_results_without_a_number_move_nothing():
    fast = to_torch(autograd.compile(lambda x: [x * 2.0, Value(1.0).detach() + 0.0 * x]))
    x = doubles()
    (slope,) = torch.autograd.grad(fast(x)[0], x)  # nothing is asked of the other
    assert slope.item() == 2.0
    y = to_torch(autograd.compile(lambda x: x.log()))(torch.tensor(0.0, dtype=torch.float64))
    assert y.item() == -math.inf


def test_what_is_refused(monkeypatch):
    with pytest.raises(TypeError, match=r"to_torch: expected a compiled function, got function .*compile\(f\)"):
        to_torch(lambda x: x)
    with pytest.raises(TypeError, match=r"to_torch: expected a compiled function, got int 3$"):
        to_torch(3)
    functions_of_torch.cache_clear()
    with monkeypatch.context() as patch:
        patch.setitem(__import__("sys").modules, "torch", None)
        with pytest.raises(ImportError, match=r"to_torch: PyTorch is not installed here .*pip install torch"):
            to_torch(autograd.compile(lambda x: x))
    functions_of_torch.cache_clear()
