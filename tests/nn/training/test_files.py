"""Checkpoints on disks that are full or gone; damaged ones, and those of other runs."""

import errno
import os
import resource
import shutil
import warnings
from datetime import timedelta

import pytest

import nn
from nn.training.checkpoint import Checkpoint, as_pace
from tests.nn.training.kept import BITS, POINTS, result, trained

pytestmark = pytest.mark.any_build


def test_a_full_disk_is_warned_of_once_and_the_last_whole_checkpoint_stays(tmp_path):
    path = tmp_path / "run"
    kept = []

    def fill(record):
        if record.step == 5:
            kept.append(path.read_bytes())
            resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
        if record.step == 12:
            kept.append(path.read_bytes())

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        with pytest.warns(UserWarning, match="cannot be written") as caught:
            found = trained(path, every=1, callbacks=lambda: [fill])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert len(caught) == 1
    assert "the last one is kept" in str(caught[0].message)
    assert str(path) in str(caught[0].message)
    assert caught[0].filename.endswith("kept.py"), "the line that called fit"
    assert kept[0] == kept[1] == path.read_bytes()
    assert Checkpoint(path).read()["step"] == 5
    assert result(*found) == result(*trained())
    assert result(*trained(path, resume=True)) == result(*found)
    assert os.listdir(tmp_path) == ["run"]


def test_where_there_is_room_again_it_is_written_again(tmp_path, monkeypatch):
    path, real = tmp_path / "run", os.replace

    def replace(source, target):
        if full:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(source, target)

    def come_and_go(record):
        nonlocal full
        full = record.step in (3, 4, 5, 9)

    full = False
    monkeypatch.setattr(os, "replace", replace)
    with pytest.warns(UserWarning, match="No space left on device") as caught:
        trained(path, every=1, callbacks=lambda: [come_and_go])
    assert len(caught) == 2, "once each time that it fills up"
    assert Checkpoint(path).read()["step"] == 16


@pytest.mark.parametrize("when", ["never there", "removed"])
def test_a_folder_that_is_not_there(tmp_path, when):
    folder = tmp_path / "folder"
    if when == "removed":
        folder.mkdir()

    def remove(record):
        if record.step == 3 and when == "removed":
            shutil.rmtree(folder)

    with pytest.warns(UserWarning, match="cannot be written.*there is none so far") as caught:
        found = trained(folder / "run", every=1, callbacks=lambda: [remove])
    assert len(caught) == 1
    assert result(*found) == result(*trained())


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only for root")
def test_a_read_only_folder(tmp_path):
    tmp_path.chmod(0o500)
    try:
        with pytest.warns(UserWarning, match="Permission denied"):
            found = trained(tmp_path / "run", every=1)
    finally:
        tmp_path.chmod(0o700)
    assert result(*found) == result(*trained())


def state_of(model):
    return [p.data for p in model.parameters()]


