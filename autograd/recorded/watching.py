"""What a recording with merged branches gives and compares: on its own row, and replayed for others.

In such a recording both sides of a branch are run. A comparison counts for a row that takes all branches around it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from autograd._build import native
from autograd.branches.conditions import OPERATORS, Condition, peeked
from autograd.branches.decisions import Noted
from autograd.engine.listening import heard_by
from autograd.engine.reading import data_of
from autograd.engine.sweep import gradient
from autograd.programs.collector import collector_paused
from autograd.programs.differentiation import pulled_back
from autograd.programs.evaluation import broken_guard, evaluate
from autograd.programs.program import Program
from autograd.replay.replay import Replay
from autograd.tape.recording import Recording
from autograd.values.value import Value

__all__ = ["Given", "Watched", "given_for", "slopes_of", "watched"]

AT_ONCE = 64
"""So many rows are replayed at once."""


class Given(NamedTuple):
    """What a row is given.

    Attributes:
        values: Its results.
        slopes: Of a sum of them, by the inputs.
        places: Those of its comparisons, in order; None if they were not noted.
        outcomes: How these came out; None of what is neither true nor false.
    """

    values: list[float]
    slopes: list[float]
    places: list[Any] | None
    outcomes: list[Any]


def weight(k: int) -> float:
    """Of the k-th result in a sum of them: all are different."""
    return 1.0 + 0.1 * k


def slopes_of(outputs: Sequence[Any], inputs: list[Value]) -> list[float]:
    """The slopes of a sum of results with their weights, by the eager engine."""
    moving = [(x * weight(k) if k else x) for k, x in enumerate(outputs) if isinstance(x, Value) and not x.is_constant]
    total: Any = moving[0] if moving else None
    for x in moving[1:]:
        total = total + x
    return gradient([total], inputs, [1.0]) if moving else [0.0] * len(inputs)


def given_for(recording: Recording, outputs: Sequence[Any], inputs: list[Value]) -> Given | None:
    """What the row is given that a recording runs on, which is not over yet; None if nothing is merged in it."""
    deciding = recording.deciding
    log = deciding.log if deciding is not None and deciding.used else None
    if log is None:
        return None
    values = [data_of(x) if isinstance(x, Value) else float(x) for x in outputs]
    came = [(site, found) for site, found, around in log if all(peeked(each) is side for each, side in around)]
    outcomes = [peeked(found) if type(found) is Condition else is_true(found) for _, found in came]
    return Given(values, heard_by(None, slopes_of, (outputs, inputs), {}), [site for site, _ in came], outcomes)


class Watched:
    """A recording, to be replayed for rows as the eager engine would compute: to the last bit but for the slopes.

    Args:
        log: Its comparisons, in order.
        program: Gives the results, and then what is compared.
        captured: Its inputs after those of the function.
        places: Of each Value that is compared, by identity, its place among the outputs.
        results: How many results there are.
        varying: Of each input of the function whether it varies over the batch.
    """

    def __init__(
        self,
        log: list[Noted],
        program: Program,
        captured: list[Value],
        places: dict[int, int],
        results: int,
        varying: tuple[bool, ...],
    ) -> None:
        self.log, self.program, self.captured, self.places = log, program, captured, places
        self.results, self.inputs = results, len(varying)
        self._varying = varying + (False,) * len(captured)
        self._forward = Replay(program)
        self._back: dict[bool, Replay] = {}

    def rows(self, numbers: Sequence[list[float]]) -> Iterator[Given | None]:
        """What rows of these inputs are given, in order; None of one that leaves the path.

        Cost: that of lowering the program and its slopes, once; and of a replay for so many rows as are alike in what
        does not vary.
        """
        start = 0
        for stop in range(1, len(numbers) + 1):
            if stop == len(numbers) or stop - start == AT_ONCE or not self._are_alike(numbers[start], numbers[stop]):
                yield from self._some(numbers[start:stop])
                start = stop

    def _are_alike(self, one: list[float], other: list[float]) -> bool:
        """Whether two rows have the same numbers where inputs do not vary."""
        return all(v or x == y for v, x, y in zip(self._varying, one, other, strict=False))

    def _some(self, numbers: Sequence[list[float]]) -> Iterator[Given | None]:
        """The same of rows that are alike."""
        import numpy as np

        found, failed = self._run(self._forward, numbers)
        slopes = self._slopes(numbers, False)
        careful = np.isnan(slopes).any(axis=0)
        if careful.any():
            slopes[:, careful] = self._slopes([x for x, it_is in zip(numbers, careful, strict=True) if it_is], True)
        outcome = outcomes(found, self.places)
        counts = np.ones((len(self.log), len(numbers)), bool)
        came = np.empty((len(self.log), len(numbers)), object)
        for i, (_, condition, around) in enumerate(self.log):
            for each, side in around:
                counts[i] &= np.asarray(outcome(each)) == side
            came[i] = outcome(condition) if type(condition) is Condition else is_true(condition)
        for r in range(len(numbers)):
            of_row = np.flatnonzero(counts[:, r]).tolist()
            places, kept = [self.log[i][0] for i in of_row], [came[i, r] for i in of_row]
            given = Given(found[: self.results, r].tolist(), slopes[:, r].tolist(), places, kept)
            yield None if failed[r] else given

    def _slopes(self, numbers: Sequence[list[float]], careful: bool) -> Any:
        """The slopes of the sum of the results, an array of inputs and rows."""
        replay = self._back.get(careful)
        if replay is None:
            with collector_paused():
                program = pulled_back(self.program, range(self.results), range(self.inputs), careful)
            replay = self._back[careful] = Replay(program)
        return self._run(replay, numbers, [weight(k) for k in range(self.results)])[0]

    def _run(self, replay: Replay, numbers: Sequence[list[float]], after: Sequence[float] = ()) -> tuple[Any, Any]:
        """The outputs of a program for rows that are alike, an array of outputs and rows; and which rows leave it.

        Args:
            after: Its inputs after all others.
        """
        import numpy as np

        captured = [*map(data_of, self.captured)]
        if not native:  # NumPy's functions are not those of the eager engine
            program = replay.program
            rows = [evaluate(program, [*row, *captured, *after]) for row in numbers]
            found = np.array([[slots[k] for slots in rows] for k in program.outputs]).reshape(-1, len(numbers))
            return found, [broken_guard(program, slots) is not None for slots in rows]
        varying = self._varying + (False,) * len(after)
        shared = [x for x, v in zip(numbers[0], self._varying, strict=False) if not v]
        batch = np.array([[x for x, v in zip(row, self._varying, strict=False) if v] for row in numbers])
        return replay.run(varying, [*shared, *captured, *after], [batch], len(numbers), guarded=True)[1:]


def is_true(found: Any) -> bool | None:
    """What a comparison gave that was decided; None of what is neither True nor False."""
    return found if type(found) is bool else None


def outcomes(found: Any, places: dict[int, int]) -> Callable[[Condition], Any]:
    """What says of a condition how it comes out in each of some rows.

    Args:
        found: Of each place what is compared, in the rows.
        places: Of each Value that is compared, by identity, its place.
    """
    known: dict[int, Any] = {}

    def number(x: Any) -> Any:
        return found[places[id(x)]] if isinstance(x, Value) else x

    def outcome(condition: Condition) -> Any:
        it_is = known.get(id(condition))
        if it_is is None:
            x = number(condition.left)
            holds = OPERATORS[condition.how](x, number(condition.right)) if condition.how else x != 0.0
            it_is = known[id(condition)] = holds != condition.negated
        return it_is

    return outcome


def compared_in(conditions: Iterable[Any]) -> list[Value]:
    """The Values that conditions compare, each once."""
    operands = [x for each in conditions if type(each) is Condition for x in (each.left, each.right)]
    return list({id(x): x for x in operands if isinstance(x, Value)}.values())


def watched(
    recording: Recording, outputs: Sequence[Any], weights: Sequence[Value], varying: tuple[bool, ...]
) -> Watched | None:
    """A recording that is not over yet, to be replayed; None if its comparisons were not noted."""
    log = recording.deciding.log if recording.deciding is not None else None
    if log is None:
        return None
    compared = compared_in(x for _, found, around in log for x in (found, *(each for each, _ in around)))
    own = {id(x) for x in weights}
    with collector_paused():
        captured = [x for x in recording.captured([*outputs, *compared]) if id(x) not in own]
        program = recording.program([*outputs, *compared], captured, folding=True, weights=weights)
    places = {id(x): k for k, x in enumerate(compared, len(outputs))}
    return Watched(log, program, captured, places, len(outputs), varying)
