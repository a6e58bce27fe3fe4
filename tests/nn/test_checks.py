"""The border: what passes as a size, a number, a source of randomness."""

import math
import random
import warnings
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

import nn
from nn.checks import as_finite, as_generator, as_list, as_size, require_as_many


def test_everything_public_has_a_docstring_with_an_example():
    for name in nn.__all__:
        if callable(getattr(nn, name)):
            assert ">>>" in getattr(nn, name).__doc__, name


def test_sizes():
    assert as_size(np.int32(4), "n") == 4
    assert as_size(0, "n", least=0) == 0
    with pytest.raises(ValueError, match="n: expected 1 or more, got 0"):
        as_size(0, "n")


def test_finite_numbers():
    for x in (1, 1.0, Fraction(1), Decimal(1), np.float32(1), True):
        assert as_finite(x, "x") == 1.0
    for bad in ("1", b"1", None, 1j, [1.0]):
        with pytest.raises(TypeError, match="x: expected a real number, got"):
            as_finite(bad, "x")
    for bad in (math.nan, math.inf, -math.inf):
        with pytest.raises(ValueError, match=f"x: expected a finite number, got {bad}"):
            as_finite(bad, "x")


def test_generators():
    assert as_generator(None) is random
    assert as_generator(random) is random
    mine = random.Random(1)
    assert as_generator(mine) is mine


def test_lists():
    xs = [1, 2]
    assert as_list(xs, "xs") is xs
    assert as_list(np.array([1, 2]), "xs") == as_list((1, 2), "xs") == as_list(iter(xs), "xs") == xs
    with pytest.raises(TypeError, match="xs: expected a list, got int"):
        as_list(3, "xs")
    with pytest.raises(TypeError, match="xs: expected a list, got ndarray"):
        as_list(np.array(3.0), "xs")


def test_pairs():
    require_as_many([1], [2], "f", ("as", "bs"))
    with pytest.raises(ValueError, match="f: 1 as but 2 bs: give one of each per sample"):
        require_as_many([1], [1, 2], "f", ("as", "bs"))


def test_a_warning_names_the_line_of_the_user():
    def deeper(n):
        if n:
            return deeper(n - 1)
        return [nn.checks.warn_user("mind")]

    with pytest.warns(UserWarning, match="^mind$") as caught:
        deeper(3)
    assert caught[0].filename == __file__
    xs, ys = [[1.0], [float("nan")]], [0.5, 0.25]
    with pytest.warns(UserWarning, match="sample 1") as caught:
        nn.fit(nn.Neuron(1), (xs, ys), progress=False)
    assert (caught[0].filename, caught[0].category) == (__file__, UserWarning)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(UserWarning, match="mind"):
            nn.checks.warn_user("mind")
