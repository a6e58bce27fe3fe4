"""Recording a function on a row: along a path of its own, or with branches merged where paths multiply.

Guards come first: where paths are few they are best. Each new path leaves the known ones at one comparison, and so at
one line of the source; once paths have left at a line more than `MOST_SPLITS` times, the function is recorded anew with
the branches of that line merged, and its paths so far are dropped; but not while rows settle on the paths: see
`settled`. What could not be merged stays a guard.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from autograd.branches.conditions import Failure
from autograd.branches.decisions import Decisions
from autograd.branches.loops import Uncounted
from autograd.engine.listening import heard_by
from autograd.recorded.agreement import disagreement
from autograd.recorded.counting import count_rounds, logs_of
from autograd.recorded.paths import Path, Paths, make_path
from autograd.recorded.randomness import random_states
from autograd.recorded.reasons import why_guard
from autograd.recorded.traced import Traced
from autograd.recorded.watching import given_for, watched
from autograd.structures.layout import Layout
from autograd.structures.results import Results
from autograd.tape.recording import Recording, line_of
from autograd.values.value import Value

__all__ = ["Left", "Remade", "added", "crowded", "record", "split", "warn_of_paths"]

MOST_SPLITS = 8
"""A line at which more paths have left the others is merged, if rows do not settle on them."""
ROWS_OF_PATH = 16
"""Rows have settled only where there are so many for each path."""
FEW_TRIED = 12
"""On so many rows that were recorded before rounds are counted; if fewer were, on rows that were only tried, too."""


Left = Callable[[], tuple[int, int]]
"""Of rows how many there are, and how many of them are on no path."""


class Remade(Exception):
    """The paths of a layout have been replaced: rows are to be sorted anew."""


def record(traced: Traced, layout: Layout, leaves: Sequence[Any], row: int, decisions: Decisions) -> Path:
    """The path that the function takes on a row of the batch, with what is to be merged merged.

    Where that fails, and with nothing merged does not, it is tried again with one place less, and in the end with none.

    Raises:
        TypeError: it gives no Value.
        Exception: whatever the function raises, with a note.
    """
    begun, path = time.perf_counter(), None
    decisions.counted, decisions.batched = False, bool(layout.batched)
    while path is None and decisions.merging():
        recording = Recording([])
        try:
            path = record_once(traced, layout, leaves, row, decisions, recording)
        except (Exception, Failure) as error:
            deciding = recording.deciding
            if deciding is None:
                raise
            if isinstance(deciding.failed, Uncounted):
                count_for(traced, layout, leaves, row, decisions)
                continue
            if not isinstance(error, Failure):
                record_once(traced, layout, leaves, row, None, Recording([]))  # which raises what is the user's error
            deciding.blame(error)
        else:
            if not recording.deciding.guessed.isdisjoint(decisions.bounds):
                path = None  # it came to these loops once more, and there it was seen: now guards are those of others
            elif path.given is not None:
                numbers, given, path.given = [path.numbers.tolist()], [path.given], None
                trouble = disagreement(traced, layout, leaves, numbers, logs_of(traced, layout, leaves, numbers), given)
                traced.set_weights(numbers[0])
                if trouble:
                    recording.deciding.refuse(trouble)
                    path = None
    if path is None:
        path = record_once(traced, layout, leaves, row, None, Recording([]))
    path.seconds = time.perf_counter() - begun
    return path


def count_for(traced: Traced, layout: Layout, leaves: Sequence[Any], row: int, decisions: Decisions) -> None:
    """Count how often loops go round in a row and in some of the batch, as the row does not tell, or not soon.

    Raises:
        Exception: whatever the function raises on the row, where it goes on and on.
    """
    decisions.counted = True
    numbers = layout.row(leaves, row)
    if count_rounds(traced, layout, leaves, decisions, [numbers], every=True) == [None]:
        record_once(traced, layout, leaves, row, None, Recording([]))


def record_once(
    traced: Traced,
    layout: Layout,
    leaves: Sequence[Any],
    row: int,
    decisions: Decisions | None,
    recording: Recording,
) -> Path:
    """The same, with these decisions."""
    numbers = layout.row(leaves, row)
    traced.set_weights(numbers)  # what decides a branch must be theirs
    inputs = [Value(x) for x in numbers]
    args, kwargs = traced.rebuild(layout, leaves, inputs)
    draws = random_states()
    recording.inputs, recording.decisions, recording.selects = inputs, decisions, traced.branches != "guards"
    with recording:
        try:
            result = recording.run(traced.function, args, kwargs)
        except Exception as error:
            at = f", row {row} of the batch" if layout.batched else ""
            error.add_note(
                f"while recording {traced.name}{at}: numbers among its arguments are Values then, arrays object "
                "arrays of Values; an argument that must stay what it is belongs into static_argnames"
            )
            raise
        results = Results(result, traced.name)
        if not recording.guards and not any(isinstance(x, Value) for x in results.values):
            raise TypeError(
                f"{traced.name} gave {results.values[0]!r}, which depends on no Value: was a number read out of one?"
            )
        path = make_path(recording, results, layout, numbers, traced.threads, traced.weights, traced.backend)
        if decisions is not None:
            path.given = given_for(recording, results.values, [*traced.weights, *inputs[len(traced.weights) :]])
            if decisions.watched:
                path.watched = watched(recording, results.values, traced.weights, layout.varying)
        if recording.deciding is not None:
            recording.deciding.decisions.decided.update(dict.fromkeys(map(line_of, recording.deciding.asked.values())))
        path.exact = recording.deciding is None or not recording.deciding.suspected or len(recording.guards) > 1
    if not draws.items() <= random_states().items() and draws_again(traced, layout, leaves, numbers):
        path.given = None  # another run draws others
        traced.warn_once(
            "draws",
            f"{traced.name} draws random numbers while it is recorded (from Python's random or numpy.random): every "
            "replay repeats the numbers that were drawn then. Draw them outside, and pass them as an argument",
        )
    return path


def draws_again(traced: Traced, layout: Layout, leaves: Sequence[Any], numbers: Sequence[float]) -> bool:
    """Whether random numbers were drawn by the function: run again it draws again, while other threads hardly do."""
    if threading.active_count() == 1:
        return True
    draws = random_states()
    try:
        heard_by(None, traced.run_inlined, (layout, leaves, [Value(x) for x in numbers]), {})
    except Exception:  # it did not the first time
        return True
    return not draws.items() <= random_states().items()


def added(
    traced: Traced, layout: Layout, leaves: Sequence[Any], row: int, paths: Paths, path: Path, left: Left | None = None
) -> Paths:
    """The paths with one more; or others, recorded anew, if by this one a line has split too many.

    Where more of the function turned out to be guards than on the paths before, these do not fit together any more.

    Args:
        left: Tells of the rows that are being sorted how many there are, and how many are on none of the paths.
    """
    if paths.all and paths.decisions.facts() != paths.facts:
        found = Paths(paths.most, paths.decisions)
        found.splits, found.patience, found.seconds = paths.splits, paths.patience, paths.seconds
        found.add(path)
        found.unchecked = paths.unchecked
        traced.replace_paths(layout, found)
        return found
    if not paths.all:
        paths.unchecked = paths.decisions.every and bool(layout.batched and paths.decisions.used)
    else:
        i = paths.parting(path.outcomes)
        if i < len(path.places):
            paths.splits[line_of(path.places[i])] += 1
    paths.add(path)
    paths.seconds += path.seconds
    return split(traced, layout, leaves, row, paths, left)


def split(
    traced: Traced, layout: Layout, leaves: Sequence[Any], row: int, paths: Paths, left: Left | None = None
) -> Paths:
    """The paths, where lines have split some; or others, by merging those that have split too many."""
    if traced.branches != "auto":
        return paths
    known = paths.decisions.lines | paths.decisions.tried
    crowding = [
        line for line, n in paths.splits.items() if n > paths.patience.get(line, MOST_SPLITS) and line not in known
    ]
    if crowding and left is not None and settled(paths, *left()):
        paths.patience.update({line: 2 * paths.splits[line] for line in crowding})
    elif crowding:
        lines = {line for line, n in paths.splits.items() if n > MOST_SPLITS // 2}
        return instead_of(traced, layout, leaves, row, paths, lines - known)
    return paths


def settled(paths: Paths, n: int, left: int) -> bool:
    """Whether n rows settle on the paths: no more of them are left over than have a path in common, in the mean.

    There will be few more paths then, and guards are several times as fast as both sides of every branch. Where each
    row has a path of its own, nearly all are left over.
    """
    return max(left, ROWS_OF_PATH) * len(paths.all) <= n


def crowded(
    traced: Traced, layout: Layout, leaves: Sequence[Any], row: int, paths: Paths, place: tuple[Any, int] | None
) -> Paths:
    """The paths, where there is no room for that of a row; or others, by merging whatever lines have split any."""
    if traced.branches != "auto":
        return paths
    lines = {*paths.splits}
    if place is not None:  # of one of the paths, which holds its code
        lines.add(paths.once(("line", id(place[0]), place[1]), lambda: line_of(place)))
    lines -= paths.decisions.lines | paths.decisions.tried
    return instead_of(traced, layout, leaves, row, paths, lines) if lines else paths


def instead_of(
    traced: Traced, layout: Layout, leaves: Sequence[Any], row: int, paths: Paths, lines: set[tuple[str, int]]
) -> Paths:
    """The paths that the function has from now on: others, if it was of use to merge these lines too."""
    others = merged(traced, layout, leaves, row, paths, lines)
    if others is None:
        return paths
    traced.replace_paths(layout, others)
    return others


def merged(
    traced: Traced, layout: Layout, leaves: Sequence[Any], row: int, paths: Paths, lines: set[tuple[str, int]]
) -> Paths | None:
    """Paths with these lines merged too, of which one is recorded; None if that was of no use."""
    before = paths.decisions
    decisions = Decisions(lines=before.lines | lines)
    decisions.refused.update(before.refused)
    decisions.tried, decisions.given_up = set(before.tried), dict(before.given_up)
    tried = paths.examples[-max(FEW_TRIED - len(paths.all), 0) :] if len(paths.all) < FEW_TRIED else []
    examples = [*tried, *[each.numbers.tolist() for each in paths.all]]
    start = time.perf_counter()
    latest = examples[-FEW_TRIED:]  # of more a few would need far more rounds than nearly all
    logs = logs_of(traced, layout, leaves, examples[: -len(latest)])
    logs += count_rounds(traced, layout, leaves, decisions, latest)
    for _ in range(2):
        decisions.watched = True
        path = record(traced, layout, leaves, row, decisions)
        decisions.watched, merged_path, path.watched = False, path.watched, None
        useful = any(site not in before.opened for site in decisions.opened)
        if not useful or not decisions.merging() or path.results.key() != paths.all[0].results.key():
            break
        rows = merged_path.rows(examples) if merged_path is not None else [None] * len(examples)
        trouble = disagreement(traced, layout, leaves, examples, logs, rows)
        traced.set_weights(layout.row(leaves, row))
        if not trouble:
            found = Paths(paths.most, decisions)
            found.seconds = paths.seconds + time.perf_counter() - start
            found.add(path)
            return found
        for site in [x for x in decisions.used if x not in before.used]:
            decisions.refuse(site, trouble)
        for site in [x for x in decisions.opened if x not in before.opened]:
            decisions.refuse(site, trouble)
        decisions.opened.clear()
    before.tried |= lines
    before.given_up.update(decisions.refused)
    before.decided.update(decisions.decided)
    paths.seconds += time.perf_counter() - start
    before.unsafe.update(decisions.unsafe)
    before.unread.update(decisions.unread)
    return None


def warn_of_paths(traced: Traced, layout: Layout) -> None:
    """Say that there are too many paths, and where they part."""
    paths = traced.paths.get(layout)
    if paths is None:
        return
    often = "on nearly every row" if paths.scattered else "at every call"
    many = f"more than {traced.max_paths} paths" if len(paths.all) >= traced.max_paths else f"another path {often}"
    found = paths.splits.most_common(1)
    where = f"Most of them part at {found[0][0][0]}:{found[0][0][1]}" if found else "They part at comparisons"
    why = why_guard(paths.decisions, found[0][0], codes_at(paths, found[0][0])) if found else ""
    where += f" (not merged: {why})" if why else ""
    traced.warn_once(
        "paths",
        f"{traced.name} takes {many}: what takes others is run eagerly, which is slow. {where}: use autograd.maximum "
        "and minimum in place of max and min, decide with autograd.where(autograd.less(x, y), ...) in place of if "
        "x < y, or raise max_paths; .report() tells of every line",
    )


def codes_at(paths: Paths, line: tuple[str, int]) -> set[Any]:
    """The code of functions that make a guard at a line."""
    places = {id(place): place for path in paths.all for place in path.places}
    return {place[0] for place in places.values() if line_of(place) == line}
