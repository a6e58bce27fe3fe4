"""Whatever gives Values is a model: functions, methods, objects of a user's own, those that give arrays."""

from functools import partial

import numpy as np
import pytest

import nn
from autograd import Value
from tests.nn.recording.runs import assert_alike, assert_eager, points, sequences

MOONS = points()
BITS = MOONS[0], [(y + 1) // 2 for y in MOONS[1]]
THREE = MOONS[0], [i % 3 for i in range(24)]
REAL = MOONS[0], [x * y + 0.3 for x, y in MOONS[0]]


def mlp(outputs=1):
    return lambda: nn.MLP(2, [5, outputs], "tanh", rng=1)


class Arrays:
    """A model of a user's own: arrays of Values, no module, a method of its own."""

    def __init__(self):
        self.w = np.array([[Value(0.1 * (i + 2 * j)) for i in range(2)] for j in range(3)])

    def parameters(self):
        return self.w.ravel().tolist()

    def __call__(self, x):
        return self.w @ np.array(x)

    def one(self, x):
        return (self.w @ np.array(x))[:1]


@pytest.mark.parametrize("size", [None, 7])
def test_models_that_give_arrays(size):
    assert_alike(Arrays, (np.array(MOONS[0]), np.array(THREE[1])), "rows", loss=nn.cross_entropy, batch_size=size)
    targets = np.array([[x, y, x * y] for x, y in MOONS[0]])
    assert_alike(Arrays, (MOONS[0], targets), "rows", loss=nn.mse, batch_size=size)
    model = Arrays()
    nn.fit(model, THREE, loss=nn.cross_entropy, progress=False)
    assert set(nn.predict(model, MOONS[0])) <= {0, 1, 2}
    assert np.shape(nn.predict_scores(model, MOONS[0])) == (24, 3)
    assert nn.evaluate(model, *THREE, nn.cross_entropy)[0] > 0.0


@pytest.mark.parametrize("kind", ["function", "method", "partial"])
def test_functions_are_models(kind):
    def make():
        arrays = Arrays()

        def function(x):
            return arrays(x)[:2]

        model = {"function": function, "method": arrays.__call__, "partial": partial(lambda a, x: a(x), arrays)}[kind]
        found = model if kind != "method" else arrays.one
        makers.append(arrays)
        return found

    makers = []
    loss, ys = (nn.mse, [[y] for y in REAL[1]]) if kind == "method" else (nn.cross_entropy, BITS[1])
    results = []
    for compiled in (False, True):
        model = make()
        optimizer = nn.SGD(makers[-1].parameters(), 0.05)
        history = nn.fit(
            model, (MOONS[0], ys), loss=loss, optimizer=optimizer, epochs=3, compiled=compiled, progress=False
        )
        results.append((history.loss, [p.data for p in makers[-1].parameters()]))
    assert history.way == "rows"
    np.testing.assert_allclose(results[1][0], results[0][0], rtol=1e-12)
    np.testing.assert_allclose(results[1][1], results[0][1], rtol=1e-10)


def test_several_outputs_of_a_regression():
    targets = [[x, y * y] for x, y in MOONS[0]]
    assert_alike(mlp(2), (MOONS[0], targets), "rows", loss=nn.mse, batch_size=5)
    assert_alike(mlp(2), (MOONS[0], np.array(targets)), "rows", loss="mae", validation=0.25)


@pytest.mark.parametrize("layers", ["norms", "attention", "frozen"])
def test_other_layers(layers):
    def make():
        if layers == "norms":
            return nn.Sequential(nn.Linear(2, 4, rng=1), nn.LayerNorm(4), "gelu", nn.RMSNorm(4), nn.Linear(4, 1, rng=2))
        if layers == "frozen":
            model = nn.MLP(2, [4, 4, 1], "silu", rng=1)
            for p in model.layers[1].parameters():
                p.requires_grad = False
            return model
        return nn.Sequential(nn.CausalSelfAttention(2, 1, rng=1), lambda rows: rows[-1], nn.Linear(2, 1, rng=2))

    if layers == "attention":
        xs, ys = sequences()
        assert_alike(make, (xs, [[y] for y in ys]), "rows", loss=nn.mse, batch_size=3)
    else:
        ys = REAL[1] if layers == "frozen" else [[y] for y in REAL[1]]
        assert_alike(make, (MOONS[0], ys), "rows", loss=nn.mse, batch_size=6)


def test_a_way_that_fails_leaves_no_trace():
    """The first way draws masks and sets running numbers before it turns out not to be one."""

    class Numbers(nn.Module):
        def __init__(self):
            self.first, self.drop, self.out = nn.Linear(2, 4, rng=1), nn.Dropout(0.5), nn.Linear(4, 1, rng=2)

        def __call__(self, x):
            found = self.out(self.drop(self.first(x)))[0]
            return found if found.data > 0.0 else -found

    assert_eager(Numbers, REAL, "data", loss=nn.mse, batch_size=7)


def test_layers_frozen_and_freed_meanwhile():
    def callbacks():
        def freeze(record):
            for p in record.model.layers[0].parameters():
                p.requires_grad = record.epoch % 2 == 1

        freeze.per = "epoch"
        return freeze

    assert_alike(mlp(), REAL, "rows", loss=nn.mse, batch_size=7, callbacks=callbacks(), epochs=6)
