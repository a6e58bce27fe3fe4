"""Scalings are scikit-learn's, are undone, and are kept as plain data."""

import json
import math
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn import Chain, MinMax, OneHot, Standardiser, Transform

numbers = st.floats(-1e6, 1e6, allow_subnormal=False)
tables = st.integers(1, 4).flatmap(lambda k: st.lists(st.lists(numbers, min_size=k, max_size=k), min_size=1))
kinds = pytest.mark.parametrize("kind", [Standardiser, MinMax])


@kinds
@given(rows=tables)
def test_what_is_scaled_is_scaled_back(kind, rows):
    scaler = kind().fit(rows)
    scaled = scaler.transform(rows)
    size = np.abs(rows).max(axis=0)
    assert (np.abs(np.array(scaler.inverse(scaled)) - rows) <= 1e-14 * (size + 1e-300)).all()
    for j, column in enumerate(zip(*rows, strict=True)):
        if min(column) == max(column):  # nothing to be scaled, and nothing lost
            assert [row[j] for row in scaled] == [0.0] * len(rows)
            assert [row[j] for row in scaler.inverse(scaled)] == list(column)


@kinds
@given(rows=tables)
def test_a_scaling_is_kept_as_plain_data_to_the_bit(kind, rows):
    scaler = kind().fit(rows)
    kept = Transform.from_dict(json.loads(json.dumps(scaler.to_dict())))
    assert type(kept) is kind
    assert kept == scaler == pickle.loads(pickle.dumps(scaler))
    assert kept.transform(rows) == scaler.transform(rows)


@pytest.mark.parametrize(("kind", "name"), [(Standardiser, "StandardScaler"), (MinMax, "MinMaxScaler")])
def test_scalings_are_those_of_scikit_learn(kind, name):
    peer = getattr(pytest.importorskip("sklearn.preprocessing"), name)()
    rows = np.random.default_rng(1).normal(3.0, 5.0, (50, 4)) * [1.0, 1e-6, 1e6, 0.0]
    others = rows[:7] + 1.0
    wanted = peer.fit(rows).transform(others)
    assert np.allclose(kind().fit(rows).transform(others), wanted, rtol=1e-10, atol=1e-12)


def test_the_features_have_the_mean_and_spread_that_are_promised():
    rows = np.random.default_rng(2).normal(1e8, 1.0, (200, 3))  # a large offset, which a sum of squares would drown in
    scaled = np.array(Standardiser().fit_transform(rows))
    assert np.abs(scaled.mean(axis=0)).max() < 1.5e-8  # half a unit in the last place of the mean
    assert np.abs(scaled.std(axis=0) - 1.0).max() < 1e-12
    least_and_greatest = np.array(MinMax().fit_transform(rows))
    assert (least_and_greatest.min(), least_and_greatest.max()) == (0.0, 1.0)


@kinds
def test_samples_come_in_any_form_and_go_as_lists(kind):
    pd, pl = pytest.importorskip("pandas"), pytest.importorskip("polars")
    rows = [[1.0, 5.0], [2.0, 7.0], [4.0, 6.0]]
    wanted = kind().fit_transform(rows)
    assert type(wanted[0][0]) is float
    columns = {"a": [1, 2, 4], "b": [5, 7, 6]}
    for xs in (np.array(rows), [tuple(row) for row in rows], list(map(np.array, rows)), pd.DataFrame(columns),
               pl.DataFrame(columns), iter(rows)):  # fmt: skip
        fitted = kind().fit(xs)
        assert fitted.transform(rows) == wanted
    assert kind().fit(rows).transform(pd.DataFrame(columns)) == wanted


@kinds
def test_plain_numbers_stay_plain(kind):
    ys = [3.0, 5.0, 10.0]
    scaler = kind().fit(ys)
    assert scaler.transform(ys) == [row[0] for row in kind().fit_transform([[y] for y in ys])]
    assert scaler.inverse(scaler.transform(np.array(ys))) == pytest.approx(ys, rel=1e-15)
    assert scaler.transform([]) == []
    assert [type(y) for y in kind().fit([1, 2]).transform([True, 2])] == [float, float]


