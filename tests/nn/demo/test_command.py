"""`python -m nn`: its files, its table, its messages, its exit codes."""

import os
import re
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

import autograd
from nn import Split, load_digits
from nn.demo.command import main, parser
from nn.plots.boundary import decision_boundary
from nn.training.train import train

pytest.importorskip("matplotlib")
pytest.importorskip("sklearn")
pytest.importorskip("tqdm")

pytestmark = pytest.mark.any_build

ROOT = Path(__file__).parents[3]
PICTURES = {"moons_boundary.png", "loss_curves.png", "digits_confusion.png", "neuron.svg", "neuron.png"}
PNG = b"\x89PNG\r\n\x1a\n"
TASKS = ("moons", "digits")
QUICKLY = """
import sys
from functools import partial
from nn import Split
from nn.demo import command, digits, moons, timing
every = digits.load_digits
digits.load_digits = lambda **options: Split(*[part[:50] for part in every(**options)])
moons.decision_boundary = partial(moons.decision_boundary, resolution=12)
timing.TIMED_STEPS = 2
sys.exit(command.main(sys.argv[1:]))
"""
COMMAND = [sys.executable, "-m", "nn"] if autograd.native else [sys.executable, "-c", QUICKLY]
# Neither what digits look like nor scikit-learn, which takes a second to import, is what is asked about.
TINY = """
import sys
from functools import partial
from nn import Split
from nn.demo import command, digits, moons, timing
xs, ys = [[0.5] * 64] * 10, [*range(10)]
digits.load_digits = lambda **options: Split(xs, ys, xs, ys)
moons.decision_boundary = partial(moons.decision_boundary, resolution=12)
timing.TIMED_STEPS = 2
command.EXTRAS = ()
sys.exit(command.main(["--steps", "1", "--epochs", "1", "--output", sys.argv[1]]))
"""


class StubDrawing:
    """A drawing without the work of laying it out."""

    def pipe(self, format, quiet):
        return {"svg": b"<svg></svg>", "png": PNG}[format]


@pytest.fixture
def stub_draw(monkeypatch):
    drawn = []
    monkeypatch.setattr(autograd, "draw", lambda value: drawn.append(value) or StubDrawing(), raising=False)
    return drawn


@pytest.fixture
def quickly(monkeypatch):
    """A demo of few digits, a coarse picture and few steps timed, where that is not what is asked about."""
    monkeypatch.setattr("nn.demo.digits.load_digits", lambda **k: Split(*[part[:50] for part in load_digits(**k)]))
    monkeypatch.setattr("nn.demo.moons.decision_boundary", partial(decision_boundary, resolution=12))
    monkeypatch.setattr("nn.demo.timing.TIMED_STEPS", 2)


