"""Ranks that train together: the same losses as one alone, whatever is asked of `fit`."""

import random
import warnings
from functools import partial

import numpy as np
import pytest

import nn
from nn.training.together import SharedRun
from tests.nn.ranks.comms import together
from tests.nn.ranks.runs import (
    BITS,
    CLASSES,
    POINTS,
    SIGNS,
    WORDS,
    Reader,
    dropping,
    margins,
    normed,
    ours,
    plain,
    require_same,
    result,
)  # fmt: skip

pytestmark = pytest.mark.any_build

CASES = {
    "dropout, validation, metrics": {"made": dropping, "validation": 0.3, "metrics": ["accuracy", "f1", margins]},
    "all at once": {"made": dropping, "batch_size": None},
    "fewer samples than ranks": {"batch_size": 2, "epochs": 1, "data": (POINTS[:5], SIGNS[:5])},
    "one at a time": {"batch_size": 1, "epochs": 1, "data": (POINTS[:7], SIGNS[:7])},
    "classes by weight": {
        "made": lambda: plain(3), "data": (POINTS, CLASSES),
        "loss": partial(nn.cross_entropy, weight=[1.0, 0.2, 3.0], ignore_index=1),
    },
    "a sum": {"loss": partial(nn.mse, reduction="sum"), "optimizer": "sgd", "data": (POINTS, [0.1 * y for y in SIGNS])},
    "sequences": {
        "made": Reader, "data": (WORDS, [len(w) / 4.0 for w in WORDS]), "metrics": ["mae"], "validation": 0.2,
    },
    "eager": {"compiled": False, "validation": 0.3, "metrics": [margins, "accuracy"]},
    "eager, with dropout": {"made": dropping, "compiled": False},
    "lbfgs": {"optimizer": "lbfgs", "loss": "squared_hinge", "batch_size": None, "epochs": 4},
    "accumulated and clipped": {"made": dropping, "accumulate": 2, "clip_norm": 0.1, "batch_size": 7},
    "batches": {"data": lambda: nn.Batches(POINTS, BITS, 13, rng=5), "made": dropping, "metrics": ["accuracy"]},
    "by step": {"per": "step", "schedule": lambda: nn.CosineAnnealingLR(0.05, T_max=12)},
    "on a plateau": {
        "schedule": lambda: nn.ReduceLROnPlateau(0.1, patience=0, threshold=0.5), "validation": 0.3, "epochs": 5,
    },
    "no better": {
        "callbacks": lambda: nn.EarlyStopping(patience=1, min_delta=0.1), "validation": 0.3, "epochs": 9,
        "made": dropping,
    },
    "diagnosed": {"diagnose": True},
}  # fmt: skip


@pytest.mark.parametrize("size", [2, 3])
@pytest.mark.parametrize("name", CASES)
def test_the_same_as_one_alone(name, size):
    # L-BFGS searches along lines until it is near a minimum: what was rounding becomes more there.
    tolerance = 1e-9 if name == "lbfgs" else 1e-12
    require_same(together(size, lambda comm: result(comm, **CASES[name])), result(None, **CASES[name]), tolerance)


def test_by_scores():
    """A loss that compares numbers of each sample is made of scores by the eager engine, from its terms."""

    def stepped(score, target, reduction="mean"):
        return (abs(score - target) if abs(score - target) > 0.5 else (score - target) ** 2), 1.0

    def loss(scores, targets, reduction="mean"):
        return sum([stepped(s, y)[0] for s, y in zip(scores, targets, strict=True)]) / len(scores)

    loss.terms = stepped
    options = {"loss": loss, "data": (POINTS, [float(y) for y in SIGNS]), "batch_size": 20}
    require_same(together(2, lambda comm: result(comm, **options)), result(None, **options))


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"loss": ours, "data": (POINTS, [float(y) for y in SIGNS])}, "the loss, ours, does not say by `terms`"),
        ({"made": normed}, "as a batch norm is in it"),
    ],
)
def test_what_cannot_be_shared_is_computed_as_a_whole(options, why):
    want = result(None, **options, validation=0.2)
    with pytest.warns(UserWarning, match=f"every rank computes every batch as a whole.*{why}") as caught:
        found = together(2, lambda comm: result(comm, **options, validation=0.2))
    assert len(caught) == 1, "by the first rank alone"
    require_same(found, want, 0.0)


def test_one_rank_is_one_alone():
    want = result(None, made=dropping, validation=0.2)
    (found,) = together(1, lambda comm: result(comm, made=dropping, validation=0.2))
    require_same([found], want, 0.0)


