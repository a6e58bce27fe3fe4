"""Losses of numbers: against torch and mpmath, in the tails, and what they refuse."""

import math

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import Value, grad
from nn.losses.regression import huber, log_cosh, mae, mse, smooth_l1
from tests.nn.losses.oracle import agree
from tests.sizes import some

ALL = [mse, mae, huber, smooth_l1, log_cosh]
finite = st.floats(-50, 50)


@pytest.mark.parametrize("outputs", [1, 3])
@pytest.mark.parametrize("reduction", ["mean", "sum"])
@settings(max_examples=some(15), deadline=None)
@given(data=st.data())
def test_values_and_slopes_are_those_of_torch(outputs, reduction, data):
    torch = pytest.importorskip("torch").nn.functional
    n = data.draw(st.integers(1, 4))
    each = finite if outputs == 1 else st.lists(finite, min_size=outputs, max_size=outputs)
    x, y = (data.draw(st.lists(each, min_size=n, max_size=n)) for _ in range(2))
    edge = data.draw(st.sampled_from([0.25, 1.0, 7.0]))
    for ours, theirs, options in [
        (mse, torch.mse_loss, {}),
        (mae, torch.l1_loss, {}),
        (huber, torch.huber_loss, {"delta": edge}),
        (smooth_l1, torch.smooth_l1_loss, {"beta": edge}),
        (smooth_l1, torch.smooth_l1_loss, {"beta": 0.0}),
    ]:
        agree(
            lambda p, t, f=ours, o=options: f(p, t, reduction=reduction, **o),
            lambda p, t, f=theirs, o=options: f(p, t, reduction=reduction, **o),
            x,
            y,
        )


@pytest.mark.parametrize("error", [0.0, 1.0, -1.0, 0.5, -3.0, 1e-9, 1e9, -1e150])
def test_edges_are_those_of_torch(error):
    torch = pytest.importorskip("torch").nn.functional
    agree(lambda p, t: huber(p, t), lambda p, t: torch.huber_loss(p, t), [error], [0.0])
    agree(lambda p, t: smooth_l1(p, t), lambda p, t: torch.smooth_l1_loss(p, t), [error], [0.0])
    agree(lambda p, t: mae(p, t), lambda p, t: torch.l1_loss(p, t), [error], [0.0])


@pytest.mark.parametrize("error", [0.0, 1e-12, -1e-5, 0.3, 0.999999, 1.0, -1.0000001, 3.0, -20.0, 400.0, 1e6, -1e300])
def test_log_cosh_is_exact_everywhere(error):
    x = Value(error)
    loss = log_cosh([x], [0.0])
    loss.backward()
    with mpmath.workdps(60):
        exact = abs(mpmath.mpf(error)) + mpmath.log1p(mpmath.exp(-2 * abs(mpmath.mpf(error)))) - mpmath.log(2)
        assert loss.data == pytest.approx(float(exact), rel=1e-14)
        assert x.grad == pytest.approx(float(mpmath.tanh(error)), rel=1e-14)


def test_the_second_slope_of_huber_is_that_of_its_parabola():
    for error, expected in ((0.5, 1.0), (-1.5, 1.0), (3.0, 0.0)):
        x = Value(error)
        slope = grad(huber([x], [0.0], delta=2.0), x, create_graph=True)
        assert grad(slope, x) == expected


@pytest.mark.parametrize("loss", ALL)
def test_single_and_several_outputs_are_alike(loss):
    x, y = [1.0, -2.0, 0.25, 4.0], [0.5, 0.0, 0.25, -1.0]
    whole = loss(x, y)
    assert loss([x], [y]) == whole
    assert loss([x[:2], x[2:]], [y[:2], y[2:]]) == whole
    assert loss([[x[:2]], [x[2:]]], [[y[:2]], [y[2:]]]) == whole  # sequences
    assert loss([[a] for a in x], y) == loss(x, [[b] for b in y]) == whole  # a list of one is its number
    assert loss(np.array([x[:2], x[2:]]), [np.array(y[:2]), tuple(y[2:])]) == whole
    rows = np.empty((2, 2), dtype=object)
    rows[:] = [[Value(a) for a in x[:2]], [Value(a) for a in x[2:]]]
    assert loss(rows, [y[:2], y[2:]]).data == pytest.approx(whole, rel=1e-15)
    assert loss(list(rows), [y[:2], y[2:]]).data == pytest.approx(whole, rel=1e-15)  # arrays, one per sample


