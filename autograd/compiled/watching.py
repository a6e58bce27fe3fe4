"""The comparisons of a recording with merged branches, replayed for a row beside those that the function makes there.

In such a recording both sides of a branch are run. A comparison counts for a row that takes all branches around it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from autograd.branches.conditions import OPERATORS, Condition
from autograd.branches.decisions import Noted
from autograd.engine.reading import data_of
from autograd.programs.evaluation import evaluate
from autograd.programs.program import Program
from autograd.tape.recording import Recording
from autograd.values.value import Value

__all__ = ["Watched", "watched"]


class Watched:
    """The comparisons of a recording.

    Args:
        log: Those, in order.
        program: Gives what they compare.
        captured: Its inputs after those of the function.
        slots: Of each Value that is compared, by identity, its slot.
    """

    def __init__(self, log: list[Noted], program: Program, captured: list[Value], slots: dict[int, int]) -> None:
        self.log, self.program, self.captured, self.slots = log, program, captured, slots

    def agree(self, numbers: list[float], expected: list[Noted]) -> bool:
        """Whether for a row of these inputs they come out as they did when the function itself was run on it.

        Cost: that of the program, by the interpreter.
        """
        found = list(self._made(numbers))
        return len(found) == len(expected) and all(
            site is its and (type(it) is not bool or type(came) is not bool or it is came)
            for (site, came), (its, it, _) in zip(found, expected, strict=True)
        )

    def _made(self, numbers: list[float]) -> Iterator[tuple[Any, Any]]:
        """Those that count for a row: the place, and how it came out."""
        slots = evaluate(self.program, [*numbers, *map(data_of, self.captured)])
        known: dict[int, bool] = {}

        def number(x: Any) -> Any:
            return slots[self.slots[id(x)]] if isinstance(x, Value) else x

        def outcome(condition: Any) -> Any:
            if type(condition) is not Condition:
                return condition
            found = known.get(id(condition))
            if found is None:
                x = number(condition.left)
                holds = OPERATORS[condition.how](x, number(condition.right)) if condition.how else x != 0.0
                found = known[id(condition)] = bool(holds) is not condition.negated
            return found

        for site, condition, around in self.log:
            if all(outcome(each) is side for each, side in around):
                yield site, outcome(condition)


def watched(recording: Recording, outputs: Sequence[Any]) -> Watched | None:
    """The comparisons of a recording that is not over yet; None if they were not noted."""
    log = recording.deciding.log if recording.deciding is not None else None
    if log is None:
        return None
    conditions = [x for _, found, around in log for x in (found, *(each for each, _ in around))]
    operands = [x for each in conditions if type(each) is Condition for x in (each.left, each.right)]
    compared = list({id(x): x for x in operands if isinstance(x, Value)}.values())
    captured = recording.captured([*outputs, *compared])
    program = recording.program(compared, captured, folding=True)
    slots = dict(zip(map(id, compared), program.outputs, strict=True))
    return Watched(log, program, captured, slots)
