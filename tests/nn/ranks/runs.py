"""Runs of training, alone or on ranks, and how they are compared."""

import numpy as np

import nn

POINTS, SIGNS = nn.make_moons(60, noise=0.1, rng=1)
BITS = [(y + 1) // 2 for y in SIGNS]
CLASSES = [i % 3 for i in range(60)]
WORDS = [[(i * k) % 5 for k in range(2 + i % 3)] for i in range(30)]


def dropping(outputs=1):
    return nn.Sequential(nn.Linear(2, 6, rng=1), "tanh", nn.Dropout(0.3), nn.Linear(6, outputs, rng=2))


def normed():
    return nn.Sequential(nn.Linear(2, 4, rng=1), nn.BatchNorm(4), nn.Dropout(0.2), nn.Linear(4, 1, rng=2))


def plain(outputs=1):
    return nn.MLP(2, [5, outputs], activation="tanh", rng=1)


class Reader(nn.Module):
    """A recurrent network over sequences of several lengths, its words looked up in a table."""

    def __init__(self):
        self.table, self.rnn = nn.Embedding(5, 3, rng=1), nn.RNN(3, 4, rng=2)
        self.drop, self.end = nn.Dropout(0.2), nn.Linear(4, 1, rng=3)

    def __call__(self, words):
        found = self.rnn([self.table(word) for word in words])
        state = found[0][-1] if isinstance(found, tuple) else found[-1]
        return self.end(self.drop(state))[0]


def ours(scores, labels):
    return sum([(s - y) ** 2 for s, y in zip(scores, labels, strict=True)]) / len(scores)


def margins(truth, scores):
    return float(np.mean(np.ravel(scores)))


margins.takes = "scores"


def result(comm, made=plain, data=(POINTS, SIGNS), **options):
    """What a run gives: its history, and all weights and buffers."""
    data = data() if callable(data) else data
    options = {key: x() if key in ("callbacks", "schedule") else x for key, x in options.items()}
    options = {"epochs": 3, "batch_size": 16, "seed": 3, "progress": False, "threads": 1, **options}
    model = made()
    history = nn.fit(model, data, comm=comm, **options)
    held = [x.data for x in [*model.parameters(), *(model.buffers() if hasattr(model, "buffers") else [])]]
    return history, held


def require_same(found, want, tolerance=1e-12):
    """Pass if each rank has what one alone has."""
    history, held = want
    for each in found:
        if isinstance(each, BaseException):
            raise each
        mine, weights = each
        for name in ("loss", "validation_losses", "gradient_norms", "learning_rates"):
            np.testing.assert_allclose(getattr(mine, name), getattr(history, name), tolerance, tolerance, err_msg=name)
        assert mine.metrics.keys() == history.metrics.keys()
        for name, numbers in history.metrics.items():
            np.testing.assert_allclose(mine.metrics[name], numbers, tolerance, tolerance, err_msg=name)
        np.testing.assert_allclose(weights, held, 1e-9, tolerance)
        for name in ("steps", "stopped", "way", "nodes"):
            assert getattr(mine, name) == getattr(history, name)
        assert (mine.loss, mine.validation_losses, mine.metrics, weights) == (
            found[0][0].loss, found[0][0].validation_losses, found[0][0].metrics, found[0][1],
        )  # fmt: skip