def test_without_a_seed_all_draw_as_the_first_would():
    def work(comm):
        if comm.rank == 0:
            random.seed(7)
        return result(comm, made=dropping, seed=None, epochs=1, batch_size=None)

    random.seed(7)
    want = result(None, made=dropping, seed=None, epochs=1, batch_size=None)
    # The threads share Python's generator: it has drawn once for each of them, where processes have one each.
    require_same(together(1, work), want)
    state = random.Random(7).getstate()
    (first, second) = together(2, lambda comm: result(comm, made=dropping, seed=random.Random(7 + comm.rank)))
    require_same([first, second], result(None, made=dropping, seed=random.Random(7)))
    assert random.Random(7).getstate() == state


def test_one_frame_a_step():
    def work(comm):
        begun = []

        def note(record):
            begun.append(comm.calls)

        note.every_rank = True
        result(comm, callbacks=lambda: note, data=(POINTS, POINTS), made=lambda: plain(2), batch_size=6, epochs=1)
        return begun

    for calls in together(2, work):
        assert set(np.diff(calls)) == {1}
        assert len(calls) == 10


def test_what_a_callback_changes_is_looked_for_where_one_is_called(monkeypatch):
    looks = []
    held = SharedRun._held
    monkeypatch.setattr(SharedRun, "_held", lambda run: looks.append(run.ranks.rank) or held(run))

    def note(record):
        pass

    note.every_rank, note.per = True, "epoch"
    options = {"callbacks": lambda: note, "data": (POINTS, POINTS), "made": lambda: plain(2), "batch_size": 6}
    together(2, lambda comm: result(comm, epochs=3, **options))
    assert sorted(looks) == [0] * 7 + [1] * 7, "before and after each epoch's call, and at the end; not in 30 steps"


# --- callbacks -------------------------------------------------------------------------------------------------------


def test_callbacks_are_called_on_the_first_rank():
    told = {0: [], 1: []}

    class Watch:
        def __init__(self, rank, everywhere):
            self.rank, self.every_rank = rank, everywhere

        def begin(self):
            told[self.rank].append("begin")

        def __call__(self, record):
            assert len(record.batch[0]) == 60, "all samples of the batch"
            told[self.rank].append(record.step)

        def end(self, record):
            told[self.rank].append("end")

    together(2, lambda comm: result(comm, callbacks=lambda: Watch(comm.rank, False), batch_size=None))
    assert told == {0: ["begin", 0, 1, 2, "end"], 1: []}
    together(2, lambda comm: result(comm, callbacks=lambda: Watch(comm.rank, True), batch_size=None))
    assert told[1] == ["begin", 0, 1, 2, "end"]


def test_a_recorder_has_what_it_has_of_one_alone():
    def recorded(comm):
        recorder = nn.Recorder(every=3)
        result(comm, callbacks=lambda: recorder, batch_size=20, epochs=4)
        return recorder

    first, second = together(2, recorded)
    want = recorded(None)
    assert first.steps == want.steps == [0, 3, 6, 9]
    assert len(second) == 0
    np.testing.assert_allclose(first.gradients, want.gradients, 1e-9)


def changing(record):
    """Changes weights, a rate, and what is frozen."""
    first, *_, last = record.model.parameters()
    if record.step % 4 == 1:
        first.data += 0.01
        record.optimizer.lr *= 0.9
    if record.step in (3, 7):
        last.requires_grad = not last.requires_grad


def by_epoch(record):
    record.model.parameters()[0].data *= 0.99


by_epoch.per = "epoch"


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize("callback", [changing, by_epoch])
def test_what_a_callback_changes_is_changed_on_all(callback, compiled):
    options = {"made": dropping, "callbacks": lambda: callback, "validation": 0.2, "compiled": compiled}
    require_same(together(3, lambda comm: result(comm, **options)), result(None, **options))


def test_what_a_callback_changes_of_a_whole_batch():
    options = {"made": normed, "callbacks": lambda: changing}
    want = result(None, **options)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        require_same(together(2, lambda comm: result(comm, **options)), want)


def drop_more(record):
    if record.step == 2:
        next(part for part in record.model.modules() if isinstance(part, nn.Dropout)).p = 0.5


def drop_more_everywhere(record):
    drop_more(record)


drop_more_everywhere.every_rank = True


def test_what_the_model_goes_by_is_changed_on_all_or_not_at_all():
    first, second = together(2, lambda comm: result(comm, made=dropping, callbacks=lambda: drop_more))
    assert isinstance(first, ValueError)
    assert "p was 0.3 and became 0.5" in str(first)
    assert "every_rank" in str(first)
    assert "rank 0 ended with ValueError" in str(second)
    options = {"made": dropping, "callbacks": lambda: drop_more_everywhere}
    require_same(together(2, lambda comm: result(comm, **options)), result(None, **options))
