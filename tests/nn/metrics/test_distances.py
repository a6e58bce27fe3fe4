"""Predicted numbers: by hand, against scikit-learn, and what is refused."""

import math
import warnings

import numpy as np
import pytest
import sklearn.metrics as judge
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from autograd import Value
from nn import metrics, r2
from nn.metrics import mae, max_error, mse, rmse
from tests.sizes import some

pytestmark = pytest.mark.any_build
quick = settings(max_examples=some(60), deadline=None)
number = st.sampled_from([0.0, 1.0, 2.0]) | st.floats(-1e6, 1e6).map(lambda x: round(x, 6))


@st.composite
def pairs(draw):
    """Numbers and predictions of them, one per sample or several."""
    n, width = draw(st.integers(2, 20)), draw(st.integers(1, 3))
    rows = st.lists(st.lists(number, min_size=width, max_size=width), min_size=n, max_size=n)
    true = draw(rows)
    predicted = draw(rows | st.just(true))
    return ([row[0] for row in true], [row[0] for row in predicted]) if width == 1 else (true, predicted)


PAIRS = [(mae, judge.mean_absolute_error), (mse, judge.mean_squared_error), (rmse, judge.root_mean_squared_error)]


@pytest.mark.parametrize(("metric", "theirs"), PAIRS, ids=lambda f: f.__name__)
@quick
@given(pairs(), st.sampled_from([list, np.array]))
def test_distances(metric, theirs, case, form):
    true, predicted = case
    assert metric(form(true), form(predicted)) == pytest.approx(theirs(true, predicted), rel=1e-12, abs=1e-12)


@quick
@given(pairs())
def test_r2(case):
    true, predicted = case
    columns = np.array(true).reshape(len(true), -1)
    for column in columns.T:  # where scikit-learn divides by the rounding of a mean of equal numbers
        assume(np.ptp(column) > 1e-3 or (column == np.round(column)).all())
    expected = judge.r2_score(true, predicted)
    assert r2(true, predicted) == pytest.approx(expected, rel=1e-12, abs=1e-12)


@quick
@given(st.lists(st.tuples(number, number), min_size=1, max_size=20))
def test_max_error(rows):
    true, predicted = zip(*rows, strict=True)
    assert max_error(true, predicted) == pytest.approx(judge.max_error(true, predicted), rel=1e-12)


def test_by_hand():
    assert r2([1.0, 2.0, 3.0], [1.0, 2.0, 5.0]) == 1 - 4 / 2
    assert mae([1.0, 2.0], [0.0, 4.0]) == 1.5
    assert mse([1.0, 2.0], [0.0, 4.0]) == 2.5
    assert rmse([1.0, 2.0], [4.0, -1.0]) == 3.0
    assert rmse([[0.0, 0.0], [0.0, 0.0]], [[1.0, 3.0], [1.0, 3.0]]) == 2.0  # of two columns, the mean of 1 and 3
    assert max_error([1.0, 2.0], [0.0, 4.0]) == 2.0
    assert r2([[1, 5], [2, 5]], [[1, 5], [2, 6]]) == 0.5  # 1 of the first, 0 of the constant one


@pytest.mark.parametrize("x", [0.0, 2.0, 0.1, 1e300])
def test_r2_of_constant_targets(x):
    """Also where the mean of equal numbers is rounded, as of 0.1 three times."""
    assert r2([x] * 3, [x] * 3) == 1.0
    assert r2([x] * 3, [x, x, x * 1.5 + 1.0]) == 0.0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert math.isnan(r2([x], [x]))


def test_values_and_outputs_of_one_number_are_numbers():
    outputs = [[Value(1.0)], [Value(2.0)], [Value(2.5)]]
    assert r2([1, 2, 3], outputs) == r2([1, 2, 3], [1.0, 2.0, 2.5]) == 0.875
    assert mae([1, 2], [Value(1.5), 2]) == 0.25
    assert all(isinstance(metric([1, 2], [1, 2]), float) for metric in (r2, mae, mse, rmse, max_error))


def test_numbers_too_large_to_be_squared():
    assert mse([1e200], [-1e200]) == math.inf
    assert rmse([1e200], [-1e200]) == math.inf


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_columns_of_tables(library):
    tables = pytest.importorskip(library)
    assert mae(tables.Series([1.0, 2.0]), [1.5, 2.5]) == 0.5
    table = tables.DataFrame({"a": [1.0, 2.0], "b": [3, 4]})
    assert mse(table, [[1.0, 3.0], [2.0, 6.0]]) == 1.0


def test_the_losses_keep_their_names():
    import nn

    assert nn.mse is not metrics.mse
    assert isinstance(nn.mse([Value(1.0)], [2.0]), Value)
    assert metrics.mse([Value(1.0)], [2.0]) == 1.0


@pytest.mark.parametrize("metric", [r2, mae, mse, rmse, max_error], ids=lambda f: f.__name__)
@pytest.mark.parametrize(
    ("true", "predicted", "error", "words"),
    [
        ([1.0, 2.0], [1.0], ValueError, "2 true numbers but 1 predicted numbers"),
        ([], [], ValueError, "no true numbers"),
        ([[1.0, 2.0]], [1.0], ValueError, r"2 true number\(s\) per sample but one predicted"),
        ([[1.0, 2.0]], [[1.0, 2.0, 3.0]], ValueError, r"2 true number\(s\) per sample but 3 predicted"),
        ([1.0, 2.0], [1.0, math.nan], ValueError, "predicted: sample 1 is nan: expected a number"),
        ([1.0, math.inf], [1.0, 2.0], ValueError, "true: sample 1 is infinite"),
        ([1.0, "2"], [1.0, 2.0], TypeError, "true: expected numbers, got str '2' among them"),
        ([1.0, None], [1.0, 2.0], TypeError, "true: expected numbers, got NoneType None among them"),
        ([1.0, 1j], [1.0, 2.0], TypeError, "true: expected numbers, got complex 1j among them"),
        ("12", [1.0, 2.0], TypeError, "true: expected numbers, got str '12'"),
        ([1.0, [2.0]], [1.0, 2.0], ValueError, "true: expected as many numbers for each sample"),
        (3.0, [1.0], TypeError, "true: expected a list, got float"),
        (np.zeros((1, 2, 2)), [1.0], ValueError, r"true: .* got an array of shape \(1, 2, 2\)"),
    ],
)
def test_wrong_numbers(metric, true, predicted, error, words):
    with pytest.raises(error, match=f"^{metric.__name__}: .*{words}"):
        metric(true, predicted)
