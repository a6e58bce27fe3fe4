"""Runs of training, eager and compiled, side by side."""

import random
import warnings

import numpy as np
import pytest

import nn


def points(n=24, seed=3):
    """Points of the plane, and -1 or 1 for each."""
    return nn.make_moons(n, rng=seed)


def sequences(lengths=(2, 3, 3, 5, 2, 4, 3, 5), seed=1):
    """Sequences of pairs, of several lengths, and a number for each."""
    rng = random.Random(seed)
    xs = [[[rng.gauss(0, 1), rng.gauss(0, 1)] for _ in range(n)] for n in lengths]
    return xs, [sum(u for u, _ in x) / len(x) for x in xs]


def run(make, data, compiled, **options):
    """A model that was trained, and its history."""
    model = make()
    settings = {"epochs": 4, "seed": 5, "progress": False, "optimizer": lambda p: nn.SGD(p, 0.05, 0.9), **options}
    return model, nn.fit(model, data, compiled=compiled, **settings)


def numbers_of(model):
    """Weights and buffers of a model."""
    owner = getattr(model, "owner", model)
    return [p.data for p in owner.parameters()] + [b.data for b in getattr(owner, "buffers", list)()]


def assert_alike(make, data, way, rtol=1e-9, **options):
    """Compiled training goes a way, without a word, and gives what eager training gives."""
    eager, told = run(make, data, False, **options)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        quick, history = run(make, data, True, **options)
    assert (told.way, history.way, history.why) == ("eager", way, "")
    assert_same(told, history, rtol)
    np.testing.assert_allclose(numbers_of(quick), numbers_of(eager), rtol=rtol, atol=1e-11)
    return history


def assert_eager(make, data, why, **options):
    """Training is eager, as one warning says, and gives the numbers of one that was not to be compiled."""
    eager, told = run(make, data, False, **options)
    with pytest.warns(UserWarning, match="trains eagerly") as caught:
        other, history = run(make, data, True, **options)
    assert [str(w.message).count(why) for w in caught] == [1], [str(w.message) for w in caught]
    assert "\n" not in str(caught[0].message)
    assert (history.way, why in history.why) == ("eager", True)
    assert_same(told, history, 0.0)
    assert numbers_of(other) == numbers_of(eager)


def assert_same(told, history, rtol):
    """Two histories agree."""
    assert told.epochs == history.epochs
    for name in ("loss", "validation_losses", "gradient_norms", "learning_rates"):
        np.testing.assert_allclose(getattr(history, name), getattr(told, name), rtol=rtol, atol=1e-12, err_msg=name)
    assert told.metrics.keys() == history.metrics.keys()
    for name, numbers in told.metrics.items():
        np.testing.assert_allclose(history.metrics[name], numbers, rtol=max(rtol, 1e-9), err_msg=name)
    assert (told.steps, told.nodes) == (history.steps, history.nodes)
