"""Losses of probabilities: against torch and mpmath, at 0 and 1, in the tails, and what they refuse."""

import math

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import Value, compile
from nn.losses.probabilities import binary_cross_entropy, binary_cross_entropy_with_logits, kl_divergence
from tests.nn.losses.oracle import agree, tensor
from tests.sizes import some

finite, unit = st.floats(-50, 50), st.floats(0, 1)
inside = st.floats(1e-9, 1 - 1e-9)


def table(each, n, k=2):
    return st.lists(st.lists(each, min_size=k, max_size=k), min_size=n, max_size=n)


@pytest.mark.filterwarnings("ignore:reduction. 'mean' divides")  # torch would rather have kl_div's be batchmean
@pytest.mark.parametrize("reduction", ["mean", "sum"])
@settings(max_examples=some(20), deadline=None)
@given(data=st.data())
def test_values_and_slopes_are_those_of_torch(reduction, data):
    torch = pytest.importorskip("torch").nn.functional
    n = data.draw(st.integers(1, 3))
    x, p, soft = (data.draw(table(each, n)) for each in (finite, inside, unit))
    hard = data.draw(table(st.sampled_from([0.0, 1.0]), n))
    for y in (hard, soft):
        for weight in (None, 3.0, [0.5, 2.0]):
            agree(
                lambda a, b, w=weight: binary_cross_entropy_with_logits(a, b, pos_weight=w, reduction=reduction),
                lambda a, b, w=weight: torch.binary_cross_entropy_with_logits(
                    a, b, pos_weight=None if w is None else tensor(w), reduction=reduction
                ),
                x,
                y,
            )
        agree(
            lambda a, b: binary_cross_entropy(a, b, reduction=reduction),
            lambda a, b: torch.binary_cross_entropy(a, b, reduction=reduction),
            p,
            y,
            slopes=1,
        )
    logs = [[math.log(a) for a in row] for row in p]
    agree(
        lambda a, b: kl_divergence(a, b, reduction=reduction),
        lambda a, b: torch.kl_div(a, b, reduction=reduction),
        logs,
        soft,
        slopes=1,
    )
    agree(
        lambda a, b: kl_divergence(a, b, log_target=True, reduction=reduction),
        lambda a, b: torch.kl_div(a, b, log_target=True, reduction=reduction),
        logs,
        x if max(map(max, x)) < 5 else logs,
    )


@pytest.mark.parametrize("label", [0.0, 1.0, 0.3])
@pytest.mark.parametrize("p", [0.0, 1.0, 1e-300, 1e-13, 1e-12, 1.0 - 1e-13, 5e-324, 0.5])
def test_slopes_at_the_ends_are_those_of_torch(p, label):
    torch = pytest.importorskip("torch").nn.functional
    agree(lambda a, b: binary_cross_entropy(a, b), torch.binary_cross_entropy, [p], [label], slopes=1)


def test_a_probability_of_0_for_what_happened_is_led_away_from_there():
    for p, label, sign in ((0.0, 1, -1.0), (1.0, 0, 1.0)):
        for y in (label, Value(label)):
            x = Value(p)
            loss = binary_cross_entropy([x], [y])
            loss.backward()
            assert loss.data == 100.0
            assert x.grad == pytest.approx(sign * 1e12, rel=1e-8)
    assert binary_cross_entropy([0.0, 1.0], [0, 1]) == 0.0


@pytest.mark.parametrize("label", [0, 1])
@pytest.mark.parametrize("logit", [0.0, 40.0, -40.0, 700.0, -700.0, 800.0, 1e308])
def test_logits_are_exact_in_both_tails(logit, label):
    for y in (label, Value(label)):
        x = Value(logit)
        loss = binary_cross_entropy_with_logits([x], [y])
        loss.backward()
        with mpmath.workdps(400):
            away = mpmath.mpf(-logit if label else logit)
            exact = away if away > 1e4 else mpmath.log1p(mpmath.exp(away)) if away > -1e4 else mpmath.mpf(0)
            slope = 1 if away > 1e4 else mpmath.exp(away) / (1 + mpmath.exp(away)) if away > -1e4 else mpmath.mpf(0)
            assert loss.data == pytest.approx(float(exact), rel=1e-14, abs=1e-320)
            assert x.grad == pytest.approx(float(-slope if label else slope), rel=1e-14, abs=1e-320)


