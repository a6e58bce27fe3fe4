"""Checkpoints: a run that was cut off goes on, and ends with the same bits as one that was not."""

import random
from datetime import timedelta
from functools import partial

import numpy as np
import pytest

import nn
from autograd import Value
from nn.training.checkpoint import Checkpoint
from tests.nn.training.kept import BITS, POINTS, SIGNS, again_and_again, result, trained

pytestmark = pytest.mark.any_build

OPTIMISERS = {
    "adam": nn.Adam,
    "momentum": partial(nn.SGD, lr=0.1, momentum=0.9),
    "lbfgs": partial(nn.LBFGS, max_iter=3),
    "nadam": nn.NAdam,
    "adagrad": nn.Adagrad,
}

EVERY = {"step": 1, "third step": 3, "epoch": None, "time": timedelta(microseconds=1)}


def with_dropout(own=None):
    return nn.Sequential(nn.Linear(2, 5, rng=1), "tanh", nn.Dropout(0.3, rng=own), nn.Linear(5, 1, rng=2))


def with_norm():
    return nn.Sequential(nn.Linear(2, 5, rng=1), nn.BatchNorm(5), "relu", nn.Dropout(0.2), nn.Linear(5, 1, rng=2))


def same(path, cuts=(3, 2, 5, 1, 4), **options):
    """Cut off or not, a run ends with the same bits; and is given back when it is asked for once more."""
    random.seed(11)
    whole = result(*trained(**options))
    random.seed(11)
    found = result(*again_and_again(path, cuts, **options))
    assert found == whole
    assert result(*trained(path, resume=True, **options)) == whole
    return whole


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("every", EVERY)
@pytest.mark.parametrize("optimizer", OPTIMISERS)
def test_cut_off_and_resumed_is_as_never_cut_off(tmp_path, compiled, every, optimizer):
    same(tmp_path / "run", compiled=compiled, every=EVERY[every], optimizer=OPTIMISERS[optimizer])


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("every", [1, None])
@pytest.mark.parametrize(
    "options",
    [
        {"model": with_dropout},
        {"model": partial(with_dropout, 7)},
        {"model": with_dropout, "seed": lambda: np.random.default_rng(4)},
        {"model": with_dropout, "seed": lambda: np.random.Generator(np.random.MT19937(4))},
        {"model": with_dropout, "seed": None},
        {"model": with_norm, "batch_size": 5},
        {"model": with_norm, "validation": 0.25, "batch_size": 5},
        {"validation": 0.3},
        {"validation": (POINTS[:5], BITS[:5])},
        {"schedule": lambda: lambda epoch: 0.1 / (epoch + 1)},
        {"schedule": lambda: lambda t: nn.cosine_rate(t, 0.1, 3)},
        {"schedule": lambda: lambda t: nn.cosine_rate(t, 0.1, 15), "per": "step"},
        {"attached": partial(nn.StepLR, step_size=1, gamma=0.5)},
        {"attached": lambda o: nn.WarmUp(o, 3, nn.CosineAnnealingLR(1.0, 10)), "per": "step"},
        {"attached": partial(nn.ReduceLROnPlateau, patience=0, factor=0.5, threshold=0.5)},
        {"callbacks": lambda: [nn.EarlyStopping(patience=2, monitor="loss", min_delta=0.01)], "epochs": 8},
        {"callbacks": lambda: [nn.EarlyStopping(patience=1)], "validation": 0.3, "epochs": 8, "model": with_norm},
        {"clip_norm": 0.1},
        {"accumulate": 2},
        {"accumulate": 3, "per": "step", "schedule": lambda: lambda k: 0.1 / (k + 1)},
        {"data": lambda: nn.Batches(POINTS, BITS, 6, rng=2)},
        {"data": lambda: nn.Batches(POINTS, BITS, 6, rng=np.random.default_rng(2)), "model": with_dropout},
        {"data": lambda: [(POINTS[:7], BITS[:7]), (POINTS[7:], BITS[7:])]},
        {"data": (POINTS, [{-1: "no", 1: "yes"}[y] for y in SIGNS]), "metrics": ["accuracy", "f1", "auc"]},
        {"data": (POINTS, [x * y for x, y in POINTS]), "loss": nn.mse, "metrics": ["r2", "mae"]},
        {"batch_size": None},
        {"batch_size": 1, "data": (POINTS[:5], BITS[:5]), "model": with_dropout},
        {"batch_size": 19},
        {"diagnose": True, "model": with_dropout},
    ],
    ids=lambda options: "-".join(options),
)  # fmt: skip
def test_whatever_a_run_depends_on_is_kept(tmp_path, compiled, every, options):
    same(tmp_path / "run", compiled=compiled, every=every, **options)


