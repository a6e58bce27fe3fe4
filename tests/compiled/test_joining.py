"""A compiled function called with Values: its results are Values, in the graph of its arguments."""

import copy
import math
import pickle
import threading

import numpy as np
import pytest

import autograd
import nn
from autograd import Tape, Value, compile, grad, no_grad

pytestmark = pytest.mark.filterwarnings("ignore:.* takes (more than|another path):RuntimeWarning")


def cube(x):
    return x**3


def test_the_graph_goes_on_through_a_call():
    f, w = compile(cube), Value(3.0)
    for _ in range(3):
        w.grad = 0.0
        (f(w) + w).backward()
        assert w.grad == 28.0
        assert grad(f(w) * w, w) == 108.0
    assert grad(grad(f(w) * w, w, create_graph=True), w) == 108.0


def test_numbers_give_numbers_and_so_does_everything_without_a_graph():
    k = Value(2.0)
    f = compile(lambda x: k * x)
    assert type(f(3.0)) is float  # a captured Value alone does not count
    with no_grad():
        assert type(f(Value(3.0))) is float
        assert type(f(Value(3.0))) is float
    assert type(f(Value(3.0))) is Value
    assert f.grad(Value(3.0)) == 2.0


# --- against the same without compiling ------------------------------------------------------------------------------


def branching(w, x):
    y = w[0] * x[0] - x[1]
    if y > 0.0:
        return [y.tanh() * w[1], {"a": x[0] * 1.0}]
    return [autograd.exp(y) + w[1], {"a": x[0] * w[0] * w[0]}]


def lifted(x):
    return x if isinstance(x, Value) else Value(x)


def weighted(results):
    """One number of many results; not all of them, and not all alike."""
    flat = [v for row in results for v in (row[0], row[1]["a"])]
    return autograd.sum([v * (i % 3) for i, v in enumerate(flat) if i != 1])


@pytest.mark.parametrize("max_paths", [1, 64])
@pytest.mark.parametrize("live", ["w", "x", "both"])
def test_a_batch_gives_what_its_rows_give(live, max_paths):
    numbers = np.random.default_rng(0).normal(size=(6, 2))
    weights = [0.7, -1.3]

    def slopes(call):
        w = [Value(x) if live != "x" else x for x in weights]
        xs = np.empty(numbers.shape, dtype=object)
        xs[:] = [[Value(x) if live != "w" else x for x in row] for row in numbers]
        leaves = [v for v in (*w, *xs.ravel().tolist()) if isinstance(v, Value)]
        loss = weighted(call(w, xs if live != "w" else numbers))
        first = grad(loss, leaves, create_graph=True)
        return [loss.data, *[d.data for d in first], *grad(autograd.sum([d * d for d in first]), leaves)]

    fast = compile(branching, in_axes=(None, 0), max_paths=max_paths)

    def compiled(w, xs):
        a, b = fast(w, xs)
        return [[a[i], {"a": b["a"][i]}] for i in range(len(numbers))]

    def eager(w, xs):
        rows = [[lifted(x) for x in row] for row in xs.tolist()]
        return [branching([lifted(x) for x in w], row) for row in rows]

    assert slopes(compiled) == pytest.approx(slopes(eager), rel=1e-11, abs=1e-13)


@pytest.mark.parametrize("max_paths", [1, 64])
@pytest.mark.parametrize("reduce", ["sum", "mean"])
def test_a_reduced_batch_is_one_value(reduce, max_paths):
    xs, w, k = np.linspace(-1.0, 2.0, 7), Value(0.8), Value(1.5)

    def f(w, x):
        return k * (w * x).sin() if x > 0.0 else w * w * x * k

    fast = compile(f, in_axes=(None, 0), reduce=reduce, max_paths=max_paths, branches="guards")

    def eager(w, xs):
        return autograd.sum([f(w, Value(x)) for x in xs]) * (1.0 if reduce == "sum" else 1.0 / len(xs))

    def derivatives(z):
        first = grad(z * w, [w, k], create_graph=True)
        third = grad(grad(first[0], w, create_graph=True), k)
        return [z.data, *[d.data for d in first], *[x for d in first for x in grad(d, [w, k])], third]

    assert derivatives(fast(w, xs)) == pytest.approx(derivatives(eager(w, xs)), rel=1e-12)


