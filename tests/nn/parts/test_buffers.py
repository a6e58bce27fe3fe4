"""Buffers of a user's own: listed, saved, set while a model computes, and trained with as eagerly."""

import numpy as np
import pytest

import nn
from autograd import Value
from tests.nn.recording.runs import assert_alike, points, run


class Centred(nn.Module):
    """Takes running means of a batch off its samples, by its own `nn.update`."""

    whole_batch = True

    def __init__(self):
        self.register_buffer("means", [0.0, 0.0])
        self.spread = nn.buffer(1.0)
        self.body = nn.MLP(2, [4, 1], "tanh", rng=1)

    def __call__(self, xs):
        means, spread = self.means, self.spread
        if self.training:
            means = [
                nn.update(mean, 0.9 * mean + 0.1 * (sum(column) / len(column)))
                for mean, column in zip(means, zip(*xs, strict=True), strict=True)
            ]
            spread = nn.update(self.spread, 0.5 * self.spread + 0.5 * max(abs(x) for x in (xs[0][0], 1.0)))
        return [self.body([(u - m) / (1.0 + spread) for u, m in zip(x, means, strict=True)]) for x in xs]


def test_a_running_mean_of_ones_own_trains_compiled_as_eagerly():
    assert_alike(Centred, points(), "batch", loss=nn.hinge, batch_size=6)


def test_the_running_mean_is_that_of_the_batches():
    data = points()
    model, history = run(Centred, data, True, loss=nn.hinge, batch_size=None, epochs=3)
    assert history.way == "batch"
    whole = np.mean(data[0], axis=0)
    expected = (1.0 - 0.9**3) * whole
    np.testing.assert_allclose([b.data for b in model.means], expected, rtol=1e-12)
    assert all(b.is_constant for b in model.buffers())


def test_a_mean_over_samples_one_by_one_trains_eagerly_and_says_so():
    class One(nn.Module):
        def __init__(self):
            self.mean, self.neuron = nn.buffer(0.0), nn.Neuron(2, "linear", rng=1)

        def __call__(self, x):
            nn.update(self.mean, 0.9 * self.mean + 0.1 * x[0])
            return self.neuron(x) - self.mean

    with pytest.warns(UserWarning, match="a buffer is set more than once in a batch"):
        _, history = run(One, points(), True, loss=nn.hinge)
    assert history.way == "eager"


def test_update_gives_what_it_sets():
    mean, x = nn.buffer(1.0), Value(3.0)
    assert nn.update(mean, x) is x
    assert mean.data == 3.0
    assert nn.update(mean, 2) == 2
    assert (mean.data, mean.is_constant) == (2.0, True)


@pytest.mark.parametrize("what", [1.0, [nn.buffer(1.0)], None])
def test_only_a_buffer_is_updated(what):
    with pytest.raises(TypeError, match=f"expected a buffer, which nn.buffer.* got a {type(what).__name__}"):
        nn.update(what, 1.0)


def test_a_buffer_of_a_value_is_of_its_number():
    w = Value(2.0)
    kept = nn.buffer(3.0 * w)
    assert (kept.data, kept.operands, kept.is_frozen) == (6.0, (), True)
    with pytest.raises(TypeError, match="real number"):
        nn.buffer("one")
