"""What became of a compiled function's branches: its paths, and line by line guards, selects and loops, and why."""

from __future__ import annotations

import inspect
import linecache
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

from autograd.recorded.paths import Paths
from autograd.recorded.reasons import is_other, why_guard
from autograd.recorded.traced import Traced
from autograd.sources.definitions import CHANGED, UNREADABLE, text_of
from autograd.tape.recording import line_of

__all__ = ["BranchLine", "Report", "report_of", "source_of"]

KINDS_OF_SITES = {"loop": "loop", "if": "select", "choice": "select", "comparison": "select", "call": "select"}

LEFT = 'style="text-align: left"'  # notebooks put cells of tables to the right


@dataclass(frozen=True)
class BranchLine:
    """A line of the source at which something is decided.

    Attributes:
        file, line, text: Where and what it is.
        kind: "guard": each row is on a path of those that are decided alike; "select": both sides are computed, and
            chosen from; "loop": rounds go on until no row needs one. "select and guard", "loop and guard": a part of
            the line is the one, another part, or the line for arguments of another layout, is the other. The text is
            "" if it cannot be read, or is not what runs.
        count: How many comparisons a path makes there at the most, as guards.
        splits: How many paths have left the others there.
        reason: Why it, or what is a guard of it, could not be merged; or "", where nobody has tried yet.
    """

    file: str
    line: int
    text: str
    kind: str
    count: int
    splits: int
    reason: str

    def __str__(self) -> str:
        facts = [f"{self.splits} splits"] if self.splits else []
        facts += [self.reason] if self.reason else []
        text = f" {self.text}" if self.text else ""
        return f"line {self.line:<5} {self.kind:<7}{text}" + (f"   ({'; '.join(facts)})" if facts else "")


@dataclass(frozen=True)
class Report:
    """What a compiled function has recorded, and how it decides.

    Attributes:
        name: The function's.
        branches: The option of `compile`.
        paths: How many paths there are, over all layouts of arguments.
        rows: Of each path, how many rows took it when rows were last sorted onto paths; None where that is not known.
        steps: Of each path, how many steps it has.
        seconds: How long the paths took to record, those that were given up included.
        lines: Where something is decided.
        unread: Functions that could not be rewritten, and why.
        file: That of the function; lines of others are told with theirs.
    """

    name: str
    branches: str
    paths: int
    rows: tuple[int | None, ...]
    steps: tuple[int, ...]
    seconds: float
    lines: tuple[BranchLine, ...]
    unread: tuple[tuple[str, str], ...]
    file: str = ""

    def __str__(self) -> str:
        head = f"{self.name}: {self.paths} path{'s' * (self.paths != 1)}, branches={self.branches!r}"
        if not self.paths:
            return f"{head}; nothing is recorded yet: call it once"
        cost = f"recorded in {self.seconds:.3g} s, {sum(self.steps):,} steps"
        known = [n for n in self.rows if n is not None]
        rows = ", rows by path: " + ", ".join(map(str, known)) if known and len(known) == len(self.rows) <= 8 else ""
        unread = [f"not merged: {name}, {reason}" for name, reason in self.unread]
        lines, file = [], self.file
        for line in self.lines:
            if line.file != file:
                lines.append(f"in {line.file}:")
                file = line.file
            lines.append(str(line))
        return "\n".join([f"{head}; {cost}{rows}", *lines, *unread])

    def _repr_html_(self) -> str:
        """The same as a table."""
        head, *unread = [x for x in str(self).splitlines() if not x.startswith(("line ", "in "))]
        rows = "".join(
            f"<tr><td title='{escape(each.file)}'>{each.line}</td><td>{each.kind}</td>"
            f"<td {LEFT}><code>{escape(each.text)}</code></td>"
            f"<td>{each.splits or ''}</td><td {LEFT}>{escape(each.reason)}</td></tr>"
            for each in self.lines
        )
        heads = f"<th>line</th><th>is</th><th></th><th>splits</th><th {LEFT}>why not merged</th>"
        table = f"<table><tr>{heads}</tr>{rows}</table>"
        return f"<p>{escape(head)}</p>{table if rows else ''}" + "".join(f"<p>{escape(x)}</p>" for x in unread)