@pytest.mark.parametrize("loss", ALL)
def test_unreduced_losses_come_as_the_scores_did(loss):
    x, y = [[1.0, -2.0], [0.25, 4.0]], [[0.5, 0.0], [0.25, -1.0]]
    found = loss(x, y, reduction="none")
    assert [len(row) for row in found] == [2, 2]
    assert sum(map(sum, found)) == pytest.approx(loss(x, y, reduction="sum"), rel=1e-15)
    assert loss([[1.0], [2.0]], [0.0, 0.0], reduction="none") == [loss([1.0], [0.0]), loss([2.0], [0.0])]
    assert [v.data for v in loss([Value(1.0)], [0.0], reduction="none")] == [loss([1.0], [0.0])]


@pytest.mark.parametrize("loss", ALL)
def test_numbers_of_any_type_give_a_float(loss):
    whole = loss([1.0, 0.0], [0.0, 1.0])
    assert type(whole) is float
    for x in ([1, 0], [True, False], np.array([1, 0]), [np.float32(1.0), np.int8(0)], np.array([1.0, 0.0], np.float32)):
        found = loss(x, [0, np.float64(1.0)])
        assert type(found) is float
        assert found == whole
    assert math.isnan(loss([math.nan], [0.0]))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda f: f([], []), ValueError, "no predictions: the mean over an empty batch is undefined"),
        (lambda f: f([1.0], []), ValueError, "1 predictions but 0 targets"),
        (lambda f: f([1.0, [1.0, 2.0]], [1.0, 2.0]), ValueError, "sample 1 has 2 predictions but 1 target: give one"),
        (lambda f: f([[1.0, 2.0]], [[1.0, 2.0, 3.0]]), ValueError, "sample 0 has 2 predictions but 3 targets"),
        (lambda f: f([1.0], [[1.0, 2.0]]), ValueError, "sample 0 has 1 prediction but 2 targets"),
        (lambda f: f([[]], [[]]), ValueError, "sample 0 has no predictions"),
        (lambda f: f(["1"], [1.0]), TypeError, "expected one number per sample, got str '1'"),
        (lambda f: f([1.0], [None]), TypeError, "expected one number per sample, got NoneType"),
        (lambda f: f([1.0], [1j]), TypeError, "expected a real number, got complex"),
        (lambda f: f([1.0], [object]), TypeError, "expected a real number, got type"),
        (lambda f: f([1.0], [1.0], reduction="avg"), ValueError, "reduction is 'avg'; it is one of 'mean', 'sum'"),
        (lambda f: f([1.0], [1.0], reduction="means"), ValueError, "did you mean 'mean'?"),
        (lambda f: f([1.0], [1.0], reduction=None), ValueError, "reduction is None"),
    ],
)
@pytest.mark.parametrize("loss", ALL)
def test_what_all_refuse(loss, call, error, message):
    with pytest.raises(error, match=message) as caught:
        call(loss)
    assert str(caught.value).startswith(f"{loss.__name__}: ")


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: huber([1.0], [1.0], delta=0.0), ValueError, r"huber: delta is 0\.0; it is above 0"),
        (lambda: huber([1.0], [1.0], delta=math.inf), ValueError, "huber: delta: expected a finite number"),
        (lambda: smooth_l1([1.0], [1.0], beta=-1.0), ValueError, r"smooth_l1: beta is -1\.0; it is not negative"),
        (lambda: smooth_l1([1.0], [1.0], beta="1"), TypeError, "smooth_l1: beta: expected a real number"),
    ],
)
def test_what_is_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()
