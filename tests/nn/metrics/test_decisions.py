"""Predicted classes: by hand, against scikit-learn, and what is refused."""

import warnings

import numpy as np
import pytest
import sklearn.metrics as judge
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import Value
from nn import accuracy, f1, precision, recall
from nn.metrics import balanced_accuracy, confusion
from tests.sizes import some

pytestmark = pytest.mark.any_build
quick = settings(max_examples=some(40), deadline=None)

KINDS = [
    [0, 1], [-1, 1], [False, True], ["no", "yes"], [0.5, 2.5], [0, 1, 2, 3], ["ape", "cat", "dog"], [-7, 5, 100_000],
    [-1.5, 0.0, 1e300],
]  # fmt: skip
FORMS = {"list": list, "array": np.array, "tuple": tuple, "objects": lambda xs: np.array(xs, dtype=object)}


@st.composite
def decided(draw, kinds=KINDS):
    """Labels, as many predicted, and the kinds there may be."""
    labels = draw(st.sampled_from(kinds))
    n = draw(st.integers(1, 30))
    some = st.lists(st.sampled_from(draw(st.lists(st.sampled_from(labels), min_size=1))), min_size=n, max_size=n)
    return draw(some), draw(some | st.lists(st.sampled_from(labels), min_size=n, max_size=n)), labels


def judged(function, true, predicted, **options):
    """What scikit-learn says; it takes floats for classes only as other names of the same."""
    if isinstance(true[0], float):
        names = {x: f"{i}" for i, x in enumerate(sorted({*true, *predicted, *options.get("labels", ())}))}
        true, predicted = [names[x] for x in true], [names[x] for x in predicted]
        options = {k: [names[x] for x in v] if k == "labels" else v for k, v in options.items()}
        if "pos_label" in options:
            options["pos_label"] = names.get(options["pos_label"], "none")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return function(true, predicted, **options)


# --- by hand ---------------------------------------------------------------------------------------------------------


def test_by_hand():
    true, predicted = ["a", "a", "a", "b", "b", "c"], ["a", "a", "b", "b", "c", "a"]
    assert accuracy(true, predicted) == 3 / 6
    assert balanced_accuracy(true, predicted) == pytest.approx((2 / 3 + 1 / 2 + 0) / 3, abs=1e-15)
    assert confusion(true, predicted) == [[2, 1, 0], [0, 1, 1], [1, 0, 0]]
    assert precision(true, predicted, average=None) == [2 / 3, 1 / 2, 0.0]
    assert recall(true, predicted, average=None) == [2 / 3, 1 / 2, 0.0]
    assert f1(true, predicted, average="micro") == 3 / 6
    assert f1(true, predicted, average="weighted") == pytest.approx((3 * 2 / 3 + 2 * 1 / 2) / 6, abs=1e-15)
    assert confusion(true, predicted, labels=["c", "a"]) == [[0, 1], [0, 2]]


def test_the_positive_class_is_the_larger_unless_said():
    true, predicted = ["no", "yes", "yes", "yes"], ["yes", "yes", "no", "no"]
    assert (precision(true, predicted), recall(true, predicted)) == (1 / 2, 1 / 3)
    assert (precision(true, predicted, positive="no"), recall(true, predicted, positive="no")) == (0.0, 0.0)
    assert precision([-1, 1, 1], [1, 1, -1]) == 0.5
    assert recall([1, 2, 2], [2, 2, 1], positive=1) == 0.0


@pytest.mark.parametrize(
    ("label", "expected"), [(1, 1.0), (True, 1.0), ("a", 1.0), (5, 1.0), (0, 0.0), (-1, 0.0), (False, 0.0), (0.0, 0.0)]
)
def test_a_class_that_occurs_alone(label, expected):
    """The negative one of the usual pairs is negative on its own, too."""
    for share in (precision, recall, f1):
        assert share([label] * 3, [label] * 3) == expected
    assert precision([label], [label], positive="b" if label == "a" else 7) == 0.0
    assert accuracy([label], [label]) == balanced_accuracy([label], [label]) == 1.0
    assert confusion([label] * 2, [label] * 2) == [[2]]


def test_labels_say_what_binary_means():
    """Of a batch in which one class is missing."""
    assert precision([1, 1], [1, 1], labels=[1, 2]) == 0.0
    assert recall(["no", "no"], ["no", "no"], labels=["no", "yes"], positive="no") == 1.0