def report_of(traced: Traced) -> Report:
    """The report of a function."""
    kept = list(traced.paths.values())
    paths = [path for each in kept for path in each.all]
    lines: dict[tuple[str, int], BranchLine] = {}
    for each in kept:
        for found in lines_of(each):
            known = lines.get((found.file, found.line))
            lines[found.file, found.line] = found if known is None else both_of(known, found)
    code = getattr(inspect.unwrap(traced.function), "__code__", None)
    own = code.co_filename if code is not None else ""
    unread = {name: reason for each in kept for name, reason in each.decisions.unread.items()}
    return Report(
        traced.name,
        traced.branches,
        len(paths),
        tuple([path.rows for path in paths]),
        tuple([len(path.recorded.steps) for path in paths]),
        sum(each.seconds for each in kept),
        tuple(sorted(lines.values(), key=lambda x: (x.file != own, x.file, x.line))),
        tuple(unread.items()),
        own,
    )


def both_of(a: BranchLine, b: BranchLine) -> BranchLine:
    """What is true of a line for arguments of two layouts."""
    parts = {*a.kind.split(" and "), *b.kind.split(" and ")}
    kind = " and ".join(each for each in ("loop", "select", "guard") if each in parts)
    count, splits, reason = max(a.count, b.count), a.splits + b.splits, a.reason or b.reason
    return BranchLine(a.file, a.line, a.text or b.text, kind, count, splits, reason)


def lines_of(paths: Paths) -> Iterator[BranchLine]:
    """The lines at which something is decided, along these paths."""
    decisions = paths.decisions
    kinds: dict[tuple[str, int], str] = {}
    for site in decisions.used:
        if site.kind in KINDS_OF_SITES and site not in decisions.refused:
            line = site.file, site.line
            kinds[line] = "loop" if kinds.get(line) == "loop" else KINDS_OF_SITES[site.kind]
    ends: Counter[tuple[str, int]] = Counter()  # guards that say that no row needs another round of a loop
    for site, n in decisions.guarded.items():
        if site not in decisions.refused:
            ends[site.file, site.line] += n
    counts: dict[tuple[str, int], int] = {}
    codes: dict[tuple[str, int], dict[Any, None]] = {}
    known: dict[int, tuple[str, int]] = {}  # of places, which paths keep
    for path in paths.all:
        here: Counter[tuple[str, int]] = Counter()
        for place in path.places:
            if id(place) not in known:
                line = known[id(place)] = line_of(place)
                codes.setdefault(line, {})[place[0]] = None
            here[known[id(place)]] += 1
        counts.update({line: max(n, counts.get(line, 0)) for line, n in here.items()})
    reasons = [*decisions.unsafe, *decisions.given_up, *decisions.refused]
    for line in dict.fromkeys([*counts, *kinds, *((site.file, site.line) for site in reasons)]):
        kind, count = kinds.get(line, "guard"), counts.get(line, 0)
        if kind != "guard" and count > ends[line]:
            kind += " and guard"
        reason = why_guard(decisions, line, codes.get(line, ())) if "guard" in kind else ""
        other = any(is_other(code, decisions) for code in codes.get(line, ())) or reason.startswith(CHANGED)
        text = "" if other else linecache.getline(*line).strip()
        yield BranchLine(*line, text, kind, count, paths.splits.get(line, 0), reason)


def source_of(traced: Traced) -> str:
    """The source of a function as it is run: rewritten where branches are merged, with the functions that it calls.

    Of those that were not rewritten, though that was tried, it says why; and so if a file has changed.
    """
    texts: dict[str, str] = {}
    unread: dict[str, str] = {}
    for paths in traced.paths.values():
        if paths.decisions.used:
            texts.update(paths.decisions.texts)
            unread.update(paths.decisions.unread)
    if texts:
        return "\n\n".join([*texts.values(), *(f"# {name} is run as it is: {why}" for name, why in unread.items())])
    function: Any = inspect.unwrap(traced.function)
    if not hasattr(function, "__code__"):
        function = type(function).__call__
    code = getattr(function, "__code__", None)
    text, why = text_of(code) if code is not None else ("", UNREADABLE)
    return text or f"# {traced.name}: {why}"
