"""Categories become numbers and come back."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn import LabelEncoder, OneHot, Transform

labels = st.one_of(
    st.lists(st.text(max_size=3), min_size=1), st.lists(st.integers(), min_size=1),
    st.lists(st.booleans(), min_size=1), st.lists(st.sampled_from(["a", 1, 2.5]), min_size=1),
)  # fmt: skip


@given(labels)
def test_labels_come_back_as_they_were(labels):
    encoder = LabelEncoder().fit(labels)
    numbers = encoder.transform(labels)
    assert set(numbers) == set(range(len(set(labels))))
    assert encoder.inverse(numbers) == labels
    assert [type(label) for label in encoder.inverse(np.array(numbers))] == list(map(type, labels))
    one_hot = OneHot().fit(labels)
    rows = one_hot.transform(labels)
    assert [row.index(1.0) for row in rows] == numbers
    assert all(sorted(row) == [0.0] * (len(row) - 1) + [1.0] for row in rows)
    assert one_hot.inverse(rows) == labels
    for made in (encoder, one_hot):
        kept = Transform.from_dict(json.loads(json.dumps(made.to_dict())))
        assert kept == made
        assert kept.transform(labels) == made.transform(labels)


def test_classes_are_sorted_where_they_can_be():
    assert LabelEncoder().fit(["b", "a"]).classes == ["a", "b"]
    assert LabelEncoder().fit(["b", 1, "a"]).classes == ["b", 1, "a"]
    found = LabelEncoder().fit(np.array([3, 1])).classes
    assert (found, type(found[0])) == ([1, 3], int)
    assert type(LabelEncoder().fit([np.float32(1.5)]).classes[0]) is float
    assert LabelEncoder().fit([np.True_, np.False_]).classes == [False, True]
    assert repr(LabelEncoder()) == "LabelEncoder()"
    assert repr(LabelEncoder().fit(["b", "a"])) == "LabelEncoder(['a', 'b'])"


rows = st.lists(st.tuples(st.floats(-9, 9), st.sampled_from("xyz"), st.booleans(), st.integers(0, 3)), min_size=1)


@given(rows)
def test_rows_come_back_as_they_were(rows):
    encoder = OneHot(columns=[1, 3]).fit(rows)
    coded = encoder.transform(rows)
    assert {len(row) for row in coded} == {encoder.width}
    assert encoder.width == 2 + len({row[1] for row in rows}) + len({row[3] for row in rows})
    assert encoder.inverse(coded) == list(map(list, rows))
    assert OneHot().fit(rows).width == 3 + len({row[1] for row in rows})  # only text is no number
    assert Transform.from_dict(json.loads(json.dumps(encoder.to_dict()))) == encoder


def test_rows_of_tables():
    pd, pl = pytest.importorskip("pandas"), pytest.importorskip("polars")
    columns = {"size": [1.5, 2.5], "colour": ["red", "blue"]}
    for table in (pd.DataFrame(columns), pl.DataFrame(columns)):
        assert OneHot().fit_transform(table) == [[1.5, 0.0, 1.0], [2.5, 1.0, 0.0]]
        assert OneHot().fit_transform(table["colour"]) == [[0.0, 1.0], [1.0, 0.0]]
    assert OneHot().fit_transform(pd.Series(["b", "a"], dtype="category")) == [[0.0, 1.0], [1.0, 0.0]]


def test_a_category_that_was_not_learnt():
    encoder = OneHot(unknown="zeros").fit(["red", "blue"])
    assert encoder.transform(["green", "red"]) == [[0.0, 0.0], [0.0, 1.0]]
    assert encoder.inverse([[0.0, 0.0], [0.4, 0.6]]) == [None, "red"]
    with pytest.raises(
        ValueError, match=r"OneHot: category 'redd' of sample 0 .* \['blue', 'red'\]; did you mean 'red'\?"
    ):
        OneHot().fit(["red", "blue"]).transform(["redd"])
    with pytest.raises(ValueError, match=r"OneHot: column 1 'c' of sample 1 is none of \['a', 'b'\]$"):
        OneHot().fit([[1.0, "a"], [1.0, "b"]]).transform([[1.0, "a"], [2.0, "c"]])
    with pytest.raises(ValueError, match=r"LabelEncoder: label 'colour' of sample 1 .*; did you mean 'color'\?"):
        LabelEncoder().fit(["color"]).transform(["color", "colour"])
    with pytest.raises(ValueError, match=r"label \[1\] of sample 0 is none of"):
        LabelEncoder().fit([1, 2]).transform([[1]])


@pytest.mark.parametrize(
    ("samples", "error", "message"),
    [
        ([], ValueError, "fit: no samples"),
        (["a", float("nan")], ValueError, "fit: category 1 is nan: fill in or leave out"),
        (["a", None], TypeError, "fit: category 1 is NoneType None: expected text, a bool or a number"),
        ([["a", 1], ["b"]], ValueError, "fit: sample 1 has 1 columns, the first has 2"),
        ([["a", 1], "b"], ValueError, "fit: sample 1 is 'b', the first has 2"),
        (["b", ["a", 1]], ValueError, "fit: sample 1 is a row of 2, the first is 'b'"),
        ([[1.0, None]], TypeError, "fit: column 1 0 is NoneType None"),
        (7, TypeError, "fit: samples: expected a list, got int"),
    ],
)
def test_samples_that_are_refused(samples, error, message):
    with pytest.raises(error, match=f"OneHot.{message}"):
        OneHot().fit(samples)


def test_what_else_is_refused():
    with pytest.raises(ValueError, match=r"LabelEncoder\.fit: label: there are none"):
        LabelEncoder().fit([])
    with pytest.raises(ValueError, match="unknown is 'ignore'; it is 'error' or 'zeros'"):
        OneHot(unknown="ignore")
    with pytest.raises(ValueError, match="there is no column 2; a sample has 2, counted from 0"):
        OneHot(columns=[2]).fit([["a", "b"]])
    with pytest.raises(ValueError, match="columns: expected 0 or more, got -1"):
        OneHot(columns=[-1])
    encoder = OneHot().fit([[1.0, "a"], [2.0, "b"]])
    with pytest.raises(ValueError, match="transform: expected rows of 2, got rows of 3"):
        encoder.transform([[1.0, "a", 3.0]])
    with pytest.raises(ValueError, match="transform: expected rows of 2, got plain labels"):
        encoder.transform(["a"])
    with pytest.raises(ValueError, match="inverse: expected rows of 3, got rows of 2"):
        encoder.inverse([[1.0, 0.0]])
    with pytest.raises(TypeError, match="sample 0, column 0 is 'x': expected a number"):
        encoder.transform([["x", "a"]])
    for method in ("transform", "inverse", "to_dict"):
        with pytest.raises(ValueError, match="nothing was learnt yet"):
            getattr(OneHot(), method)(*[["a"]] * (method != "to_dict"))
    coder = LabelEncoder().fit(["a", "b"])
    with pytest.raises(ValueError, match="2 is no label's number; they are 0 to 1"):
        coder.inverse([2])
    with pytest.raises(ValueError, match="expected 0 or more, got -1"):
        coder.inverse([-1])
    with pytest.raises(TypeError, match="expected a whole number, got float"):
        coder.inverse([0.5])


def test_what_encoders_say_of_themselves():
    assert repr(OneHot()) == "OneHot()"
    assert repr(OneHot(columns=[1])) == "OneHot(columns=[1])"
    assert repr(OneHot().fit(["a", "b"])) == "OneHot(['a', 'b'])"
    assert repr(OneHot().fit([[1.0, "a"]])) == "OneHot({1: ['a']})"
