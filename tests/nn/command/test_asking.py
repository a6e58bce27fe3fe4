"""`predict`, `evaluate` and `draw`: a model that was left in a file is asked, judged and drawn."""

import csv
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import autograd
from nn import MLP, save
from nn.command import draw, evaluate, predict
from nn.command.keeping import kept_in
from nn.command.main import COMMANDS
from nn.demo.command import parser
from tests.nn.command.made import QUICK, flowers, houses, run

pytestmark = pytest.mark.any_build

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A folder of files and of models that were trained on them."""
    folder = tmp_path_factory.mktemp("home")
    flowers(folder / "flowers.csv")
    houses(folder / "houses.csv")
    (folder / "signs.csv").write_text("".join(f"{x},{x * x},{x > 4}\n" for x in range(10)))
    (folder / "grades.csv").write_text("a,b\n" + "".join(f"{x},{10 * (1 + x % 3)}\n" for x in range(30)))
    for data, target, epochs in (
        ("flowers", "kind", 40),
        ("houses", "price", 40),
        ("signs", "-1", 40),
        ("grades", "b", 3),
    ):
        more = ("--target", target, "--epochs", epochs, "--output", folder / data)
        assert run("train", "--data", folder / f"{data}.csv", *more) == 0
    assert run("train", "--data", "moons", *QUICK, "--output", folder / "moons.json") == 0
    assert run("train", "--data", "names", "--samples", "30", "--epochs", "1", "--output", folder / "names") == 0
    return folder


def answers(capsys):
    """What was printed, as rows."""
    return list(csv.reader(capsys.readouterr().out.splitlines()))


# --- predict ---


def test_labels_come_back_as_they_were_given(home, capsys):
    assert run("predict", home / "flowers", home / "flowers.csv") == 0
    head, *rows = answers(capsys)
    right = [line.split(",")[-1] for line in (home / "flowers.csv").read_text().splitlines()[1:]]
    assert head == ["kind"]
    assert [row[0] for row in rows] == right
    assert run("predict", home / "signs", home / "signs.csv") == 0  # no header: columns by their places
    head, *rows = answers(capsys)
    assert {row[0] for row in rows} <= {"True", "False"}
    assert run("predict", home / "grades", home / "grades.csv") == 0
    head, *rows = answers(capsys)
    assert head == ["b"]
    assert {row[0] for row in rows} <= {"10", "20", "30"}


def test_probabilities_add_up_and_agree_with_labels(home, capsys):
    assert run("predict", home / "flowers", home / "flowers.csv", "--proba") == 0
    head, *rows = answers(capsys)
    assert head == ["kind", "p(other)", "p(setosa)", "p(wild)"]
    shares = np.array([[float(x) for x in row[1:]] for row in rows])
    assert shares.sum(axis=1) == pytest.approx(1.0)
    names = ["other", "setosa", "wild"]
    assert [names[k] for k in shares.argmax(axis=1)] == [row[0] for row in rows]


def test_columns_are_found_by_name_in_any_order(home, tmp_path, capsys):
    lines = [line.split(",") for line in (home / "flowers.csv").read_text().splitlines()]
    turned = tmp_path / "turned.csv"
    turned.write_text("".join(f"{width};none;{length};{colour}\n" for length, colour, width, _ in lines))
    assert run("predict", home / "flowers", turned) == 0
    assert [row[0] for row in answers(capsys)[1:]] == [line[-1] for line in lines[1:]]


def test_predictions_go_to_a_file(home, tmp_path, capsys):
    path = tmp_path / "labels.csv"
    assert run("predict", home / "houses", home / "houses.csv", "--output", path) == 0
    assert capsys.readouterr().out == f"60 predictions in {path}\n"
    found = [float(row) for row in path.read_text().splitlines()[1:]]
    wanted = [float(line.split(",")[2]) for line in (home / "houses.csv").read_text().splitlines()[1:]]
    assert max(abs(a - b) for a, b in zip(found, wanted, strict=True)) < 10.0
    trained = kept_in(home / "houses")
    xs = [[float(x) for x in line.split(",")[:2]] for line in (home / "houses.csv").read_text().splitlines()[1:]]
    eager = [trained.model(x).data for x in trained.scaled(xs)]
    assert found == pytest.approx(trained.transform("target").inverse(eager))


def test_names_are_made_up_again_the_same(home, capsys):
    said = []
    for seed in ("1", "1", "2"):
        assert run("predict", home / "names", "--count", "5", "--seed", seed, "--temperature", "1") == 0
        said.append(answers(capsys))
    assert said[0] == said[1] != said[2]
    assert said[0][0] == ["name"]
    assert len(said[0]) == 6


# --- evaluate ---


def test_what_was_held_out_is_judged_as_it_was_after_training(home, capsys):
    assert run("train", "--data", "moons", *QUICK, "--output", home / "again.json") == 0
    said = capsys.readouterr().out
    assert run("evaluate", home / "again.json") == 0
    out = capsys.readouterr().out
    assert out.startswith("moons, held out: 8 samples\n")
    for what in ("loss", "accuracy"):
        last = next(line for line in said.splitlines() if line.startswith(what)).split()[-1]
        assert next(line for line in out.splitlines() if line.startswith(what)).split()[-1] == last


def test_classes_are_told_apart_in_a_table(home, capsys):
    assert run("evaluate", home / "flowers", home / "flowers.csv", "--metrics", "accuracy,f1_macro,auc") == 0
    out = capsys.readouterr().out
    assert "accuracy    100.0%" in out
    assert out.splitlines()[-3:] == [
        "other               20       .     .", "setosa               .      20     .",
        "wild                 .       .    20",
    ]  # fmt: skip


def test_numbers_are_judged_in_their_own_unit(home, capsys):
    assert run("evaluate", home / "houses", home / "houses.csv", "--metrics", "mae,max_error") == 0
    lines = dict(line.split() for line in capsys.readouterr().out.splitlines()[2:])
    assert 0.01 < float(lines["mae"]) < float(lines["max_error"]) < 10.0


def test_data_that_changed_are_not_taken_for_those_held_out(home, tmp_path, capsys):
    path = flowers(tmp_path / "flowers.csv")
    assert run("train", "--data", path, "--target", "kind", "--epochs", "1", "--output", tmp_path / "m") == 0
    assert run("evaluate", tmp_path / "m") == 0
    flowers(path, n=63)
    capsys.readouterr()
    assert run("evaluate", tmp_path / "m") == 2
    assert "is not as it was when the model was trained" in capsys.readouterr().err
    path.unlink()
    assert run("evaluate", tmp_path / "m") == 2
    assert "No such file or directory" in capsys.readouterr().err


def test_the_confusion_is_drawn(home, tmp_path):
    pytest.importorskip("matplotlib")
    assert run("evaluate", home / "flowers", "--plot", tmp_path / "c.svg") == 0
    assert "<svg" in (tmp_path / "c.svg").read_text()


# --- draw ---


@pytest.mark.parametrize("what", ["network", "weights"])
def test_a_model_is_drawn(what, home, tmp_path, capsys):
    pytest.importorskip("matplotlib")
    for name in ("flowers", "moons.json", "names"):
        assert run("draw", home / name, "--what", what, "--output", tmp_path / "a.svg") == 0
        assert "<svg" in (tmp_path / "a.svg").read_text()


def test_the_graph_of_a_loss_is_drawn(home, tmp_path):
    assert run("draw", home / "moons.json", "--what", "loss", "--output", tmp_path / "a.svg", "--sample", "2") == 0
    assert ">loss<" in (tmp_path / "a.svg").read_text()


def test_a_picture_has_a_name_of_its_own_where_none_is_given(home, tmp_path, monkeypatch, capsys):
    pytest.importorskip("matplotlib")
    monkeypatch.chdir(tmp_path)
    assert run("draw", home / "moons.json") == 0
    assert capsys.readouterr().out == "network in network.png\n"
    assert (tmp_path / "network.png").exists()


# --- refused ---

REFUSED = [
    ("predict nosuch {home}/flowers.csv", "predict: nosuch: No such file or directory"),
    ("predict {home}/flowers nosuch.csv", "predict: nosuch.csv: No such file or directory"),
    ("predict {home}/flowers.csv {home}/flowers.csv", "predict: {home}/flowers.csv is not a file of chainrule's"),
    ("predict {home}/foreign.json {home}/flowers.csv", "predict: {home}/foreign.json: `python -m nn train` did not"),
    ("predict {home}/damaged.json {home}/flowers.csv", "predict: {home}/damaged.json"),
    ("predict {home}/flowers", "predict: what is the model asked about?"),
    ("predict {home}/flowers {home}/houses.csv", "predict: {home}/houses.csv: there is no column 'length'"),
    ("predict {home}/flowers {home}/green.csv", "predict: OneHot: column 1 'green' of sample 0 is none of"),
    ("predict {home}/moons.json {home}/flowers.csv", "predict: {home}/flowers.csv: 4 columns, and the model was"),
    ("predict {home}/houses {home}/houses.csv --proba", "predict: predict_proba: what the model gives are no"),
    ("predict {home}/flowers {home}/flowers.csv --missing drop", "predict: --missing drop: there is a prediction"),
    ("predict {home}/flowers {home}/flowers.csv --count 3", "predict: --count is of models that make up names"),
    ("predict {home}/flowers {home}/flowers.csv --output {home}/no/a.csv", "predict: cannot write {home}/no/a.csv"),
    ("predict {home}/flowers {home}/flowers.csv --prob", "predict: no option --prob; did you mean '--proba'?"),
    ("predict {home}/names {home}/flowers.csv", "predict: this model makes up names"),
    ("evaluate {home}/flowers {home}/houses.csv", "evaluate: {home}/houses.csv: there is no column 'kind'"),
    ("evaluate {home}/flowers {home}/strange.csv", "evaluate: label 0 is 'strange'; the model was trained on 'other'"),
    ("evaluate {home}/flowers --metrics r2", "evaluate: --metrics: r2 is for numbers, and the labels are classes"),
    ("evaluate {home}/houses --plot a.png", "evaluate: --plot: a confusion matrix is of classes"),
    ("evaluate {home}/names {home}/flowers.csv", "evaluate: this model makes up names"),
    ("draw {home}/flowers --what netwrk", "draw: argument --what: no picture 'netwrk'; did you mean 'network'?"),
    ("draw {home}/flowers --output a", "draw: --output: a has no ending that says the format"),
    ("draw {home}/flowers --output a.xyz", "draw: Format 'xyz' is not supported"),
    ("draw {home}/flowers --what loss --sample 99", "draw: --sample: 99 was asked for; there are 12"),
]


@pytest.mark.parametrize(("line", "message"), REFUSED, ids=[line for line, _ in REFUSED])
def test_what_is_refused_is_one_line_and_exit_code_2(line, message, home, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    save(MLP(2, [1], rng=1), home / "foreign.json")
    text = (home / "moons.json").read_text()
    (home / "damaged.json").write_text(text.replace("moons", "noons", 1))
    flowers(home / "green.csv", colours=("green",))
    (home / "strange.csv").write_text("length,colour,width,kind\n5,red,200,strange\n6,red,100,wild\n")
    capsys.readouterr()
    assert run(*line.format(home=home).split()) == 2
    err = capsys.readouterr().err
    assert err.startswith(f"python -m nn {message.format(home=home)}")
    assert err.count("\n") == 1
    assert not list(tmp_path.iterdir())


# --- which command ---


def test_a_command_that_there_is_not(capsys):
    assert run("trian") == 2
    assert capsys.readouterr().err == "python -m nn: no command 'trian'; did you mean 'train'? (try --help)\n"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("predict reg --data f.csv", "no option --data: write MODEL FILE, without an option before them"),
        ("predict --model reg f.csv", "no option --model: write MODEL FILE, without an option before them"),
        ("predict reg f.csv --target y", "no option --target: the model knows that itself, from when it was trained"),
        ("evaluate reg --input=f.csv", "no option --input: write MODEL FILE, without an option before them"),
        ("draw --file reg", "no option --file: write MODEL, without an option before it"),
        ("predict reg f.csv --probability", "no option --probability; did you mean '--proba'?"),
        ("predict reg f.csv --epochs 3", "no option --epochs"),
        ("train --data moons --learning-rate 0.1", "no option --learning-rate; did you mean '--lr'?"),
        ("train --data moons --batch 8", "no option --batch; did you mean '--batch-size'?"),
        ("train --data moons --hidden 8", "no option --hidden; did you mean '--layers'?"),
        ("train --data moons --optimiser-name adam", "no option --optimiser-name; did you mean '--optimiser'?"),
    ],
)
def test_options_that_there_are_not(line, told, capsys):
    assert run(*line.split()) == 2
    name = line.split()[0]
    assert capsys.readouterr().err == f"python -m nn {name}: {told} (try --help)\n"


def test_the_version_is_told(capsys):
    for line in (["--version"], ["-V"], *([name, "--version"] for name in COMMANDS)):
        assert run(*line) == 0
        assert capsys.readouterr().out == f"chainrule {autograd.__version__}\n"
    assert run("--help") == 0
    assert "--version" in capsys.readouterr().out


def test_help_names_the_commands_and_still_the_demo(capsys):
    assert run("--help") == 0
    out = capsys.readouterr().out
    assert all(f"python -m nn {name}" in out for name in COMMANDS)
    assert all(option in out for option in parser()._option_string_actions)
    for name in COMMANDS:
        assert run(name, "--help") == 0
        said = capsys.readouterr().out
        assert said.startswith(f"usage: python -m nn {name} ")
        assert said.split("examples:")[1].count(f"  python -m nn {name} ") >= 3
        assert max(map(len, said.splitlines())) <= 120


def test_every_example_can_be_parsed(tmp_path):
    from nn.command.asking import EXAMPLES, train_command

    modules = {"predict": predict, "evaluate": evaluate, "draw": draw}
    commands = {name: getattr(module, f"{name}_command")() for name, module in modules.items()}
    commands["train"] = train_command()
    for line, _ in [*EXAMPLES, *(example for module in modules.values() for example in module.EXAMPLES)]:
        name, *rest = line.replace("'1 minute'", "1_minute").split()
        commands[name].parse_args([part.replace("_minute", " minute") for part in rest])


def test_the_demo_is_what_it_was(monkeypatch):
    from nn.command import main as module

    asked = []
    monkeypatch.setattr(module, "demonstrate", lambda arguments: asked.append(list(arguments)) or 7)
    assert run() == 7
    assert run("--epochs", "1", "--eager") == 7
    assert asked == [[], ["--epochs", "1", "--eager"]]


def test_from_a_shell(home, tmp_path):
    command = [sys.executable, "-m", "nn", "predict", str(home / "flowers"), str(home / "flowers.csv")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == 61
    done = subprocess.run(
        [*command, "--missing", "?"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    wanted = "expected error, drop, mean, median or a number, got '?'"
    assert done.stderr == f"python -m nn predict: argument --missing: {wanted} (try --help)\n"
