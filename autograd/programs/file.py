"""Tapes in files: JSON that names functions and holds numbers exactly; nothing in it is executed.

What is read is taken for damaged until each part has been checked against those before it: its type, its range, and
that a number is spelled as it would have been written.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograd.border.files import write_file
from autograd.calculus.primitive import Primitive
from autograd.calculus.table import TABLE
from autograd.programs.program import Guard, Program
from autograd.programs.steps import Step, Steps

__all__ = ["from_parts", "read_tape", "write_tape"]

FORMAT, VERSION = "chainrule tape", 1
ROWS = {row.name: row for row in TABLE}


def write_tape(path: str | Path, program: Program) -> None:
    """Write a program to a file; see `Tape.save`."""
    data = {
        "format": FORMAT, "version": VERSION, "labels": program.labels, "outputs": program.outputs,
        "single": program.single, "guards": program.guards,
        "steps": [[operands.hex()] if row is None else [row.name, *operands] for row, operands in program.steps],
    }  # fmt: skip
    write_file(path, json.dumps(data))


def read_tape(path: str | Path) -> Program:
    """The program in a file; see `Tape.load` for the errors."""
    text = Path(path).read_bytes()
    try:
        data = json.loads(text.decode(), object_pairs_hook=unique)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path} is not a tape, or is damaged: {error}") from None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise ValueError(f"{path} is not a tape: it does not say format {FORMAT!r}")
    version = data.get("version")
    if type(version) is not int or version != VERSION:
        raise ValueError(f"{path} is of version {shown(version)}; this chainrule reads tapes of version {VERSION}")
    try:
        return parse(data)
    except ValueError as error:
        raise ValueError(f"{path} is a damaged tape: {error}") from None


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object, which must have each key once."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is there twice")
    return found


def shown(x: Any) -> str:
    """The beginning of anything that was read, however deep or long it is."""
    try:
        return f"{x!r:.60}"
    except RecursionError:
        return f"a {type(x).__name__}"


def list_of(data: dict[str, Any], key: str) -> list[Any]:
    """The list under a key."""
    if key not in data:
        raise ValueError(f"it has no {key!r}")
    if type(data[key]) is not list:
        raise ValueError(f"{key} {shown(data[key])}, no list")
    found: list[Any] = data[key]
    return found


def parse(data: dict[str, Any]) -> Program:
    """The program of what was read.

    Raises:
        ValueError: one of them is not what `write_tape` writes.
    """
    labels = list_of(data, "labels")
    steps = Steps()
    for k, step in enumerate(list_of(data, "steps"), len(labels)):
        steps.append(parse_step(k, step))
    outputs, guards, single = list_of(data, "outputs"), list_of(data, "guards"), data.get("single")
    if not all(type(guard) is list for guard in guards):
        raise ValueError(f"guards {shown(guards)}")
    pairs = tuple(map(tuple, guards))
    check_ends(labels, len(labels) + len(steps), outputs, single, pairs)
    return of_checked(tuple(labels), steps, tuple(outputs), single, pairs)


def parse_step(k: int, step: Any) -> Step:
    """The step that makes slot `k`."""
    if type(step) is not list or not step or type(step[0]) is not str:
        raise ValueError(f"step {k} is {shown(step)}")
    head, *operands = step
    row = ROWS.get(head)
    if row is None:
        if operands:
            raise ValueError(f"step {k} applies {shown(head)}, which is no function of this version")
        return None, parse_number(k, head)
    check_step(k, row, operands)
    return row, tuple(operands)


def parse_number(k: int, text: str) -> float:
    """The constant that `float.hex` wrote so."""
    try:
        number = float.fromhex(text)
    except (ValueError, OverflowError):
        number = None
    if number is None or number.hex() != text:
        raise ValueError(f"step {k} is {shown(text)}, which is neither a function nor a number as float.hex writes it")
    return number


def from_parts(labels: Any, steps: Any, outputs: Any, single: Any, guards: Any) -> Program:
    """The program of parts that may be anything; what runs it looks at nothing twice.

    Raises:
        ValueError: they are not the parts of a program.
    """
    if not (type(labels) is type(outputs) is type(guards) is tuple and isinstance(steps, Steps)):
        raise ValueError("these are not the parts of a tape")
    for k, (row, operands) in enumerate(steps, len(labels)):
        if row is not None:
            check_step(k, row, operands)
    check_ends(labels, len(labels) + len(steps), outputs, single, guards)
    return of_checked(labels, steps, outputs, single, guards)


def of_checked(
    labels: tuple[str, ...], steps: Steps, outputs: tuple[int, ...], single: Any, guards: Sequence[Any]
) -> Program:
    """The program of parts that were checked."""
    return Program(labels, steps, outputs, single, tuple([Guard(slot, holds) for slot, holds in guards]))


def check_step(k: int, row: Primitive, operands: Sequence[Any]) -> None:
    """Pass if slot `k` can be made so."""
    if not row.takes(len(operands)) or not all(type(o) is int and 0 <= o < k for o in operands):
        raise ValueError(f"step {k} applies {row.name} to the slots {shown(list(operands))}")


def check_ends(labels: Sequence[Any], slots: int, outputs: Sequence[Any], single: Any, guards: Sequence[Any]) -> None:
    """Pass if these are what a program of so many slots has around its steps."""
    if not all(type(label) is str for label in labels):
        raise ValueError(f"labels {shown(list(labels))}")
    if not outputs or not all(type(k) is int and 0 <= k < slots for k in outputs):
        raise ValueError(f"outputs {shown(list(outputs))} of {slots} slots")
    if type(single) is not bool or (single and len(outputs) != 1):
        raise ValueError(f"single is {shown(single)} for {len(outputs)} outputs")
    if not all(is_guard(guard, slots) for guard in guards):
        raise ValueError(f"guards {shown(list(guards))} of {slots} slots")


def is_guard(guard: Any, slots: int) -> bool:
    """Whether it is a slot and a truth value."""
    return (
        type(guard) is tuple and len(guard) == 2 and type(guard[0]) is int and 0 <= guard[0] < slots
        and type(guard[1]) is bool
    )  # fmt: skip
