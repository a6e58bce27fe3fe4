"""Tables of any kind give the same samples; what is missing or no number is named by row and column."""

import copy
import datetime
import math
import pickle

import numpy as np
import pytest

import nn
from nn import OneHot, Table, as_table
from nn.checks import as_list

pd = pytest.importorskip("pandas")
pl = pytest.importorskip("polars")

COLUMNS = {"a": [1, 2, 3], "b": [0.5, 1.5, 2.5], "kind": ["x", "y", "x"]}
ROWS = [[1.0, 0.5], [2.0, 1.5], [3.0, 2.5]]


class Foreign:
    """A table of some library that nobody has heard of: columns by names, to be had in lists."""

    class Column:
        def __init__(self, cells):
            self.cells = cells

        def to_pylist(self):
            return self.cells

    @property
    def columns(self):
        return list(COLUMNS)

    def __getitem__(self, name):
        return self.Column(COLUMNS[name])


RECORDS = np.array(list(zip(*COLUMNS.values(), strict=True)), dtype=[("a", "i4"), ("b", "f8"), ("kind", "U1")])


@pytest.mark.parametrize(
    "data",
    [
        COLUMNS,
        pd.DataFrame(COLUMNS),
        pd.DataFrame(COLUMNS, index=[7, 7, 1]),
        pd.DataFrame(COLUMNS).astype({"a": "Int64", "kind": "category"}),
        pl.DataFrame(COLUMNS),
        [dict(zip(COLUMNS, row, strict=True)) for row in zip(*COLUMNS.values(), strict=True)],
        RECORDS,
        Foreign(),
    ],
    ids=lambda data: type(data).__module__,
)
def test_tables_of_any_kind_give_the_same(data):
    table = as_table(data, target="kind")
    assert table == (ROWS, ["x", "y", "x"])
    assert (table.columns, table.target, table.encoder) == (["a", "b"], "kind", None)
    assert {type(x) for row in table.xs for x in row} == {float}
    assert as_table(data, target=0, columns=["b"]) == ([[0.5], [1.5], [2.5]], [1, 2, 3])
    assert type(as_table(data, target="a", columns=["b"]).ys[0]) is int
    assert as_table(data, target=-1, columns=[1, 0]).xs == [row[::-1] for row in ROWS]
    assert as_table(data, columns="b") == ([[0.5], [1.5], [2.5]], None)


def test_rows_without_names():
    for data in (ROWS, np.array(ROWS), [np.array(row) for row in ROWS], iter(ROWS), [tuple(row) for row in ROWS]):
        table = as_table(data, target=-1)
        assert table == ([[1.0], [2.0], [3.0]], [0.5, 1.5, 2.5])
        assert (table.columns, table.target) == (["x0"], "x1")
    assert as_table(pd.DataFrame(np.array(ROWS)), target="1").columns == ["0"]


def test_a_table_is_samples_and_labels_and_tells_of_itself():
    table = as_table(COLUMNS, target="kind")
    xs, ys = table
    assert (xs, ys) == (table.xs, table.ys)
    assert repr(table) == "Table of 3 rows: a, b -> kind"
    assert repr(as_table(ROWS)) == "Table of 3 rows: x0, x1"
    coded = as_table(COLUMNS, target="b", text="one_hot")
    for same in (pickle.loads(pickle.dumps(coded)), copy.deepcopy(coded)):
        assert (same, same.columns, same.target, same.encoder) == (coded, ["a", "kind"], "b", coded.encoder)
        assert isinstance(same, Table)
    assert coded.features == ["a", "kind=x", "kind=y"]
    assert table.features == ["a", "b"]


def test_text_becomes_columns_of_zeros_and_ones():
    table = as_table(COLUMNS, target="b", text="one_hot")
    assert table.xs == [[1.0, 1.0, 0.0], [2.0, 0.0, 1.0], [3.0, 1.0, 0.0]]
    assert table.encoder.inverse(table.xs) == [[1.0, "x"], [2.0, "y"], [3.0, "x"]]
    other = as_table({"a": [9], "kind": ["y"]}, columns=table.columns, text=table.encoder)
    assert other.xs == [[9.0, 0.0, 1.0]]
    with pytest.raises(ValueError, match=r"column 1 'z' of sample 0 is none of \['x', 'y'\]"):
        as_table({"a": [9], "kind": ["z"]}, columns=table.columns, text=table.encoder)
    assert as_table(COLUMNS, target="b", text="keep").xs == [[1.0, "x"], [2.0, "y"], [3.0, "x"]]
    assert as_table({"a": [True, False]}).xs == [[1.0], [0.0]]
    assert as_table({"a": [1.0], "b": [2.0]}, text="one_hot").encoder is None


