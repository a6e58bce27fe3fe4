"""register_hook: who sees the gradient of a Value, when, and what may take its place."""

import copy
import gc
import pickle
import weakref

import pytest

from autograd import RecordingError, Value, backward, checkpoint, compile, custom_vjp, grad, hessian
from autograd.engine.hooks import hooked


def test_a_leaf_and_an_inner_node_by_hand():
    x, seen = Value(3.0), []
    y = x * x
    y.register_hook(lambda g: seen.append(("y", g)))
    x.register_hook(lambda g: seen.append(("x", g)))
    (y * 5.0 + y).backward()
    assert seen == [("y", 6.0), ("x", 36.0)]  # once each, when nothing more comes
    assert x.grad == 36.0


def test_what_a_hook_gives_goes_on():
    x, y = Value(3.0), Value(2.0)
    z = x * y
    z.register_hook(lambda g: 10.0 * g)
    z.register_hook(lambda g: g + 1.0)
    x.register_hook(lambda g: -g)
    z.backward()
    assert (z.grad, x.grad, y.grad) == (11.0, -22.0, 33.0)
    assert grad(z, [x, y]) == [-22.0, 33.0]
    x.grad = 1.0
    z.backward()  # a leaf adds up what the hook has left
    assert x.grad == -21.0


def test_values_where_the_gradient_is_to_be_differentiated_again():
    x, kinds = Value(3.0), []
    x.register_hook(lambda g: kinds.append(type(g)) or g * g)
    slope = grad(x**2, x, create_graph=True)
    assert (slope.data, kinds) == (36.0, [Value])
    handle = Value(1.0).register_hook(print)
    handle.remove()
    assert hessian(lambda v: scaled(v) ** 2)(3.0) == 18.0


def scaled(v):
    """A number whose gradient is three times what it was."""
    v = v * 1.0
    v.register_hook(lambda g: 3.0 * g)
    return v


def test_a_handle_takes_it_away_once():
    x, seen = Value(1.0), []
    handles = [x.register_hook(lambda g, k=k: seen.append(k)) for k in range(3)]
    handles[1].remove()
    handles[1].remove()
    (x * x).backward()
    assert seen == [0, 2]
    with x.register_hook(lambda g: seen.append("within")):
        (x * x).backward()
    (x * x).backward()
    assert seen == [0, 2, 0, 2, "within", 0, 2]


def test_what_nothing_comes_to_is_not_asked():
    x, y, seen = Value(1.0), Value(2.0), []
    y.register_hook(seen.append)
    (x * x).backward()
    (x * y.detach()).backward()
    first = custom_vjp(lambda x, y: x)
    first.defvjp(lambda x, y: (x, None), lambda _, g: (g, None))
    first(x, y).backward()
    grad(first(x, y), [x, y], create_graph=True)
    assert seen == []


def test_a_hook_that_raises_leaves_every_grad_as_it_was():
    x, y = Value(1.0), Value(2.0)
    z = x * y
    x.register_hook(lambda g: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        z.backward()
    assert (x.grad, y.grad, z.grad) == (0.0, 0.0, 0.0)


def test_a_hook_may_sweep_itself_and_change_the_graph():
    x, w = Value(3.0), Value(2.0)
    y = x * w
    y.register_hook(lambda g: (w * w).backward())
    (y * x).backward()
    assert (x.grad, w.grad) == (12.0, 9.0 + 4.0)


def test_results_of_several_and_calls_of_compiled_functions():
    pair = custom_vjp(lambda x: (x * 2.0, x * 3.0))
    pair.defvjp(lambda x: ((x * 2.0, x * 3.0), None), lambda _, g: (2.0 * g[0] + 3.0 * g[1],))
    x, seen = Value(1.0), []
    a, b = pair(x)
    a.register_hook(lambda g: seen.append(g) or 100.0)
    backward([a * 1.0, b * 1.0])
    assert (seen, x.grad) == ([1.0], 203.0)
    v = Value(2.0)
    v.register_hook(lambda g: 2.0 * g)
    f = compile(lambda x: x * x)
    f(v).backward()
    assert v.grad == 8.0
    checkpoint(lambda v: v * v)(v).backward()
    assert v.grad == 16.0


def test_copies_have_none_and_they_go_with_their_node():
    x = Value(1.0)
    x.register_hook(lambda g: 100.0 * g)
    for twin in (copy.deepcopy(x), copy.copy(x), pickle.loads(pickle.dumps(x))):
        (twin * 1.0).backward()
        assert twin.grad == 1.0
    before = len(hooked)
    hook = lambda g: g  # noqa: E731
    known, y = weakref.ref(hook), Value(2.0)
    y.register_hook(hook)
    assert len(hooked) == before + 1
    gc.disable()
    try:
        del hook, y
        assert known() is None
        assert len(hooked) == before
    finally:
        gc.enable()


def test_mistakes_are_named():
    x = Value(1.0)
    with pytest.raises(TypeError, match="register_hook: expected a function of the gradient, got int"):
        x.register_hook(3)
    with pytest.raises(ValueError, match="is a constant"):
        x.detach().register_hook(print)
    with pytest.raises(RecordingError, match="register_hook"):
        compile(lambda v: v * float(v.register_hook(print) is None))(1.0)
    x.register_hook(lambda g: "1")
    with pytest.raises(TypeError, match="a hook's gradient: expected a real number"):
        (x * x).backward()
    y = Value(1.0)
    y.register_hook(lambda g: Value(1.0))
    with pytest.raises(TypeError, match="given a number and gave a Value"):
        (y * y).backward()


def test_as_pytorch_does():
    torch = pytest.importorskip("torch")

    def run(x, y, tanh):
        seen = []
        u = x * y
        v = u * x + tanh(u)
        x.register_hook(lambda g: seen.append(float_of(g)) or 2.0 * g)
        u.register_hook(lambda g: seen.append(float_of(g)) or g * g)
        v.register_hook(lambda g: g + 1.0)
        u.register_hook(lambda g: seen.append(float_of(g)))
        (v * v + u).backward()
        return [*seen, float_of(x.grad), float_of(y.grad)]

    tensors = [torch.tensor(number, dtype=torch.float64, requires_grad=True) for number in (0.7, -1.3)]
    assert run(Value(0.7), Value(-1.3), lambda x: x.tanh()) == pytest.approx(run(*tensors, torch.tanh), rel=1e-14)


def float_of(g):
    """A gradient as a number."""
    return g.item() if hasattr(g, "item") else g