def test_one_sample_is_a_constant():
    assert Standardiser().fit_transform([[0.1, 5.0]]) == [[0.0, 0.0]]
    assert MinMax().fit([[0.1]]).transform([[0.3]]) == [[pytest.approx(0.2)]]
    assert Standardiser().fit([0.1] * 10).transform([0.1]) == [0.0]  # whose mean, added up, is not 0.1
    tiny = Standardiser().fit([0.0, 5e-324])  # whose deviation is 0 in floats
    assert tiny.inverse(tiny.transform([0.0, 5e-324])) == [0.0, 5e-324]


@kinds
@pytest.mark.parametrize(
    ("samples", "error", "message"),
    [
        ([], ValueError, "fit: no samples"),
        ([[]], ValueError, "fit: samples hold no numbers"),
        ([[1.0, 2.0], [1.0]], ValueError, "fit: sample 1 has 1 numbers, the first has 2"),
        ([[1.0], 2.0], TypeError, r"fit: sample 1 is float 2\.0, the first has 1 numbers"),
        ([[1.0], [math.nan]], ValueError, "fit: sample 1, feature 0 is nan: fill in or leave out what is missing"),
        ([1.0, -math.inf], ValueError, "fit: sample 1 is -inf: fill in"),
        ([[1.0, "a"]], TypeError, "fit: sample 0, feature 1 is str 'a', no number: OneHot makes numbers"),
        ([[1.0], ["2"]], TypeError, "fit: sample 1, feature 0 is str '2', no number"),
        ([[1.0], [None]], TypeError, "fit: sample 1, feature 0 is NoneType None, no number"),
        ([[1j]], TypeError, "fit: sample 0, feature 0 is complex 1j, no number"),
        ([1.0, [2.0]], TypeError, "fit: samples are no rows of numbers"),
        ([[1e308, 0.0], [-1e308, 1.0]], ValueError, "fit: feature 0 has numbers too large to be reckoned with"),
        (3, TypeError, "fit: samples: expected a list, got int"),
    ],
)
def test_samples_that_are_refused(kind, samples, error, message):
    scaler = kind().fit([[0.0], [2.0]])
    before = scaler.to_dict()
    with pytest.raises(error, match=f"{kind.__name__}.{message}"):
        scaler.fit(samples)
    assert scaler.to_dict() == before


@kinds
def test_samples_of_another_width_are_refused(kind):
    scaler = kind().fit([[1.0, 2.0], [3.0, 4.0]])
    with pytest.raises(ValueError, match="transform: it was fitted to samples of 2 numbers, got 3"):
        scaler.transform([[1.0, 2.0, 3.0]])
    with pytest.raises(ValueError, match="inverse: it was fitted to samples of 2 numbers, got 1"):
        scaler.inverse([1.0])
    for method in ("transform", "inverse", "to_dict"):
        with pytest.raises(ValueError, match=rf"{kind.__name__}.{method}: nothing was learnt yet: call fit"):
            getattr(kind(), method)(*[[[1.0]]] * (method != "to_dict"))


def test_what_transforms_say_of_themselves():
    assert repr(Standardiser()) == "Standardiser()"
    assert repr(MinMax().fit([1.0, 2.0])) == "MinMax of 1 feature"
    assert repr(Chain(Standardiser().fit([[1.0, 2.0]]), MinMax())) == "Chain(Standardiser of 2 features, MinMax())"
    assert Standardiser().fit([1.0, 2.0]) != MinMax().fit([1.0, 2.0])
    with pytest.raises(TypeError, match="unhashable"):
        hash(Standardiser())


