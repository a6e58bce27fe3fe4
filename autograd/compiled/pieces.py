"""What answers for the pieces of a sweep: a compiled function as it was when the sweep began.

The result of a piece is to depend on nothing but the piece. But a function learns: a new path makes no difference to
rows on others, while branches that are merged, and paths for which there is no room, do. So paths are learned beside
the function as it was, and nothing is merged that was not. Where a piece alone takes more paths than there is room for,
it is answered by the function as it was, with nothing but that piece to learn from.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from threading import RLock
from typing import Any, NamedTuple

from autograd._build import native
from autograd.border.wording import brief
from autograd.branches.decisions import Decisions
from autograd.compiled.arguments import FullError
from autograd.compiled.call import Call
from autograd.compiled.checking import look_through
from autograd.engine.listening import checkers
from autograd.engine.pausing import no_grad
from autograd.recorded.absent import Absent, AbsentError
from autograd.recorded.answers import Answer, Form, Part, together
from autograd.recorded.kinds import KINDS
from autograd.recorded.questions import Question, question
from autograd.recorded.traced import Traced
from autograd.recorded.travelling import Luggage, luggage, unpacked
from autograd.structures.layout import Layout
from autograd.structures.trees import flatten

__all__ = ["Asked", "Found", "Packed", "Pieces", "given_in", "question_of"]

ROOM = 4
"""So many times as many paths are learned as a function may have."""


class Found(NamedTuple):
    """The result of some rows: what is summed over them, arrays of what each has, and how many there are."""

    numbers: Any
    lanes: list[Any]
    rows: int


class Asked(NamedTuple):
    """What a sweep asks of each piece: a kind of derivative, by which arguments, and whether all rows are summed."""

    kind: str
    argnums: Any
    summed: bool


def question_of(call: Call, asked: Asked) -> Question:
    """The question that this is, of a call."""
    row = KINDS[asked.kind]
    if row.single:
        call.require_single(row.single)
    argnums = call.positions(asked.argnums) if row.slopes else ()

    def make() -> Question:
        reduced = call.traced.reduce is not None or asked.summed
        found = question(asked.kind, argnums, (), call.layout, call.results, reduced)
        if not asked.summed or not found.wanted.others:
            return found
        wanted = replace(found.wanted, summed=tuple(range(found.wanted.count)), sums=True)  # slopes by what varies, too
        answer = row.form(Form(call.layout, call.results, argnums, True, wanted.places))
        return Question(wanted, without_lanes(answer))

    return call.paths.once(("piece", asked.kind, argnums, asked.summed), make)


def without_lanes(answer: Answer | Part) -> Any:
    """The same answer, of rows that are summed."""
    if isinstance(answer, Part):
        return replace(answer, in_lanes=False, axis=0)
    return replace(answer, parts=[None if part is None else without_lanes(part) for part in answer.parts])


class Packed:
    """What a `Pieces` is made of, to be pickled: what comes out of the pickle is one.

    Args:
        args: Those of `Pieces`.
    """

    def __init__(self, *args: Any) -> None:
        self._args = args

    def __reduce__(self) -> Any:
        return Pieces, (*self._args, True)


class Pieces:
    """What answers for pieces, here or, unpickled, in another process.

    Args:
        begun: The function as it was when the sweep began.
        learned: The same with the paths that were met since.
        asked: What is asked.
        structure: Of the arguments of the first chunk, and of what the function gave.
        away: Whether this is another process: what is odd there is for the first to say.
    """

    def __init__(
        self, begun: Luggage, learned: Luggage, asked: Asked, structure: tuple[Any, Any], away: bool = False
    ) -> None:
        self._begun, self.asked, self._structure, self._away = begun, asked, structure, away
        self._facts = {layout: x.decisions.facts() for layout, x in begun.paths.items()}
        self._warned: set[str] = set()
        self._lock = RLock()  # one recording at a time: weights are set for it
        self._now = self._unpacked(learned)
        self._repetition: Any = None  # of pieces whose rows all took one path that was known when the sweep began

    def _unpacked(self, packed: Luggage, room: int = ROOM) -> Traced:
        """The function, to merge nothing that is not, and to learn so many times as many paths as it may have."""
        traced = unpacked(packed)
        if traced.branches == "auto":
            traced.branches = "as they are"
        traced.lock, traced.strict, traced._warned = self._lock, room > 1, self._warned
        traced.max_paths *= room
        for paths in traced.paths.values():
            paths.most = traced.max_paths
        return traced

    def learned(self) -> Luggage:
        """What is known by now."""
        return luggage(self._now, self._begun.options)

    @property
    def paths(self) -> int:
        """How many paths are known by now."""
        return sum(len(each.all) for each in list(self._now.paths.values()))

    def combine(self, left: Found, right: Found) -> Found:
        """The result of two neighbours."""
        return Found(left.numbers + right.numbers, left.lanes + right.lanes, left.rows + right.rows)

    def answer(self, arguments: Sequence[Any]) -> Found | None:
        """The result of a piece; None in another process, where the function is needed and is not there.

        Raises:
            AbsentError: it is not here either, as this function came out of a pickle without it.
            ValueError: the arguments are of another structure than those of the first chunk.
        """
        if (again := self._repeated(arguments)) is not None:
            return again
        now = self._now
        with no_grad():
            try:
                found, call = self._run(now, arguments)
                if self._holds(call):
                    self._keep(call)
                    return found
                spoiled = self._is_spoiled(call)
            except AbsentError:
                if self._away:
                    return None
                raise
            except FullError:
                spoiled = True
            if spoiled:
                self._now = self._unpacked(self._begun)
            if isinstance(self._begun.function, Absent):
                if self._away:
                    return None
                raise self._begun.function.error()
            alone = self._unpacked(self._begun, 1)
            with self._lock if self._begun.options.weights else nullcontext():
                return self._run(alone, arguments)[0]

    def _run(self, traced: Traced, arguments: Sequence[Any]) -> tuple[Found, Call]:
        """The result by a function, and the call."""
        marked = traced.wrapped(tuple(arguments), {})
        leaves, treespec = flatten(marked)
        given = given_in(traced.layout(marked, leaves, treespec))
        if given != self._structure[0]:
            if self._away:
                raise AbsentError  # objects that are told apart by identity are others here
            raise ValueError(
                f"{traced.name}: a chunk is of another structure than the first: its arguments are "
                f"{described(given)}, and were {described(self._structure[0])}"
            )
        call = Call(traced, tuple(arguments), {})
        if call.results.key() != self._structure[1]:
            if self._away:
                raise AbsentError
            raise ValueError(f"{traced.name}: of a chunk comes {call.results}, which is not what came of the first")
        wanted = question_of(call, self.asked).wanted
        if checkers():
            look_through(call, {*wanted.inputs} if KINDS[self.asked.kind].slopes else None)
        numbers, lanes = call.rows.run(wanted)
        return Found(numbers, [lanes] if len(lanes) else [], call.n), call

    # --- pieces like one before, whose rows all take its path ---

    def _keep(self, call: Call) -> None:
        """Keep what answers for pieces like this one, if its rows all took a path that was known from the beginning."""
        begun = self._begun.paths.get(call.layout)
        if not native or self._repetition is not None or begun is None or call.rows.fork is not None:
            return
        path, wanted = call.rows.only_path(), question_of(call, self.asked).wanted
        if path is None or bytes(path.outcomes) not in [known.outcomes for known in begun.all]:
            return
        numbers, lanes = len(wanted.summed), len(wanted.others)
        answer = together(Part((0,), numbers, (numbers,), False), Part((0,), lanes, (lanes,), lanes > 0))
        repetition = call.repetition(Question(wanted, answer, "never"), as_sums=True)
        if repetition is not None and call.layout.batched:
            self._repetition = repetition, call.layout.batched[0]

    def _repeated(self, arguments: Sequence[Any]) -> Found | None:
        """The result of a piece by that; None, if it is not like the one before, or somebody wants to look."""
        if self._repetition is None or checkers():
            return None
        repetition, k = self._repetition
        found = repetition(tuple(arguments), {})
        if not found:  # one is None, the other False
            return None
        numbers, lanes = found
        leaves, _ = flatten(self._now.wrapped(tuple(arguments), {}))
        return Found(numbers, [lanes.T] if lanes.size else [], len(leaves[k]))

    # --- whether what was learned made a difference ---

    def _holds(self, call: Call) -> bool:
        """Whether a result is that of the function as it was."""
        most, paths = self._begun.options.max_paths, call.paths
        if self._is_spoiled(call):
            return False
        if len(paths.all) <= most:
            return True
        known = self._begun.paths.get(call.layout)
        used = {bytes(path.outcomes) for block in call.rows.blocks() for path, _ in block.sort()}
        return len(used.union(path.outcomes for path in known.all) if known is not None else used) <= most

    def _is_spoiled(self, call: Call) -> bool:
        """Whether paths were learned under other decisions than there were."""
        facts = self._facts.get(call.layout) or Decisions(self._begun.options.branches == "selects").facts()
        return call.paths.decisions.facts() != facts


def given_in(layout: Layout) -> tuple[Any, Any]:
    """The structure of arguments, but for what static ones are."""
    return layout.treespec, [(leaf.name, leaf.kind, leaf.axis, leaf.shape) for leaf in layout.leaves]


def described(given: Any) -> str:
    """The structure of arguments in words."""
    said = [f"{name}: {kind}" + (f" of {shape}" if kind == "array" else "") for name, kind, _, shape in given[1]]
    return brief(", ".join(said), 150).strip("'\"")
