"""C in functions of at most 500 steps: what a compiler makes of it in linear time is what the tape gives."""

import ctypes
import random
import re
import shutil
import subprocess

import numpy as np
import pytest

import autograd
from autograd import Tape, Value
from autograd.exits import c
from autograd.exits.c import MOST_STEPS

has_compiler = pytest.mark.skipif(not shutil.which("cc"), reason="needs a C compiler")
pytestmark = [pytest.mark.any_build, has_compiler]
FLAGS = ["-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", "-ffp-contract=off"]


def straight_line(operations, seed=1):
    """A function of 12 numbers with so many operations, of all kinds and all of them needed."""

    def f(*xs):
        rng, pool = random.Random(seed), list(xs)
        for _ in range(operations):
            x, y = pool[-1], rng.choice(pool[-300:])
            kind = rng.randrange(6)
            if kind == 0:
                z = x * 0.5 + y * 0.25
            elif kind == 1:
                z = autograd.sin(x - y)
            elif kind == 2:
                z = autograd.sqrt(x * x + 0.5) * 0.5
            elif kind == 3:
                z = autograd.where(x < y, x * 0.75, -y * 0.5)
            elif kind == 4:
                z = autograd.dot([x, y, pool[0]], [0.5, xs[3], xs[5]])
            else:
                z = autograd.tanh(x) + autograd.logsumexp([y, x, 0.25]) * 0.125
            pool.append(z)
        return pool[-1]

    return f


AT = [0.1 + 0.07 * k for k in range(12)]


def compiled(source, folder, *flags):
    """The function `f` of a source."""
    (folder / "f.c").write_text(source)
    subprocess.run(["cc", *FLAGS, *flags, "-shared", "-fPIC", "-o", "f.so", "f.c", "-lm"], cwd=folder, check=True)
    return ctypes.CDLL(str(folder / "f.so")).f


def called(f, at, outputs=1):
    """What it gives back, its outputs and derivatives."""
    x, y, dy = (ctypes.c_double * len(at))(*at), (ctypes.c_double * outputs)(), (ctypes.c_double * outputs * len(at))()
    code = f(x, y, dy)
    return code, [*y, *np.ravel(dy).tolist()]


def longest(source):
    """The most lines that a function has, of those that belong to the tape."""
    bodies = re.findall(r"^[\w ]+ f_\w+\([^)]*\) \{\n(.*?)^\}", source, re.M | re.S)
    return max(len(re.findall(r"^    (?:const double s\d+ =|y\[|dy\[|if )", body, re.M)) for body in bodies)


def test_a_long_tape_is_compiled_and_gives_what_the_tape_and_the_replay_give(tmp_path):
    """20,000 steps, in functions of 500: in one, compilers take more than linear time."""
    f = straight_line(3800)
    tape = Tape.record(f, *AT)
    both = tape.with_gradient()
    assert len(both) > 20_000
    source = tape.to_c()
    assert longest(source) <= MOST_STEPS
    assert source.count("static void f_part") >= len(both) // MOST_STEPS // 2
    code, found = called(compiled(source, tmp_path, "-O0"), AT)
    assert code == 0
    expected = both(*AT)
    np.testing.assert_array_max_ulp(found, expected, 4)
    fast = autograd.compile(lambda xs: f(*xs))
    value, slopes = fast.value_and_grad(np.array(AT))
    np.testing.assert_array_max_ulp(found[0], value, 4)
    np.testing.assert_allclose(found[1:], slopes, rtol=1e-12)


def test_the_length_of_the_source_is_linear_and_short_tapes_are_one_function():
    sizes = [len(Tape.record(straight_line(n), *AT).to_c()) for n in (500, 2000)]
    assert sizes[1] < 5 * sizes[0]
    assert "part" not in Tape.record(straight_line(20), *AT).to_c()


@pytest.mark.parametrize("most", [1, 2, 7])
@pytest.mark.parametrize("stack", [0, 8192])
def test_however_it_is_cut_it_gives_the_same(most, stack, tmp_path, monkeypatch):
    """Cells used again, constants and inputs among the outputs, several outputs, memory from `malloc`."""
    monkeypatch.setattr(c, "MOST_STEPS", most)
    monkeypatch.setattr(c, "MOST_ON_STACK", stack)
    f = straight_line(25, seed=most)
    xs = [Value(x) for x in AT]
    z = f(*xs)
    tape = Tape([z, xs[2], Value(-1.5).detach(), z * -2.0 + xs[0]], xs)
    source = tape.to_c()
    assert ("malloc" in source) == (stack == 0)
    assert longest(source) <= most
    code, found = called(compiled(source, tmp_path, "-O2"), AT, 4)
    assert code == 0
    np.testing.assert_array_max_ulp(found, [float(x) for x in tape.with_gradient()(*AT)], 4)


def test_cells_are_used_again():
    tape = Tape.record(straight_line(2000), *AT)
    cells = int(re.search(r"double s\[(\d+)\];", tape.to_c())[1])
    assert cells < len(tape.with_gradient()) / 3


@pytest.mark.parametrize("stack", [0, 8192])
def test_guards_tell_which_fails_first_and_nothing_is_written(stack, tmp_path, monkeypatch):
    monkeypatch.setattr(c, "MOST_STEPS", 3)
    monkeypatch.setattr(c, "MOST_ON_STACK", stack)

    def f(x, y):
        for k in range(8):
            x = x * y if x < 10.0 + k else x - y
        return x

    tape = Tape.record(f, 1.0, 1.5)
    fast = compiled(tape.to_c(), tmp_path, "-O2")
    code, found = called(fast, [1.0, 1.5])
    assert code == 0
    assert found[0] == tape(1.0, 1.5)
    np.testing.assert_allclose(found[1:], tape.gradient()(1.0, 1.5), rtol=1e-15)
    assert called(fast, [20.0, 1.5]) == (1, [0.0, 0.0, 0.0])
    failed = next(k for k in range(1, 9) if 1.0 * 1.9**k >= 10.0 + k)
    assert called(fast, [1.0, 1.9])[0] == failed + 1
