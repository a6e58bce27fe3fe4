"""Programs as records: what they hold, what follows from it, and how they run."""

import copy
import dataclasses
import math
import pickle

import numpy as np
import pytest

import autograd
from autograd import Tape, Value
from autograd.calculus import table
from autograd.calculus.symbols import Symbol
from autograd.programs.evaluation import broken_guard, evaluate, results
from autograd.programs.program import Guard, Program
from autograd.programs.pruning import count_readers, dependents, live, pruned
from autograd.programs.steps import packed

STEPS = packed([
    (None, 2.0),                     # 2
    (table.mul, (0, 2)),        # 3
    (table.exp, (1,)),          # 4, which nobody reads but the next
    (table.add, (4, 4)),        # 5, which nobody reads
    (table.less, (2, 3)),       # 6
    (table.sum, (3, 3, 0)),     # 7
])  # fmt: skip
PROGRAM = Program(("x", "y"), STEPS, outputs=(7,), single=True, guards=(Guard(6, True),))


def test_a_program_is_not_changed_but_replaced():
    with pytest.raises(dataclasses.FrozenInstanceError):
        PROGRAM.guards = ()
    free = dataclasses.replace(PROGRAM, guards=())
    assert (free.guards, free.steps, free.outputs) == ((), STEPS, (7,))
    assert PROGRAM.guards == ((6, True),)


def test_a_program_runs_over_any_number_type():
    assert results(PROGRAM, evaluate(PROGRAM, [3.0, 0.5])) == 15.0
    assert results(PROGRAM, evaluate(PROGRAM, [np.array([3.0, 4.0]), 0.5])).tolist() == [15.0, 20.0]
    pair = dataclasses.replace(PROGRAM, single=False)
    assert results(pair, evaluate(pair, [3.0, 0.5])) == (15.0,)


@pytest.mark.parametrize(
    ("x", "broken"),
    [(3.0, False), (1.0, True), (math.nan, True), (np.array([3.0, 4.0]), False), (np.array([3.0, 0.0]), True),
     (Value(3.0), False), (Value(0.0), True), (Symbol("x"), False)],
)  # fmt: skip
def test_the_first_guard_that_numbers_break(x, broken):
    found = broken_guard(PROGRAM, evaluate(PROGRAM, [x, 0.5]))
    assert found == (PROGRAM.guards[0] if broken else None)


def test_reachability():
    assert list(dependents(PROGRAM, [1])) == [0, 1, 0, 0, 1, 1, 0, 0]
    assert list(dependents(PROGRAM, [0])) == [1, 0, 0, 1, 0, 0, 1, 1]
    assert not any(dependents(PROGRAM, []))
    assert list(live(PROGRAM)) == [1, 0, 1, 1, 0, 0, 1, 1]
    assert list(live(dataclasses.replace(PROGRAM, outputs=(), guards=(Guard(5, False),)))) == [0, 1, 0, 0, 1, 1, 0, 0]


def test_pruned_of_dead_code_a_program_gives_the_same():
    found = pruned(PROGRAM)
    assert [row and row.name for row, _ in found.steps] == [None, "mul", "less", "sum"]
    assert (found.outputs, found.guards, found.labels, found.single) == ((5,), ((4, True),), ("x", "y"), True)
    for x in (3.0, 0.5):
        before, after = evaluate(PROGRAM, [x, 0.0]), evaluate(found, [x, 0.0])
        assert results(found, after) == results(PROGRAM, before)
        assert (broken_guard(found, after) is None) == (broken_guard(PROGRAM, before) is None)
    assert pruned(found).steps == found.steps


def test_readers_are_counted_of_the_steps_that_count():
    everything = bytearray(b"\1") * 8
    assert list(count_readers(STEPS, 2, everything, PROGRAM.ends())) == [2, 1, 2, 3, 2, 0, 1, 1]
    assert list(count_readers(STEPS, 2, live(PROGRAM), PROGRAM.ends())) == [2, 0, 2, 3, 0, 0, 1, 1]
    assert list(count_readers(STEPS, 2, bytearray(10), [9, 9])) == [0] * 9 + [2]  # there may be more slots


def test_a_tape_shows_its_program_and_lets_nobody_change_it():
    tape = Tape.of(PROGRAM)
    for name in ("labels", "steps", "outputs", "single", "guards"):
        assert getattr(tape, name) == getattr(PROGRAM, name)
        with pytest.raises(AttributeError):
            setattr(tape, name, ())
    assert tape(3.0, 0.5) == 15.0
    with pytest.raises(ValueError, match=r"recorded where less\(s2, s3\) was true"):
        tape(1.0, 0.5)


def test_a_tape_that_was_pickled_as_its_parts_still_loads():
    """Guards were pairs then."""
    tape = Tape.of(PROGRAM)
    state = {"labels": ("x", "y"), "steps": STEPS, "outputs": (7,), "single": True, "guards": ((6, True),)}
    assert tape.__getstate__() == state
    assert type(tape.__getstate__()["guards"][0]) is tuple
    older = Tape.__new__(Tape)
    older.__setstate__(state)
    for twin in (older, pickle.loads(pickle.dumps(tape)), copy.deepcopy(tape)):
        assert twin.program == PROGRAM
        assert type(twin.guards[0]) is Guard


def test_the_tapes_of_a_compiled_function_are_the_same_each_time():
    fast = autograd.compile(lambda x: x * x)
    fast(3.0)
    assert fast.tapes[0] is fast.tapes[0]


def test_a_recording_error_goes_by_the_name_that_users_know():
    assert f"{autograd.RecordingError.__module__}.{autograd.RecordingError.__qualname__}" == "autograd.RecordingError"
    assert pickle.loads(pickle.dumps(autograd.RecordingError("it"))).args == ("it",)
