"""The paths of a function: a tape for each way its comparisons came out, and which rows of a batch take which.

A path is found by recording the function on a row of the batch. Replaying the comparisons of a path over the others
says where each leaves it; those are looked up under how their comparisons came out so far, and recorded if none fits.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from autograd._build import native
from autograd.lowering.lowered import Lowered
from autograd.programs.collector import collector_paused
from autograd.programs.differentiation import differentiated, pulled_back, pushed_forward, reaching
from autograd.programs.program import Program
from autograd.programs.pruning import dependents
from autograd.programs.simplification import simplified
from autograd.replay.replay import Replay
from autograd.structures.layout import Layout
from autograd.structures.results import Results
from autograd.tape.recording import Recording
from autograd.tape.tape import Tape
from autograd.values.value import Value

if native:
    from autograd.compiled.forks import Fork

__all__ = ["Derivation", "Path", "Paths", "make_path"]

TAKES = 1 << 30
"""See `Paths.turns`."""


@dataclass(frozen=True, eq=False)
class Derivation:
    """What is wanted of a path.

    Attributes:
        kind: "value", "gradient" (the value too), "jacobian", "hessian", "jvp" (the value too), "hvp", "vjp" or
            "reach" (see `reaching`).
        inputs: Towards which inputs.
        count: How many outputs that makes.
        summed: Which of them are summed over the batch.
        moving: Which inputs have tangents.
        pulled: Which outputs have a cotangent.
        along: Of each tangent or cotangent whether it varies over the batch.
    """

    kind: str
    inputs: tuple[int, ...]
    count: int
    summed: tuple[int, ...]
    moving: tuple[int, ...] = ()
    pulled: tuple[int, ...] = ()
    along: tuple[bool, ...] = ()

    @cached_property
    def others(self) -> list[int]:
        """The outputs that are not summed."""
        summed = set(self.summed)
        return [i for i in range(self.count) if i not in summed]

    @cached_property
    def places(self) -> dict[int, int]:
        """Of each output its place among the summed ones, or ~its place among the others."""
        places = {i: at for at, i in enumerate(self.summed)}
        places.update((i, ~at) for at, i in enumerate(self.others))
        return places


class Path:
    """A function along one path.

    Attributes:
        recorded: The program; its inputs are the arguments' and then what was captured.
        outcomes: How the comparisons came out.
        captured: Values from outside the function, read at every call.
        varying: Of each input whether it varies over the batch.
        results: The structure of what the function gave.
        moves: Whether an output depends on an input other than through comparisons.
        example: Else, the inputs that it was recorded on and the outputs, as numbers, until they have been looked at.
    """

    def __init__(
        self,
        recorded: Program,
        outcomes: tuple[bool, ...],
        captured: list[Value],
        results: Results,
        varying: tuple[bool, ...],
    ) -> None:
        self.recorded, self.outcomes, self.captured, self.results = recorded, outcomes, captured, results
        self.varying = varying + (False,) * len(captured)
        self.selects = recorded.steps.any_selects()
        depends = dependents(recorded, range(len(recorded.labels)))
        self.moves = any(depends[k] for k in recorded.outputs)
        self.example: Any = None
        self.for_backward: dict[tuple[int, ...], Any] = {}  # what it asks, by the inputs that are Values
        self.questions: dict[Any, Derivation] = {}  # what calls among Values ask
        self.reaches: dict[Derivation, Any] = {}  # what was found for them, where it is always the same
        self._replays: dict[Any, Replay] = {}

    @cached_property
    def tape(self) -> Tape:
        """The program as a user looks at it."""
        return Tape.of(self.recorded)

    def derived(self, wanted: Derivation, careful: bool) -> Program:
        """The program of what is wanted; see `differentiated` for what it means to be careful."""
        kind, inputs = wanted.kind, wanted.inputs
        program = replace(self.recorded, single=False, guards=())  # these are known to hold
        if kind in ("gradient", "jacobian"):
            return differentiated(program, inputs, kind == "gradient", careful)
        if kind == "hessian":
            slopes = differentiated(program, inputs, False, careful, sharing=False)
            return differentiated(slopes, inputs, False, careful)
        if kind in ("jvp", "hvp"):
            half = pushed_forward(program, wanted.moving, careful, sharing=kind == "jvp")
            if kind == "jvp":
                return half
            slopes = replace(half, outputs=half.outputs[len(program.outputs) :])
            return differentiated(slopes, inputs, False, careful)
        if kind == "vjp":
            return pulled_back(program, wanted.pulled, inputs, careful)
        if kind == "reach":
            return reaching(program, wanted.pulled, inputs)
        return simplified(program)

    def replay(self, wanted: Derivation, threads: int | None, careful: bool = False) -> Replay:
        """The replay of what is wanted, lowered once."""
        found = self._replays.get((wanted, careful))
        if found is None:
            with collector_paused():
                found = self._replays[wanted, careful] = Replay(self.derived(wanted, careful), threads, wanted.summed)
        return found

    def lowered(self, wanted: Derivation, threads: int | None) -> Lowered:
        """The instructions for what is wanted."""
        return self.replay(wanted, threads).lowered(self.varying + wanted.along, False)

    def machine(self, wanted: Derivation, threads: int | None) -> Any:
        """The machine that runs them."""
        return self.replay(wanted, threads).machine(self.varying + wanted.along, False)

    def needs_care(self, wanted: Derivation, threads: int | None) -> bool:
        """Whether a nan among what is wanted may be one that careful derivatives would not have."""
        return wanted.kind != "value" and (self.selects or self.replay(wanted, threads).selects)

    def guards(self, threads: int | None) -> Replay:
        """The replay of the comparisons alone."""
        if "guards" not in self._replays:
            compared = replace(self.recorded, outputs=(), single=False)
            self._replays["guards"] = Replay(simplified(compared), threads)
        return self._replays["guards"]


def make_path(recording: Recording, results: Results, layout: Layout) -> Path:
    """The path that was recorded."""
    with collector_paused():
        captured = recording.captured(results.values)
        program = recording.program(results.values, captured, folding=True)
    labels = (*layout.labels, *(x.label for x in captured))
    return Path(replace(program, labels=labels), recording.path(), captured, results, layout.varying)


class Paths:
    """The paths of one function for arguments of one layout, found by how its comparisons come out.

    Attributes:
        all: In the order in which they were recorded.
        most: How many there may be.
        used: A number that is larger, the later they were last used.
        asked: What was asked of them so far, by how it was asked for.
        forks: What sends rows along them, by what is wanted.
        turns: Of each, by the number of the first guard that a row fails, from 1, or 0 for none: where the row goes.
            That is the number of the latest path that goes on from there, with TAKES if there are no more guards than
            were seen; or -1 if none is known.
    """

    def __init__(self, most: int) -> None:
        self.all: list[Path] = []
        self.most = most
        self.used = 0
        self.asked: dict[Any, Any] = {}
        self.forks: dict[Derivation, Any] = {}
        self.turns: list[array[int]] = []
        self._keys: list[bytes] = []
        self._tree: dict[Any, Any] = {}
        self._planted = 0  # so many paths are in it

    def add(self, path: Path) -> None:
        """Keep a path: it is found under each beginning of its outcomes, and known where others turn to it.

        Cost: linear in its comparisons, and in the paths.
        """
        self.all.append(path)
        self._plant()

    def _plant(self) -> None:
        """Bring the tree and the turns up to date, also where an interrupt has kept the last path out of them."""
        for number in range(self._planted, len(self.all)):
            path = self.all[number]
            key = bytes(path.outcomes)
            node, turned = self._tree, array("i", [number | TAKES])
            node["number"] = number
            for i, outcome in enumerate(path.outcomes, 1):
                other = node.get(not outcome)
                turned.append(-1 if other is None else self._turn(other["number"], i))
                node = node.setdefault(outcome, {})
                node["number"] = number
            for k, known in enumerate(self._keys[:number]):
                i = parting(known, key) + 1
                if i < len(self.turns[k]):
                    changed = self.turns[k][:]  # what forks hold stays as it is
                    changed[i] = self._turn(number, i)
                    self.turns[k] = changed
            self.turns[number:], self._keys[number:] = [turned], [key]
            self._planted = number + 1

    def _turn(self, number: int, i: int) -> int:
        """Where a row goes that fails the i-th guard of one path, as it is on that path so far."""
        return number | TAKES * (len(self.all[number].outcomes) == i)

    def beginning_with(self, outcomes: Sequence[bool]) -> Path | None:
        """The latest path whose comparisons came out so at first, if there is one.

        The latest, as a loop that takes longer and longer would else lead a row along all its paths, one by one.
        """
        self._plant()
        node: dict[Any, Any] = self._tree if self.all else {}
        for outcome in outcomes:
            node = node.get(outcome, {})
        return self.all[node["number"]] if node else None

    def fork(self, wanted: Derivation, threads: int | None) -> Any:
        """What sends rows along the paths that are known now, for what is wanted."""
        found = self.forks.get(wanted)
        if found is not None and found.paths == len(self.all):
            return found
        if found is not None:
            found.retired = True
        self._plant()
        paths = self.all[:]

        def make(k: int) -> tuple[Any, ...]:
            guards = paths[k].guards(threads).machine(paths[k].varying, True)
            return guards, paths[k].machine(wanted, threads), paths[k].needs_care(wanted, threads)

        ranked = array("i", sorted(range(len(paths)), key=self._keys.__getitem__))
        captured, sums = [path.captured for path in paths], len(wanted.summed)
        self.forks[wanted] = Fork(make, self.turns[:], ranked, captured, wanted.count - sums, sums)
        return self.forks[wanted]

    def assign(
        self,
        run_guards: Callable[[Path, Any], Any],
        record: Callable[[int], Path | None],
        n: int,
    ) -> tuple[list[tuple[Path, Any]], list[int]]:
        """Which rows of a batch take which path.

        Args:
            run_guards: Of a path and some rows (their numbers, or None for all): at which guard each leaves it, or 0.
            record: Records the path of a row, and keeps it with `add` if it is new; None if there is no room for more.
            n: How many rows there are.

        Returns:
            Paths with the numbers of their rows, None meaning all of them, in an order that the paths alone decide; and
            the rows that found none.
        """
        import numpy as np

        first = self.all[0] if self.all else record(0)
        if first is None:
            return [], list(range(n))
        if not first.outcomes:
            return [(first, None)], []
        taken: dict[int, tuple[Path, list[Any]]] = {}
        alone: list[int] = []
        work: list[tuple[Path, Any]] = [(first, None)]

        while work:
            path, rows = work.pop()
            failed = run_guards(path, rows)
            if rows is None and not failed.any():
                return [(path, None)], []
            rows = np.arange(n) if rows is None else rows
            taken.setdefault(id(path), (path, []))[1].append(rows[failed == 0.0])
            for number, astray in by_number(failed, rows):
                turned = [*path.outcomes[: number - 1], not path.outcomes[number - 1]]
                known = self.beginning_with(turned)
                if known is None and record(int(astray[0])) is not None:
                    known = self.beginning_with(turned)
                if known is None:
                    alone += astray.tolist()
                else:
                    work.append((known, astray))
        groups = [
            (path, parts[0] if len(parts) == 1 else np.sort(np.concatenate(parts))) for path, parts in taken.values()
        ]
        groups = [(path, rows) for path, rows in groups if len(rows)]
        if len(groups) == 1 and not alone:
            return [(groups[0][0], None)], []
        return sorted(groups, key=lambda group: group[0].outcomes), sorted(alone)


def parting(a: bytes, b: bytes) -> int:
    """How many comparisons came out alike, from the first on."""
    import numpy as np

    n = min(len(a), len(b))
    differ = np.flatnonzero(np.frombuffer(a, np.uint8, n) != np.frombuffer(b, np.uint8, n))
    return int(differ[0]) if len(differ) else n


def by_number(failed: Any, rows: Any) -> list[tuple[int, Any]]:
    """The rows that leave a path, by the number of the guard at which they do, in order."""
    import numpy as np

    astray = np.flatnonzero(failed)
    numbers = failed[astray].astype(np.uint32)
    if len(numbers) and numbers.max() < 2**16:
        numbers = numbers.astype(np.uint16)  # which NumPy sorts in one sweep
    order = np.argsort(numbers, kind="stable")
    numbers, astray = numbers[order], rows[astray[order]]
    begins = [0, *(np.flatnonzero(np.diff(numbers)) + 1).tolist()]
    ends = [*begins[1:], len(numbers)]
    return [(int(numbers[i]), astray[i:j]) for i, j in zip(begins, ends, strict=True) if i < j]