# --- against scikit-learn --------------------------------------------------------------------------------------------


@quick
@given(decided(), st.sampled_from(list(FORMS)), st.sampled_from(list(FORMS)))
def test_accuracies_and_confusion(case, form, other):
    true, predicted, _ = case
    given_ = FORMS[form](true), FORMS[other](predicted)
    assert accuracy(*given_) == pytest.approx(judged(judge.accuracy_score, true, predicted), abs=1e-12)
    expected = judged(judge.balanced_accuracy_score, true, predicted)
    assert balanced_accuracy(*given_) == pytest.approx(expected, abs=1e-12)
    assert confusion(*given_) == judged(judge.confusion_matrix, true, predicted).tolist()


SHARES = [(precision, judge.precision_score), (recall, judge.recall_score), (f1, judge.f1_score)]


@pytest.mark.parametrize(("share", "theirs"), SHARES, ids=lambda f: f.__name__)
@pytest.mark.parametrize("average", ["macro", "micro", "weighted", None])
@quick
@given(decided(), st.sampled_from(list(FORMS)), st.booleans(), st.data())
def test_shares_of_several_classes(share, theirs, average, case, form, chosen, data):
    true, predicted, kinds = case
    options = {}
    if chosen:  # some of those there are, in any order, and one that never occurs
        never = {str: "zebra", float: 7.25}.get(type(kinds[0]), 77)
        some = data.draw(st.lists(st.sampled_from(kinds), min_size=1, unique=True))
        options = {"labels": [*some, never] if type(kinds[0]) is not bool else some}
    found = share(FORMS[form](true), FORMS[form](predicted), average=average, **options)
    expected = judged(theirs, true, predicted, average=average, zero_division=0, **options)
    assert found == pytest.approx(expected if average else expected.tolist(), abs=1e-12)
    assert isinstance(found, float if average else list)


@pytest.mark.parametrize(("share", "theirs"), SHARES, ids=lambda f: f.__name__)
@quick
@given(decided([kinds for kinds in KINDS if len(kinds) == 2]), st.sampled_from(list(FORMS)))
def test_shares_of_the_positive_class(share, theirs, case, form):
    true, predicted, kinds = case
    for positive in kinds if len({*true, *predicted}) == 2 else ():
        found = share(FORMS[form](true), FORMS[form](predicted), positive=positive)
        expected = judged(theirs, true, predicted, pos_label=positive, zero_division=0)
        assert found == pytest.approx(expected, abs=1e-12)
    if len({*true, *predicted}) == 2:
        assert share(true, predicted) == share(true, predicted, positive=max(kinds))


@quick
@given(decided([kinds for kinds in KINDS if not isinstance(kinds[0], float)]), st.data())
def test_confusion_of_chosen_labels(case, data):
    true, predicted, kinds = case
    labels = data.draw(st.permutations(kinds))[: data.draw(st.integers(1, len(kinds)))]
    if not set(labels) & set(true):
        with pytest.raises(ValueError, match="no true label is among the labels"):
            confusion(true, predicted, labels)
    else:
        assert (
            confusion(true, predicted, labels)
            == judged(judge.confusion_matrix, true, predicted, labels=labels).tolist()
        )


# --- what labels may come in -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "as_given",
    [
        lambda xs: np.array(xs, dtype=np.int8), lambda xs: np.array(xs, dtype=np.uint64),
        lambda xs: [np.int32(x) for x in xs],
        lambda xs: np.array(xs, dtype=np.float32), lambda xs: np.array(xs)[:, None], lambda xs: iter(xs),
        lambda xs: np.array([f"{x}" for x in xs]), lambda xs: [np.str_(x) for x in xs],
        lambda xs: np.array([f"{x}" for x in xs], dtype=np.dtypes.StringDType()),
    ],
)  # fmt: skip
def test_any_usual_container(as_given):
    true, predicted = [0, 1, 2, 9, 9], [0, 2, 2, 9, 0]
    assert accuracy(as_given(true), as_given(predicted)) == 3 / 5
    assert confusion(as_given(true), as_given(predicted)) == confusion(true, predicted)


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_columns_of_tables(library):
    tables = pytest.importorskip(library)
    for labels in (["a", "b", "a"], [0, 1, 0], [0.5, 1.5, 0.5]):
        column = tables.Series(labels)
        assert accuracy(column, labels) == accuracy(labels, column) == accuracy(column, column) == 1.0
        assert accuracy(tables.DataFrame({"y": labels}), column) == 1.0