def test_a_chain_does_one_after_the_other_and_back():
    rows = [[1.0, "a", 5.0], [3.0, "b", 6.0], [5.0, "a", 7.0]]
    chain = Chain(OneHot(), Standardiser(), MinMax()).fit(rows)
    changed = chain.transform(rows)
    assert np.min(changed) == 0.0
    assert np.max(changed) == 1.0
    back = chain.inverse(changed)
    assert [row[1] for row in back] == ["a", "b", "a"]
    assert np.allclose([[row[0], row[2]] for row in back], [[1.0, 5.0], [3.0, 6.0], [5.0, 7.0]], atol=1e-12)
    kept = Transform.from_dict(json.loads(json.dumps(chain.to_dict())))
    assert kept == chain
    assert kept.transform(rows) == changed
    with pytest.raises(TypeError, match="Chain: expected transforms, got str 'minmax'"):
        Chain("minmax")
    with pytest.raises(ValueError, match="nothing was learnt yet"):
        Chain(MinMax()).to_dict()


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {},
        {"kind": "Nothing"},
        {"kind": ["MinMax"]},
        {"kind": "MinMax"},
        {"kind": "MinMax", "offsets": [1.0], "scales": [1.0], "more": 1},
        {"kind": "MinMax", "offsets": [1.0], "scales": [1.0, 2.0]},
        {"kind": "MinMax", "offsets": [1.0], "scales": [0.0]},
        {"kind": "MinMax", "offsets": [], "scales": []},
        {"kind": "MinMax", "offsets": [math.nan], "scales": [1.0]},
        {"kind": "MinMax", "offsets": ["1"], "scales": [1.0]},
        {"kind": "MinMax", "offsets": [True], "scales": [1.0]},
        {"kind": "MinMax", "offsets": 1.0, "scales": [1.0]},
        {"kind": "Chain", "parts": {}},
        {"kind": "Chain", "parts": [{"kind": "MinMax"}]},
        {"kind": "OneHot", "categories": [], "flat": False, "unknown": "error"},
        {"kind": "OneHot", "categories": [["a"]], "flat": 1, "unknown": "error"},
        {"kind": "OneHot", "categories": [["a"]], "flat": True, "unknown": "other"},
        {"kind": "OneHot", "categories": [None], "flat": True, "unknown": "error"},
        {"kind": "OneHot", "categories": [["a", "a"]], "flat": True, "unknown": "error"},
        {"kind": "OneHot", "categories": [[["a"]]], "flat": True, "unknown": "error"},
        {"kind": "LabelEncoder", "classes": []},
        {"kind": "LabelEncoder", "classes": "ab"},
    ],
)
def test_data_that_is_of_no_transform_is_refused(data):
    with pytest.raises(ValueError, match=r"expected|does not hold together"):
        Transform.from_dict(data)


def test_data_of_another_kind_is_refused():
    data = MinMax().fit([1.0, 2.0]).to_dict()
    assert MinMax.from_dict(data).transform([2.0]) == [1.0]
    with pytest.raises(ValueError, match="is no standardiser: expected what to_dict gives"):
        Standardiser.from_dict(data)


def test_a_transform_of_ones_own_is_kept_like_the_others():
    class Halved(Transform):
        state = ("share",)
        share = None

        def fit(self, samples):
            self.share = 0.5
            return self

        def transform(self, samples):
            return [self.share * x for x in samples]

        def inverse(self, samples):
            return [x / self.share for x in samples]

    try:
        chain = Chain(Halved(), MinMax()).fit([2.0, 4.0])
        assert chain.transform([4.0]) == [1.0]
        assert Transform.from_dict(chain.to_dict()).inverse([1.0]) == [4.0]
        assert repr(Halved()) == "Halved()"
        for method in ("fit", "transform", "inverse"):
            with pytest.raises(NotImplementedError, match=rf"Transform.{method}\(samples\) is to be written"):
                getattr(Transform(), method)([])
    finally:
        del Transform.kinds["Halved"]
