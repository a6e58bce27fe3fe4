"""The first operation that made nan or inf out of finite numbers: which, on what, on which line, and how it goes on."""

import math
import sys
import threading
import time

import numpy as np
import pytest

import autograd
import nn
from autograd import AnomalyError, Tape, Value, backward, compile, detect_anomaly, dot, grad, no_grad
from autograd.engine.listening import listeners

HUGE = 1e308


def line_of(marker):
    """The number of the line of this file that ends with a comment."""
    with open(__file__) as file:
        return next(i for i, text in enumerate(file, 1) if text.rstrip().endswith(f"# here: {marker}"))


FORWARD = {
    "log": lambda: (Value(2.0) - 3.0).log(),
    "sqrt": lambda: (Value(1.0) * -4.0).sqrt(),
    "/": lambda: Value(1.0) / Value(0.0),
    "**": lambda: Value(-2.0) ** 0.5,
    "exp": lambda: (Value(800.0) * 1.0).exp(),
    "*": lambda: Value(HUGE) * 10.0,
    "+": lambda: Value(HUGE) + HUGE,
    "-": lambda: Value(-HUGE) - HUGE,
    "acosh": lambda: Value(0.5).acosh(),
    "asin": lambda: Value(2.0).asin(),
    "atanh": lambda: Value(1.0).atanh(),
    "log1p": lambda: Value(-2.0).log1p(),
    "cosh": lambda: Value(-999.0).cosh(),
    "sum": lambda: autograd.sum([Value(HUGE), Value(HUGE), 1.0]),
    "dot": lambda: dot([Value(HUGE), Value(1.0)], [10.0, 2.0]),
}


@pytest.mark.parametrize("name", FORWARD)
def test_the_operation_that_made_it_is_named_and_its_line(name):
    with pytest.raises(AnomalyError) as caught, detect_anomaly():
        FORWARD[name]()
    message = str(caught.value)
    assert name in message.split(" gave ")[0]
    assert "its operands are finite" in message
    code = FORWARD[name].__code__
    assert caught.value.where == f"{__file__}:{code.co_firstlineno}"
    assert not math.isfinite(caught.value.node.data)


def test_the_message_says_numbers_and_labels():
    x = Value(0.5, label="price")
    with pytest.raises(AnomalyError) as caught, detect_anomaly():
        (x - 0.75).log()  # here: price
    assert str(caught.value) == (f"log(-0.25) gave nan, and its operands are finite ({__file__}:{line_of('price')})")
    with pytest.raises(AnomalyError, match=r"^price = 0.5 / 0 gave inf"), detect_anomaly():
        x / 0.0


def test_what_comes_in_is_nobody_s_fault():
    with detect_anomaly():
        y = Value(math.nan) * 2.0 + Value(math.inf)
        y.backward()
        z = autograd.where(Value(1.0), Value(2.0), Value(math.inf))
        z.backward()
    assert y.data != y.data


def test_backward_it_is_the_partial_that_is_named_and_no_grad_is_written():
    x = Value(0.0, label="x")
    with detect_anomaly():
        y = x.sqrt()  # here: root
        z = y * 3.0 + x
        with pytest.raises(AnomalyError) as caught:
            z.backward()
    assert str(caught.value) == (
        f"backward through sqrt(x = 0), into x: inf * 3 is inf ({__file__}:{line_of('root')}); "
        "it goes into the root by sqrt -> * -> +"
    )
    assert (caught.value.node, x.grad, y.grad, z.grad) == (y, 0.0, 0.0, 0.0)
    with pytest.raises(AnomalyError, match="made before detect_anomaly began"), detect_anomaly():
        z.backward()
    z.backward()
    assert x.grad == math.inf


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (lambda x: (x * x).sqrt(), "sqrt(0), into *: inf * 1 is inf"),
        (lambda x: x.sqrt() * 0.0, "sqrt(x = 0), into x: inf * 0 is nan"),
        (lambda x: x**0.5, "x = 0 ** 0.5, into x: inf * 1 is inf"),
        (lambda x: x.cbrt(), "cbrt(x = 0), into x: inf * 1 is inf"),
        (lambda x: (x + 1.0).acosh(), "acosh(1), into +: inf * 1 is inf"),
        (lambda x: (x + 1.0).asin(), "asin(1), into +: inf * 4.81048 is inf"),
        (lambda x: x * HUGE * 10.0, "x = 0 * 1e+308, into x: 1e+308 * 10 is inf"),
        (lambda x: x * HUGE + x * HUGE, "x = 0 * 1e+308, into x: that makes inf of what came to it"),
    ],
)  # fmt: skip
def test_the_first_partial_on_the_way_down(make, what):
    x = Value(0.0, label="x")
    with pytest.raises(AnomalyError) as caught, detect_anomaly():
        make(x).exp().backward()
    assert f"backward through {what}" in str(caught.value)
    assert x.grad == 0.0


