"""Numbers follow from numbers as is promised."""

import random
from math import pi, sin

import numpy as np
import pytest

from nn import make_line, make_sine, make_steps, make_surface

MAKERS = [make_sine, make_line, make_steps, make_surface]
makers = pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)


@pytest.mark.parametrize(
    ("make", "options", "height"),
    [
        (make_sine, {}, lambda x: sin(pi * x)),
        (make_sine, {"periods": 3}, lambda x: sin(3 * pi * x)),
        (make_line, {}, lambda x: 2 * x + 1),
        (make_line, {"slope": -1, "intercept": 0}, lambda x: -x),
        (make_steps, {"steps": 2}, lambda x: float(x >= 0)),
        (make_steps, {"steps": 5}, lambda x: min((x + 1) * 2.5 // 1, 4) / 4),
    ],
)
def test_curves_without_noise(make, options, height):
    xs, ys = make(41, noise=0.0, rng=1, **options)
    places = [x for (x,) in xs]
    assert np.allclose(sorted(places), np.linspace(-1.0, 1.0, 41), atol=1e-15)
    assert np.allclose(ys, list(map(height, places)), atol=1e-12)
    assert make(1, noise=0.0, **options)[0] == [(0.0,)]


def test_the_surface_is_that_of_franke():
    points, heights = make_surface(300, rng=1)
    x, y = 9.0 * np.array(points).T
    wanted = (
        0.75 * np.exp(-((x - 2) ** 2) / 4 - (y - 2) ** 2 / 4)
        + 0.75 * np.exp(-((x + 1) ** 2) / 49 - (y + 1) / 10)
        + 0.5 * np.exp(-((x - 7) ** 2) / 4 - (y - 3) ** 2 / 4)
        - 0.2 * np.exp(-((x - 4) ** 2) - (y - 7) ** 2)
    )
    assert np.allclose(heights, wanted, atol=1e-14)
    assert 0.0 <= np.min(points) < 0.05
    assert 0.95 < np.max(points) <= 1.0


@makers
def test_curves_are_shuffled_noisy_and_follow_their_seed(make):
    xs, ys = make(500, rng=1, noise=0.3)
    assert make(500, rng=1, noise=0.3) == make(500, rng=random.Random(1), noise=0.3) == (xs, ys)
    assert make(500, rng=np.random.default_rng(1)) == make(500, rng=np.random.default_rng(1))
    assert make(500, rng=2, noise=0.3) != (xs, ys)
    assert xs != sorted(xs)
    still, exact = make(500, rng=1, noise=0.0)
    assert still == xs
    assert np.std(np.subtract(ys, exact)) == pytest.approx(0.3, rel=0.15)
    assert {type(x) for sample in xs for x in sample} == {type(y) for y in ys} == {float}


@makers
@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"n": 0}, ValueError, "n: expected 1 or more, got 0"),
        ({"n": "3"}, TypeError, "n: expected a whole number, got str '3'"),
        ({"noise": -1}, ValueError, r"noise is -1\.0; a standard deviation is not negative"),
    ],
)
def test_curves_that_are_refused(make, options, error, message):
    with pytest.raises(error, match=f"{make.__name__}: {message}"):
        make(**options)


def test_shapes_that_are_refused():
    with pytest.raises(ValueError, match="steps: expected 2 or more, got 1"):
        make_steps(steps=1)
    with pytest.raises(ValueError, match="slope: expected a finite number, got inf"):
        make_line(slope=float("inf"))
    with pytest.raises(TypeError, match="periods: expected a real number, got str"):
        make_sine(periods="2")
