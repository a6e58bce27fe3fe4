"""The data sets of scikit-learn are all there, and parted."""

import random

import numpy as np
import pytest

import nn.checks
from nn import load_breast_cancer, load_diabetes, load_digits, load_iris, load_wine


def test_digits_are_complete_scaled_and_stratified():
    peer = pytest.importorskip("sklearn.datasets").load_digits()
    digits = load_digits()
    assert (len(digits.train_x), len(digits.test_x)) == (len(digits.train_y), len(digits.test_y)) == (1438, 359)
    everything = sorted(zip(digits.train_x + digits.test_x, digits.train_y + digits.test_y, strict=True))
    assert everything == sorted(zip((peer.data / 16).tolist(), peer.target.tolist(), strict=True))
    pixels = [p for image in digits.train_x for p in image]
    assert (min(pixels), max(pixels)) == (0.0, 1.0)
    assert type(digits.train_x[0][0]) is float
    assert type(digits.train_y[0]) is int
    for digit in range(10):
        held_out, kept = digits.test_y.count(digit), digits.train_y.count(digit)
        assert held_out == round(0.2 * (held_out + kept))
    assert digits.test_y != sorted(digits.test_y)


def test_digits_follow_their_seed():
    pytest.importorskip("sklearn")
    assert load_digits() == load_digits(rng=0)
    assert load_digits(rng=1) != load_digits(rng=0)
    assert len(load_digits(test_share=0.5).test_x) == pytest.approx(1797 / 2, abs=6)


@pytest.mark.parametrize("share", [0.0, 1.0, -0.2, 20])
def test_shares_that_are_refused(share):
    with pytest.raises(ValueError, match=f"test_share is {float(share)}; it lies between 0 and 1"):
        load_digits(share)


def test_a_missing_library_is_named_with_its_remedy(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "sklearn.datasets", None)
    with pytest.raises(
        ImportError, match=r"sklearn\.datasets cannot be imported \(.*\): pip install chainrule\[demo\]"
    ):
        load_digits()
    with pytest.raises(ImportError, match=r"pip install chainrule\[demo\]"):
        nn.checks.import_extra("no_such_library")


@pytest.mark.parametrize(
    ("load", "samples", "features", "classes"),
    [(load_iris, 150, 4, 3), (load_wine, 178, 13, 3), (load_breast_cancer, 569, 30, 2), (load_diabetes, 442, 10, 0)],
)
def test_other_sets_are_complete_and_stratified(load, samples, features, classes):
    peer = getattr(pytest.importorskip("sklearn.datasets"), load.__name__)()
    data = load(0.25, rng=3, normalised=False)
    assert data == load(0.25, rng=random.Random(3), normalised=False) != load(0.25, rng=4, normalised=False)
    every = sorted(zip(data.train_x + data.test_x, data.train_y + data.test_y, strict=True))
    assert every == sorted(zip(peer.data.tolist(), peer.target.tolist(), strict=True))
    assert (len(every), {len(x) for x, _ in every}, len(data.test_y)) == (samples, {features}, round(0.25 * samples))
    for label in range(classes):
        out = data.test_y.count(label)
        assert abs(out - 0.25 * (out + data.train_y.count(label))) < 1
        assert type(data.train_y[0]) is int
    assert (len(set(data.train_y)) == classes) is (classes > 0)


@pytest.mark.parametrize("load", [load_iris, load_wine, load_breast_cancer, load_diabetes])
def test_features_are_normalised_by_what_is_trained_on(load):
    pytest.importorskip("sklearn")
    raw, scaled = load(rng=1, normalised=False), load(rng=1)
    assert (scaled.train_y, scaled.test_y) == (raw.train_y, raw.test_y)
    train, test = np.array(raw.train_x), np.array(raw.test_x)
    assert np.allclose(scaled.train_x, (train - train.mean(axis=0)) / train.std(axis=0), atol=1e-12)
    assert np.allclose(scaled.test_x, (test - train.mean(axis=0)) / train.std(axis=0), atol=1e-12)
    with pytest.raises(ValueError, match=rf"{load.__name__}: test_share is 1\.0; it lies between 0 and 1"):
        load(1.0)


def test_one_sample_at_least_is_on_either_side():
    pytest.importorskip("sklearn")
    assert len(load_diabetes(1e-9).test_x) == 1
    assert len(load_diabetes(1 - 1e-9).train_x) == 1