def test_what_a_where_did_not_take_is_no_anomaly():
    x = Value(0.0)
    with detect_anomaly():
        autograd.where(x > 0.0, 1.0, x * 2.0).backward()
        autograd.relu(x).backward()
    assert x.grad == 2.0


def test_closures_and_their_names():
    x = Value(2.0, label="x")

    def made(number, share):
        y = Value(number, (x,), "mine")

        def closure():
            x.grad += share * y.grad

        y._backward = closure
        return y

    with pytest.raises(AnomalyError, match=r"backward through mine\(x = 2\), into x: that makes nan"), detect_anomaly():
        (made(1.0, math.nan) * 2.0).backward()
    with detect_anomaly():
        (made(1.0, 3.0) * 2.0).backward()
    assert x.grad == 6.0


def test_several_roots_seeds_and_grad():
    x = Value(0.0)
    with detect_anomaly():
        y = x.sqrt()
        with pytest.raises(AnomalyError):
            backward([x * 2.0, y])
        with pytest.raises(AnomalyError):
            grad(y, x)
        backward([x * 2.0], [math.inf])  # asked for
    assert x.grad == math.inf


def test_under_no_grad_and_detached_too():
    with pytest.raises(AnomalyError, match=r"^log\(-1\) gave nan"), detect_anomaly(), no_grad():
        Value(-1.0).log()


def test_a_line_of_a_network_is_that_which_calls_it():
    model = nn.MLP(1, [2, 1], "relu", rng=1)
    for p in model.parameters():
        p.data = 1e200
    with pytest.raises(AnomalyError) as caught, detect_anomaly():
        model([1e200])  # here: model
    assert caught.value.where == f"{__file__}:{line_of('model')}"


def test_it_ends_with_the_block_and_is_of_this_thread():
    found = []

    def elsewhere():
        found.append(Value(-1.0).log().data)

    with detect_anomaly():
        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join()
    assert found[0] != found[0]
    with pytest.raises(ZeroDivisionError), detect_anomaly():
        raise ZeroDivisionError
    assert math.isnan(Value(-1.0).log().data)
    assert listeners() == []


def test_blocks_nest_and_recordings_go_on_within():
    with detect_anomaly():
        with detect_anomaly():
            assert (Value(2.0) * 3.0).data == 6.0
        tape = Tape.record(lambda x: x.log(), 2.0)
        assert tape(2.0) == math.log(2.0)
        with pytest.raises(AnomalyError):
            Value(-1.0).log()


def test_what_it_is_given_and_left_without_being_entered():
    with pytest.raises(TypeError, match="takes nothing, got True: write `with detect_anomaly"):
        detect_anomaly(True)
    with pytest.raises(RuntimeError, match="left without having been entered"):
        detect_anomaly().__exit__(None, None, None)


