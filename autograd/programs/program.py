"""A straight-line program as data: the names of its inputs, its steps, and which slots are its results.

It numbers its slots: inputs first, then one slot per step, each a constant or a row of the table applied to earlier
slots (a Wengert list). Nobody changes one: `dataclasses.replace(program, guards=())` is another one.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from autograd.calculus.names import Language, slot_names
from autograd.programs.steps import Step, Steps

__all__ = ["Guard", "Program", "Statistics"]


class Guard(NamedTuple):
    """A condition that held, or did not, on the one path that a program follows.

    Attributes:
        slot: The slot of the condition, which holds where that is not 0.
        holds: Whether it must.
    """

    slot: int
    holds: bool


@dataclass(frozen=True)
class Statistics:
    """Counts of what a program consists of.

    Attributes:
        inputs, outputs, constants: How many.
        operations: Of each row's name, how many.
        depth: The longest chain of operations.
        slots: How many numbers one evaluation keeps.
        bytes: What these take as doubles.
    """

    inputs: int
    outputs: int
    constants: int
    operations: dict[str, int]
    depth: int
    slots: int
    bytes: int


@dataclass(frozen=True)
class Program:
    """A straight-line program.

    Attributes:
        labels: What the inputs are called; "" for one without a name.
        steps: What makes the slots after the inputs.
        outputs: The slots of the results.
        single: Whether it gives its one output itself, not a tuple.
        guards: Conditions that tell its path from others.
    """

    labels: tuple[str, ...]
    steps: Steps
    outputs: tuple[int, ...]
    single: bool = False
    guards: tuple[Guard, ...] = ()

    @cached_property
    def listed(self) -> list[Step]:
        """The steps, taken out of their arrays once for all runs."""
        return list(self.steps)

    def ends(self) -> list[int]:
        """The slots that somebody reads after the last step: outputs and conditions."""
        return [*self.outputs, *[slot for slot, _ in self.guards]]

    def over(self, steps: Steps, places: Any) -> Program:
        """The same outputs and guards over other steps.

        Args:
            steps: What makes the slots now.
            places: Of each slot that is an end where it is now.
        """
        made = tuple.__new__  # what calling Guard comes to, in half the time: there may be thousands
        guards = tuple([made(Guard, (places[slot], holds)) for slot, holds in self.guards])
        outputs = tuple([places[k] for k in self.outputs])
        return Program(self.labels, steps, outputs, self.single, guards)

    def names(self, language: Language = "text") -> list[str]:
        """A name for each slot, as a language has names."""
        return slot_names(self.labels, len(self.steps), language)

    def statistics(self) -> Statistics:
        """Operations by kind, depth, slots, bytes."""
        depth = [0] * len(self.labels)
        for row, operands in self.steps:
            depth.append(0 if row is None else 1 + max(depth[k] for k in operands))
        counts = Counter(row.name for row, _ in self.steps if row is not None)
        slots = len(self.labels) + len(self.steps)
        return Statistics(
            inputs=len(self.labels), outputs=len(self.outputs), constants=len(self.steps) - counts.total(),
            operations=dict(sorted(counts.items())), depth=max(depth, default=0), slots=slots, bytes=8 * slots,
        )  # fmt: skip
