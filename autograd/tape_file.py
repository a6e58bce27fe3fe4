"""Tapes in files: JSON that names functions and holds numbers exactly; nothing in it is executed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograd.primitives import TABLE, Variadic
from autograd.steps import Step, Steps

__all__ = ["Guard", "read_tape", "write_tape"]

FORMAT, VERSION = "chainrule tape", 1
Guard = tuple[int, bool]
"""The slot of a condition, and whether it holds on the path of the tape."""
Parts = tuple[tuple[str, ...], Steps, tuple[int, ...], bool, tuple[Guard, ...]]


def write_tape(
    path: str | Path,
    labels: Sequence[str],
    steps: Steps,
    outputs: Sequence[int],
    single: bool,
    guards: Sequence[Guard],
) -> None:
    """See `Tape.save`."""
    data = {
        "format": FORMAT, "version": VERSION, "labels": labels, "outputs": outputs, "single": single,
        "guards": guards,
        "steps": [[operands.hex()] if row is None else [row.name, *operands] for row, operands in steps],
    }  # fmt: skip
    Path(path).write_text(json.dumps(data), encoding="utf-8")


def read_tape(path: str | Path) -> Parts:
    """Labels, steps, outputs, whether the output is single, guards; see `Tape.load` for the errors."""
    try:
        data = json.loads(Path(path).read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path} is not a tape, or is damaged: {error}") from None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise ValueError(f"{path} is not a tape: it does not say format {FORMAT!r}")
    if type(data.get("version")) is not int or data["version"] != VERSION:
        raise ValueError(f"{path} is of version {data.get('version')}; this chainrule reads tapes of version {VERSION}")
    try:
        return parse(data)
    except KeyError as error:
        raise ValueError(f"{path} is a damaged tape: it has no {error}") from None
    except (TypeError, ValueError) as error:
        raise ValueError(f"{path} is a damaged tape: {error}") from None


def parse(data: dict[str, Any]) -> Parts:
    """The parts of a tape, each checked against the ones before it."""
    labels = tuple(data["labels"])
    if not all(type(label) is str for label in labels):
        raise ValueError(f"labels {data['labels']}")
    steps = Steps()
    for k, (head, *operands) in enumerate(data["steps"], len(labels)):
        steps.append(parse_step(k, head, operands))
    slots = len(labels) + len(steps)
    if not data["outputs"] or not all(type(k) is int and 0 <= k < slots for k in data["outputs"]):
        raise ValueError(f"outputs {data['outputs']} of {slots} slots")
    if type(data["single"]) is not bool or (data["single"] and len(data["outputs"]) != 1):
        raise ValueError(f"single is {data['single']!r} for {len(data['outputs'])} outputs")
    guards = tuple((k, holds) for k, holds in data["guards"])
    if not all(type(k) is int and 0 <= k < slots and type(holds) is bool for k, holds in guards):
        raise ValueError(f"guards {data['guards']} of {slots} slots")
    return labels, steps, tuple(data["outputs"]), data["single"], guards


def parse_step(k: int, head: str, operands: list[Any]) -> Step:
    """The step that makes slot `k`."""
    row = next((row for row in TABLE if row.name == head), None)
    if row is None:
        if operands:
            raise ValueError(f"step {k} applies {head!r}, which is no function of this version")
        return None, float.fromhex(head)
    fits = bool(operands) if isinstance(row, Variadic) else len(operands) == len(row.partials)
    if row.name == "dot":
        fits = fits and len(operands) % 2 == 0
    if not fits or not all(type(o) is int and 0 <= o < k for o in operands):
        raise ValueError(f"step {k} applies {head} to the slots {operands}")
    return row, tuple(operands)
