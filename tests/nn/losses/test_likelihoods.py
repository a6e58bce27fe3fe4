"""Losses of likelihoods: against torch, at the least variance, and what they refuse."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import Value
from nn.losses.likelihoods import gaussian_nll, poisson_nll
from tests.nn.losses.oracle import agree, values
from tests.sizes import some

finite, positive = st.floats(-20, 20), st.floats(1e-3, 20)
counts = st.integers(0, 9).map(float)


def table(each, n, k=2):
    return st.lists(st.lists(each, min_size=k, max_size=k), min_size=n, max_size=n)


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("reduction", ["mean", "sum"])
@settings(max_examples=some(20), deadline=None)
@given(data=st.data())
def test_values_and_slopes_are_those_of_torch(full, reduction, data):
    torch = pytest.importorskip("torch").nn.functional
    n = data.draw(st.integers(1, 3))
    x, rate, var, y = (data.draw(table(each, n)) for each in (finite, positive, positive, finite))
    t = data.draw(table(counts, n))
    for log_input, predictions in ((True, x), (False, rate)):
        agree(
            lambda a, b, o=log_input: poisson_nll(a, b, log_input=o, full=full, reduction=reduction),
            lambda a, b, o=log_input: torch.poisson_nll_loss(a, b, log_input=o, full=full, reduction=reduction),
            predictions,
            t,
            slopes=1,
        )
    agree(
        lambda a, v, b: gaussian_nll(a, b, v, full=full, reduction=reduction),
        lambda a, v, b: torch.gaussian_nll_loss(a, b, v, full=full, reduction=reduction),
        x,
        var,
        y,
    )


@pytest.mark.parametrize("var", [0.0, 1e-9, 1e-6, 1.0])
def test_the_least_variance_is_that_of_torch(var):
    torch = pytest.importorskip("torch").nn.functional
    agree(
        lambda a, v, b: gaussian_nll(a, b, v),
        lambda a, v, b: torch.gaussian_nll_loss(a, b, v),
        [0.5, 0.0],
        [var, 1.0],
        [0.25, 0.0],
    )


def test_variances_may_come_with_the_expected_values():
    x, v, y = [[1.0, -2.0], [0.5, 3.0]], [[0.5, 2.0], [1.0, 0.25]], [[0.0, 1.0], [0.5, -1.0]]
    expected = gaussian_nll(x, y, v)
    assert gaussian_nll([a + b for a, b in zip(x, v, strict=True)], y) == expected
    assert gaussian_nll([[1.0, 0.5], [2.0, 0.25]], [0.0, 1.0]) == gaussian_nll([1.0, 2.0], [0.0, 1.0], [0.5, 0.25])
    assert gaussian_nll.terms([*x[0], *v[0]], y[0]) == (gaussian_nll([x[0]], [y[0]], [v[0]], reduction="sum"), 2.0)
    one = Value(2.0)
    gaussian_nll(values(x), y, var=one).backward()
    squares = sum((a - b) ** 2 for r, s in zip(x, y, strict=True) for a, b in zip(r, s, strict=True))
    assert one.grad == pytest.approx(0.5 * (1 / 2.0 - squares / 4 / 4.0), rel=1e-14)


def test_targets_that_are_values_decide_nothing():
    for t in (0.0, 1.0, 4.0):
        found = poisson_nll(values([0.5]), values([t]), full=True)
        assert found.data == pytest.approx(poisson_nll([0.5], [t], full=True), rel=1e-15)
        found.backward()
    assert gaussian_nll(values([0.5]), values([1.0]), var=2.0).data == gaussian_nll([0.5], [1.0], var=2.0)


def test_tails_are_finite():
    assert poisson_nll([-1e4], [0]) == 0.0
    assert poisson_nll([0.0], [3], log_input=False) == pytest.approx(-3 * math.log(1e-8))
    assert gaussian_nll([1.0], [1.0], var=0.0) == pytest.approx(0.5 * math.log(1e-6))
    assert gaussian_nll([1e100], [0.0], var=1e200) == pytest.approx(0.5 * (math.log(1e200) + 1.0))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: poisson_nll([1.0, 1.0], [1, -1]), ValueError, r"target 1 is -1\.0; a count is not negative"),
        (lambda: poisson_nll([1.0], [1], eps=0.0), ValueError, r"poisson_nll: eps is 0\.0; it is above 0"),
        (lambda: poisson_nll([], []), ValueError, "poisson_nll: no predictions"),
        (lambda: gaussian_nll([], []), ValueError, "gaussian_nll: no predictions"),
        (lambda: gaussian_nll([1.0], [1.0]), ValueError, "sample 0 has one number: give as many variances after"),
        (lambda: gaussian_nll([[1.0, 1.0, 1.0]], [1.0]), ValueError, "sample 0 has 3 predictions: give as many"),
        (
            lambda: gaussian_nll([1.0], [1.0], var=-1.0),
            ValueError,
            r"variance of target 0 is -1\.0; it is not negative",
        ),
        (lambda: gaussian_nll([1.0], [1.0], var=math.nan), ValueError, "variance of target 0 is nan"),
        (lambda: gaussian_nll([1.0], [1.0], var=[1.0, 2.0]), ValueError, "2 variances but 1 targets"),
        (lambda: gaussian_nll([1.0], [1.0], var="1"), TypeError, "var: expected one number per sample, got str"),
        (lambda: gaussian_nll([1.0], [1.0], var=1.0, eps=-1), ValueError, "gaussian_nll: eps is -1"),
    ],
)
def test_what_is_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()
