"""Compiled training gives what eager training gives, to rounding, by whichever way it goes; or says why it cannot."""

import random
from functools import partial

import numpy as np
import pytest

import nn
from autograd import Value
from tests.nn.recording.runs import assert_alike, assert_eager, points, run, sequences

MOONS = points()
BITS = MOONS[0], [(y + 1) // 2 for y in MOONS[1]]
THREE = MOONS[0], [i % 3 for i in range(24)]
REAL = MOONS[0], [x * y + 0.3 for x, y in MOONS[0]]


def mlp(outputs=1, seed=1, activation="tanh"):
    return lambda: nn.MLP(2, [5, outputs], activation, rng=seed)


SIZES = [None, 24, 7, 5]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("loss", "data", "outputs"),
    [
        (nn.hinge, MOONS, 1),
        (nn.mse, REAL, 1),
        (nn.binary_cross_entropy_with_logits, BITS, 1),
        (nn.cross_entropy, THREE, 3),
        (partial(nn.cross_entropy, weight=[1.0, 2.0, 0.5], label_smoothing=0.1), THREE, 3),
        (partial(nn.cross_entropy, ignore_index=2), THREE, 3),
        (partial(nn.mse, reduction="sum"), REAL, 1),
        ("huber", REAL, 1),
    ],
    ids=["hinge", "mse", "bce", "ce", "ce weighted", "ce ignoring", "sum", "huber"],
)
def test_sums_over_samples_go_by_rows(loss, data, outputs, size):
    assert_alike(mlp(outputs), data, "rows", loss=loss, batch_size=size)


@pytest.mark.parametrize(("size", "way"), [(1, "sample"), (23, "rows")])
@pytest.mark.parametrize(
    ("loss", "data", "outputs"),
    [
        (nn.hinge, MOONS, 1),
        (partial(nn.mse, reduction="sum"), REAL, 1),
        (partial(nn.cross_entropy, weight=[1.0, 2.0, 0.5]), THREE, 3),
    ],
    ids=["hinge", "sum", "ce weighted"],
)
def test_batches_of_one_sample_are_run_alone_and_one_that_is_left_over_as_a_row(loss, data, outputs, size, way):
    assert_alike(mlp(outputs), data, way, loss=loss, batch_size=size)


@pytest.mark.parametrize("size", SIZES)
def test_a_loss_that_compares_samples_goes_by_batches(size):
    def spread(scores, targets):  # no sum over samples
        mean = sum(scores, Value(0.0)) / len(scores)
        return nn.mse(scores, targets) + 0.1 * sum(((s - mean) ** 2 for s in scores), Value(0.0))

    assert_alike(mlp(), REAL, "batch", loss=spread, batch_size=size)


def test_a_penalty_of_the_weights_goes_by_batches():
    model = nn.MLP(2, [5, 1], "tanh", rng=1)
    start = model.state_dict()

    def make():
        model.load_state_dict(start)
        return model

    def loss(scores, targets):
        return nn.mse(scores, targets) + nn.l2(model.parameters(), 0.01)

    assert_alike(make, REAL, "batch", loss=loss, batch_size=8)


def positive(x):
    return x if x > 0.0 else 0.0


@pytest.mark.parametrize("size", [None, 12])
def test_a_loss_that_branches_goes_by_scores(size):
    def margins(scores, labels):
        return sum((positive(1.0 - y * s) for s, y in zip(scores, labels, strict=True)), Value(0.0)) / len(labels)

    history = assert_alike(mlp(), MOONS, "scores", loss=margins, batch_size=size)
    _, told = run(mlp(), MOONS, True, loss=nn.hinge, batch_size=size)
    np.testing.assert_allclose(history.loss, told.loss, rtol=1e-12)
    assert history.accuracy == told.accuracy


def test_a_loss_that_branches_on_labels_goes_by_scores():
    def chosen(scores, labels):
        return sum((s * s if y == 1 else (s - 1.0) ** 2 for s, y in zip(scores, labels, strict=True)), Value(0.0))

    assert_alike(mlp(), MOONS, "scores", loss=chosen, batch_size=12)


def test_a_penalty_that_reads_the_weights_goes_by_scores_too():
    model = nn.MLP(2, [5, 1], "tanh", rng=1)
    start = model.state_dict()

    def make():
        model.load_state_dict(start)
        return model

    def loss(scores, labels):
        fit = sum((positive(1.0 - y * s) for s, y in zip(scores, labels, strict=True)), Value(0.0))
        return fit + nn.l2(model.parameters(), 0.1)

    assert_alike(make, MOONS, "scores", loss=loss, batch_size=12)


