"""Scores: by hand, against scikit-learn, and what is refused."""

import math
import warnings

import numpy as np
import pytest
import sklearn.metrics as judge
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import Value
from nn import auc
from nn.metrics import log_loss, top_k_accuracy
from tests.sizes import some

pytestmark = pytest.mark.any_build
quick = settings(max_examples=some(40), deadline=None)

KINDS = {2: [[0, 1], [-1, 1], ["no", "yes"]], 3: [[0, 1, 2], ["ape", "cat", "dog"]], 4: [[3, 5, 7, 11], list("abcd")]}
few = st.sampled_from([-2.0, 0.0, 0.25, 0.5, 1.0, 3.0])  # many ties
numbers = few | st.floats(-1e6, 1e6)


@st.composite
def scored(draw, classes, number=numbers):
    """Labels of which any may be missing, a row of scores for each, and the kinds there are."""
    kinds, n = draw(st.sampled_from(KINDS[classes])), draw(st.integers(1, 25))
    true = draw(st.lists(st.sampled_from(kinds), min_size=n, max_size=n))
    rows = draw(st.lists(st.lists(number, min_size=classes, max_size=classes), min_size=n, max_size=n))
    return true, rows, kinds


def judged(function, *arguments, **options):
    """What scikit-learn says, without its warnings."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return function(*arguments, **options)


def softmax(rows):
    powers = np.exp(np.array(rows) - np.max(rows, axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


# --- by hand ---------------------------------------------------------------------------------------------------------


def test_auc_counts_pairs_and_half_of_the_ties():
    assert auc([0, 0, 1, 1], [1.0, 2.0, 2.0, 3.0]) == 3.5 / 4
    assert auc(["b", "a", "a"], [1.0, 1.0, 1.0]) == 0.5
    assert auc([0, 1], [3.0, 2.0]) == 0.0
    assert auc([0, 1], [3.0, 2.0], positive=0) == 1.0
    assert auc([0, 1, 1], [-math.inf, 0.0, math.inf]) == 1.0


@pytest.mark.parametrize("true", [[0, 0], [1, 1], ["a", "a"]])
def test_auc_of_one_class_is_nan(true):
    assert math.isnan(auc(true, [0.1, 0.7]))
    assert math.isnan(auc(true, [0.1, 0.7], positive="b" if "a" in true else 7))


def test_auc_of_two_columns():
    """Of probabilities the second, where a difference would be rounded to a tie; of logits the difference."""
    assert auc([0, 1], [[1.0, 1e-20], [1.0, 1e-18]]) == 1.0
    assert auc([0, 1], [[5.0, 3.0], [0.0, 1.0]]) == 1.0
    assert auc([0, 1], [[5.0, 3.0], [0.0, 1.0]], positive=0) == 1.0  # of the other column, for the other class
    assert auc([0, 1], [[5.0, 3.0], [0.0, 1.0]], labels=[1, 0]) == 0.0  # the first column is that of 1
    assert auc([1, 0], np.array([[0.9], [0.1]])) == 1.0


def test_a_class_that_is_missing_keeps_its_column():
    """A small validation set need not have all of the classes."""
    rows = [[0.7, 0.2, 0.1], [0.1, 0.2, 0.7], [0.2, 0.2, 0.6]]
    first, second, third = auc([0, 2, 2], rows, average=None)
    assert (first, third) == (1.0, 1.0)
    assert math.isnan(second)
    assert math.isnan(auc([0, 2, 2], rows))
    assert auc([0, 2, 2], rows, average="weighted") == 1.0
    assert top_k_accuracy([2, 2, 0], rows, k=1) == 1 / 3
    assert log_loss([0, 2, 2], rows) == pytest.approx(-math.log(0.7 * 0.7 * 0.6) / 3, abs=1e-15)


def test_top_k_by_hand():
    rows = [[0.5, 0.3, 0.2], [0.5, 0.3, 0.2], [0.4, 0.2, 0.4]]
    assert [top_k_accuracy([1, 2, 0], rows, k) for k in (1, 2, 3, 9)] == [0.0, 2 / 3, 1.0, 1.0]
    assert top_k_accuracy([0, 0, 2], rows, labels=[2, 1, 0], k=1) == 0.0


def test_values_are_taken_for_their_numbers():
    assert auc([0, 1, 1], [Value(0.1), Value(0.7), 0.05]) == 0.5
    assert top_k_accuracy(["a", "b"], [[Value(2.0), Value(1.0)], [0.0, Value(1.0)]], k=1) == 1.0


# --- against scikit-learn --------------------------------------------------------------------------------------------


@quick
@given(scored(2))
def test_auc_of_one_score(case):
    true, rows, kinds = case
    scores = [row[0] for row in rows]
    if len(set(true)) == 2:
        expected = judged(judge.roc_auc_score, true, scores)
        assert auc(true, scores) == pytest.approx(expected, abs=1e-12)
        assert auc(np.array(true), np.array(scores), positive=kinds[0]) == pytest.approx(1 - expected, abs=1e-12)
    else:
        assert math.isnan(auc(true, scores))


@pytest.mark.parametrize("average", ["macro", "micro", "weighted", None])
@quick
@given(st.sampled_from([3, 4]).flatmap(lambda n: scored(n, few)))
def test_auc_of_several_classes(average, case):
    true, rows, kinds = case
    shares = softmax(rows)  # scikit-learn takes nothing else
    if len(set(true)) == 1:  # there it would be another case
        return
    found = auc(true, shares, average=average, labels=kinds)
    expected = judged(judge.roc_auc_score, true, shares, multi_class="ovr", average=average, labels=kinds)
    assert found == pytest.approx(expected if average else expected.tolist(), abs=1e-12, nan_ok=True)
    if set(true) == set(kinds):
        assert found == auc(true, shares, average=average)


@pytest.mark.parametrize("k", [1, 2, 3, 5])
@quick
@given(st.sampled_from([3, 4]).flatmap(scored))
def test_top_k_accuracy(k, case):
    true, rows, kinds = case
    expected = judged(judge.top_k_accuracy_score, true, rows, k=k, labels=kinds)
    assert top_k_accuracy(true, rows, k, labels=kinds) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("k", [1, 2])
@quick
@given(scored(2))
def test_top_k_accuracy_of_one_score(k, case):
    true, rows, kinds = case
    scores = [row[0] for row in rows]
    expected = judged(judge.top_k_accuracy_score, true, scores, k=k, labels=kinds)
    assert top_k_accuracy(true, scores, k, labels=kinds) == pytest.approx(expected, abs=1e-12)


@quick
@given(st.sampled_from([2, 3, 4]).flatmap(lambda n: scored(n, few | st.floats(-800, 800))))
def test_log_loss(case):
    true, rows, kinds = case
    shares = softmax(rows)  # some of them 0 and 1
    expected = judged(judge.log_loss, true, shares, labels=kinds)
    assert log_loss(true, shares, labels=kinds) == pytest.approx(expected, rel=1e-12, abs=1e-12)
    if len(kinds) == 2:
        expected = judged(judge.log_loss, true, shares[:, 1], labels=kinds)
        assert log_loss(true, shares[:, 1].tolist(), labels=kinds) == pytest.approx(expected, rel=1e-12, abs=1e-12)


# --- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("metric", [auc, top_k_accuracy, log_loss], ids=lambda f: f.__name__)
@pytest.mark.parametrize(
    ("true", "scores", "error", "words"),
    [
        ([0, 1], [0.5], ValueError, "2 true labels but 1 scores"),
        ([0, 1], [[0.5, 0.5]], ValueError, "2 true labels but 1 rows of scores"),
        ([], [], ValueError, "no true labels"),
        ([0, 1, 2], [0.1, 0.5, 0.2], ValueError, r"one score per sample tells two labels apart, not \[0, 1, 2\]"),
        ([0, 1], [0.1, float("nan")], ValueError, "sample 1 is nan: expected a number"),
        ([0, 1], [0.1, None], TypeError, "expected numbers, got NoneType None among them"),
        ([0, 1], [0.1, "0.5"], TypeError, "expected numbers, got str '0.5' among them"),
        ([0, 1], "ab", TypeError, "expected numbers, got str 'ab'"),
        ([0, 1], [[0.1, 0.9], [0.5]], ValueError, "expected as many numbers for each sample"),
        ([0, 5], [[0.1, 0.8, 0.1]] * 2, ValueError, r"3 scores per sample but 2 labels, \[0, 5\]: labels= says which"),
        ([0, -1], [[0.1, 0.8, 0.1]] * 2, ValueError, r"3 scores per sample but 2 labels, \[-1, 0\]"),
        (["a", "b"], [[0.1, 0.8, 0.1]] * 2, ValueError, "3 scores per sample but 2 labels"),
        ([math.inf, 1.5], [[0.1, 0.8, 0.1]] * 2, ValueError, "3 scores per sample but 2 labels"),
        ([0, None], [0.1, 0.5], TypeError, "true: label 1 is NoneType None"),
        ([0, 1], np.zeros((2, 2, 2)), ValueError, r"a number or a row of them per sample, got an array of shape"),
        ([0, 1], np.zeros((2, 0)), ValueError, r"a number or a row of them per sample, got an array of shape"),
    ],
)  # fmt: skip
def test_wrong_scores(metric, true, scores, error, words):
    with pytest.raises(error, match=f"^{metric.__name__}: .*{words}"):
        metric(true, scores)


def test_wrong_options():
    rows = [[0.1, 0.8, 0.1], [0.3, 0.3, 0.4], [0.6, 0.2, 0.2]]
    with pytest.raises(ValueError, match="auc: average is 'makro': did you mean 'macro'"):
        auc([0, 1, 2], rows, average="makro")
    with pytest.raises(ValueError, match="auc: positive is for two classes, there are 3"):
        auc([0, 1, 2], rows, positive=1)
    with pytest.raises(ValueError, match=r"auc: positive is 7; the labels are \[0, 1\]"):
        auc([0, 1], [0.1, 0.2], positive=7)
    with pytest.raises(ValueError, match=r"auc: positive is 7; the labels are \[0, 1\]"):
        auc([0, 1], [[0.1, 0.9], [0.2, 0.8]], positive=7)
    with pytest.raises(ValueError, match=r"auc: label 2, 2, is none of the labels \[0, 1, 3\]"):
        auc([0, 1, 2], rows, labels=[0, 1, 3])
    with pytest.raises(ValueError, match="top_k_accuracy: k: expected 1 or more, got 0"):
        top_k_accuracy([0, 1, 2], rows, 0)
    with pytest.raises(TypeError, match=r"top_k_accuracy: k: expected a whole number, got float 1\.5"):
        top_k_accuracy([0, 1, 2], rows, 1.5)
    with pytest.raises(ValueError, match=r"log_loss: probabilities: sample 1 is 1\.5: expected a number from 0 to 1"):
        log_loss([0, 1], [0.5, 1.5])
    with pytest.raises(ValueError, match=r"log_loss: probabilities: sample 0 is -2\.0: expected a number from 0 to 1"):
        log_loss([0, 1], [[-2.0, 3.0], [0.5, 0.5]])