def test_a_module_is_an_argument_like_any_other():
    model = nn.MLP(2, [4, 1], rng=1)
    points = np.random.default_rng(0).normal(size=(5, 2))
    fast = compile(lambda m, x: m(x), in_axes=(None, 0))
    loss = autograd.sum(fast(model, points) ** 2)
    loss.backward()
    found = [p.grad for p in model.parameters()]
    model.zero_grad()
    autograd.sum([model([Value(x) for x in row]) ** 2 for row in points]).backward()
    assert found == pytest.approx([p.grad for p in model.parameters()], rel=1e-12)


# --- what is not passed on -------------------------------------------------------------------------------------------


def test_nothing_comes_to_what_a_result_does_not_depend_on():
    """0 times an infinite slope is nan, also in a node below."""
    w = Value(-1.0)
    hopeless = w**0.5  # its slope is nan
    first = compile(lambda x, y: x * 1.0)
    assert grad(first(w, hopeless), w) == 1.0
    pair = compile(lambda x, y: (x * 1.0, y * 1.0))
    assert grad(pair(w, hopeless)[0], w) == 1.0
    chosen = compile(lambda c, x, y: autograd.where(c, x, y))
    assert grad(chosen(1.0, w, hopeless), w) == 1.0
    assert math.isnan(grad(chosen(0.0, w, hopeless), w))
    batch = np.empty(2, dtype=object)
    batch[:] = [w * 2.0, hopeless]
    assert grad(compile(lambda x: x * 3.0, in_axes=0)(batch)[0], w) == 6.0
    assert grad(compile(lambda x: autograd.sqrt(x), in_axes=0)(np.array([Value(4.0), w * 0.0 + 0.0]))[0], w) == 0.0


def test_the_gradient_is_that_of_the_call_that_was_made():
    w, k, xs = Value(2.0), Value(5.0), np.array([1.0, 2.0])
    y = autograd.sum(compile(lambda w, x: w * w * x * k, in_axes=(None, 0))(w, xs))
    w.data, k.data, xs[:] = 100.0, 100.0, 0.0
    assert grad(y, [w, k]) == [60.0, 12.0]
    with pytest.raises(ValueError, match="data was changed"):
        grad(y, w, create_graph=True)


@pytest.mark.parametrize("objects", [False, True])
def test_arrays_that_are_used_again_change_no_derivative(objects):
    """As a buffer of minibatches is."""
    w, f = Value(2.0), compile(lambda x, w: x * w * w, in_axes=(0, None))
    xs = np.array([1.0, 2.0, Value(3.0) if objects else 3.0], dtype=object if objects else float)
    out, given = f(xs, w), {"xs": xs}
    single = compile(lambda d, w: autograd.sum(list(d["xs"])) * w**3)(given, w)
    xs[:] = 100.0
    for y, first, second in ((autograd.sum(out), 24.0, 12.0), (single, 72.0, 72.0)):
        assert grad(y, w) == first
        d = grad(y, w, create_graph=True)
        assert (d.data, grad(d, w)) == (first, second)


def test_sweeps_leave_nothing_behind():
    w, f = Value(2.0), compile(lambda x, w: [x * w * w, autograd.where(w, x, w)], in_axes=(0, None))
    sizes = []
    for _ in range(5):
        a, b = f(np.ones(4), w)
        autograd.sum([*a, *b]).backward()
        grad(grad(autograd.sum(a), w, create_graph=True), w)
        path = f._traced.paths[next(iter(f._traced.paths))].all[0]
        sizes.append((len(path._replays), len(path._made), len(f._traced.derived)))
    assert sizes[0] == sizes[-1]


def test_a_search_is_warned_of_among_values_too():
    def found(y):
        low, high = 0.0, 10.0
        for _ in range(40):
            middle = 0.5 * (low + high)
            low, high = (middle, high) if middle * middle < y else (low, middle)
        return low

    for call in (lambda f: f.backward(Value(2.0)), lambda f: f(Value(2.0)).backward()):
        with pytest.warns(RuntimeWarning, match="through comparisons alone"):
            call(compile(found))


# --- compiled functions in compiled functions -----------------------------------------------------------------------


@pytest.mark.parametrize("max_paths", [1, 2, 64])
def test_a_compiled_helper_in_a_compiled_function(max_paths):
    g = compile(lambda x: x * x)
    k = Value(0.5)

    def f(x):
        h = compile(lambda y: y * x * k)  # x is captured by it
        return g(x) + h(1.0) if x > 0 else 3 * g(x) + h(2.0)

    fast = compile(f, in_axes=0, max_paths=max_paths)
    xs = np.array([2.0, -2.0])
    assert fast.grad(xs).tolist() == [4.5, -11.0]
    assert fast.jacobian(xs).tolist() == [4.5, -11.0]
    assert [compile(f, max_paths=max_paths).grad(x) for x in xs] == [4.5, -11.0]
    total = compile(f, in_axes=0, max_paths=max_paths, reduce="sum")
    total.backward(xs)
    assert k.grad == 2.0 - 4.0