def test_labels_stay_what_they_are():
    def labels(column):
        return as_table({"a": [1.0] * len(column), "y": column}, target="y").ys

    for column in ([True, False], [3, 1], ["b", "a"], [1.5, 2.5], ["a", 1]):
        assert labels(column) == column
        assert [type(y) for y in labels(column)] == list(map(type, column))
    assert [type(y) for y in labels([1, 2.5])] == [float, float]
    assert type(labels([np.int64(3), np.int64(1)])[0]) is int
    assert type(as_table(pl.DataFrame({"a": [1], "y": [True]}), target="y").ys[0]) is bool


HOLES = {"a": [1.0, None, 3.0, 8.0], "b": [5.0, 6.0, math.nan, 7.0], "kind": ["x", "y", None, "y"], "y": [0, 1, 0, 1]}


@pytest.mark.parametrize(
    "data", [HOLES, pd.DataFrame(HOLES), pd.DataFrame(HOLES).convert_dtypes(), pl.DataFrame(HOLES)]
)
def test_what_is_missing_is_named_left_out_or_filled_in(data):
    with pytest.raises(
        ValueError, match=r"row 1, column 'a': it is missing, as something is in 2 rows: missing='drop'"
    ):
        as_table(data, target="y", text="one_hot")
    dropped = as_table(data, target="y", text="one_hot", missing="drop")
    assert dropped == ([[1.0, 5.0, 1.0, 0.0], [8.0, 7.0, 0.0, 1.0]], [0, 1])
    for fill, a, b in (("mean", 4.0, 6.0), ("median", 3.0, 6.0), (-1, -1.0, -1.0)):
        filled = as_table(data, target="y", text="keep", missing=fill)
        assert filled.xs == [[1.0, 5.0, "x"], [a, 6.0, "y"], [3.0, b, "y"], [8.0, 7.0, "y"]]
    assert as_table(data, target="y", columns=["a"], missing=0.0).xs == [[1.0], [0.0], [3.0], [8.0]]
    with pytest.raises(ValueError, match=r"row 1, column 'a': it is missing: missing='drop' leaves such rows out$"):
        as_table(data, target="a", columns=["y"], missing="mean")
    assert as_table(data, target="a", columns=["y"], missing="drop").ys == [1.0, 3.0, 8.0]


def test_columns_that_nobody_asks_for_are_not_looked_at():
    data = {"a": [1, 2], "broken": [None, "?"], "y": [0, 1]}
    assert as_table(data, "y", ["a"]) == ([[1.0], [2.0]], [0, 1])


