"""The paths of a function: a program for each way its comparisons came out, and which rows of a batch take which.

A path is found by recording the function on a row of the batch. Replaying the comparisons of a path over the others
says where each leaves it; those are looked up under how their comparisons came out so far, and recorded if none fits:
see `Rows.sort`.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, TypeVar

from autograd._build import native
from autograd.branches.decisions import Decisions
from autograd.building.replay import BACKENDS
from autograd.calculus._codes import TAKES
from autograd.lowering.lowered import Lowered
from autograd.programs.collector import collector_paused
from autograd.programs.program import Program
from autograd.programs.pruning import dependents
from autograd.programs.simplification import simplified
from autograd.recorded.kinds import Derivation
from autograd.replay.replay import Replay
from autograd.structures.layout import Layout
from autograd.structures.results import Results
from autograd.tape.recording import Recording
from autograd.tape.tape import Tape
from autograd.values.value import Value

if native:
    from autograd.recorded.forks import Fork

__all__ = ["Path", "Paths", "make_path", "parting"]

Made = TypeVar("Made")


class Once:
    """Things that are made once, when first asked for, and kept with their owner."""

    def __init__(self) -> None:
        self._made: dict[Hashable, Any] = {}

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """The thing with this key."""
        found: Made | None = self._made.get(key)
        if found is None:
            found = self._made[key] = make()
        return found


class Path(Once):
    """A function along one path.

    Args:
        recorded: The program; its inputs are the arguments' and then what was captured: see `Inputs`.
        outcomes: How the comparisons came out.
        captured: Values from outside the function, read at every call.
        results: The structure of what the function gave.
        varying: Of each input that the arguments become, whether it varies over the batch.
        threads: Over how many threads its replays are spread.
        backend: How they are run: one of `BACKENDS`. With care, and what guards compare, it is over lanes.
        example: The inputs that it was recorded on and the outputs, as numbers.
        places: Of each comparison the place in the code.

    Attributes:
        numbers: The inputs that it was recorded on.
        seconds: How long it took to record.
        rows: How many rows took it when some were last sorted; None before.
        given: What its row is given along it, until that is checked, where branches are merged.
        watched: It, to be replayed while it is checked.
        exact: Whether its guards depend on the last bit of what they compare.
        varying: The same of all inputs.
        moves: Whether an output depends on an input other than through comparisons.
        example: Where comparisons alone decide, and until it has been taken.
    """

    def __init__(
        self,
        recorded: Program,
        outcomes: tuple[bool, ...],
        captured: list[Value],
        results: Results,
        varying: tuple[bool, ...],
        threads: int,
        example: tuple[list[float], list[float]],
        places: list[tuple[Any, int]],
        backend: str = "lanes",
    ) -> None:
        super().__init__()
        self.rows: int | None = None
        self.seconds = 0.0
        self.given: Any = None
        self.watched: Any = None
        self.exact = True
        self.numbers, self.places = array("d", example[0]), places
        self.recorded, self.outcomes, self.captured, self.results = recorded, outcomes, captured, results
        self.varying = varying + (False,) * len(captured)
        self.selects = recorded.steps.any_selects()
        depends = dependents(recorded, range(len(recorded.labels)))
        self.moves = any(depends[k] for k in recorded.outputs)
        self.example = example if outcomes and not self.moves else None
        self._threads, self._kind_of_replay = threads, BACKENDS[backend]
        self._guards: Replay | None = None
        self._replays: dict[tuple[Derivation, bool], Replay] = {}

    def take_example(self) -> tuple[list[float], list[float]] | None:
        """The example, to be looked at once."""
        found, self.example = self.example, None
        return found

    @property
    def captured_inputs(self) -> range:
        """The numbers of the inputs that it captured: after those of the arguments, see `Inputs`."""
        return range(len(self.varying) - len(self.captured), len(self.varying))

    def varying_of(self, wanted: Derivation) -> tuple[bool, ...]:
        """Of each input of the program for what is wanted, whether it varies: see `Inputs`."""
        return self.varying + wanted.along

    @cached_property
    def tape(self) -> Tape:
        """The program as a user looks at it."""
        return Tape.of(self.recorded)

    def derived(self, wanted: Derivation, careful: bool) -> Program:
        """The program of what is wanted; see `differentiated` for what it means to be careful."""
        return wanted.kind.transform(self.plain, wanted, careful)

    @property
    def plain(self) -> Program:
        """The program without its guards, which are known to hold where it is run."""
        return replace(self.recorded, single=False, guards=())

    def run_once(self, wanted: Derivation, shared: Any) -> Any:
        """What is wanted at one point, with care, by a program that is not kept.

        Args:
            wanted: All of it summed.
            shared: The inputs.
        """
        with collector_paused():
            replay = Replay(self.derived(wanted, True), self._threads, wanted.summed)
            return replay.run((False,) * len(shared), shared, [], 1)[0]

    def replay(self, wanted: Derivation, careful: bool = False) -> Replay:
        """The replay of what is wanted, lowered once."""
        found = self._replays.get((wanted, careful))
        if found is None:
            with collector_paused():
                program = self.derived(wanted, careful)
                kind = Replay if careful else self._kind_of_replay
                found = self._replays[wanted, careful] = kind(program, self._threads, wanted.summed)
        return found

    def lowered(self, wanted: Derivation) -> Lowered:
        """The instructions for what is wanted."""
        return self.replay(wanted).lowered(self.varying_of(wanted), False)

    def machine(self, wanted: Derivation) -> Any:
        """The machine that runs them."""
        return self.replay(wanted).machine(self.varying_of(wanted), False)

    def needs_care(self, wanted: Derivation) -> bool:
        """True, if a nan among what is wanted may be one that careful derivatives would not have."""
        return wanted.kind.slopes and (self.selects or self.replay(wanted).selects)

    @property
    def guards(self) -> Replay:
        """The replay of the comparisons alone, lowered once."""
        if self._guards is None:
            compared = replace(self.recorded, outputs=(), single=False)
            self._guards = Replay(simplified(compared), self._threads, exact=self.exact)
        return self._guards


def make_path(
    recording: Recording,
    results: Results,
    layout: Layout,
    numbers: list[float],
    threads: int,
    weights: Sequence[Value] = (),
    backend: str = "lanes",
) -> Path:
    """The path that was recorded on these numbers, of which the first are those of the weights."""
    with collector_paused():
        own = {id(x) for x in weights}
        captured = [x for x in recording.captured(results.values) if id(x) not in own]
        program = recording.program(results.values, captured, folding=True, weights=weights)
    program = replace(program, labels=(*layout.labels, *(x.label for x in captured)))
    example = numbers, results.numbers()
    outcomes, places = recording.path(), recording.places
    return Path(program, outcomes, captured, results, layout.varying, threads, example, places, backend)


class Paths(Once):
    """The paths of one function for arguments of one layout, found by how its comparisons come out.

    Attributes:
        all: In the order in which they were recorded.
        decisions: Which branches of the function are merged.
        splits: Of each line of the source, how many paths left the others there.
        patience: How many may leave them at a line before it is merged, where that is more than is usual.
        facts: What of the decisions the guards of these paths depend on.
        seconds: How long they took to record.
        most: How many there may be.
        scattered: Of how many rows hardly two had a path in common, so that none were recorded; or 0.
        passed: How many rows there were since that was seen.
        tried: Of rows that were tried, how often each way in which comparisons came out was met.
        unchecked: Whether branches are merged of which no row was seen to be right but the one that was recorded.
        examples: The inputs of rows that were tried last.
        used: A number that is larger, the later they were last used.
        turns: Of each, by the number of the first guard that a row fails, from 1, or 0 for none: where the row goes.
            That is the number of the latest path that goes on from there, with TAKES if there are no more guards than
            were seen; or -1 if none is known.
    """

    def __init__(self, most: int, decisions: Decisions | None = None) -> None:
        super().__init__()
        self.all: list[Path] = []
        self.decisions = decisions or Decisions()
        self.splits: Counter[tuple[str, int]] = Counter()
        self.patience: dict[tuple[str, int], int] = {}
        self.seconds = 0.0
        self.facts = self.decisions.facts()
        self.most = most
        self.scattered = self.passed = 0
        self.tried: Counter[bytes] = Counter()
        self.unchecked = False
        self.examples: list[list[float]] = []
        self.used = 0
        self._forks: dict[Derivation, Any] = {}
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
        self.facts = self.decisions.facts()

    def parting(self, outcomes: Sequence[bool]) -> int:
        """After how many comparisons a path that is new leaves those that are known."""
        self._plant()
        node: dict[Any, Any] = self._tree if self.all else {}
        for i, outcome in enumerate(outcomes):
            if outcome not in node:
                return i
            node = node[outcome]
        return len(outcomes)

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
        """The turn of a row that fails the i-th guard of one path, as it is on that path so far."""
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

    def fork(self, wanted: Derivation) -> Any:
        """The fork that sends rows along the paths that are known now, for what is wanted."""
        found = self._forks.get(wanted)
        if found is not None and found.paths == len(self.all):
            return found
        if found is not None:
            found.retired = True
        self._plant()
        paths = self.all[:]

        def make(k: int) -> tuple[Any, ...]:
            guards = paths[k].guards.machine(paths[k].varying, True)
            return guards, paths[k].machine(wanted), paths[k].needs_care(wanted)

        ranked = array("i", sorted(range(len(paths)), key=self._keys.__getitem__))
        captured, sums = [path.captured for path in paths], len(wanted.summed)
        self._forks[wanted] = Fork(make, self.turns[:], ranked, captured, wanted.count - sums, sums)
        return self._forks[wanted]

    def ways(self) -> list[Any]:
        """All paths, and the forks that send rows along them."""
        return [*self.all, *self._forks.values()]


def parting(a: bytes | bytearray, b: bytes | bytearray) -> int:
    """The number of comparisons that came out alike, from the first on."""
    import numpy as np

    n = min(len(a), len(b))
    differ = np.flatnonzero(np.frombuffer(a, np.uint8, n) != np.frombuffer(b, np.uint8, n))
    return int(differ[0]) if len(differ) else n
