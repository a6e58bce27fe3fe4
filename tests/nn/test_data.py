"""Data: the moons are scikit-learn's, the digits are all there, the batches are each sample once."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn.checks
from nn import load_digits, make_moons, minibatches


@pytest.mark.parametrize("n", [2, 3, 10, 101])
def test_moons_without_noise_are_those_of_scikit_learn(n):
    peer_points, peer_labels = pytest.importorskip("sklearn.datasets").make_moons(n, noise=None)
    points, labels = make_moons(n, noise=0.0, rng=3)
    ours = sorted((label, x, y) for (x, y), label in zip(points, labels, strict=True))
    theirs = sorted((2 * int(label) - 1, x, y) for (x, y), label in zip(peer_points.tolist(), peer_labels, strict=True))
    assert [row[0] for row in ours] == [row[0] for row in theirs]
    assert np.allclose(sorted(ours), sorted(theirs), atol=1e-12)


def test_moons_are_shuffled_noisy_and_follow_their_seed():
    points, labels = make_moons(200, rng=1)
    assert make_moons(200, rng=1) == make_moons(200, rng=random.Random(1)) == (points, labels)
    assert make_moons(200, rng=2) != (points, labels)
    assert sum(labels) == 0
    assert labels != sorted(labels)
    random.seed(1)
    assert make_moons(200) == (points, labels)
    radii = [np.hypot(x, y) for (x, y), label in zip(points, labels, strict=True) if label == -1]
    assert np.std(radii) == pytest.approx(0.1, rel=0.25)
    assert all(type(x) is float and type(y) is float for x, y in points)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"n": 1}, ValueError, "n: expected 2 or more, got 1"),
        ({"n": 10.0}, TypeError, r"n: expected a whole number, got float 10\.0"),
        ({"noise": -0.1}, ValueError, r"noise is -0\.1; a standard deviation is not negative"),
        ({"noise": float("nan")}, ValueError, "noise: expected a finite number, got nan"),
        ({"noise": "0.1"}, TypeError, "noise: expected a real number, got str"),
        ({"rng": "1"}, TypeError, "rng: expected None"),
    ],
)
def test_moons_that_are_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        make_moons(**arguments)


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


@given(st.integers(1, 40), st.integers(1, 50), st.integers(0, 9))
def test_batches_hold_each_sample_once_with_its_label(n, size, seed):
    batches = list(minibatches(range(n), [i * i for i in range(n)], size, rng=seed))
    assert [len(xs) for xs, _ in batches] == [size] * (n // size) + [n % size] * (n % size > 0)
    pairs = [pair for xs, ys in batches for pair in zip(xs, ys, strict=True)]
    assert sorted(pairs) == [(i, i * i) for i in range(n)]
    assert batches == list(minibatches(range(n), [i * i for i in range(n)], size, rng=seed))


def test_batches_are_shuffled_anew_with_each_draw():
    rng = random.Random(1)
    first, second = ([xs for xs, _ in minibatches(range(20), range(20), 20, rng)] for _ in range(2))
    assert first != second


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (([1], [1], 0), ValueError, "size: expected 1 or more, got 0"),
        (([1], [1], 1.5), TypeError, "size: expected a whole number, got float"),
        (([1, 2], [1], 1), ValueError, "2 samples but 1 labels"),
        (([], [], 1), ValueError, "no samples"),
        ((5, [1], 1), TypeError, "xs: expected a list, got int"),
    ],
)
def test_batches_that_are_refused_at_once(arguments, error, message):
    with pytest.raises(error, match=message):
        minibatches(*arguments)  # without drawing the first