def test_labels_that_are_values_and_bools():
    x = [0.5, -2.0, 3.0]
    expected = binary_cross_entropy_with_logits(x, [1, 0, 1], pos_weight=2.0)
    assert binary_cross_entropy_with_logits(x, [True, False, np.True_], pos_weight=2.0) == expected
    found = binary_cross_entropy_with_logits(x, [Value(1), Value(0), Value(1)], pos_weight=2.0)
    assert found.data == pytest.approx(expected, rel=1e-15)


def test_one_tape_serves_every_label():
    x, y = np.array([0.25, 0.5, 0.75, 0.0]), np.array([0.0, 1.0, 0.25, 1.0])
    for loss in (binary_cross_entropy_with_logits, binary_cross_entropy, kl_divergence):
        f = compile(lambda s, t, loss=loss: loss([s], [t]), in_axes=0)
        expected = [loss([a], [b]) for a, b in zip(x.tolist(), y.tolist(), strict=True)]
        assert f(x, y).tolist() == pytest.approx(expected, rel=1e-13)
        assert len(f.tapes) == 1
        assert not f.tapes[0].guards


def test_batchmean_is_the_mean_divergence():
    p, q = [[0.25, 0.75], [0.5, 0.5]], [[0.5, 0.5], [1.0, 0.0]]
    logs = [[math.log(a) for a in row] for row in p]
    exact = sum(
        b * math.log(b / a) for row, other in zip(p, q, strict=True) for a, b in zip(row, other, strict=True) if b
    )
    assert kl_divergence(logs, q, reduction="batchmean") == pytest.approx(exact / 2, rel=1e-14)
    assert kl_divergence(logs, q) == pytest.approx(exact / 4, rel=1e-14)
    assert kl_divergence([[-math.inf, 0.0]], [[0.0, 1.0]]) == 0.0
    assert kl_divergence.terms(logs[0], q[0], reduction="batchmean")[1] == 1.0
    assert kl_divergence.terms(logs[0], q[0])[1] == 2.0


def test_unreduced_losses_come_as_the_scores_did():
    found = binary_cross_entropy_with_logits([[0.0, 1.0]], [[1, 0]], reduction="none")
    assert found == [[binary_cross_entropy_with_logits([0.0], [1]), binary_cross_entropy_with_logits([1.0], [0])]]
    assert kl_divergence([[0.0, 1.0]], [[1.0, 0.0]], reduction="none") == [[0.0, 0.0]]
    assert binary_cross_entropy([0.5], [1], reduction="none") == [pytest.approx(math.log(2))]


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: binary_cross_entropy_with_logits([1.0], [-1]),
            ValueError,
            r"label 0 is -1; .* take \(1 \+ label\) / 2",
        ),
        (lambda: binary_cross_entropy_with_logits([1.0, 1.0], [0, 2]), ValueError, "label 1 is 2; it is a probability"),
        (lambda: binary_cross_entropy_with_logits([1.0], [math.nan]), ValueError, "label 0 is nan"),
        (lambda: binary_cross_entropy_with_logits([[1.0, 2.0]], [1]), ValueError, "has 2 logits but 1 label"),
        (
            lambda: binary_cross_entropy_with_logits([1.0], ["yes"]),
            TypeError,
            "expected one number per sample, got str",
        ),
        (lambda: binary_cross_entropy_with_logits([1.0], [1], pos_weight=-1.0), ValueError, "a weight is not negative"),
        (
            lambda: binary_cross_entropy_with_logits([1.0], [1], pos_weight=[1.0, 2.0]),
            ValueError,
            "pos_weight has 2 numbers; sample 0 has 1",
        ),
        (
            lambda: binary_cross_entropy_with_logits([1.0], [1], pos_weight=[]),
            ValueError,
            "pos_weight has no numbers",
        ),
        (lambda: binary_cross_entropy([0.5, 1.2], [1, 1]), ValueError, r"probability 1 is 1\.2; .*_with_logits"),
        (lambda: binary_cross_entropy([math.nan], [1]), ValueError, "probability 0 is nan"),
        (lambda: binary_cross_entropy([0.5], [1.5]), ValueError, r"label 0 is 1\.5"),
        (lambda: kl_divergence([[-1.0]], [[-0.5]]), ValueError, r"target 0 is -0\.5; it is a probability"),
        (lambda: kl_divergence([[-1.0]], [[0.5]], reduction="batch"), ValueError, "did you mean 'batchmean'"),
    ],
)
def test_what_is_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()
