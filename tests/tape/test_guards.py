"""Guards on tapes: a tape keeps to its path, and so does what is made of it."""

import ctypes
import math
import shutil
import subprocess

import numpy as np
import pytest

import autograd
from autograd import Tape, Value
from autograd.replay.replay import Replay
from tests.compiled.last_digits import differ


def crossroads(x, y):
    if x > y:
        return x * y if y >= 0.5 else x - y
    return y.exp() if x == y else x + y


def test_a_tape_prints_its_guards_and_keeps_to_them():
    tape = Tape.record(crossroads, 3.0, 1.0)
    assert str(tape).splitlines()[-3:] == ["guard s3", "guard s5", "output s2"] or str(tape).count("guard s") == 2
    assert tape(4.0, 2.0) == 8.0
    for numbers, failed in (((1.0, 2.0), 1), ((2.0, 0.0), 2), ((math.nan, 1.0), 1), ((1.0, 1.0), 1)):
        with pytest.raises(ValueError, match="recorded where") as error:
            tape(*numbers)
        assert str(error.value).count("was true") == 1, failed
    other = Tape.record(crossroads, 1.0, 3.0)
    assert str(other).count("guard not ") == 2
    assert other(0.0, 2.0) == 2.0
    with pytest.raises(ValueError, match="was false"):
        other(2.0, 0.0)
    equal = Tape.record(crossroads, 1.0, 1)
    assert equal(2.0, 2.0) == math.exp(2.0)
    with pytest.raises(ValueError, match="recorded where"):
        equal(1.0, 2.0)


@pytest.mark.parametrize("convert", [float, int, Value, np.float64, np.float32, np.array, bool])
def test_a_tape_refuses_numbers_of_any_type_off_its_path(convert):
    tape = Tape.record(lambda x: x * 2.0 if x > 0 else -x, 3)
    assert float(getattr(tape(convert(1)), "data", tape(convert(1)))) == 2.0
    with pytest.raises(ValueError, match="recorded where"):
        tape(convert(0))


def test_a_tape_refuses_arrays_with_a_row_off_its_path():
    tape = Tape.record(lambda x: x * 2.0 if x > 0 else -x, 3.0)
    assert tape(np.array([1.0, 2.0])).tolist() == [2.0, 4.0]
    for bad in ([1.0, -2.0], [0.0], [[1.0, 2.0], [3.0, math.nan]]):
        with pytest.raises(ValueError, match="recorded where"):
            tape(np.array(bad))
    with pytest.raises(ValueError, match="recorded where"):
        tape(np.array([Value(1.0), Value(-1.0)]))
    replay = Replay(tape.program)
    assert replay(np.array([1.0, 2.0])).tolist() == [2.0, 4.0]
    assert replay(1.0) == 2.0
    with pytest.raises(ValueError, match="row 2 leaves the path"):
        replay(np.array([1.0, 2.0, -3.0, -4.0]))
    with pytest.raises(ValueError, match="path"):
        replay(-1.0)
    assert replay(np.empty(0)).shape == (0,)


@pytest.mark.parametrize(
    "derived",
    [lambda t: t.simplify(), lambda t: t.gradient(), lambda t: t.with_gradient(), lambda t: t.gradient().gradient(),
     lambda t: t.simplify().gradient().simplify(), lambda t: t.simplify().simplify()],
)  # fmt: skip
def test_what_is_made_of_a_tape_keeps_its_guards(derived, tmp_path):
    tape = derived(Tape.record(crossroads, 3.0, 1.0))
    tape.save(tmp_path / "tape.json")
    names = {}
    exec(tape.to_python("g"), names)
    for t in (tape, Tape.load(tmp_path / "tape.json"), names["g"]):
        assert np.ravel(t(4.0, 2.0)).tolist() == np.ravel(tape(4.0, 2.0)).tolist()
        for numbers in ((1.0, 2.0), (2.0, 0.0), (math.nan, 1.0)):
            with pytest.raises(ValueError, match="recorded where"):
                t(*numbers)
    assert Tape.load(tmp_path / "tape.json").guards == tape.guards


def test_a_jvp_keeps_guards():
    pushed = Tape.record(crossroads, 3.0, 1.0).jvp()
    assert pushed(4.0, 2.0, 1.0, 10.0) == (8.0, 42.0)
    with pytest.raises(ValueError, match="recorded where"):
        pushed(1.0, 2.0, 1.0, 0.0)


