"""`python -m nn train`: what it refuses, in one line, and what it does not mind."""

import sys

import pytest

from nn.command.main import main
from tests.nn.command.made import QUICK, flowers, rows_of, run

pytestmark = pytest.mark.any_build

REFUSED = [
    (["--data", "mons"], "argument --data: no data 'mons', and no file of this name; did you mean 'moons'?"),
    (["--data", "nosuch.csv", "--target", "b"], "nosuch.csv: No such file or directory"),
    (["--data", "latin.csv", "--target", "b"], "latin.csv, line 2: byte 0xfc is not UTF-8"),
    (["--data", "ragged.csv", "--target", "b"], "ragged.csv, line 3: 3 values where line 1 has 2"),
    (["--data", "text.csv", "--target", "b"], "text.csv, line 4, column 'a': 'three' is no number"),
    (["--data", "tied.csv", "--target", "b"], "tied.csv, line 3, column 'a': 'four' is no number, where line 2 has 2"),
    (["--data", "head.csv", "--target", "b"], "head.csv: there is a header and no row below it"),
    (["--data", "twins.csv", "--target", "b"], "twins.csv: 2 columns are called 'a': give them names of their own"),
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
    (tmp_path / "tied.csv").write_text("a,b\n2,x\nfour,y\n")
    (tmp_path / "head.csv").write_text("a,b\n")
    (tmp_path / "twins.csv").write_text("a,a,b\n1,2,x\n2,1,y\n")
    (tmp_path / "hole.csv").write_text("a,b\n1,0\n,1\n2,1\n")
    (tmp_path / "one.csv").write_text("a,b\n1,x\n2,x\n3,x\n")
    (tmp_path / "empty.csv").write_text("")
    flowers(tmp_path / "fine.csv")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(("arguments", "message"), REFUSED, ids=[" ".join(a) or "nothing" for a, _ in REFUSED])
def test_what_is_refused_is_one_line_and_exit_code_2(arguments, message, folder, capsys):
    assert run("train", *arguments) == 2
    out, err = capsys.readouterr()
    assert err.startswith(f"python -m nn train: {message}")
    assert err.count("\n") == 1
    assert out == ""
    assert not list(folder.glob("trained/*"))


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


def test_a_missing_library_is_named(tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    assert run("train", "--data", "iris", "--output", tmp_path) == 2
    err = capsys.readouterr().err
    assert err.startswith("python -m nn train: sklearn.datasets cannot be imported")
    assert err.count("\n") == 1


def test_main_takes_the_arguments_of_the_process(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["nn", "train", "--data", "mons"])
    with pytest.raises(SystemExit):
        main()
    assert "did you mean 'moons'" in capsys.readouterr().err
