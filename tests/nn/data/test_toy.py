"""Points made up are where they are said to be; moons and circles are scikit-learn's."""

import random
from collections import Counter
from math import atan2, floor, hypot, pi

import numpy as np
import pytest

from nn import make_blobs, make_checkerboard, make_circles, make_moons, make_spirals, make_xor

MAKERS = [make_moons, make_circles, make_spirals, make_xor, make_checkerboard, make_blobs]
makers = pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)


@pytest.mark.parametrize("n", [2, 3, 10, 101])
@pytest.mark.parametrize(("make", "options"), [(make_moons, {}), (make_circles, {"factor": 0.3})])
def test_points_without_noise_are_those_of_scikit_learn(make, options, n):
    peer = getattr(pytest.importorskip("sklearn.datasets"), make.__name__)
    peer_points, peer_labels = peer(n, noise=None, **options)
    points, labels = make(n, noise=0.0, rng=3, **options)
    ours = sorted((label, round(x, 9), round(y, 9)) for (x, y), label in zip(points, labels, strict=True))
    theirs = sorted(
        (2 * int(label) - 1, round(x, 9), round(y, 9))
        for (x, y), label in zip(peer_points.tolist(), peer_labels, strict=True)
    )
    assert ours == theirs


@makers
def test_points_are_shuffled_and_follow_their_seed(make):
    points, labels = make(200, rng=1)
    assert (len(points), len(labels)) == (200, 200)
    assert make(200, rng=1) == make(200, rng=np.int64(1)) == make(200, rng=random.Random(1)) == (points, labels)
    assert make(200, rng=np.random.default_rng(1)) == make(200, rng=np.random.default_rng(1)) != (points, labels)
    assert make(200, rng=2) != (points, labels)
    assert labels != sorted(labels)
    random.seed(1)
    assert make(200) == (points, labels)
    assert all(type(x) is float for point in points for x in point)
    assert {type(label) for label in labels} == {int}
    assert max(Counter(labels).values()) < 130  # about as many of each


def test_moons_are_noisy():
    points, labels = make_moons(200, rng=1)
    assert sum(labels) == 0
    radii = [hypot(x, y) for (x, y), label in zip(points, labels, strict=True) if label == -1]
    assert np.std(radii) == pytest.approx(0.1, rel=0.25)


def test_moons_are_drawn_as_ever():
    points, labels = make_moons(3, rng=7)
    source = random.Random(7)
    order = [((1.0, 0.0), -1), ((0.0, 0.5), 1), ((2.0, 0.5), 1)]
    source.shuffle(order)
    noisy = [(x + source.gauss(0.0, 0.1), y + source.gauss(0.0, 0.1)) for (x, y), _ in order]
    assert labels == [label for _, label in order]
    assert np.allclose(points, noisy, atol=1e-12)


def test_circles_have_their_radii():
    points, labels = make_circles(51, noise=0.0, factor=0.25, rng=1)
    assert Counter(labels) == {-1: 25, 1: 26}
    for point, label in zip(points, labels, strict=True):
        assert hypot(*point) == pytest.approx(1.0 if label == -1 else 0.25, abs=1e-15)


@pytest.mark.parametrize("turns", [0.75, -1.5])
def test_spirals_wind_from_the_origin_to_the_rim(turns):
    points, labels = make_spirals(70, noise=0.0, arms=4, turns=turns, rng=1)
    assert Counter(labels) == {0: 18, 1: 18, 2: 17, 3: 17}
    for arm in range(4):
        radii = []
        for (x, y), label in zip(points, labels, strict=True):
            if label == arm:
                radii.append(r := hypot(x, y))
                turned = atan2(y, x) - 2.0 * pi * (arm / 4 + turns * r)
                assert r == 0.0 or (turned + pi) % (2.0 * pi) - pi == pytest.approx(0.0, abs=1e-9)
        assert np.allclose(sorted(radii), np.linspace(0.0, 1.0, len(radii)), atol=1e-12)


