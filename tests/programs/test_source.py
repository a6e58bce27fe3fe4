"""Programs written out: a neuron reads w·x + b, whatever stands for its bias on the tape."""

import ctypes
import itertools
import shutil
import struct
import subprocess

import pytest

import nn
from autograd import Tape, Value, dot
from autograd.calculus import table
from autograd.programs.program import Guard, Program
from autograd.programs.source import text_of_guard
from autograd.programs.steps import packed


def inputs(*names):
    return [Value(1.0 + k, label=name) for k, name in enumerate(names)]


def neuron():
    w1, w2, x1, x2, b = leaves = inputs("w1", "w2", "x1", "x2", "b")
    return Tape(dot([w1, w2], [x1, x2], start=b).tanh(), leaves)


def body(tape):
    return [line.strip() for line in tape.to_python().splitlines() if line.startswith("    ")]


def test_a_neuron_reads_as_products_and_a_bias():
    tape = neuron()
    assert str(tape).splitlines() == [
        "inputs w1, w2, x1, x2, b", "s6 = w1 * x1 + w2 * x2 + b", "s7 = tanh(s6)", "output s7",
    ]  # fmt: skip
    assert body(tape) == ["s6 = autograd.dot([w1, w2], [x1, x2], start=b)", "s7 = autograd.tanh(s6)", "return s7"]
    assert tape.to_latex() == r"\tanh\left(w_{1} \, x_{1} + w_{2} \, x_{2} + b\right)"
    assert "s6 = x[4] + x[0] * x[2] + x[1] * x[3];" in tape.to_c()  # in the order in which it is added


def test_a_layer_of_nn_reads_so_too():
    layer = nn.Layer(2, 2, "linear", rng=1)
    x = inputs("x1", "x2")
    lines = str(Tape(layer(x), [*x, *layer.parameters()])).splitlines()
    names = lines[0].removeprefix("inputs ").split(", ")
    assert lines[1:3] == [
        f"s9 = {names[2]} * x1 + {names[3]} * x2 + {names[4]}",
        f"s11 = {names[5]} * x1 + {names[6]} * x2 + {names[7]}",
    ]
    assert len(lines) == 4


def written(z, *leaves):
    tape = Tape(z, leaves)
    return str(tape).splitlines()[1:-1], body(tape)[:-1], tape.to_latex()


def test_a_1_that_is_called_by_its_name_has_a_line():
    x, y, b = inputs("x", "y", "b")
    assert written(dot([x], [y], start=b) * 1.0, x, y, b) == (
        ["s4 = x * y + b", "s5 = 1", "s6 = s4 * s5"],
        ["s4 = autograd.dot([x], [y], start=b)", "s5 = 1.0", "s6 = s4 * s5"],
        r"\left(x \, y + b\right) \, 1",
    )
    both = Program(("x", "b"), packed([(None, 1.0), (table.dot, (1, 2, 0, 0)), (table.mul, (3, 2))]), (4,), single=True)
    assert str(Tape.of(both)).splitlines()[1:] == ["s2 = 1", "s3 = x * x + b", "s4 = s3 * s2", "output s4"]
    ends = Tape([dot([x], [y], start=b), Value(1.0)], [x, y, b])
    assert str(ends).splitlines()[1:] == ["s4 = x * y + b", "s5 = 1", "outputs s4, s5"]
    assert Tape(x * 1.0, x).to_python().count("1.0") == 1


def test_a_1_among_the_inputs_of_a_neuron_is_not_taken_for_that_of_its_bias():
    x, y, b = inputs("x", "y", "b")
    assert written(dot([x, y], [1.0, 1.0], start=b), x, y, b)[:2] == (
        ["s6 = b + x + y"], ["s6 = autograd.dot([b, x, y], [1.0, 1.0, 1.0])"],
    )  # fmt: skip
    assert written(dot([x, y], [y, 1.0]), x, y) == (
        ["s3 = x * y + y"], ["s3 = autograd.dot([x, y], [y, 1.0])"], r"x \, y + y",
    )  # fmt: skip


def test_a_start_that_is_a_number_is_given_where_it_is_not_0():
    x, y = inputs("x", "y")
    assert written(dot([x], [y], start=1.5), x, y)[1] == ["s2 = 1.5", "s4 = autograd.dot([x], [y], start=s2)"]
    nothing = Value(0.0).detach()
    assert written(dot([x], [y], start=nothing), x, y)[1] == ["s2 = 0.0", "s4 = autograd.dot([s2, x], [1.0, y])"]


def bits(x):
    return struct.pack("d", x.data if isinstance(x, Value) else x)


STARTS = [0.0, -0.0, 0.1, -1e300, float("inf")]


@pytest.mark.parametrize("start", STARTS)
def test_python_gives_the_same_bits_of_every_sign_of_zero(start):
    ends = [0.0, -0.0, 0.3, -7.1]
    for given in (Value(start, label="b"), Value(start).detach()):
        w, v, x, y = inputs("w", "v", "x", "y")
        leaves = [w, v, x, y] if given.is_constant else [w, v, x, y, given]
        tape, scope = Tape(dot([w, v], [x, y], start=given), leaves), {}
        exec(tape.to_python(), scope)
        for numbers in itertools.product(ends, repeat=4):
            full = [*numbers, start][: len(leaves)]
            assert bits(scope["f"](*map(Value, full))) == bits(tape(*full)), full


@pytest.mark.skipif(shutil.which("gcc") is None, reason="needs gcc")
def test_c_gives_the_same_bits_and_slopes_without_a_warning(tmp_path):
    tape = neuron()
    (tmp_path / "f.c").write_text(tape.to_c())
    options = ["-O2", "-shared", "-fPIC", "-Wall", "-Werror", "-ffp-contract=off"]
    subprocess.run(["gcc", *options, "f.c", "-o", "f.so", "-lm"], cwd=tmp_path, check=True)
    f = ctypes.CDLL(str(tmp_path / "f.so")).f
    xs, y, dy = (ctypes.c_double * 5)(0.3, -0.7, 1.1, 0.9, 0.05), ctypes.c_double(), (ctypes.c_double * 5)()
    assert f(xs, ctypes.byref(y), dy) == 0
    assert bits(y.value) == bits(tape(*xs))
    assert list(dy) == pytest.approx(tape.gradient()(*xs), rel=1e-15)


def test_a_guard_in_words_reads_so_too():
    steps = packed([(None, 1.0), (table.dot, (2, 3, 0, 1))])
    program = Program(("x", "y", "b"), steps, (0,), single=True, guards=(Guard(4, True),))
    assert text_of_guard(program, program.guards[0]) == "x * y + b was true"