def test_a_deep_graph():
    with detect_anomaly():
        x = y = Value(1.0)
        for _ in range(20_000):
            y = y * 1.0001
        y.backward()
        z = y - y.data
        begin = time.perf_counter()
        with pytest.raises(AnomalyError, match=r"sqrt\(0\), into -: inf \* 1 is inf"):
            z.sqrt().backward()
    assert time.perf_counter() - begin < 20.0  # a cliff: linear, or hours
    assert x.grad == pytest.approx(1.0001**20_000)


def test_it_holds_no_more_than_the_numbers_of_lines():
    with detect_anomaly():
        y = Value(1.0) * 2.0
        before = sys.getrefcount(y)
    assert sys.getrefcount(y) == before


def logs(x):
    y = x * 2.0
    z = y - 1.0
    return z.log() + y  # here: logs


def roots(x, y):
    z = x.sqrt()  # here: roots
    return z * y


def sample(x):
    return dot([x, x], [1.0, 2.0]).log()  # here: sample


@pytest.mark.parametrize(
    ("options", "args", "row"),
    [
        ({}, (0.25,), "logs, step 3: log(-0.5) gave nan"),
        ({"in_axes": 0}, (np.array([1.0, 2.0, 0.1, 0.2]),), "row 2 of logs, step 3: log(-0.8) gave nan"),
        ({"in_axes": 0, "reduce": "sum"}, (np.array([1.0, 0.5]),), "row 1 of logs, step 3: log(0) gave -inf"),
    ],
    ids=["alone", "batch", "sum"],
)
@pytest.mark.parametrize("kind", ["__call__", "grad", "value_and_grad", "backward"])
@pytest.mark.parametrize("warm", [0, 1, 40])
def test_of_a_compiled_function_row_step_and_line(options, args, row, kind, warm):
    fast = compile(logs, **options)
    if kind == "backward" and options == {"in_axes": 0}:
        kind = "grad"  # a batch has many values
    ask = getattr(fast, kind)
    for _ in range(warm):
        ask(*args)
    before = ask(*args)
    with pytest.raises(AnomalyError) as caught, detect_anomaly():
        ask(*args)
    assert str(caught.value).startswith(f"{row}, and its operands are finite (")
    assert caught.value.where == f"{__file__}:{line_of('logs')}"
    np.testing.assert_equal(ask(*args), before)


def test_of_a_compiled_function_the_way_back():
    fast = compile(roots, in_axes=0)
    x, y = np.array([4.0, 0.0, 1.0]), np.array([1.0, 3.0, 1.0])
    with detect_anomaly():
        assert fast(x, y).tolist() == [2.0, 0.0, 1.0]
        with pytest.raises(AnomalyError) as caught:
            fast.grad(x, y)
    assert str(caught.value) == (
        f"row 1 of roots: backward through sqrt(0), into 0: inf * 3 is inf ({__file__}:{line_of('roots')}); "
        "it goes into the root by sqrt -> *"
    )
    assert fast.grad(x, y).tolist() == [0.25, math.inf, 0.5]


def test_of_a_compiled_function_that_is_given_values():
    x = Value(-1.0)
    fast = compile(sample)
    with pytest.raises(AnomalyError, match=r"^sample, step 2: log\(-3\) gave nan"), detect_anomaly():
        fast(x)
    with detect_anomaly():
        x.data = 2.0
        fast(x).backward()
    assert x.grad == 0.5


def test_answers_are_the_same_within_and_nothing_is_left():
    fast = compile(lambda x, y: x * y + (x if x > y else y), in_axes=0)
    x, y = np.array([1.0, 2.0, 3.0]), np.array([3.0, 2.0, 1.0])
    with detect_anomaly():
        found = fast(x, y), fast.grad(x, y)
    np.testing.assert_array_equal(found, (fast(x, y), fast.grad(x, y)))
    w = Value(2.0)
    captured = compile(lambda x: w * x)
    with detect_anomaly():
        captured.backward(3.0)
    assert w.grad == 3.0


