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
from nn.command.main import main
from tests.nn.command.made import QUICK, flowers, houses, run

ROOT = Path(__file__).parents[3]
PNG = b"\x89PNG\r\n\x1a\n"
TO_SAY = ("samples", "loss", "accuracy", "epochs", "steps", "seconds", "parameters", "compiled")


def rows_of(out):
    """The table that was printed, by the first word of each line."""
    block = next(part for part in out.split("\n\n") if part.lstrip().startswith("training"))
    return {line.split()[0]: line.split()[1:] for line in block.splitlines()}


def shell(*arguments, **options):
    return subprocess.run(
        [sys.executable, "-m", "nn", *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, timeout=120,
        check=False, **options,
    )  # fmt: skip


@pytest.mark.any_build
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


@pytest.mark.any_build
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


@pytest.mark.any_build
@pytest.mark.parametrize("name", ["sgd", "adam", "adamw", "nadam", "radam", "rmsprop", "adagrad", "adadelta", "lbfgs"])
def test_every_optimiser_makes_the_loss_smaller(name, tmp_path, capsys):
    losses = []
    for epochs in ("1", "20"):
        more = ("--layers", "8", "--samples", "60", "--epochs", epochs, "--optimizer", name)
        assert run("train", "--data", "blobs", "--output", tmp_path, *more) == 0
        losses.append(float(rows_of(capsys.readouterr().out)["loss"][0]))
    assert losses[1] < losses[0]


@pytest.mark.any_build
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


@pytest.mark.any_build
def test_warm_up_goes_up_to_the_rate(tmp_path):
    more = ("--layers", "4", "--samples", "40", "--epochs", "6", "--lr", "0.3", "--warm-up", "2")
    assert run("train", "--data", "moons", "--output", tmp_path, *more) == 0
    head, *lines = (tmp_path / "history.csv").read_text().splitlines()
    rates = [float(line.split(",")[head.split(",").index("learning rate")]) for line in lines]
    assert rates == pytest.approx([0.1, 0.2, 0.3, 0.3, 0.3, 0.3])


@pytest.mark.any_build
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


@pytest.mark.any_build
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


@pytest.mark.any_build
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
    assert run(*keeping, "--epochs", "8", "--resume", "--seed", "5") == 2
    assert capsys.readouterr().err == (
        "python -m nn train: --resume: --seed is 5, and was 1337 in the checkpoint\n"
    )  # fmt: skip


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


@pytest.mark.any_build
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


# --- refused, in one line ---

REFUSED = [
    (["--data", "mons"], "argument --data: no data 'mons', and no file of this name; did you mean 'moons'?"),
    (["--data", "nosuch.csv", "--target", "b"], "nosuch.csv: No such file or directory"),
    (["--data", "latin.csv", "--target", "b"], "latin.csv, line 2: byte 0xfc is not UTF-8"),
    (["--data", "ragged.csv", "--target", "b"], "ragged.csv, line 3: 3 values where line 1 has 2"),
    (["--data", "text.csv", "--target", "b"], "text.csv, line 4, column 'a': 'three' is no number"),
    (["--data", "hole.csv", "--target", "b"], "hole.csv, line 3, column 'a': it is missing"),
    (["--data", "empty.csv", "--target", "b"], "empty.csv: the file is empty"),
    (["--data", "fine.csv", "--target", "kin"], "fine.csv: there is no column 'kin'; did you mean 'kind'?"),
    (["--data", "fine.csv"], "--target is missing: which column of fine.csv holds the labels?"),
    (["--data", "fine.csv", "--target", "kind", "--samples", "3"], "--samples does not go with a file"),
    (["--data", "one.csv", "--target", "b"], "all 3 labels are 'x': there is nothing to learn"),
    (["--data", "moons", "--target", "b"], "--target does not go with moons"),
    (["--data", "xor", "--optimizer", "adm"], "argument --optimizer/--optimiser: no optimiser 'adm'; did you mean"),
    (["--data", "xor", "--activation", "rellu"], "argument --activation: activation: no 'rellu'; did you mean 'relu'"),
    (["--data", "moons", "--loss", "mze"], "argument --loss: loss: there is none called 'mze': did you mean 'mse'?"),
    (["--data", "moons", "--loss", "kl"], "argument --loss: kl_divergence takes more than scores and labels"),
    (["--data", "moons", "--schedule", "cosin"], "argument --schedule: no schedule 'cosin'; did you mean 'cosine'?"),
    (["--data", "moons", "--init", "ortogonal"], "argument --init: no start 'ortogonal'; did you mean 'orthogonal'?"),
    (["--data", "moons", "--metrics", "acuracy"], "argument --metrics: metric: there is none called 'acuracy'"),
    (["--data", "moons", "--metrics", "r2"], "--metrics: r2 is for numbers, and the labels are classes"),
    (["--data", "moons", "--plot", "curve"], "argument --plot: no picture 'curve'; did you mean 'curves'?"),
    (["--data", "moons", "--layer", "3"], "no option --layer; did you mean '--layers'?"),
    (["--data", "moons", "--layers", "3,x"], "argument --layers: expected sizes of layers such as 64,32"),
    (["--data", "moons", "--lr", "-1"], "argument --lr: expected a number of 0 or more, got '-1'"),
    (["--data", "moons", "--lr", "nan"], "argument --lr: expected a number, got 'nan'"),
    (["--data", "moons", "--validation", "1"], "argument --validation: expected a share, from 0 to below 1, got '1'"),
    (["--data", "moons", "--epochs", "0"], "argument --epochs: expected a whole number from 1, got '0'"),
    (["--data", "moons", "--momentum", "0.9"], "--momentum: adam has none"),
    (["--data", "moons", "--warm-up", "9", "--epochs", "9"], "--warm-up: 9 epochs of 9 leave none"),
    (["--data", "moons", "--resume"], "--resume: from which file?"),
    (["--data", "moons", "--every", "5"], "--every: how often a checkpoint is written"),
    (["--data", "moons", "--every", "soon", "--checkpoint", "c"], "argument --every: fit: every is 'soon'"),
    (["--data", "moons", "--heads", "2"], "--heads does not go with moons"),
    (["--data", "names", "--layers", "2"], "--layers does not go with names, which a GPT learns: --embedding"),
    (["--data", "names", "--heads", "3", "--samples", "9"], "GPT: an embedding of 16 numbers cannot be divided"),
    (["--data", "names", "--samples", "99999"], "load_names: 99999 names were asked for"),
    (["--data", "moons", "extra"], "there is nothing to be done with 'extra'"),
    (["--data", "fine.csv", "--target", "kind", "--loss", "hinge"], "--loss: hinge tells two classes apart"),
    (["--data", "fine.csv", "--target", "kind", "--loss", "mse"], "--loss: mse is for numbers, and there are 3"),
    (["--data", "fine.csv", "--target", "kind", "--regression"], "the labels are to be numbers, and there is 'setosa'"),
    (["--data", "fine.csv", "--target", "width", "--loss", "nll"], "--loss: nll is for classes, and labels are"),
    (["--data", "fine.csv", "--target", "kind", "--plot", "boundary"], "--plot: boundary is the plane"),
    ([], "the following arguments are required: --data"),
]  # fmt: skip


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder to work in, of files of which most are not in order."""
    (tmp_path / "latin.csv").write_bytes("a,b\n1,ü\n2,x\n".encode("latin-1"))
    (tmp_path / "ragged.csv").write_text("a,b\n1,2\n1,2,3\n4,5\n")
    (tmp_path / "text.csv").write_text("a,b\n1,0\n2,1\nthree,1\n4,0\n5,1\n")
    (tmp_path / "hole.csv").write_text("a,b\n1,0\n,1\n2,1\n")
    (tmp_path / "one.csv").write_text("a,b\n1,x\n2,x\n3,x\n")
    (tmp_path / "empty.csv").write_text("")
    flowers(tmp_path / "fine.csv")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.any_build
@pytest.mark.parametrize(("arguments", "message"), REFUSED, ids=[" ".join(a) or "nothing" for a, _ in REFUSED])
def test_what_is_refused_is_one_line_and_exit_code_2(arguments, message, folder, capsys):
    assert run("train", *arguments) == 2
    out, err = capsys.readouterr()
    assert err.startswith(f"python -m nn train: {message}")
    assert err.count("\n") == 1
    assert out == ""
    assert not list(folder.glob("trained/*"))


@pytest.mark.any_build
def test_an_output_that_cannot_be_written(folder, capsys):
    for output in ("one.csv", "one.csv/model.json"):
        assert run("train", "--data", "moons", "--output", output) == 2
        assert capsys.readouterr().err.startswith("python -m nn train: cannot write to one.csv: ")
    (folder / "m.json").mkdir()
    assert run("train", "--data", "moons", "--output", "m.json") == 2
    assert capsys.readouterr().err == "python -m nn train: cannot write m.json: it is a folder\n"


def test_a_disk_that_is_full_when_the_model_is_written(folder, capsys, monkeypatch):
    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("nn.command.keeping.save", full)
    assert run("train", "--data", "moons", *QUICK) == 2
    assert (
        capsys.readouterr().err
        == "python -m nn train: cannot write trained/model.safetensors: No space left on device\n"
    )


def test_a_batch_beyond_the_data_takes_all_and_says_so(tmp_path, capsys):
    assert run("train", "--data", "moons", "--output", tmp_path, *QUICK, "--batch-size", "1000") == 0
    out, err = capsys.readouterr()
    assert err == "python -m nn train: --batch-size 1000 is beyond the 32 samples: each step takes all of them\n"
    assert rows_of(out)["steps"] == ["3"]


def test_missing_values_are_filled_in_where_asked(folder):
    assert run("train", "--data", "hole.csv", "--target", "b", "--missing", "mean", "--epochs", "2") == 0
    assert run("train", "--data", "hole.csv", "--target", "b", "--missing", "drop", "--epochs", "2") == 0
    assert run("train", "--data", "latin.csv", "--target", "b", "--encoding", "latin-1", "--epochs", "2") == 0


@pytest.mark.any_build
def test_a_missing_library_is_named(tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    assert run("train", "--data", "iris", "--output", tmp_path) == 2
    err = capsys.readouterr().err
    assert err.startswith("python -m nn train: sklearn.datasets cannot be imported")
    assert err.count("\n") == 1


@pytest.mark.any_build
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


def test_main_takes_the_arguments_of_the_process(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["nn", "train", "--data", "mons"])
    with pytest.raises(SystemExit):
        main()
    assert "did you mean 'moons'" in capsys.readouterr().err