class Hidden(nn.Module):
    """Leaves its hidden layer for the loss."""

    def __init__(self, keep="last"):
        self.first, self.second = nn.Linear(2, 4, rng=1), nn.Linear(4, 1, rng=2)
        self.keep = keep
        self.hidden = []

    def __call__(self, x):
        found = [u.tanh() for u in self.first(x)]
        self.hidden = [*self.hidden, found] if self.keep == "all" else found
        return self.second(found)


@pytest.mark.parametrize("size", [None, 6])
def test_a_hidden_layer_that_the_loss_uses(size):
    models = []

    def make():
        models.append(Hidden())
        return models[-1]

    def loss(scores, targets):
        return nn.mse(scores, [[t] for t in targets]) + sum((u * u for u in models[-1].hidden), Value(0.0))

    assert_alike(make, REAL, "batch", loss=loss, batch_size=size)


def test_all_hidden_layers_that_the_loss_uses_and_clears():
    models = []

    def make():
        models.append(Hidden("all"))
        return models[-1]

    def loss(scores, targets):
        activity = sum((u * u for hidden in models[-1].hidden for u in hidden), Value(0.0))
        models[-1].hidden = []
        return nn.mse(scores, [[t] for t in targets]) + 0.1 * activity

    eager, told = run(make, REAL, False, loss=loss, batch_size=6)
    try:
        quick, history = run(make, REAL, True, loss=loss, batch_size=6)
    except UserWarning:
        with pytest.warns(UserWarning, match="trains eagerly"):
            quick, history = run(make, REAL, True, loss=loss, batch_size=6)
    np.testing.assert_allclose(history.loss, told.loss, rtol=1e-10)
    np.testing.assert_allclose(
        [p.data for p in quick.parameters()], [p.data for p in eager.parameters()], rtol=1e-9, atol=1e-12
    )


@pytest.mark.parametrize("size", [None, 7, 1])
@pytest.mark.parametrize("own", [None, 9])
@pytest.mark.parametrize("source", [5, "numpy", "python"])
def test_dropout_draws_the_masks_that_eager_training_draws(size, own, source):
    def make():
        return nn.Sequential(nn.Linear(2, 6, rng=1), "tanh", nn.Dropout(0.4, rng=own), nn.Linear(6, 1, rng=2))

    def seed():
        return {"numpy": np.random.default_rng(3), "python": random.Random(3)}.get(source, source)

    results = [run(make, REAL, c, loss=nn.mse, batch_size=size, seed=seed()) for c in (False, True)]
    (eager, told), (quick, history) = results
    assert history.way == ("sample" if size == 1 else "rows")
    np.testing.assert_allclose(history.loss, told.loss, rtol=1e-12)
    np.testing.assert_allclose([p.data for p in quick.parameters()], [p.data for p in eager.parameters()], rtol=1e-9)
    assert len(set(history.loss)) == len(history.loss)


@pytest.mark.parametrize("way", ["batch", "scores"])
def test_dropout_by_the_other_ways(way):
    def mean_and_more(scores, targets):
        return nn.mse(scores, [[t] for t in targets]) + 0.1 * scores[0][0] * scores[-1][0]

    def largest(scores, targets):
        return sum((positive(s[0] - t) + positive(t - s[0]) for s, t in zip(scores, targets, strict=True)), Value(0.0))

    def make():
        return nn.Sequential(nn.Linear(2, 6, rng=1), "tanh", nn.Dropout(0.4), nn.Linear(6, 1, rng=2), nn.Dropout(0.1))

    assert_alike(make, REAL, way, loss=mean_and_more if way == "batch" else largest, batch_size=12)


@pytest.mark.parametrize("size", [None, 8])
@pytest.mark.parametrize("validation", [None, 0.25])
def test_batch_norm_and_its_running_numbers(size, validation):
    def make():
        return nn.Sequential(nn.Linear(2, 5, rng=1), nn.BatchNorm(5), "relu", nn.Dropout(0.2), nn.Linear(5, 1, rng=2))

    if validation:
        assert_alike(make, BITS, "batch", batch_size=6, validation=validation, loss=nn.binary_cross_entropy_with_logits)
    else:
        assert_alike(make, REAL, "batch", batch_size=size, loss=nn.mse)