def test_a_label_that_cannot_be_printed():
    class Mute(str):
        def __str__(self):
            raise RuntimeError("mute")

    x = Value(-1.0)
    vars(x)["label"] = Mute("x")
    with pytest.raises(AnomalyError, match=r"^log\(-1\) gave nan"), detect_anomaly():
        x.log()
    assert str(autograd.steps(x * 2.0)[1]) == "-1: grad 0 + 2 = 2"


def test_of_a_compiled_function_only_derivatives_that_are_asked_for():
    fast = compile(lambda w, x: w * x.sqrt())
    with detect_anomaly():
        assert fast.grad(2.0, 0.0) == 0.0
        with pytest.raises(AnomalyError, match=r"backward through sqrt\(0\), into 0: inf \* 2 is inf"):
            fast.grad(2.0, 0.0, argnums=1)
        w = Value(2.0)
        assert fast.backward(w, 0.0) == 0.0
        assert compile(lambda x: w * x.sqrt()).backward(0.0) == 0.0
    with_aux = compile(lambda x: (x * x, [(x * x).sqrt()]))
    with detect_anomaly():
        assert with_aux.value_and_grad(0.0, has_aux=True) == ((0.0, [0.0]), 0.0)


@pytest.mark.parametrize("compiled", [True, False])
def test_training_goes_on_where_only_a_slope_by_data_is_infinite(compiled):
    model = nn.MLP(2, [4, 1], rng=1)

    def rooted(x):
        return model([x[0] ** 0.5, x[1]])

    xs, ys = [[0.0, 1.0], [1.0, 2.0], [0.0, 0.5], [2.0, 1.0], [1.0, 1.0]], [1.0, 2.0, 3.0, 0.5, 1.0]
    with detect_anomaly():
        history = nn.fit(
            rooted, (xs, ys), loss=nn.mse, optimizer=nn.SGD(model.parameters(), 0.01), epochs=2, batch_size=2, seed=1,
            compiled=compiled, progress=False,
        )  # fmt: skip
    assert (history.epochs, history.why) == (2, "")


def test_training_raises_it_compiled_too():
    model = nn.MLP(1, [2, 1], rng=1)

    def astray(x):
        return (model(x) * 0.0 + x[0] - 1.0).log()  # here: astray

    with pytest.raises(AnomalyError) as caught, detect_anomaly():
        nn.fit(
            astray, ([[2.0], [0.5]], [1.0, 1.0]), loss=nn.mse, optimizer=nn.SGD(model.parameters(), 0.01), epochs=1,
            progress=False, seed=1,
        )  # fmt: skip
    assert caught.value.where == f"{__file__}:{line_of('astray')}"


@pytest.mark.parametrize(
    "make",
    [
        lambda w: w * math.inf,
        lambda w: (w * math.inf).tanh(),
        lambda w: w * Value(math.nan) + w,
        lambda w: autograd.sum([w, math.inf]) * w,
    ],
)
def test_backward_too_what_came_in_is_nobody_s_fault(make):
    w = Value(2.0)
    with detect_anomaly():
        make(w).backward()
    assert not math.isfinite(w.grad)


def test_a_line_is_never_that_of_a_node_that_is_no_more():
    with detect_anomaly():
        x, made = Value(0.0), []
        kept = [x + 1.0 for _ in range(40)]
        del kept
        thread = threading.Thread(target=lambda: made.extend(x.sqrt() for _ in range(60)))
        thread.start()
        thread.join()
        for y in made:
            with pytest.raises(AnomalyError) as caught:
                y.backward()
            assert caught.value.where == ""


def test_a_name_that_cannot_be_printed_is_none():
    class Mute:
        def __str__(self):
            raise RuntimeError("mute")

    with detect_anomaly():
        x = Value(1.0)
        Value(1.0, (x,), Mute(), local_grads=[1.0]).backward()
        with pytest.raises(AnomalyError, match=r"^a rule of your own\(1\) gave inf"):
            Value(math.inf, (x,), Mute(), local_grads=[1.0])
    assert x.grad == 1.0
