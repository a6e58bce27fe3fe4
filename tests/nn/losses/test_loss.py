"""What all losses promise: that they are sums over samples, that they stay functions, that one tape serves all."""

import inspect
import pickle
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nn
from autograd import Value, compile
from nn.losses.loss import Pairs, additive, as_reduction, count, parts_of
from nn.losses.naming import LOSSES
from tests.nn.losses.oracle import flat, values
from tests.sizes import some

finite, unit = st.floats(-20, 20), st.floats(0.01, 0.99)
signs, bits, positive = st.sampled_from([-1.0, 1.0]), st.sampled_from([0.0, 1.0]), st.floats(0.1, 20)


def rows(each, k=3):
    return st.lists(each, min_size=k, max_size=k)


SAMPLES = {
    "mse": (rows(finite), rows(finite)),
    "mae": (rows(finite), rows(finite)),
    "huber": (rows(finite), rows(finite)),
    "smooth_l1": (rows(finite), rows(finite)),
    "log_cosh": (rows(finite), rows(finite)),
    "hinge": (rows(finite), rows(signs)),
    "squared_hinge": (rows(finite), rows(signs)),
    "cross_entropy": (rows(finite), st.integers(0, 2)),
    "nll": (rows(finite), st.integers(0, 2)),
    "binary_cross_entropy": (rows(unit), rows(bits)),
    "binary_cross_entropy_with_logits": (rows(finite), rows(unit)),
    "kl_divergence": (rows(finite), rows(unit)),
    "poisson_nll": (rows(finite), rows(st.integers(0, 9))),
    "gaussian_nll": (rows(positive, 6), rows(finite)),
}
OPTIONS = {
    "huber": {"delta": 3.0},
    "smooth_l1": {"beta": 0.5},
    "cross_entropy": {"weight": [1.0, 2.0, 0.5], "label_smoothing": 0.1, "ignore_index": 7},
    "nll": {"weight": [1.0, 2.0, 0.5]},
    "binary_cross_entropy_with_logits": {"pos_weight": [1.0, 2.0, 0.5]},
    "kl_divergence": {"reduction": "batchmean"},
    "poisson_nll": {"full": True},
    "gaussian_nll": {"full": True},
}
CASES = [(name, options) for name in LOSSES for options in ({}, OPTIONS.get(name)) if options is not None]


def test_there_is_a_case_for_every_loss():
    assert set(SAMPLES) == set(LOSSES)


@pytest.mark.parametrize(("name", "options"), CASES)
@settings(max_examples=some(10), deadline=None)
@given(data=st.data())
def test_a_loss_is_the_sum_of_its_terms(name, options, data):
    batch = data.draw(st.lists(st.tuples(*SAMPLES[name]), min_size=1, max_size=4))
    scores, targets = (list(column) for column in zip(*batch, strict=True))
    for reduction in (options.get("reduction", "mean"), "sum"):
        loss = partial(LOSSES[name], **{**options, "reduction": reduction})
        parts = parts_of(loss)
        for wanted in (targets, values(targets)):
            ours, theirs = values(scores), values(scores)
            terms = [parts.terms(s, t) for s, t in zip(ours, wanted, strict=True)]
            total = sum(t for t, _ in terms)
            if parts.mean:
                total = total / sum(w for _, w in terms)
            expected = loss(theirs, targets)
            assert total.data == pytest.approx(expected.data, rel=1e-12, abs=1e-12)
            total.backward()
            expected.backward()
            slopes = [v.grad for v in flat(theirs)]
            assert [v.grad for v in flat(ours)] == pytest.approx(slopes, rel=1e-11, abs=1e-12)


@pytest.mark.parametrize("name", [name for name in LOSSES if name != "cross_entropy"])  # in test_classification.py
def test_one_tape_serves_every_sample_and_target(name):
    drawn = np.random.default_rng(1).uniform(0.1, 0.9, (5, 6 if name == "gaussian_nll" else 3))
    targets = np.arange(5) % 3 if name == "nll" else np.array([[0.0, 1.0, 1.0]] * 5)
    if "hinge" in name:
        targets = 2.0 * targets - 1.0
    f = compile(lambda row, y: LOSSES[name].terms(list(row), y)[0], in_axes=0)
    expected = [LOSSES[name].terms(s, t)[0] for s, t in zip(drawn.tolist(), targets.tolist(), strict=True)]
    assert f(drawn, targets).tolist() == pytest.approx(expected, rel=1e-13, abs=1e-15)
    assert len(f.tapes) == 1
    assert not f.tapes[0].guards


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_stays_a_function(name):
    loss = LOSSES[name]
    assert inspect.isfunction(loss)
    assert loss.__name__ == name
    assert pickle.loads(pickle.dumps(loss)) is loss
    assert pickle.loads(pickle.dumps(partial(loss, reduction="sum"))).func is loss
    assert inspect.signature(loss).parameters["reduction"].default == "mean"


def test_parts_are_found_through_partials():
    inner = partial(nn.huber, delta=1.0, reduction="sum")
    outer = partial(inner, delta=2.0)
    outer.note = "a partial with attributes is not flattened into the next"
    parts = parts_of(partial(outer, reduction="mean"))
    assert parts.mean
    assert parts.terms([4.0, 0.0], [0.0, 0.0]) == (6.0, 2.0)
    assert parts_of(partial(nn.mse, [1.0])) is None
    assert parts_of(partial(nn.mse, reduction="none")) is None
    assert parts_of(partial(nn.mse, reduction="means")) is None  # the loss itself says what is wrong
    assert parts_of(lambda scores, labels: 0.0) is None
    assert parts_of(None) is None


def test_a_loss_of_ones_own_says_its_terms():
    @additive(lambda score, target: ((score - target) ** 4, 2.0))
    def quartic(scores, targets):
        raise NotImplementedError

    assert parts_of(quartic).terms(3.0, 1.0) == (16.0, 2.0)


def test_numbers_are_named_by_their_sample():
    pairs = Pairs("mse", [1.0, [2.0, 3.0], [[4.0]]], [0.0, [0.5, 0.25], 1.0])
    assert [pairs.name(k) for k in range(4)] == ["0", "0 of sample 1", "1 of sample 1", "2"]
    with pytest.raises(IndexError):
        pairs.name(4)
    assert pairs.left == [1.0, 2.0, 3.0, 4.0]
    assert count([1.0, [2.0, (3.0, 4.0)], np.ones((2, 2))]) == 8


def test_scores_of_the_caller_are_left_alone():
    scores, labels = [Value(1.0), 2, 0.5], [1, 1, -1]
    nn.hinge(scores, labels)
    nn.mse(scores, labels)
    assert [type(x) for x in scores] == [Value, int, float]
    assert labels == [1, 1, -1]


def test_reductions_are_named():
    assert as_reduction("none", "mse") == "none"
    with pytest.raises(ValueError, match=r"mse: reduction is 'Mean'; it is one of .*: did you mean 'mean'"):
        as_reduction("Mean", "mse")
    with pytest.raises(ValueError, match=r"mse: reduction is 3; it is one of 'mean', 'sum', 'none'$"):
        as_reduction(3, "mse")