# --- as nodes --------------------------------------------------------------------------------------------------------


def test_the_nodes_of_a_call():
    x, y = Value(2.0), Value(3.0)
    z = compile(lambda x, y: x * y)(x, y)
    assert (z._op, z.operands, z.partials, z.primitive) == ("<lambda>", (x, y), (3.0, 2.0), None)
    assert not z.has_closure
    a, b = compile(lambda x, y: [x * y, x + y])(x, y)
    assert a.operands == b.operands
    (whole,) = a.operands
    assert whole.operands == (x, y)
    z.grad = 10.0
    z._backward()
    assert (x.grad, y.grad) == (30.0, 20.0)
    with pytest.raises(TypeError, match="several results of <lambda>"):
        a._backward()
    for call in (whole.backward, lambda: grad(whole, x), lambda: grad(whole, x, create_graph=True)):
        with pytest.raises(TypeError, match="has several results"):
            call()
    for how in (copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError, match="a compiled function gave it"):
            how(z)
    with pytest.raises(ValueError, match="rule of its own"):
        Tape(z, x)
    assert autograd.draw(a + b) is not None


@pytest.mark.skipif(not autograd.native, reason="NumPy replays 4,096 rows at a time, slot by slot")
def test_no_rows_times_parameters_are_kept():
    """The node keeps what went in: 10,000 rows by 1,000 weights would be 80 MB of slopes."""
    import tracemalloc

    model = [Value(x) for x in np.random.default_rng(0).normal(size=1000)]
    fast = compile(lambda w, x: autograd.dot(w, w) * x, in_axes=(None, 0))
    xs = np.ones(10_000)
    autograd.sum(fast(model, xs)).backward()
    tracemalloc.start()
    loss = autograd.sum(fast(model, xs))
    loss.backward()
    assert tracemalloc.get_traced_memory()[1] < 2e7
    tracemalloc.stop()


def test_threads_that_share_a_function_lose_nothing():
    k, f = Value(1.0), None

    def g(w, x):
        return w * x * k if x > 0 else w - x * k

    f = compile(g, in_axes=(None, 0))
    found = []

    def work(seed):
        xs = np.random.default_rng(seed).normal(size=50)
        for _ in range(20):
            w = Value(2.0)
            found.append(grad(autograd.sum(f(w, xs)), w) == pytest.approx(np.where(xs > 0, xs, 1.0).sum()))

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert found == [True] * 80


# --- within functions that are differentiated ------------------------------------------------------------------------


def test_what_is_captured_counts_where_a_function_is_differentiated():
    product = autograd.compile(lambda x, w: x * x * w)
    square = autograd.compile(lambda x: x * x)
    assert autograd.grad(lambda w: product(3.0, w))(2.0) == 9.0
    for _ in range(3):  # a repetition must not answer
        assert autograd.grad(lambda w: autograd.compile(lambda x: x * x * w)(3.0))(2.0) == 9.0
        assert autograd.grad(lambda w: square(3.0) * w)(2.0) == 9.0
    k = Value(5.0)
    captured = autograd.compile(lambda x: x * k)
    assert captured(3.0) == 15.0
    assert autograd.grad(lambda x: x * captured(3.0))(2.0) == 15.0
    assert isinstance(captured(3.0), float)


def test_derivatives_of_a_compiled_function_are_no_constants_of_another():
    product = autograd.compile(lambda x, w: x * x * w)
    for inner in (
        lambda w: product.grad(3.0, w),
        lambda w: product.value_and_grad(3.0, w)[1],
        lambda w: product.hessian(3.0, w)[0, 0],
        lambda w: product.jvp((3.0, w), (1.0, 0.0))[1],
        lambda w: product.hvp((3.0, w), (1.0, 0.0)),
        lambda w: autograd.compile(lambda x: x * x * w).grad(3.0),
    ):
        with pytest.raises(TypeError, match="derivatives of a compiled function are numbers, and within a function"):
            autograd.grad(inner)(2.0)
    assert autograd.grad(lambda w: product.grad(3.0, 2.0) * w)(2.0) == 12.0