def test_a_damaged_checkpoint_is_refused_and_changes_nothing(tmp_path):
    path = tmp_path / "run"
    trained(path, epochs=2)
    data = path.read_bytes()
    bad = [data[:k] for k in range(0, len(data), len(data) // 40)]
    for k in range(0, len(data), len(data) // 60):
        bad.append(data[:k] + bytes([data[k] ^ 4]) + data[k + 1 :])
    for content in bad:
        path.write_bytes(content)
        models = []

        def make(models=models):
            models.append(nn.MLP(2, [4, 1], "tanh", rng=1))
            return models[-1]

        with pytest.raises(ValueError, match=str(path)):
            trained(path, resume=True, model=make)
        assert state_of(models[0]) == state_of(nn.MLP(2, [4, 1], "tanh", rng=1))
        assert path.read_bytes() == content


def test_a_file_of_something_else_is_refused(tmp_path):
    path = tmp_path / "run"
    nn.save(nn.MLP(2, [4, 1]), path)
    with pytest.raises(ValueError, match="no checkpoint of training"):
        trained(path, resume=True)
    path.write_bytes(b"hello")
    with pytest.raises(ValueError, match=str(path)):
        trained(path, resume=True)
    path.unlink()
    path.mkdir()
    with pytest.raises(OSError, match=str(path)):
        trained(path, resume=True)


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"model": lambda: nn.MLP(2, [5, 1], "tanh", rng=1)}, "parameters 17 there, 21 here"),
        ({"optimizer": nn.NAdam}, "optimizer Adam there, NAdam here"),
        ({"batch_size": 7}, "batch_size 6 there, 7 here"),
        ({"data": (POINTS[:15], BITS[:15])}, "samples 20 there, 15 here"),
        ({"data": ([(y, x) for x, y in POINTS], BITS)}, "data"),
        ({"data": (POINTS, BITS[::-1])}, "data"),
        ({"loss": nn.mse}, "loss"),
        ({"accumulate": 2}, "accumulate 1 there, 2 here"),
        ({"schedule": lambda: lambda t: 0.1, "per": "step"}, "per epoch there, step here"),
        ({"validation": 0.25}, "validation none there, a share of 0.25 here"),
        ({"validation": (POINTS, BITS)}, "validation none there, samples here"),
        ({"attached": lambda o: nn.StepLR(o, 1)}, "schedule"),
        ({"callbacks": lambda: [nn.EarlyStopping()]}, "callbacks"),
    ],
    ids=lambda x: "" if isinstance(x, str) else next(iter(x)),
)
def test_a_checkpoint_of_another_run_is_refused_and_changes_nothing(tmp_path, options, named):
    path = tmp_path / "run"
    trained(path, epochs=2)
    models = []

    def make():
        models.append(options.get("model", lambda: nn.MLP(2, [4, 1], "tanh", rng=1))())
        start.append(state_of(models[-1]))
        return models[-1]

    start = []
    with pytest.raises(ValueError, match=f"{path} is a checkpoint of another run: .*{named}"):
        trained(path, resume=True, **{**options, "model": make})
    assert state_of(models[0]) == start[0]


def test_nothing_is_changed_where_a_state_does_not_fit(tmp_path):
    path = tmp_path / "run"
    trained(path, epochs=2)
    checkpoint = Checkpoint(path)
    state = checkpoint.read()
    for key, other in [
        ("theta", [1.0]), ("sources", [[3, [1, 2], None]]), ("history", {"loss": []}), ("so_far", {}), ("place", "x"),
        ("buffers", [1.0]), ("optimizer", {"optimiser": "Adam"}), ("order", [99] * 20), ("callbacks", [{}]),
    ]:  # fmt: skip
        checkpoint.write({**state, key: other})
        models = []

        def make(models=models):
            models.append(nn.MLP(2, [4, 1], "tanh", rng=1))
            return models[-1]

        with pytest.raises(ValueError, match="checkpoint"):
            trained(path, resume=True, model=make)
        assert state_of(models[0]) == state_of(nn.MLP(2, [4, 1], "tanh", rng=1)), key
    checkpoint.write({key: x for key, x in state.items() if key != "good"})
    with pytest.raises(ValueError, match="checkpoint"):
        trained(path, resume=True)


def test_paces():
    assert as_pace("2 hours") == (0, 7200.0)
    assert as_pace("0.5 s") == (0, 0.5)
    assert as_pace("1 minute") == as_pace(timedelta(minutes=1)) == as_pace("60 seconds")
    for bad in (0, -3, "5", "minutes", "5 parsecs", "-1 s", "nan s", "inf s", timedelta(0), ""):
        with pytest.raises(ValueError, match="every"):
            as_pace(bad)
    for bad in (2.5, True, [1]):
        with pytest.raises(TypeError, match="every"):
            as_pace(bad)
    with pytest.raises(ValueError, match="checkpoint="):
        nn.fit(nn.MLP(2, [1]), (POINTS, BITS), every=3)
    with pytest.raises(ValueError, match="checkpoint="):
        nn.fit(nn.MLP(2, [1]), (POINTS, BITS), resume=True)


def test_every_says_how_often(tmp_path, monkeypatch):
    written = []
    monkeypatch.setattr(Checkpoint, "write", lambda self, state: written.append(state["step"]))
    trained(tmp_path / "a", every=3)
    assert written == [3, 6, 9, 12, 15, 16]
    written.clear()
    trained(tmp_path / "a")
    assert written == [4, 8, 12, 16, 16]
    written.clear()
    trained(tmp_path / "a", every="1 hour")
    assert written == [16]


def test_resuming_says_nothing_where_there_is_nothing(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert result(*trained(tmp_path / "run", resume=True)) == result(*trained())
