"""Ranks that train together end together; they go on from a checkpoint, however many; what they are refused."""

import warnings
from functools import partial
from itertools import count

import numpy as np
import pytest

import nn
from nn.ranks.comms import threads_for
from nn.training.together import SharedRun
from tests.nn.ranks.comms import together
from tests.nn.ranks.runs import POINTS, SIGNS, dropping, plain, require_same, result

pytestmark = pytest.mark.any_build


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


@pytest.mark.parametrize("per", ["epoch", "step"])
@pytest.mark.parametrize("epoch", [0, 2])
@pytest.mark.parametrize("how", ["first", "second", "all", "interrupted"])
def test_a_callback_may_end_all_in_the_last_epoch_too(how, epoch, per):
    def work(comm):
        def stop(record):
            if record.epoch == epoch and record.last_of_epoch and how == "interrupted":
                raise KeyboardInterrupt
            return record.epoch == epoch and record.last_of_epoch and how in ("all", ("first", "second")[comm.rank])

        stop.per, stop.every_rank = per, how in ("second", "all")
        return result(comm, callbacks=lambda: stop, epochs=3)

    (first, weights), (second, others) = together(2, work)
    assert first.stopped == second.stopped == ("interrupted" if how == "interrupted" else "by stop")
    assert first.steps == second.steps
    assert len(first.loss) == len(second.loss) == epoch + 1 - (per == "step")
    assert weights == others


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


@pytest.mark.parametrize("rank", [0, 1])
def test_who_is_a_step_ahead_goes_back(rank):
    """Ctrl-C comes while one rank makes its step, and the others have made it."""

    class Interrupted(nn.SGD):
        comm, made = None, 0

        def rule(self, data, grads, group, state):
            object.__setattr__(self, "made", self.made + 1)
            if self.made == 6 and self.comm is not None and self.comm.rank == rank:
                raise KeyboardInterrupt
            return data - group["lr"] * grads

    def work(comm, **options):
        model = plain()
        optimizer = Interrupted(model.parameters(), lr=0.1)
        object.__setattr__(optimizer, "comm", comm)
        return result(comm, made=lambda: model, optimizer=optimizer, **options)

    found = together(3, work)
    assert {(history.steps, history.interrupted) for history, _ in found} == {(5, True)}
    assert found[0][1] == found[1][1] == found[2][1]
    want, held = work(None, callbacks=lambda: lambda record: record.step == 4)
    assert want.steps == 5
    np.testing.assert_allclose(found[0][1], held, 1e-12, 1e-12)


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


@pytest.mark.parametrize("compiled", [True, False])
def test_ranks_whose_models_compute_something_else(compiled):
    def made(rank):
        return nn.MLP(2, [4, 1], activation="tanh" if rank else "relu", rng=1)

    for error in together(2, lambda comm: result(comm, made=lambda: made(comm.rank), compiled=compiled)):
        assert isinstance(error, ValueError)
        assert "fit: rank 1 has other loss of the first samples than rank 0" in str(error)


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