def test_guards_on_what_simplification_takes_away():
    tape = Tape.record(lambda x: x * 3.0 if x * 1.0 + x * 0.0 > 1.0 - 0.5 and Value(2.0) > 1.0 else x, 3.0)
    for t in (tape, tape.simplify()):
        assert t(2.0) == 6.0
        with pytest.raises(ValueError, match="recorded where"):
            t(-2.0)
    unused = Tape.record(lambda x, y: x if y.exp().sin() > 0 else y, 1.0, 0.5)
    assert unused.simplify()(2.0, 0.5) == 2.0
    with pytest.raises(ValueError, match="recorded where"):
        unused.simplify()(2.0, 1.5)


@pytest.mark.skipif(not shutil.which("cc"), reason="needs a C compiler")
def test_the_c_function_gives_the_number_of_the_guard_that_fails(tmp_path):
    def f(x, y):
        if not x < 10.0:
            return x
        if x > y and y != 0.0:
            return x * y
        return y

    tape = Tape.record(f, 3.0, 1.0)
    (tmp_path / "f.c").write_text(tape.to_c("f"))
    (tmp_path / "g.c").write_text(tape.simplify().to_c("g"))
    flags = ["-std=c99", "-O1", "-Wall", "-Wextra", "-Werror", "-Wno-unused", "-pedantic", "-ffp-contract=off"]
    subprocess.run(
        ["cc", *flags, "-shared", "-fPIC", "-o", tmp_path / "f.so", *tmp_path.glob("*.c"), "-lm"], check=True
    )
    library = ctypes.CDLL(str(tmp_path / "f.so"))
    for function in (library.f, library.g):
        for numbers, expected in (
            ((3.0, 2.0), 0), ((10.0, 2.0), 1), ((math.nan, 2.0), 1), ((1.0, 2.0), 2), ((1.0, math.nan), 2),
            ((1.0, -0.0), 3), ((20.0, 30.0), 1),
        ):  # fmt: skip
            x, y, dy = (ctypes.c_double * 2)(*numbers), ctypes.c_double(), (ctypes.c_double * 2)()
            assert function(x, ctypes.byref(y), dy) == expected, numbers
            if expected == 0:
                assert (y.value, *dy) == (6.0, 2.0, 3.0)


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text.replace('"guards": [[', '"guards": [[99, true], ['),
        lambda text: text.replace('"guards": [[', '"guards": [[-1, true], ['),
        lambda text: text.replace('"guards": [[', '"guards": [["x", true], ['),
        lambda text: text.replace('"guards": [[', '"guards": [3, ['),
        lambda text: text.replace('"guards"', '"cards"'),
    ],
)
def test_a_file_with_damaged_guards_is_refused_by_name(tmp_path, damage):
    path = tmp_path / "tape.json"
    Tape.record(crossroads, 3.0, 1.0).save(path)
    text = path.read_text()
    assert damage(text) != text
    path.write_text(damage(text))
    with pytest.raises(ValueError, match="damaged tape") as error:
        Tape.load(path)
    assert str(path) in str(error.value)


def test_a_tape_of_other_guards_called_inside_is_held_to_them():
    tape = Tape.record(lambda x: x * x if x > 0 else -x, 3.0)
    with pytest.raises(ValueError, match="recorded where"):
        tape(-2.0)
    fast = autograd.compile(lambda x: tape(x) + 1.0, in_axes=0)
    assert fast(np.array([3.0, 2.0])).tolist() == [10.0, 5.0]
    with pytest.raises(ValueError, match="recorded where"):
        fast(np.array([3.0, -2.0]))


def test_constants_that_are_no_numbers_are_printed_and_written():
    x = Value(1.0, label="x")
    for number, said, in_c in (
        (math.inf, "inf", "INFINITY"),
        (-math.inf, "-inf", "-INFINITY"),
        (math.nan, "nan", "NAN"),
    ):
        tape = Tape(x * number, x)
        assert f"s1 = {said}" in str(tape)
        assert f"s1 = {in_c};" in tape.to_c().replace("(", "").replace(")", "")
        names = {}
        exec(tape.to_python("g"), names)
        assert not differ(names["g"](2.0), tape(2.0))
