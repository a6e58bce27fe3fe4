"""Reachability in a program: which slots depend on some inputs, which steps are dead code, who reads what.

Plain Python that Cython compiles: a program may be long.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd.programs.program import Program
from autograd.programs.steps import Steps, whole_numbers

__all__ = ["count_readers", "dependents", "live", "pruned", "rewrite"]


def dependents(program: Program, wanted: Sequence[int]) -> bytearray:
    """For each slot, whether it depends on one of some inputs: reachability forwards."""
    steps, first = program.steps, len(program.labels)
    begins, operands = steps.begins.items, steps.operands.items
    depends = bytearray(first + steps.size)
    for k in wanted:
        depends[k] = 1
    if not wanted:
        return depends
    for k in range(steps.size):
        for at in range(begins[k], begins[k + 1]):
            if depends[operands[at]]:
                depends[first + k] = 1
                break
    return depends


def live(program: Program) -> bytearray:
    """For each slot, whether an output or a guard depends on it: reachability backwards. Other steps are dead code."""
    steps, first = program.steps, len(program.labels)
    begins, operands = steps.begins.items, steps.operands.items
    found = bytearray(first + steps.size)
    for k in program.ends():
        found[k] = 1
    for k in range(steps.size - 1, -1, -1):
        if found[first + k]:
            for at in range(begins[k], begins[k + 1]):
                found[operands[at]] = 1
    return found


def pruned(program: Program) -> Program:
    """The program without dead code. Cost: linear."""
    steps, first = program.steps, len(program.labels)
    found = live(program)
    places = whole_numbers(first + steps.size)
    kept = Steps()
    for k in range(first):
        places[k] = k
    for k in range(steps.size):
        if found[first + k]:
            places[first + k] = first + rewrite(steps, k, places, kept)
    return program.over(kept, places)


def rewrite(steps: Steps, k: int, places: Any, written: Steps) -> int:
    """Write step k over the new places of its operands: which step it is now."""
    code, operands = steps.codes.items[k], steps.operands.items
    if code < 0:
        return written.constant(steps.numbers[~code])
    for at in range(steps.begins.items[k], steps.begins.items[k + 1]):
        written.push(places[operands[at]])
    return written.close(code)


def count_readers(steps: Steps, first: int, reading: bytearray, ends: Sequence[int]) -> Any:
    """Of each slot how often it is read, by some of the steps and at the end.

    Args:
        steps, first: The program, and how many inputs it has.
        reading: Of each slot whether the step that makes it counts; there may be more slots than steps make.
        ends: What is read at the end.
    """
    begins, operands = steps.begins.items, steps.operands.items
    readers = whole_numbers(len(reading))
    for k in range(steps.size):
        if reading[first + k]:
            for at in range(begins[k], begins[k + 1]):
                readers[operands[at]] += 1
    for o in ends:
        readers[o] += 1
    return readers