def run(*arguments):
    return subprocess.run([*COMMAND, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def files(folder):
    return {path.name for path in folder.iterdir()}


def test_a_short_run_leaves_every_picture_and_a_table(tmp_path):
    done = run("--steps", "3", "--epochs", "1", "--output", str(tmp_path / "new" / "folder"))
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert files(tmp_path / "new" / "folder") == PICTURES
    for name in PICTURES:
        content = (tmp_path / "new" / "folder" / name).read_bytes()
        assert content.startswith(PNG) if name.endswith("png") else b"<svg" in content
        if name in ("moons_boundary.png", "loss_curves.png", "digits_confusion.png"):
            assert b"tEXtDescription\x00" in content
    rows = done.stdout.split("\n\n")[1].splitlines()
    assert rows[0].split() == ["task", "loss", "accuracy", "nodes", "seconds"]
    assert re.fullmatch(r"moons +\d\.\d{4} +\d+\.\d% +[\d,]+ +\d+\.\d\d", rows[1])
    assert re.fullmatch(r"digits, held out +\d\.\d{4} +\d+\.\d% +[\d,]+ +\d+\.\d\d", rows[2])
    assert len({len(row) for row in rows}) == 1
    assert "seconds in all" in done.stdout
    gains = re.findall(r"^compiled: \d+\.\d\d ms a step, eager \d+\.\d\d ms: (\d+\.\d)x$", done.stdout, re.MULTILINE)
    assert len(gains) == 2
    if autograd.native:
        assert float(gains[0]) > 3.0
    drawing = (tmp_path / "new" / "folder" / "neuron.svg").read_text()
    for label in ("w1", "x1", "w2", "x2", "b", "w1 * x1 + w2 * x2 + b", "tanh(w1 * x1 + w2 * x2 + b)"):
        assert f">{label}<" in drawing


def test_a_seed_decides_everything_but_the_time(tmp_path, stub_draw, quickly, capsys):
    def trained(seed, folder):
        assert main(["--steps", "4", "--epochs", "1", "--seed", seed, "--output", str(tmp_path / folder)]) == 0
        rows = capsys.readouterr().out.split("\n\n")[1].splitlines()
        pictures = {name: (tmp_path / folder / name).read_bytes() for name in PICTURES}
        return [row.split()[:-1] for row in rows], pictures

    first = trained("5", "a")
    assert trained("5", "b") == first
    assert trained("6", "c")[0] != first[0]
    output = stub_draw[0]
    labels = {node.label for node in autograd.topological_order(output)}
    assert labels >= {"w1", "x1", "w2", "x2", "b", "output"}
    assert output.grad == 1.0


def test_compiled_and_eager_training_come_to_the_same(tmp_path, stub_draw, quickly, capsys, monkeypatch):
    monkeypatch.setattr("nn.demo.report.Demo.plot", lambda *args, **kwargs: None)
    tables, chosen = [], []
    for task in TASKS:
        monkeypatch.setattr(
            f"nn.demo.{task}.train", lambda *a, **k: chosen.append((k["progress"], k["compiled"])) or train(*a, **k)
        )
    for options in ([], ["--eager"]):
        assert main(["--steps", "5", "--epochs", "1", "--output", str(tmp_path), *options]) == 0
        out = capsys.readouterr().out
        tables.append([row.split()[:-1] for row in out.split("\n\n")[1].splitlines()])
        assert out.count("compiled: ") == (0 if options else 2)
    assert tables[0] == tables[1]
    assert chosen == [(task, c) for c in (True, False) for task in TASKS]


@pytest.mark.parametrize("interrupted_task", TASKS)
def test_an_interrupt_leaves_the_files_of_what_was_trained(
    tmp_path, stub_draw, quickly, capsys, monkeypatch, interrupted_task
):
    def interrupt(history):
        if history.epochs == 2:
            raise KeyboardInterrupt

    def interrupted_train(*args, progress, callback=None, **kwargs):
        return train(*args, **kwargs, callback=interrupt if progress == interrupted_task else callback)

    for task in TASKS:
        monkeypatch.setattr(f"nn.demo.{task}.train", interrupted_train)
    assert main(["--steps", "5", "--epochs", "50", "--output", str(tmp_path)]) == 130
    out = capsys.readouterr().out
    assert "interrupted: what was trained so far left " in out
    assert ("digits, held out" in out) == (interrupted_task == "digits")
    assert files(tmp_path) == PICTURES - ({"digits_confusion.png"} if interrupted_task == "moons" else set())


def test_an_interrupt_before_anything_was_trained(tmp_path, capsys, monkeypatch):
    def interrupt(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr("nn.demo.moons.make_moons", interrupt)
    assert main(["--output", str(tmp_path)]) == 130
    assert "interrupted: what was trained so far left no files" in capsys.readouterr().out
    assert files(tmp_path) == set()


def test_an_interrupt_while_saving_leaves_no_half_file(tmp_path, capsys, monkeypatch):
    def half(self, path, **kwargs):
        Path(path).write_bytes(PNG)
        raise KeyboardInterrupt

    monkeypatch.setattr("matplotlib.figure.Figure.savefig", half)
    assert main(["--steps", "1", "--output", str(tmp_path)]) == 130
    assert files(tmp_path) == set()


def test_an_interrupt_between_training_and_its_picture_loses_nothing(tmp_path, quickly, monkeypatch):
    from matplotlib.figure import Figure

    save, calls = Figure.savefig, []

    def interrupted_once(self, path, **kwargs):
        calls.append(path)
        if len(calls) == 2:
            raise KeyboardInterrupt
        save(self, path, **kwargs)

    monkeypatch.setattr("matplotlib.figure.Figure.savefig", interrupted_once)
    assert main(["--steps", "1", "--output", str(tmp_path)]) == 130
    assert files(tmp_path) == {"loss_curves.png", "moons_boundary.png"}


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is another thing there")
def test_ctrl_c_from_outside(tmp_path):
    command = [*COMMAND, "--steps", "1000000", "--output", str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        while not process.stdout.readline().startswith("moons: 337 parameters"):
            assert process.poll() is None
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.5 if autograd.native else 3.0)  # for some steps
        process.send_signal(signal.SIGINT)
        try:
            out, err = process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            assert not autograd.native  # Python loses what is raised while it frees a node
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=20)
    assert process.returncode == 130
    if autograd.native:
        assert err == ""
    assert (
        "interrupted: what was trained so far left loss_curves.png, moons_boundary.png, neuron.svg, neuron.png" in out
    )
    assert files(tmp_path) == PICTURES - {"digits_confusion.png"}


# --- refused ---


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--epochs", "0"], "argument --epochs: expected a whole number from 1, got '0'"),
        (["--epochs", "-1"], "argument --epochs: expected a whole number from 1, got '-1'"),
        (["--steps", "1.5"], "argument --steps: expected a whole number from 1, got '1.5'"),
        (["--seed", "x"], "argument --seed: invalid int value: 'x'"),
        (["--speed", "9"], "unrecognized arguments: --speed 9"),
        (["--output"], "argument --output: expected one argument"),
    ],
)
def test_a_bad_option_is_one_line_and_exit_code_2(arguments, message, capsys):
    with pytest.raises(SystemExit) as exit_of:
        main(arguments)
    assert exit_of.value.code == 2
    assert capsys.readouterr().err == f"python -m nn: {message} (try --help)\n"


