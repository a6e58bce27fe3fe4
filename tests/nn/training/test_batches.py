"""Data that come in batches: each is trained on once, in its turn."""

import random

import numpy as np
import pytest

import nn
from autograd import Value


@pytest.mark.parametrize("compiled", [False, True])
def test_each_batch_is_a_step_in_its_turn(compiled):
    w, seen = Value(0.0), []
    batches = [([float(k)], [0.0]) for k in (1, 2, 3)]
    nn.fit(
        lambda x: w * x, batches, loss=nn.mse, optimizer=nn.SGD([w], lr=0.0), epochs=2, compiled=compiled,
        callbacks=lambda record: seen.append(record.batch[0][0]), progress=False,
    )  # fmt: skip
    assert seen == [1.0, 2.0, 3.0] * 2


def test_batches_of_a_list_are_those_of_arrays():
    xs = np.random.default_rng(1).normal(size=(24, 3))
    ys = (xs[:, 0] > 0).astype(int)
    found = []
    for data in ((xs, ys), [(xs[i : i + 8], ys[i : i + 8]) for i in range(0, 24, 8)]):
        model = nn.MLP(3, [4, 1], rng=1)
        options = {"batch_size": 8, "seed": Ordered()} if isinstance(data, tuple) else {}
        history = nn.fit(
            model, data, loss="binary_cross_entropy_with_logits", optimizer=nn.Adam(model.parameters()), epochs=3,
            progress=False, **options,
        )  # fmt: skip
        found.append((history.loss, history.accuracy, model.state_dict()))
    assert found[0] == found[1]


class Ordered(random.Random):
    """A source that leaves the order as it is."""

    def shuffle(self, x):
        pass
