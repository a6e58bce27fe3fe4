"""A rank that is lost: the others go on from where they were, and have the losses that they would have had."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import nn
from tests.nn.ranks.comms import DiedError, LossyComm, together
from tests.nn.ranks.runs import BITS, POINTS, dropping, normed, require_same, result

ROOT = Path(__file__).parents[3]

pytestmark = pytest.mark.any_build


def survive(who, when, lucky, **options):
    """What runs of three ranks give, one of which dies at some call of Allreduce."""
    return together(3, lambda comm: result(comm, **options), lambda rank, hub: LossyComm(rank, hub, (who, when, lucky)))


@pytest.mark.filterwarnings("ignore:fit. 1 of the ranks")
@pytest.mark.parametrize("lucky", [(), (2,)])
@pytest.mark.parametrize("when", range(30, 44))  # at each place of an epoch
def test_others_go_on_when_a_rank_dies(when, lucky):
    """It dies before it has said anything, or after that: then the result reaches all others, or one of them."""
    options = {"made": dropping, "validation": 0.25}
    found = survive(1, when, lucky, **options)  # with all others lucky, the next call fails them, as without
    assert isinstance(found[1], DiedError)
    history, held = result(None, **options)
    for each in (found[0], found[2]):
        if isinstance(each, BaseException):
            raise each
        np.testing.assert_allclose(each[0].loss, history.loss, 1e-12)
        np.testing.assert_allclose(each[0].validation_losses, history.validation_losses, 1e-12)
        np.testing.assert_allclose(each[1], held, 1e-12, 1e-12)
        assert each[0].steps == history.steps
        assert len(each[0].accuracy) == len(history.accuracy)


@pytest.mark.filterwarnings("ignore:fit. 1 of the ranks")
@pytest.mark.filterwarnings("ignore:fit. every rank computes")
@pytest.mark.parametrize(
    "options",
    [
        {"compiled": False, "made": dropping},
        {"made": normed},
        {"data": (POINTS, BITS), "loss": lambda s, y: nn.binary_cross_entropy_with_logits(s, y), "metrics": ["f1"]},
    ],
)
def test_others_go_on_whatever_they_do(options):
    history, held = result(None, **options)
    for when in (31, 34, 36):
        first, second, third = survive(0, when, (), **options)
        assert isinstance(first, DiedError)
        for each in (second, third):
            if isinstance(each, BaseException):
                raise each
            np.testing.assert_allclose(each[0].loss, history.loss, 1e-12)
            np.testing.assert_allclose(each[1], held, 1e-9, 1e-12)


@pytest.mark.filterwarnings("ignore:fit. 1 of the ranks")
@pytest.mark.parametrize("who", [0, 1])
def test_one_alone_is_left(who):
    options = {"made": dropping, "validation": 0.25}
    for when in (33, 36, 39):
        found = together(
            2, lambda comm: result(comm, **options), lambda rank, hub, when=when: LossyComm(rank, hub, (who, when, ()))
        )
        assert isinstance(found[who], DiedError)
        np.testing.assert_allclose(found[1 - who][0].loss, result(None, **options)[0].loss, 1e-12)


@pytest.mark.filterwarnings("ignore:fit. 1 of the ranks")
def test_an_error_while_a_rank_is_lost():
    """A callback of the first rank raises as soon as another is lost: the others are told all the same."""

    def work(comm):
        def refuse(record):
            if comm.hub.dead:
                raise ValueError("no more")

        return result(comm, made=dropping, callbacks=lambda: refuse)

    first, second, third = together(3, work, lambda rank, hub: LossyComm(rank, hub, (1, 34, ())))
    assert isinstance(first, ValueError)
    assert isinstance(second, DiedError)
    assert "rank 0 ended with ValueError: no more" in str(third)


@pytest.mark.filterwarnings("ignore:fit. 1 of the ranks")
def test_files_go_to_the_first_of_those_that_are_left(tmp_path):
    path = tmp_path / "run"
    options = {"made": dropping, "checkpoint": str(path), "epochs": 4}
    written = []

    def note(record):
        written.append(record.epoch)
        path.unlink(missing_ok=True)

    note.per = "epoch"
    found = survive(0, 38, (), **options, callbacks=lambda: note)
    assert isinstance(found[0], DiedError)
    assert written[-1] == 3
    assert path.exists()
    want = result(None, **{**options, "checkpoint": None})
    np.testing.assert_allclose(found[1][0].loss, want[0].loss, 1e-12)
    path.unlink()
    require_same(together(2, lambda comm: result(comm)), result(None))


ENDLESS = """
import sys, time
from types import SimpleNamespace
import nn
from nn.ranks import watching
from tests.nn.ranks.runs import POINTS, SIGNS, plain
watching.PATIENCE, watching.LOOKS = 1.0, 0.1
class Comm:
    rank, size = 0, 2
    def Allreduce(self, send, recv):
        if {waits}:
            time.sleep({waits})
        raise RuntimeError("MPI_ERR_PROC_FAILED: process failure")
    def Get_failed(self): return SimpleNamespace(size={failed})
    def Revoke(self): print("revoked", flush=True)
    def Shrink(self): time.sleep(60)
nn.fit(plain(), (POINTS, SIGNS), comm=Comm(), progress=False, checkpoint={checkpoint!r})
"""


@pytest.mark.parametrize(
    ("waits", "failed", "said"),
    [(0, 0, "revoked"), (60, 1, ""), (3, 0, "revoked")],
    ids=["Shrink never returns", "Allreduce never does", "a rank that is slow"],
)
def test_no_wait_after_a_loss_lasts_for_ever(waits, failed, said, tmp_path):
    """MPI does not always bring together who is left: the process ends, and says from which file to go on."""
    path = None if waits == 60 else str(tmp_path / "run")
    program = ENDLESS.format(waits=waits, failed=failed, checkpoint=path)
    run = [sys.executable, "-c", program]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, timeout=50, env=os.environ)
    assert done.returncode == 75, done.stderr
    assert done.stdout.strip() == said  # a rank that is slow is waited for: only the recovery after it is ended
    way = f"go on from the checkpoint {path}" if path else "there is no checkpoint to go on from"
    assert done.stderr.startswith("fit: a rank was lost, and MPI did not bring those that are left together within 1 s")
    assert done.stderr.count("\n") == 1
    assert way in done.stderr


@pytest.mark.parametrize(("last", "code"), [("print('done')", 0), ("raise ValueError('of its own')", 1)])
def test_the_end_of_a_process_does_not_wait_for_the_lost(last, code):
    program = (
        "import sys, time\n"
        "from types import SimpleNamespace\n"
        "from nn.ranks import watching\n"
        "endless = SimpleNamespace(Is_finalized=lambda: False, Finalize=lambda: time.sleep(60))\n"
        "sys.modules['mpi4py.MPI'] = endless\n"
        "watching.LEAVING = 0.2\n"
        "watching.end_in_time()\n" + last
    )
    run = [sys.executable, "-c", program]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, timeout=50, env=os.environ)
    assert done.returncode == code, done.stderr
    assert "fit: all is done, but after the loss of a rank MPI does not end" in done.stderr
    assert (done.stdout == "done\n") == (code == 0)