def test_a_folder_that_cannot_be_written(tmp_path, capsys, monkeypatch):
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "demo"):
        assert main(["--output", str(folder)]) == 2
        err = capsys.readouterr().err
        assert err.startswith(f"python -m nn: cannot write to {folder}: ")
        assert err.count("\n") == 1

    def denied(dir):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("nn.demo.command.TemporaryFile", denied)
    assert main(["--output", str(tmp_path)]) == 2
    assert capsys.readouterr().err == f"python -m nn: cannot write to {tmp_path}: Permission denied\n"


def test_a_disk_that_is_full(tmp_path, capsys, monkeypatch):
    def full(self, path, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("matplotlib.figure.Figure.savefig", full)
    assert main(["--steps", "1", "--output", str(tmp_path)]) == 2
    assert (
        capsys.readouterr().err
        == f"python -m nn: cannot write {tmp_path / 'loss_curves.png'}: No space left on device\n"
    )


@pytest.mark.parametrize("name", ["matplotlib.figure", "numpy", "sklearn.datasets", "tqdm"])
def test_a_missing_library_is_named(name, tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, name, None)
    assert main(["--output", str(tmp_path)]) == 2
    err = capsys.readouterr().err
    assert err.startswith(f"python -m nn: {name} cannot be imported")
    assert err.endswith("pip install chainrule[demo]\n")
    assert err.count("\n") == 1


def test_where_nothing_can_draw_a_graph_the_rest_is_done(tmp_path, quickly, capsys, monkeypatch):
    class Unable:
        def pipe(self, format, quiet):
            raise RuntimeError("no engine\nsecond line")

    monkeypatch.setattr(autograd, "draw", lambda value: Unable(), raising=False)
    assert main(["--steps", "1", "--epochs", "1", "--output", str(tmp_path)]) == 0
    assert "neuron.svg is left out: no engine\n" in capsys.readouterr().out
    assert files(tmp_path) == PICTURES - {"neuron.svg", "neuron.png"}


# --- wherever it prints ---


@pytest.mark.skipif(sys.platform == "win32", reason="a shell of POSIX is needed")
def test_closed_streams_and_strange_folders_cost_no_picture(tmp_path):
    folder = os.path.join(os.fsencode(tmp_path), b"\xc3\xbcbung \xff")
    command = ["/bin/sh", "-c", '"$0" "$@" 2>&-', sys.executable, "-c", TINY, folder]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False, timeout=300)
    assert (done.returncode, done.stderr) == (0, b"")
    assert rb"\xfcbung \udcff; " in done.stdout
    assert {os.fsdecode(name) for name in os.listdir(folder)} == PICTURES


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_reader_of_the_first_line_gets_it_and_a_full_device_is_told(tmp_path):
    def shell(line):
        environment = {**os.environ, "python": sys.executable, "folder": str(tmp_path), "demo": TINY}
        done = subprocess.run(
            ["/bin/sh", "-c", line], cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=300
        )
        return done.stdout, done.stderr

    out, err = shell('{ "$python" -c "$demo" "$folder"; echo "code $?" >&2; } | head -1')
    assert (out.count("\n"), err) == (1, "code 141\n")
    out, err = shell('"$python" -c "$demo" "$folder" > /dev/full || echo "code $?"')
    assert (out, err) == (
        "code 1\n", "python -m nn: cannot write to standard output: No space left on device\n"
    )  # fmt: skip


# --- parts ---


def test_help_names_every_option():
    done = run("--help")
    assert done.returncode == 0
    assert all(option in done.stdout for option in ("--epochs", "--steps", "--seed", "--output", "--eager"))


def test_the_interpreted_engine_says_that_it_does_less(tmp_path, stub_draw, quickly, capsys, monkeypatch):
    monkeypatch.setattr(autograd, "native", False)
    assert main(["--steps", "1", "--epochs", "1", "--output", str(tmp_path)]) == 0
    assert capsys.readouterr().out.startswith("interpreted engine, about ten times slower: 1 epochs of digits")


def test_defaults(monkeypatch):
    monkeypatch.setattr(autograd, "native", True)
    chosen = parser().parse_args([])
    assert (chosen.steps, chosen.epochs, chosen.output, chosen.eager) == (100, 15, Path("demo"), False)
    monkeypatch.setattr(autograd, "native", False)
    assert parser().parse_args([]).epochs == 4
