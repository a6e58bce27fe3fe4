"""Random programs: whatever is asked of a compiled one, in every row the eager engine gives the same.

Some of 300 here; `python -m tests.random_programs 20000` runs more, and prints what differs as a small program to run.
"""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

import autograd
from autograd.calculus import table
from tests.random_programs.judge import plain
from tests.random_programs.shrinking import shrunk
from tests.random_programs.trial import fault_of
from tests.random_programs.writer import FIXED, write
from tests.sizes import some

ROOT = Path(__file__).parents[2]
COUNT = int(os.environ.get("CHAINRULE_PROGRAMS", some(300 if autograd.native else 80)))
PART = max(COUNT // 10, min(COUNT, 8))  # on average they do what is counted below


@pytest.mark.parametrize("first", range(0, COUNT, PART))
def test_compiled_programs_give_in_every_row_what_the_eager_engine_gives(first):
    counts, faults = Counter(), []
    for seed in range(first, min(first + PART, COUNT)):
        faults.append(fault_of(write(seed), counts=counts))
    faults = [fault for fault in faults if fault is not None]
    assert not faults, f"{len(faults)} of {PART} programs differ\n\n" + "\n\n".join(
        str(shrunk(fault, fault_of, seconds=5.0)) for fault in faults[:2]
    )
    assert counts["numbers compared"] > 25 * PART
    assert counts["left out: last digits decide"] < 0.002 * counts["numbers compared"]
    assert counts["programs that fail by themselves"] < 0.1 * PART + 2


@pytest.mark.any_build
def test_eager_programs_give_the_same_bits_on_both_builds():
    runs = [
        subprocess.run(
            [sys.executable, "-m", "tests.random_programs", "30", "--bits"], cwd=ROOT, capture_output=True, text=True,
            env={**os.environ, "CHAINRULE_INTERPRETED": build}, check=True,
        ).stdout
        for build in "01"
    ]  # fmt: skip
    assert runs[0] == runs[1] != "0\n"


@pytest.mark.any_build
def test_programs_go_over_the_whole_table_and_all_there_is_to_a_program():
    programs = [write(seed) for seed in range(1500)]
    text = "\n".join(program.source for program in programs)
    for row in FIXED:
        assert f"autograd.{row.name}(" in text, row.name
    wanted = [
        "autograd.sum(", "autograd.dot(", "autograd.logsumexp(", "sorted(", "max(", "min(", "if ", "elif ", "else:",
        "while ", "break", "continue", "for _ in range(2)", "range(turns)", " else 3):", "        return ",
        "@compile\n", "@compile(max_paths=1)", "@compile(max_paths=2)", "**", " w0", "and", "or", "not ",
    ]  # fmt: skip
    assert [part for part in wanted if part not in text] == []
    arguments = {(x.kind, x.batched) for program in programs for x in program.arguments}
    assert arguments == {(k, b) for k in ("number", "list", "dict", "array") for b in (True, False)} | {
        ("static", False)
    }
    assert {program.reduce for program in programs} == {None, "sum", "mean"}
    assert {(program.max_paths, program.threads) for program in programs} == {
        (m, t) for m in (1, 2, 64) for t in (1, 2)
    }
    lengths = {len(batch.rows) for program in programs for batch in program.batches}
    assert {0, 1, 2, 63 + 2, 1000} <= lengths
    numbers = np.concatenate([batch.rows.ravel() for program in programs for batch in program.batches])
    assert np.isnan(numbers).any()
    assert {np.inf, -np.inf, 0.0, 1e300, 1e-300, 5e-324} <= set(numbers.tolist())
    assert {"{" in program.source or "[" in program.source for program in programs} == {True, False}


# --- that it can fail ------------------------------------------------------------------------------------------------


class Off:
    """A compiled function of which one method is wrong in the tenth digit."""

    def __init__(self, fast, method):
        self._fast, self._method = fast, method

    def __getattr__(self, name):
        right = getattr(self._fast, name)
        return (lambda *args, **kwargs: off(right(*args, **kwargs))) if name == self._method else right

    def __call__(self, *args, **kwargs):
        found = self._fast(*args, **kwargs)
        return off(found) if self._method == "__call__" else found


def off(answer, factor=1.0 + 1e-9):
    """The answer, its numbers a little larger."""
    if isinstance(answer, dict):
        return {key: off(part, factor) for key, part in answer.items()}
    if isinstance(answer, (list, tuple)):
        return type(answer)([off(part, factor) for part in answer])
    return answer * factor


def plain_helpers(function=None, **options):
    """In place of `autograd.compile`: the program's helpers, which have no batches, stay as they are."""
    if function is None:
        return plain
    return autograd.compile(function, **options) if options else function


@pytest.mark.any_build
@pytest.mark.parametrize(
    ("method", "kind"),
    [("__call__", "value"), ("value_and_grad", "value with gradient"), ("jacobian", "jacobian"),
     ("hessian", "hessian["), ("jvp", "value with jvp"), ("hvp", "hvp"), ("backward", "value with backward")],
)  # fmt: skip
def test_a_wrong_tenth_digit_is_reported_whatever_it_is_a_digit_of(method, kind):
    def wrong(function=None, **options):
        fast = plain_helpers(function, **options)
        return Off(fast, method) if options and function is not None else fast

    faults = (fault_of(write(seed), wrong) for seed in range(100))
    fault = next(fault for fault in faults if fault is not None and fault.kind.startswith(kind))
    assert f"seed {fault.program.seed}: {kind}" in str(fault)
    assert fault.found != fault.expected


@pytest.mark.any_build
def test_a_wrong_partial_is_reported_with_a_small_program_that_runs(monkeypatch):
    monkeypatch.setattr(table.sin, "partials", (lambda x, z: 1.000001 * table.cos(x),))  # eager code is built

    def fault(program):
        return fault_of(program, plain_helpers)

    found = next(found for found in map(fault, map(write, range(100))) if found is not None)
    assert "sin" in found.program.source
    small = shrunk(found, fault, seconds=30.0).program
    assert "sin" in small.source
    assert len(small.source.splitlines()) <= max(10, len(found.program.source.splitlines()) // 2)
    assert len(small.batches) == 1
    assert len(small.batches[0].rows) <= 2
    exec(str(small), {})


def test_answers_that_are_not_repeated_to_the_bit_are_reported():
    class Fickle(Off):
        def __call__(self, *args, **kwargs):
            self.calls = getattr(self, "calls", 0) + 1
            found = self._fast(*args, **kwargs)
            return off(found, 1.0 + 2.0**-52) if self.calls % 2 else found

    def wrong(function=None, **options):
        fast = plain_helpers(function, **options)
        return Fickle(fast, "") if options and function is not None else fast

    found = next(filter(None, (fault_of(write(seed), wrong) for seed in range(20))))
    assert found.kind == "value twice"
