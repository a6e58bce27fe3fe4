"""`python -m nn train`: what it leaves, what it says, what it refuses."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from nn import notes_of, predict
from nn.command.keeping import kept_in
from tests.nn.command.made import QUICK, flowers, houses, rows_of, run

pytestmark = pytest.mark.any_build

ROOT = Path(__file__).parents[3]
PNG = b"\x89PNG\r\n\x1a\n"
TO_SAY = ("samples", "loss", "accuracy", "epochs", "steps", "seconds", "parameters", "compiled")


def shell(*arguments, **options):
    return subprocess.run(
        [sys.executable, "-m", "nn", *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, timeout=120,
        check=False, **options,
    )  # fmt: skip


@pytest.mark.parametrize("data", ["moons", "circles", "spirals", "xor", "blobs", "checkerboard"])
def test_points_are_learnt(data, tmp_path, capsys):
    more = ("--epochs", "60", "--layers", "16,16", "--samples", "200")
    assert run("train", "--data", data, "--output", tmp_path, *more) == 0
    out, err = capsys.readouterr()
    rows = rows_of(out)
    assert err == ""
    assert set(rows) == {"training", *TO_SAY}
    assert rows["samples"] == ["160", "40"]
    assert (rows["epochs"], rows["steps"], rows["compiled"]) == (["60"], ["300"], ["by", "rows"])
    assert float(rows["accuracy"][0].rstrip("%")) > 75.0
    assert out.endswith(f"model.safetensors, history.csv in {tmp_path}\n")
    assert len((tmp_path / "history.csv").read_text().splitlines()) == 61


@pytest.mark.parametrize(("data", "least"), [("digits", 90.0), ("iris", 85.0), ("wine", 90.0), ("breast_cancer", 90.0)])
def test_what_scikit_learn_brings(data, least, tmp_path, capsys):
    pytest.importorskip("sklearn")
    assert run("train", "--data", data, "--epochs", "12", "--output", tmp_path / "m.json") == 0
    assert float(rows_of(capsys.readouterr().out)["accuracy"][1].rstrip("%")) > least
    assert [path.name for path in tmp_path.iterdir()] == ["m.json"]


def test_numbers_come_back_in_their_own_unit(tmp_path, capsys):
    path = houses(tmp_path / "houses.csv")
    assert run("train", "--data", path, "--target", "price", "--output", tmp_path / "m.json", "--epochs", "150") == 0
    rows = rows_of(capsys.readouterr().out)
    assert float(rows["r2"][1]) > 0.98
    assert float(rows["mae"][1]) < 1.5  # of numbers about 513
    trained = kept_in(tmp_path / "m.json")
    (guess,) = trained.decided(trained.scores([[4.0, 0.5]]))
    assert guess == pytest.approx(512.0, abs=2.0)


def test_a_file_is_kept_with_all_that_asks_it(tmp_path):
    path = flowers(tmp_path / "flowers.csv")
    assert run("train", "--data", path, "--target", "kind", "--output", tmp_path / "m", "--epochs", "20") == 0
    notes = notes_of(tmp_path / "m" / "model.safetensors")
    assert notes["extras"]["columns"] == ["length", "colour", "width"]
    assert notes["extras"]["design"]["inputs"] == 4  # a colour is two numbers
    assert notes["extras"]["loss"] == "cross_entropy"
    trained = kept_in(tmp_path / "m")
    assert trained.labels.classes == ["other", "setosa", "wild"]
    sample = trained.scaled([[5.0, 0.0, 1.0, 300.0]])
    assert predict(trained.model, sample) == ["setosa"]


def test_the_same_seed_gives_the_same_file_compiled_or_eager(tmp_path):
    def trained(name, *more):
        assert run("train", "--data", "moons", "--output", tmp_path / name, *QUICK, *more) == 0
        trained = kept_in(tmp_path / name)
        return [p.data for p in trained.model.parameters()]

    first = trained("a")
    assert trained("b") == first
    assert trained("c", "--eager") == pytest.approx(first, rel=1e-9)
    assert trained("d", "--seed", "5") != first


def test_eager_is_told(tmp_path, capsys):
    assert run("train", "--data", "moons", "--output", tmp_path, *QUICK, "--eager") == 0
    assert rows_of(capsys.readouterr().out)["compiled"] == ["no"]


@pytest.mark.parametrize("name", ["sgd", "adam", "adamw", "nadam", "radam", "rmsprop", "adagrad", "adadelta", "lbfgs"])
def test_every_optimiser_makes_the_loss_smaller(name, tmp_path, capsys):
    losses = []
    for epochs in ("1", "20"):
        more = ("--layers", "8", "--samples", "60", "--epochs", epochs, "--optimizer", name)
        assert run("train", "--data", "blobs", "--output", tmp_path, *more) == 0
        losses.append(float(rows_of(capsys.readouterr().out)["loss"][0]))
    assert losses[1] < losses[0]


@pytest.mark.parametrize(
    "name",
    ["constant", "cosine", "cosine-restarts", "linear", "polynomial", "exponential", "step", "multi_step", "OneCycle",
     "plateau"],
)  # fmt: skip
def test_every_schedule(name, tmp_path):
    more = ("--layers", "4", "--samples", "40", "--epochs", "6", "--schedule", name)
    assert run("train", "--data", "moons", "--output", tmp_path, *more) == 0
    head, *lines = (tmp_path / "history.csv").read_text().splitlines()
    rates = [float(line.split(",")[head.split(",").index("learning rate")]) for line in lines]
    assert len(rates) == 6
    assert (len(set(rates)) == 1) == (name in ("constant", "plateau"))


def test_warm_up_goes_up_to_the_rate(tmp_path):
    more = ("--layers", "4", "--samples", "40", "--epochs", "6", "--lr", "0.3", "--warm-up", "2")
    assert run("train", "--data", "moons", "--output", tmp_path, *more) == 0
    head, *lines = (tmp_path / "history.csv").read_text().splitlines()
    rates = [float(line.split(",")[head.split(",").index("learning rate")]) for line in lines]
    assert rates == pytest.approx([0.1, 0.2, 0.3, 0.3, 0.3, 0.3])


@pytest.mark.parametrize(
    ("loss", "end"),
    [("hinge", "Linear"), ("squared-hinge", "Linear"), ("bce", "Sigmoid"), ("BCEWithLogitsLoss", "Linear"),
     ("nll", "LogSoftmax"), ("mse", "Linear"), ("CrossEntropyLoss", "Linear"), ("huber", "Linear")],
)  # fmt: skip
def test_every_loss_ends_the_network_as_it_asks(loss, end, tmp_path, capsys):
    more = ("--epochs", "40", "--layers", "8", "--samples", "100", "--loss", loss)
    assert run("train", "--data", "moons", "--output", tmp_path, *more) == 0
    assert float(rows_of(capsys.readouterr().out)["accuracy"][0].rstrip("%")) > 80.0
    assert f"{end}Neuron(8)" in notes_of(tmp_path / "model.safetensors")["architecture"]


def test_dropout_and_pictures(tmp_path):
    pytest.importorskip("matplotlib")
    more = (*QUICK, "--dropout", "0.2", "--init", "he-normal", "--plot")
    assert run("train", "--data", "xor", "--output", tmp_path, *more) == 0
    for name in ("curves", "boundary", "confusion", "network"):
        assert (tmp_path / f"{name}.png").read_bytes().startswith(PNG)
    assert "Dropout" in notes_of(tmp_path / "model.safetensors")["architecture"]


def test_a_model_file_alone_has_its_pictures_beside_it(tmp_path):
    pytest.importorskip("matplotlib")
    assert run("train", "--data", "xor", "--output", tmp_path / "m.json", *QUICK, "--plot", "curves") == 0
    assert {path.name for path in tmp_path.iterdir()} == {"m.json", "m_curves.png"}


def test_names_are_learnt_and_made_up(tmp_path, capsys):
    more = ("--samples", "60", "--epochs", "2", "--embedding", "8", "--heads", "2", "--count", "4")
    assert run("train", "--data", "names", "--output", tmp_path, *more) == 0
    out = capsys.readouterr().out
    assert set(rows_of(out)) == {"training", *TO_SAY, "letters"} - {"accuracy"}
    assert len(out.split("names made up")[1].splitlines()[1].split(",")) == 4
    capsys.readouterr()
    assert run("predict", tmp_path, "--count", "3") == 0
    assert len(capsys.readouterr().out.splitlines()) == 4
    assert run("evaluate", tmp_path) == 0
    assert "names, held out: 12 samples" in capsys.readouterr().out


# --- runs that end early, and go on ---


def test_patience_keeps_the_best(tmp_path, capsys):
    more = ("--epochs", "200", "--layers", "8", "--samples", "60", "--patience", "2")
    assert run("train", "--data", "blobs", "--output", tmp_path, *more) == 0
    out = capsys.readouterr().out
    assert int(rows_of(out)["epochs"][0]) < 200
    assert "; stopped early: no better validation loss" in out


def test_a_number_that_is_not_finite_is_told_once_and_leaves_good_weights(tmp_path, capsys):
    more = (*QUICK, "--loss", "mse", "--lr", "1e9", "--optimizer", "sgd", "--epochs", "50")
    assert run("train", "--data", "moons", "--output", tmp_path, *more) == 1
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert err.startswith("python -m nn train: fit: stopped: ")
    assert all(abs(p.data) < float("inf") for p in kept_in(tmp_path).model.parameters())


def test_a_run_goes_on_from_its_checkpoint(tmp_path, capsys):
    whole, parts = tmp_path / "whole.json", tmp_path / "parts.json"
    data = ("train", "--data", "xor", "--layers", "4", "--samples", "40")
    assert run(*data, "--epochs", "8", "--output", whole) == 0
    keeping = (*data, "--checkpoint", tmp_path / "run.ckpt", "--output", parts)
    assert run(*keeping, "--epochs", "3") == 0
    assert run(*keeping, "--epochs", "8", "--resume") == 0
    assert parts.read_bytes() == whole.read_bytes()
    capsys.readouterr()
    assert run(*keeping, "--epochs", "8", "--resume") == 0
    assert rows_of(capsys.readouterr().out)["epochs"] == ["8"]
    assert parts.read_bytes() == whole.read_bytes()
    assert run(*keeping, "--epochs", "8", "--resume", "--lr", "5") == 2
    assert "--resume: --lr is 5.0, and was not given in the checkpoint" in capsys.readouterr().err
    assert run(*keeping, "--epochs", "8", "--resume", "--seed", "5") == 2  # which makes up other points
    assert "is a checkpoint of another run: data " in capsys.readouterr().err


def test_ctrl_c_in_process_leaves_what_was_trained(tmp_path, capsys, monkeypatch):
    from nn.command import train

    def interrupt(record):
        if record.epoch == 2:
            raise KeyboardInterrupt

    interrupt.per, interrupt.state_dict = "epoch", dict
    monkeypatch.setattr(train, "SameRun", lambda options: interrupt)
    assert run("train", "--data", "moons", "--output", tmp_path, *QUICK, "--epochs", "50") == 130
    out = capsys.readouterr().out
    assert rows_of(out)["epochs"] == ["3"]
    assert out.endswith(f"interrupted: what was trained so far left model.safetensors, history.csv in {tmp_path}\n")
    assert kept_in(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="signals are another thing there")
def test_killed_and_resumed_from_outside(tmp_path):
    line = ["train", "--data", "moons", "--layers", "8", "--epochs", "300"]
    keeping = [*line, "--checkpoint", tmp_path / "run.ckpt", "--every", "7", "--output", tmp_path / "a.json"]
    command = [sys.executable, "-m", "nn", *map(str, keeping)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        end = time.monotonic() + 60.0
        while not (tmp_path / "run.ckpt").exists() and time.monotonic() < end:
            time.sleep(0.01)
        process.kill()
    assert process.returncode == -signal.SIGKILL
    assert not (tmp_path / "a.json").exists()
    done = shell(*keeping, "--resume")
    assert (done.returncode, done.stderr) == (0, "")
    assert run(*line, "--output", tmp_path / "b.json") == 0
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is another thing there")
def test_ctrl_c_from_outside(tmp_path):
    command = [
        sys.executable,
        "-m",
        "nn",
        "train",
        "--data",
        "moons",
        "--epochs",
        "10000000",
        "--output",
        str(tmp_path),
    ]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout.readline().startswith("moons: 337 parameters")
        time.sleep(1.0)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (130, "")
    assert "interrupted: what was trained so far left model.safetensors" in out
    assert kept_in(tmp_path)