@pytest.mark.parametrize(
    ("data", "options", "error", "message"),
    [
        ([], {}, ValueError, "as_table: no rows"),
        ({}, {}, ValueError, "as_table: no rows"),
        ({"a": []}, {}, ValueError, "as_table: no rows"),
        (pd.DataFrame(), {}, ValueError, "as_table: no rows"),
        (pl.DataFrame({"a": []}), {}, ValueError, "as_table: no rows"),
        ([[]], {}, ValueError, "as_table: no rows"),
        (np.zeros((0, 3)), {}, ValueError, "as_table: no rows"),
        (5, {}, TypeError, "data: expected a list, got int"),
        ([1.0, 2.0], {}, TypeError, r"data: row 0 is float 1\.0: expected rows of cells"),
        (["ab", "cd"], {}, TypeError, "data: row 0 is str 'ab': expected rows of cells"),
        ([[1, 2], [3]], {}, ValueError, "data: row 1 has 1 cells, the first has 2"),
        ({"a": [1, 2], "b": [1]}, {}, ValueError, "columns differ in length: a 2, b 1"),
        ({"a": 3}, {}, TypeError, r"data\['a'\]: expected a list, got int"),
        (pl.DataFrame({"a": [1]}).lazy(), {}, TypeError, r"a LazyFrame holds no rows yet: give what its \.collect\(\)"),
        (COLUMNS, {"target": "kidn"}, ValueError, r"there is no column 'kidn'; did you mean 'kind'\?"),
        (COLUMNS, {"target": "KIND"}, ValueError, r"there is no column 'KIND'; did you mean 'kind'\?"),
        (COLUMNS, {"target": "species"}, ValueError, "there is no column 'species'; there are a, b, kind"),
        (COLUMNS, {"target": 3}, ValueError, "there is no column 3; there are 3, counted from 0"),
        (COLUMNS, {"target": 1.5}, TypeError, r"a column is given by its name or its place, got float 1\.5"),
        (COLUMNS, {"columns": ["a", "c"]}, ValueError, "there is no column 'c'"),
        (COLUMNS, {"columns": []}, ValueError, "no columns are left to make samples of"),
        ({"a": [1]}, {"target": "a"}, ValueError, "no columns are left to make samples of"),
        (
            COLUMNS,
            {"target": "a", "columns": ["a", "b"]},
            ValueError,
            "column 'a' is the target, and among the columns",
        ),
        (COLUMNS, {}, ValueError, "row 0, column 'kind': 'x' is no number, nor 2 more of 3: text='one_hot' makes"),
        (
            {"a": [1, "x"]},
            {"text": "one_hot"},
            ValueError,
            "row 1, column 'a': 'x' is no number, where row 0 has 1: mend",
        ),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), {}, ValueError, "2 columns are called 'a': give them names of"),
        ({"a": [1, "x", 3]}, {"text": "one_hot"}, ValueError, "row 1, column 'a': 'x' is no number: mend it, or leave"),
        (
            {"a": [1, 2, 3], "y": [1, "x", 3]},
            {"target": "y"},
            ValueError,
            "row 1, column 'y': 'x' is no number: mend it",
        ),
        ({"a": [1.0, math.inf]}, {}, ValueError, "row 1, column 'a': inf is not finite"),
        ({"a": [10**400]}, {}, ValueError, "row 0, column 'a': 1000.* is too large for a float"),
        ({"a": [datetime.date(2020, 1, 1)]}, {}, ValueError, r"row 0, column 'a': datetime\.date\(2020.* is no number"),
        ({"a": [None, None]}, {"missing": "mean"}, ValueError, "column 'a' is missing in every row"),
        ({"a": [None, None]}, {"missing": "drop"}, ValueError, "no rows are left without those in which something"),
        (COLUMNS, {"missing": "zero"}, ValueError, "missing is 'zero'; it is 'error', 'drop', 'mean', 'median' or a"),
        (COLUMNS, {"missing": math.nan}, ValueError, "missing: expected a finite number, got nan"),
        (COLUMNS, {"text": "onehot"}, ValueError, "text is 'onehot'; it is 'error', 'one_hot', 'keep' or a OneHot"),
        (
            pd.DataFrame([[1, 2]], columns=["a", "a"]),
            {"target": "a"},
            ValueError,
            "2 columns are called 'a': give the p",
        ),
    ],
)
def test_tables_that_are_refused(data, options, error, message):
    with pytest.raises(error, match=message):
        as_table(data, **options)


def test_columns_of_one_name_are_told_apart_by_their_places():
    frame = pd.DataFrame([[1, 2, 3]], columns=["a", "a", "b"])
    assert as_table(frame, target=1, columns=[0, 2]) == ([[1.0, 3.0]], [2])


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame])
def test_a_table_as_samples_counts_its_rows(make):
    """Not its columns, as list() would."""
    frame = make({"a": np.linspace(-1, 1, 20), "b": np.linspace(1, -1, 20)})
    assert as_list(frame, "xs") == [[a, -a] for a in np.linspace(-1, 1, 20).tolist()]
    labels = [-1] * 10 + [1] * 10
    model = nn.MLP(2, [4, 1], rng=1)
    history = nn.train(
        model, frame, labels, nn.hinge, nn.SGD(model.parameters(), lr=0.1), epochs=2, batch_size=8, rng=1
    )
    assert len(history.loss) == 2
    assert as_list(frame["a"], "ys") == frame["a"].to_list()


def test_lists_of_what_is_no_list():
    with pytest.raises(TypeError, match=r"xs: expected a list, got a dict of 3: nn\.as_table makes rows of columns"):
        as_list(COLUMNS, "xs")
    with pytest.raises(TypeError, match=r"xs: a LazyFrame holds no rows yet: give what its \.collect\(\) gives"):
        as_list(pl.DataFrame(COLUMNS).lazy(), "xs")

    class Wrapped:
        def __array__(self, dtype=None, copy=None):
            return np.array([1.0, 2.0])

    assert as_list(Wrapped(), "xs") == [1.0, 2.0]
    assert OneHot().fit(np.array(["a", "b"])).categories == [["a", "b"]]