def test_numbers_that_are_equal_are_the_same_label():
    assert accuracy([True, 0, 1.0, np.int8(1)], [1, False, 1, True]) == 1.0
    assert accuracy(np.array([True, False]), np.array([1.0, 0.0])) == 1.0


@pytest.mark.parametrize("large", [2**53, 2**62, 2**63 - 2])
def test_large_whole_numbers_are_told_apart(large):
    true, predicted = [large, large + 1, large], [large, large + 1, large + 1]
    for form in FORMS.values():
        assert accuracy(form(true), form(predicted)) == 2 / 3
    assert accuracy(np.array(true), np.array(predicted, dtype=np.uint64)) == 2 / 3
    assert confusion(np.array([-large, large]), np.array([-large, -large])) == [[1, 0], [1, 0]]


# --- what is refused -------------------------------------------------------------------------------------------------

EVERY = [accuracy, balanced_accuracy, confusion, precision, recall, f1]


@pytest.mark.parametrize("metric", EVERY, ids=lambda f: f.__name__)
@pytest.mark.parametrize(
    ("true", "predicted", "error", "words"),
    [
        ([0, 1], [0], ValueError, "2 true labels but 1 predicted labels: give one of each per sample"),
        ([], [], ValueError, "no true labels"),
        (np.array([]), np.array([]), ValueError, "no true labels"),
        (["a", "b"], [0, 1], TypeError, "'a' is text, [01] is a number: give labels of one sort"),
        (np.array(["a"]), np.array([0]), TypeError, "'a' is text, 0 is a number"),
        ([0, None], [0, 1], TypeError, "true: label 1 is NoneType None: expected text, a bool or a number"),
        ([0, 1], [0, [1]], TypeError, r"predicted: label 1 is list \[1\]"),
        ([0, 1], [0, Value(1.0)], TypeError, "predicted: label 1 is Value"),
        ([0, 1], [0, 1j], TypeError, "predicted: label 1 is complex 1j"),
        ([0.0, float("nan")], [0.0, 1.0], ValueError, "true: label 1 is nan"),
        ([0.0, 1.0], np.array([float("nan"), 1.0]), ValueError, "predicted: label 0 is nan"),
        (np.array([0.0, 1.0]), np.array([1.0, float("nan")]), ValueError, "predicted: label 1 is nan"),
        (np.zeros((3, 2)), [0, 1, 1], ValueError, r"true: expected a label per sample, got an array of shape \(3, 2\)"),
        (np.array(1), [1], ValueError, r"true: expected a label per sample, got an array of shape \(\)"),
        (np.array([1j]), [1], TypeError, "true: expected text, bools or numbers, got an array of complex128"),
        ("abc", [0, 1, 1], TypeError, "true: expected a label per sample, got str 'abc'"),
        ([0, 1], 1, TypeError, "predicted: expected a list, got int"),
    ],
)
def test_wrong_labels(metric, true, predicted, error, words):
    with pytest.raises(error, match=f"^{metric.__name__}: .*{words}"):
        metric(true, predicted)


@pytest.mark.parametrize("share", [precision, recall, f1], ids=lambda f: f.__name__)
def test_wrong_options(share):
    name = share.__name__
    with pytest.raises(
        ValueError, match=f"{name}: average='binary' is for two classes, there are 3: use average='macro'"
    ):
        share([0, 1, 2], [0, 1, 2])
    with pytest.raises(ValueError, match=f"{name}: average is 'Macro': did you mean 'macro'. There are 'binary', "):
        share([0, 1], [0, 1], average="Macro")
    with pytest.raises(ValueError, match=rf"{name}: average is 3\. There are"):
        share([0, 1], [0, 1], average=3)
    with pytest.raises(ValueError, match=rf"{name}: positive is 'yes'; the labels are \[0, 1\]"):
        share([0, 1], [0, 1], positive="yes")
    with pytest.raises(ValueError, match=rf"{name}: labels are \[1, 1\]: expected each once, and at least one"):
        share([0, 1], [0, 1], average=None, labels=[1, 1])
    with pytest.raises(ValueError, match=rf"{name}: labels are \[\]: expected each once"):
        share([0, 1], [0, 1], average=None, labels=[])
    with pytest.raises(TypeError, match=f"{name}: '0' is text, 0 is a number"):
        share([0, 1], [0, 1], average=None, labels=["0", "1"])
