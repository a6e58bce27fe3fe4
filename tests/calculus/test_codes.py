"""Codes: one source for Python and C, and what is done with one that nobody knows."""

import math
import re
from pathlib import Path

import numpy as np
import pytest

import autograd
from autograd import Tape, Value
from autograd.calculus import _codes
from autograd.calculus.arithmetic import COMPARISONS
from autograd.calculus.codes import NUMBERS, codes_of_rows
from autograd.calculus.table import TABLE
from autograd.lowering.lowering import lower
from autograd.replay.replay import Replay

ROOT = Path(__file__).parents[2] / "autograd"
ALL = {**NUMBERS, **codes_of_rows()}


def test_python_and_c_have_the_same_codes():
    assert {name: getattr(_codes, name) for name in ALL} == ALL
    in_c = re.findall(r"^    (\w+) = (-?\d+),$", (ROOT / "calculus" / "_codes.h").read_text(), re.M)
    assert {name: int(code) for name, code in in_c} == ALL
    assert ALL["ADD"] == TABLE[0].code == ALL["FIRST_CODE"]


STATED = re.compile(r"^\s*(?:enum \{ |cdef enum: |#define |cdef \w+ |)([A-Z]\w+)(?:\s*=\s*|[ \t]+)\(?-?\d", re.M)


def stated_in(*patterns):
    """The names of numbers that files state, generated ones aside."""
    paths = [path for pattern in patterns for path in ROOT.rglob(pattern) if not path.name.startswith("_codes.")]
    assert len(paths) > 5
    return {name for path in paths for name in STATED.findall(path.read_text())}


def test_no_number_is_stated_in_python_and_again_in_c():
    in_python, in_c = stated_in("*.py"), stated_in("*.h", "*.pxd", "*.pyx")
    assert "ROOM" in in_python
    assert {"GATHERED", "LARGE_RESULT", "FEW_PATHS", "WIDTH"} <= in_c
    assert not in_python & in_c
    assert not (in_python | in_c) & (NUMBERS.keys() - {"FIRST_CODE"})


@pytest.mark.parametrize("how", COMPARISONS, ids=lambda how: how.function.__name__)
def test_what_decides_a_comparison(how):
    for x in (1.0, 2.0, math.nan):
        for y in (1.0, 2.0):
            operands = (y, x) if how.swapped else (x, y)
            assert how.function(x, y) == ((how.row(*operands) != 0.0) == how.holds)


@pytest.mark.parametrize("code", [0, 2, TABLE[-1].code + 1, TABLE[-1].code + 9, 900])
def test_lowering_refuses_a_code_that_is_no_rows(code):
    tape = Tape(Value(2.0) * 3.0)
    tape.steps.push(0)
    tape.steps.close(code)
    with pytest.raises(ValueError, match=f"a step has code {code}, which is that of no row: the table has 3 to "):
        lower(tape, [False])


@pytest.mark.skipif(not autograd.native, reason="the interpreted engine has no instructions")
@pytest.mark.parametrize("code", [TABLE[-1].code + 1, 199, 299, 400])
def test_an_instruction_that_nobody_knows_gives_nan_not_what_was_there(code):
    from autograd.replay.machine import Machine

    x = Value(2.0)
    xs = np.ones(70)
    replay = Replay(Tape(x.exp(), x))
    assert replay(xs)[0] == math.e
    program = lower(Tape(x.exp(), x), [True])
    program.instructions[:, 0] = code
    lanes = np.zeros((1, 70))
    none, no_rows = np.empty(0), np.empty((0, 0))
    Machine(program).run_lanes(program.numbers.template, [xs.reshape(-1, 1)], lanes, no_rows, none, 0, 70, 0)
    assert np.isnan(lanes).all()
    alone = lower(Tape(x.exp(), x), [False])
    alone.numbers.before[:, 0] = code
    numbers = alone.numbers.template.copy()
    numbers[0] = 2.0
    Machine(alone).run_before(numbers, 1)
    assert np.isnan(numbers[-1])
