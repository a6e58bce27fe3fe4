"""Ranks that train together: the same losses as one alone, whatever is asked of `fit`; and they end together."""

import random
import warnings
from functools import partial
from itertools import count

import numpy as np
import pytest

import nn
from nn.training.together import SharedRun, threads_for
from tests.nn.training.comms import together

POINTS, SIGNS = nn.make_moons(60, noise=0.1, rng=1)
BITS = [(y + 1) // 2 for y in SIGNS]
CLASSES = [i % 3 for i in range(60)]
WORDS = [[(i * k) % 5 for k in range(2 + i % 3)] for i in range(30)]

pytestmark = pytest.mark.any_build


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


# --- ends ------------------------------------------------------------------------------------------------------------


class Faulty(nn.Module):
    """A model that raises something on one rank, from one of its calls on."""

    def __init__(self, comm, rank, error, call):
        self.inner, self.calls = plain(), count(1)
        self.at = call if comm.rank == rank else 10**9
        self.error = error

    def __call__(self, x):
        if next(self.calls) >= self.at:
            raise self.error
        return self.inner(x)


def faulty(rank, error, call, **options):
    return together(
        3, lambda comm: result(comm, made=lambda: Faulty(comm, rank, error, call), compiled=False, **options)
    )  # fmt: skip


@pytest.mark.parametrize("rank", [0, 2])
@pytest.mark.parametrize("call", [1, 5, 40])
def test_an_error_of_one_rank_ends_all(rank, call):
    found = faulty(rank, ZeroDivisionError("1/0\nmore"), call)
    for other, error in enumerate(found):
        if other == rank:
            assert isinstance(error, ZeroDivisionError)
        else:
            assert isinstance(error, RuntimeError)
            assert str(error) == f"fit: rank {rank} ended with ZeroDivisionError: 1/0; so all ranks end"


def test_ctrl_c_on_one_rank_ends_all_after_the_same_step():
    found = faulty(1, KeyboardInterrupt(), 40)
    (first, weights), *others = found
    assert first.interrupted
    assert first.stopped == "interrupted"
    assert 0 < first.steps < 12
    for history, held in others:
        assert (history.interrupted, history.steps, history.loss) == (True, first.steps, first.loss)
        assert held == weights
    want, held = result(None, compiled=False, callbacks=lambda: lambda record: record.step == first.steps - 1)
    np.testing.assert_allclose(weights, held, 1e-12, 1e-12)
    assert want.steps == first.steps


def test_a_callback_stops_all():
    def enough(record):
        return record.step == 5

    found = together(3, lambda comm: result(comm, callbacks=lambda: enough))
    assert {history.stopped for history, _ in found} == {"by enough"}
    require_same(found, result(None, callbacks=lambda: enough))


def test_a_callback_that_raises_at_the_very_end():
    class Last:
        def __call__(self, record):
            pass

        def end(self, record):
            raise OSError("the disk is full")

    first, second = together(2, lambda comm: result(comm, callbacks=Last))
    assert isinstance(first, OSError)
    assert "rank 0 ended with OSError: the disk is full" in str(second)


def test_a_number_that_is_not_finite_ends_all():
    options = {"schedule": lambda: lambda epoch: 0.1 if epoch < 2 else 1e200, "optimizer": "sgd", "loss": "mse"}
    with pytest.warns(UserWarning, match="stopped: at step"):
        want = result(None, **options)
    with pytest.warns(UserWarning, match="stopped: at step") as caught:
        found = together(3, lambda comm: result(comm, **options))
    assert len(caught) == 1, "of the first rank"
    assert want[0].stopped.startswith("at step")
    require_same(found, want)


def test_a_nan_on_one_rank_ends_all():
    class Weird(nn.Module):
        def __init__(self, comm):
            self.inner, self.wrong = plain(), comm.rank == 1

        def __call__(self, x):
            out = self.inner(x)
            return out * float("nan") if self.wrong and x == POINTS[-1] else out

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = together(2, lambda comm: result(comm, made=lambda: Weird(comm), compiled=False, batch_size=None))
    assert [history.steps for history, _ in found] == [0, 0]
    assert all("the loss is nan" in history.stopped for history, _ in found)
    assert found[0][1] == found[1][1]


# --- checkpoints -----------------------------------------------------------------------------------------------------


class GoneError(Exception):
    """What ends a run in the middle."""


class Gone:
    def __call__(self, record):
        if record.step == 7:
            raise GoneError


@pytest.mark.parametrize(("before", "after"), [(2, 2), (2, 3), (3, 1), (1, 2)])
@pytest.mark.parametrize("every", [None, 3, "0.001 s"])
def test_goes_on_from_a_checkpoint_on_other_ranks(tmp_path, before, after, every):
    options = {"made": dropping, "validation": 0.25, "checkpoint": str(tmp_path / "run"), "every": every, "epochs": 4}
    want = result(None, **{**options, "checkpoint": None, "every": None})
    found = together(before, lambda comm: result(comm, **options, callbacks=Gone))
    assert isinstance(found[0], GoneError)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["run"]
    require_same(together(after, lambda comm: result(comm, **options, resume=True)), want)


def test_callbacks_go_on_from_a_checkpoint(tmp_path):
    def work(comm, **options):
        return result(
            comm, validation=0.25, checkpoint=str(tmp_path / "run"), epochs=options.pop("epochs", 9),
            callbacks=lambda: nn.EarlyStopping(patience=2, min_delta=0.1), **options,
        )  # fmt: skip

    want = work(None)
    (tmp_path / "run").unlink()
    together(2, lambda comm: work(comm, epochs=2))
    require_same(together(2, lambda comm: work(comm, resume=True)), want)


def test_a_damaged_checkpoint_is_told_on_all(tmp_path):
    (tmp_path / "run").write_bytes(b"nonsense")
    first, second = together(2, lambda comm: result(comm, checkpoint=str(tmp_path / "run"), resume=True))
    assert isinstance(first, ValueError)
    assert "rank 0 ended with ValueError" in str(second)


# --- refusals --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "options"),
    [
        ("weights", lambda rank: {"made": lambda: nn.MLP(2, [5, 1], rng=rank)}),
        ("parameters", lambda rank: {"made": lambda: nn.MLP(2, [5 + rank, 1], rng=1)}),
        ("data", lambda rank: {"data": (POINTS, SIGNS if rank == 0 else SIGNS[::-1])}),
        ("samples", lambda rank: {"data": (POINTS[rank:], SIGNS[rank:])}),
        ("samples to validate by", lambda rank: {"validation": (POINTS[rank : rank + 9], SIGNS[rank : rank + 9])}),
        ("epochs", lambda rank: {"epochs": 3 + rank}),
        ("batch_size", lambda rank: {"batch_size": 16 + rank}),
        ("loss", lambda rank: {"loss": ("hinge", "mse")[rank]}),
        ("optimizer", lambda rank: {"optimizer": ("adam", "sgd")[rank]}),
        ("state of the optimiser", lambda rank: {"optimizer": (nn.SGD, partial(nn.SGD, lr=0.5))[rank]}),
        ("metrics", lambda rank: {"metrics": [("accuracy", "f1")[rank]]}),
        ("resume", lambda rank: {"resume": bool(rank), "checkpoint": "/nowhere/run"}),
    ],
)
def test_ranks_that_differ(what, options):
    def work(comm):
        asked = options(comm.rank)
        if callable(asked.get("optimizer")):
            made, model = asked.pop("optimizer"), plain()
            return result(comm, made=lambda: model, optimizer=made(model.parameters()), **asked)
        return result(comm, **asked)

    for error in together(2, work):
        assert isinstance(error, ValueError)
        assert f"fit: rank 1 has other {what} than rank 0" in str(error)
        assert "the same program" in str(error)