def branching():
    """A model that takes one of several ways through itself."""

    class Branching(nn.Module):
        def __init__(self):
            self.a, self.b = nn.Linear(2, 4, rng=1), nn.Linear(4, 1, rng=2)

        def __call__(self, x):
            return self.b([max(u, 0.1 * u) for u in self.a(x)])[0]

    return Branching()


def margins(scores, labels):
    """A loss that compares: by scores, but by batches where these are small."""
    return sum((max(0.0, 1.0 - y * s) for s, y in zip(scores, labels, strict=True)), Value(0.0)) / len(labels)


def spread(scores, labels):
    """A loss that is no sum."""
    return nn.mse(scores, labels) + 0.1 * scores[0] * scores[-1]


@pytest.mark.parametrize("size", [12, 9, 7, None])
@pytest.mark.parametrize(
    "options",
    [{"loss": margins, "data": (POINTS, SIGNS)}, {"loss": spread}, {"model": branching}],
    ids=["margins", "spread", "branching"],
)
def test_by_every_way(tmp_path, options, size):
    whole = same(tmp_path / "run", cuts=(1, 1, 1, 2, 1), compiled=True, every=1, batch_size=size, **options)
    assert whole["way"] in ("rows", "batch", "scores")


def test_sequences_of_several_lengths(tmp_path):
    rng = random.Random(1)
    xs = [[rng.randrange(5) for _ in range(rng.randint(1, 4))] for _ in range(12)]

    class Words(nn.Module):
        def __init__(self):
            self.table, self.out = nn.Embedding(5, 3, rng=1), nn.Linear(3, 2, rng=2)

        def __call__(self, words):
            return self.out([sum(c, Value(0.0)) for c in zip(*self.table(words), strict=True)])

    for compiled in (False, True):
        data = partial(nn.Batches, xs, [len(x) % 2 for x in xs], 4, 3, by_length=True)
        path = tmp_path / f"run {compiled}"
        same(path, compiled=compiled, every=1, model=Words, data=data, loss=nn.cross_entropy)


def test_eager_for_a_reason_is_eager_when_it_goes_on(tmp_path):
    class Reading(nn.Module):
        def __init__(self):
            self.a = nn.Linear(2, 1, rng=1)

        def __call__(self, x):
            u = self.a(x)[0]
            return u if u.data > 0.0 else 0.5 * u

    with pytest.warns(UserWarning, match="trains eagerly") as caught:
        whole = same(tmp_path / "run", compiled=True, every=1, model=Reading, cuts=(3, 4))
    assert whole["way"] == "eager"
    assert len(caught) == 2  # the run that is not cut off, and the first part of the other


def test_more_epochs_than_before(tmp_path):
    whole = result(*trained(epochs=6))
    trained(tmp_path / "run", epochs=2)
    trained(tmp_path / "run", epochs=4, resume=True)
    assert result(*trained(tmp_path / "run", epochs=6, resume=True)) == whole


@pytest.mark.parametrize("before", [1, 2, 5])
def test_more_epochs_with_the_best_weights_kept(tmp_path, before):
    def stop():
        return [nn.EarlyStopping(patience=20, monitor="gradient norm", mode="max")]

    whole = result(*trained(epochs=6, callbacks=stop))
    first = result(*trained(tmp_path / "run", epochs=before, callbacks=stop))
    assert first == result(*trained(epochs=before, callbacks=stop))
    assert result(*trained(tmp_path / "run", epochs=before, resume=True, callbacks=stop)) == first
    assert result(*trained(tmp_path / "run", epochs=6, resume=True, callbacks=stop)) == whole


def test_without_resume_a_run_begins_anew(tmp_path):
    trained(tmp_path / "run", epochs=2)
    assert result(*trained(tmp_path / "run", epochs=4)) == result(*trained(epochs=4))


def test_a_state_that_looks_like_a_reference_comes_back(tmp_path):
    checkpoint = Checkpoint(tmp_path / "run")
    many = [float(i) for i in range(40)]
    state = {"a": {"array": "b"}, "a.b": many, "x": {"array": [1, 2], "y": {"array": many}}, "d": {"a.b": many[::-1]}}
    state |= {"d.a": {"b": many}, "small": list(range(30)), "mixed": [1, 2.5] * 20, "big": [2**200] * 20, "none": None}
    state |= {"bits": [True, False] * 20, "text": ["a"] * 20, "nan": [float("inf"), -0.0] * 20, "empty": []}
    checkpoint.write(state)
    assert checkpoint.read() == state
    assert list(map(type, checkpoint.read()["mixed"])) == [int, float] * 20
