"""The moons are scikit-learn's."""

import random

import numpy as np
import pytest

from nn import make_moons


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