def test_ranks_of_another_version(monkeypatch):
    facts = SharedRun._facts
    monkeypatch.setattr(
        SharedRun, "_facts", lambda run, resuming: {**facts(run, resuming), "version": f"0.{run.ranks.rank}"}
    )
    for error in together(2, result):
        assert "rank 1 has other version than rank 0, '0.1' and '0.0'" in str(error)


def test_ranks_with_other_batches():
    def work(comm):
        batches = [(POINTS[i : i + 10], SIGNS[i : i + 10]) for i in range(0, 60, 10)]
        return result(comm, data=batches[::-1] if comm.rank else batches, metrics=[])

    errors = together(2, work)
    assert any("is another than that of other ranks" in str(error) for error in errors)
    assert all(isinstance(error, (ValueError, RuntimeError)) for error in errors)


def test_ranks_with_fewer_batches():
    def work(comm):
        batches = [(POINTS[i : i + 10], SIGNS[i : i + 10]) for i in range(0, 60 - 10 * comm.rank, 10)]
        return result(comm, data=batches, metrics=[])

    for error in together(2, work):
        assert isinstance(error, RuntimeError)
        assert "at different places" in str(error)


def test_ranks_that_drift_apart():
    def work(comm):
        class Own(nn.SGD):
            def rule(self, data, grads, group, state):
                return data - group["lr"] * grads * (1.0 + 1e-15 * comm.rank)

        model = plain()
        return result(comm, made=lambda: model, optimizer=Own(model.parameters(), lr=0.5))

    for error in together(2, work):
        assert "have drifted apart by the end of epoch" in str(error)


@pytest.mark.parametrize("comm", [object(), 3, "mpi"])
def test_no_comm(comm):
    with pytest.raises(TypeError, match=r"fit: comm: expected something with rank, size and Allreduce"):
        result(comm)


def test_a_rank_that_is_none():
    class Odd:
        rank, size = 2, 2

        def Allreduce(self, send, recv):
            raise AssertionError

    with pytest.raises(ValueError, match="rank 2 is none of 2"):
        result(Odd())


def test_a_comm_that_fails():
    class Broken:
        rank, size = 0, 2

        def Allreduce(self, send, recv):
            raise OSError("no network")

    with pytest.raises(OSError, match="no network"):
        result(Broken())


def test_processors_are_shared():
    assert threads_for(10**6) in (1, None)