class Words(nn.Module):
    """Numbers of words to a score for each of three classes."""

    def __init__(self):
        self.table = nn.Embedding(6, 3, rng=1)
        self.out = nn.Linear(3, 3, rng=2)

    def __call__(self, words):
        vectors = self.table(words)
        return self.out([sum(column, Value(0.0)) / len(words) for column in zip(*vectors, strict=True)])


@pytest.mark.parametrize("size", [None, 4])
@pytest.mark.parametrize("ragged", [False, True])
def test_embeddings_of_sequences(size, ragged):
    rng = random.Random(1)
    xs = [[rng.randrange(6) for _ in range(rng.randint(1, 4) if ragged else 3)] for _ in range(14)]
    ys = [sum(x) % 3 for x in xs]
    assert_alike(Words, (xs, ys), "rows", loss=nn.cross_entropy, batch_size=size)


def test_an_embedding_is_asked_for_a_row_that_it_has_not():
    for compiled in (False, True):
        with pytest.raises(ValueError, match="none numbered 6"):
            run(Words, ([[1, 2], [6, 0]], [0, 1]), compiled, loss=nn.cross_entropy)


class Reader(nn.Module):
    """A sequence to a number, by a recurrent layer."""

    def __init__(self, kind):
        self.body, self.out = kind(2, 3, rng=1), nn.Linear(3, 1, rng=2)

    def __call__(self, sequence):
        outputs = self.body(sequence)[0]
        return self.out(outputs[-1])


@pytest.mark.parametrize("kind", [nn.RNN, nn.LSTM, nn.GRU])
def test_recurrent_layers_over_sequences_of_several_lengths(kind):
    xs, ys = sequences()
    assert_alike(lambda: Reader(kind), (xs, [[y] for y in ys]), "rows", loss=nn.mse, batch_size=3)


def test_sequences_whose_loss_is_no_sum():
    xs, ys = sequences(lengths=(3, 2, 3, 2, 3, 2))

    def loss(scores, targets):
        return nn.mse(scores, [[t] for t in targets]) + 0.01 * scores[0][0] * scores[-1][0]

    assert_alike(lambda: Reader(nn.RNN), (xs, ys), "batch", loss=loss)


def test_a_model_that_branches_by_its_input():
    class Branching(nn.Module):
        def __init__(self):
            self.a, self.b = nn.Linear(2, 1, rng=1), nn.Linear(2, 1, rng=2)

        def __call__(self, x):
            return self.a(x)[0] if x[0] > 0.5 else self.b(x)[0].tanh()

    assert_alike(Branching, REAL, "rows", loss=nn.mse, batch_size=5)


def test_a_model_with_builtin_max():
    class Leaky(nn.Module):
        def __init__(self):
            self.a = nn.Linear(2, 1, rng=1)

        def __call__(self, x):
            u = self.a(x)[0]
            return max(u, 0.1 * u)

    assert_alike(Leaky, REAL, "rows", loss=nn.mse, batch_size=5)


def test_models_that_cannot_be_recorded_say_why_and_train():
    class Reads(nn.Module):
        def __init__(self):
            self.w = Value(0.5)

        def __call__(self, x):
            return self.w * x[0] if self.w.data > 0.0 else self.w * x[1]

    class Floats(nn.Module):
        def __init__(self):
            self.w = Value(0.5)

        def __call__(self, x):
            if not isinstance(x[0], float):
                raise TypeError("floats alone")
            return self.w * x[0]

    class Counts(nn.Module):
        def __init__(self):
            self.w, self.calls = Value(0.5), 0

        def __call__(self, x):
            self.calls += 1
            return self.w * x[0] / self.calls

    class Draws(nn.Module):
        def __init__(self):
            self.w, self.rng = Value(0.5), random.Random(1)

        def __call__(self, x):
            return self.w * x[0] * (1.0 + self.rng.random())

    assert_eager(Reads, REAL, "data", loss=nn.mse)
    assert_eager(Floats, REAL, "floats alone", loss=nn.mse)
    assert_eager(Counts, REAL, "changes as it is called", loss=nn.mse)
    assert_eager(Draws, REAL, "does the model change", loss=nn.mse)


def test_samples_that_are_no_numbers_are_trained_on_eagerly():
    class Letters(nn.Module):
        def __init__(self):
            self.rows = {c: Value(0.1 * i) for i, c in enumerate("abc")}

        def __call__(self, word):
            return sum((self.rows[c] for c in word), Value(0.0))

    assert_eager(Letters, (["ab", "c", "cab"], [0.1, 0.2, 0.3]), "samples: 0 is 'ab'", loss=nn.mse)
