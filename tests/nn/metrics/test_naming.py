"""Metrics by their names, and their table."""

import pytest

import nn
from nn.metrics import METRICS, Metric, named

pytestmark = pytest.mark.any_build


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("accuracy", "accuracy"), ("Accuracy", "accuracy"), ("acc", "accuracy"), ("accuracy_score", "accuracy"),
        ("F1", "f1"), ("f1-score", "f1"), ("F-measure", "f1"), ("macro F1", "f1_macro"), ("f1_macro", "f1_macro"),
        ("Precision Weighted", "precision_weighted"), ("AUC", "auc"), ("ROC AUC", "auc"), ("roc_auc_score", "auc"),
        ("R²", "r2"), ("r2_score", "r2"), ("R squared", "r2"), ("MSE", "mse"), ("mean_squared_error", "mse"),
        ("MeanAbsoluteError", "mae"), ("rmse", "rmse"), ("confusion_matrix", "confusion"), ("LogLoss", "log_loss"),
        ("balanced-accuracy", "balanced_accuracy"), ("sensitivity", "recall"), ("top_k", "top_k_accuracy"),
    ],
)  # fmt: skip
def test_usual_spellings(spelling, name):
    assert named(spelling) is METRICS[name]


@pytest.mark.parametrize(
    ("spelling", "nearest"),
    [("acuracy", "accuracy"), ("recal", "recall"), ("mean_square_error", "mse"), ("f1macr", "f1_macro")],
)  # fmt: skip
def test_the_nearest_right_name(spelling, nearest):
    with pytest.raises(ValueError, match=f"none called '{spelling}': did you mean '{nearest}'. There are accuracy, "):
        named(spelling)


def test_what_is_no_name():
    with pytest.raises(ValueError, match=r"metric: there is none called 'zzzz'\. There are accuracy, "):
        named("zzzz")
    with pytest.raises(TypeError, match="metric: expected a name, got int 3"):
        named(3)


@pytest.mark.parametrize("name", METRICS)
def test_every_row(name):
    """It is found, does what it says with what it takes, and is better the way it says."""
    row = METRICS[name]
    assert row.name == name
    assert named(name) is row
    if row.kind == "numbers":
        assert row.takes == "scores"
        good, bad, true = [1.0, 2.0, 3.5], [5.0, 5.0, 5.0], [1.0, 2.0, 3.0]
    else:
        true = [0, 1, 1]
        good, bad = ([0, 1, 1], [1, 0, 0]) if row.takes == "labels" else ([0.1, 0.8, 0.9], [0.8, 0.3, 0.2])
    options = {"k": 1} if name == "top_k_accuracy" else {}
    right, wrong = row(true, good, **options), row(true, bad, **options)
    assert {"more": lambda: right > wrong, "less": lambda: right < wrong, "": lambda: right != wrong}[row.better]()


def test_no_two_metrics_share_a_spelling():
    spelt = [other for row in METRICS.values() for other in (row.name, *row.spellings)]
    assert len({other.replace("_", "") for other in spelt}) == len(spelt)


def test_averages_in_a_name():
    true, predicted = [0, 1, 2, 2], [0, 2, 2, 1]
    for share in (nn.precision, nn.recall, nn.f1):
        for average in ("macro", "micro", "weighted"):
            assert named(f"{share.__name__}_{average}")(true, predicted) == share(true, predicted, average=average)


def test_a_row_of_ones_own(monkeypatch):
    row = Metric("right", lambda true, predicted: sum(map(int.__eq__, true, predicted)), "labels", "classes")
    monkeypatch.setitem(METRICS, "right", row)
    assert named("RIGHT")([1, 2], [1, 3]) == 1


def test_what_the_package_exports():
    assert nn.metrics.named is named
    for name in ("accuracy", "precision", "recall", "f1", "auc", "r2"):
        assert getattr(nn, name) is getattr(nn.metrics, name)
        assert name in nn.__all__
    for name in nn.metrics.__all__:
        assert getattr(nn.metrics, name).__doc__