def test_xor_is_1_where_signs_differ():
    points, labels = make_xor(300, rng=1)
    assert all(label == (1 if x * y < 0.0 else -1) for (x, y), label in zip(points, labels, strict=True))
    assert np.abs(points).max() <= 1.0
    noisy, same = make_xor(300, noise=0.5, rng=1)
    assert same == labels
    assert np.abs(noisy).max() > 1.0


@pytest.mark.parametrize("squares", [1, 2, 3, 4])
def test_checkerboards_have_their_squares(squares):
    points, labels = make_checkerboard(500, squares=squares, rng=1)
    found = {}
    for (x, y), label in zip(points, labels, strict=True):
        found.setdefault((floor((x + 1) / 2 * squares), floor((y + 1) / 2 * squares)), set()).add(label)
    assert len(found) == squares**2
    assert all(kinds == {-1 if (i + j) % 2 == 0 else 1} for (i, j), kinds in found.items())


def test_blobs_are_around_their_centres():
    centres = np.array([[0.0, 0.0, 5.0], [10.0, 0.0, 0.0]])
    points, labels = make_blobs(2001, centres=centres, spread=0.5, rng=1)
    assert Counter(labels) == {0: 1001, 1: 1000}
    for k in (0, 1):
        mine = np.array([point for point, label in zip(points, labels, strict=True) if label == k])
        assert np.abs(mine.mean(axis=0) - centres[k]).max() < 5 * 0.5 / 1000**0.5
        assert np.allclose(mine.std(axis=0), 0.5, rtol=0.1)
    points, labels = make_blobs(50, centres=5, spread=0.0, rng=2)
    assert len(set(points)) == len(set(labels)) == 5


@makers
@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"n": 0}, ValueError, "n: expected [123] or more, got 0"),
        ({"n": 10.0}, TypeError, r"n: expected a whole number, got float 10\.0"),
        ({"noise": -0.1}, ValueError, r"(noise|spread) is -0\.1; a standard deviation is not negative"),
        ({"noise": float("nan")}, ValueError, "(noise|spread): expected a finite number, got nan"),
        ({"noise": "0.1"}, TypeError, "(noise|spread): expected a real number, got str"),
        ({"rng": "1"}, TypeError, "rng: expected None"),
    ],
)
def test_points_that_are_refused(make, options, error, message):
    if make is make_blobs and "noise" in options:
        options = {"spread": options["noise"]}
    with pytest.raises(error, match=message if "rng" in options else f"{make.__name__}: {message}"):
        make(**options)


@pytest.mark.parametrize(
    ("make", "options", "error", "message"),
    [
        (make_moons, {"n": 1}, ValueError, "n: expected 2 or more, got 1"),
        (make_circles, {"factor": 1.0}, ValueError, r"factor is 1\.0; the inner radius lies between 0 and 1"),
        (make_spirals, {"arms": 0}, ValueError, "arms: expected 1 or more, got 0"),
        (make_spirals, {"n": 2, "arms": 3}, ValueError, "n: expected 3 or more, got 2"),
        (make_spirals, {"turns": "1"}, TypeError, "turns: expected a real number"),
        (make_checkerboard, {"squares": 0}, ValueError, "squares: expected 1 or more, got 0"),
        (make_blobs, {"centres": 0}, ValueError, "centres: expected 1 or more, got 0"),
        (make_blobs, {"centres": []}, ValueError, r"centres are \[\]: expected one or more points of one dimension"),
        (make_blobs, {"centres": [[]]}, ValueError, "expected one or more points"),
        (make_blobs, {"centres": [[0.0], [1.0, 2.0]]}, ValueError, "expected one or more points of one dimension"),
        (make_blobs, {"centres": [0.0, 1.0]}, TypeError, "a centre: expected a list, got float"),
        (make_blobs, {"centres": [["a"]]}, TypeError, "a centre: expected a real number, got str 'a'"),
        (make_blobs, {"centres": 2.5}, TypeError, "centres: expected a whole number, got float"),
    ],
)
def test_shapes_that_are_refused(make, options, error, message):
    with pytest.raises(error, match=message):
        make(**options)
