"""What is kept of a call, so that the next one like it is answered with no Python in between."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import optree

from autograd._build import native
from autograd.compiled.paths import Path
from autograd.compiled.questions import Asked
from autograd.replay.threads import smallest_share
from autograd.structures.trees import is_plain

if TYPE_CHECKING:
    from autograd.compiled.call import Call
if native:
    from autograd.compiled.repetition import Leaf, Piece, Repetition

__all__ = ["keep"]

NEVER, ALWAYS, UNRECORDED = 0, 1, 2
"""When a Value may stand for a number: see _repetition.pyx."""
VALUES = {"backward": NEVER, "value": UNRECORDED}
KINDS_OF_CALLS = 64
"""For so many layouts of arguments and paths, calls are repeated without a look at them in Python."""


def keep(call: Call, key: Any, asked_of: Callable[[Path], Asked]) -> None:
    """Let calls like this one, by which the same is asked of its paths, be answered as repetitions of it.

    Args:
        call: It has been answered.
        key: What is asked.
        asked_of: What that means for a path.
    """
    if call.in_blocks:  # which is not how calls are repeated
        return
    traced, fork = call.traced, call.followed
    path = call.paths.all[0] if fork is not None else call.only_path()
    if path is None:
        return
    with traced.lock:
        if traced.skipping:
            return
        known = traced.repetitions.get(key, ())
        if len(known) == KINDS_OF_CALLS or (key, fork or path) in traced.kept:
            return
        repetition = repetition_of(call, path, asked_of(path), VALUES.get(key[0], ALWAYS))
        if repetition is not None:  # what follows several paths comes first: it can do what those of one can
            known = tuple([x for x in known if x.fork is None or not x.fork.retired])
            traced.repetitions[key] = (*known, repetition) if fork is None else (repetition, *known)
        traced.kept = {x for x in traced.kept if not getattr(x[1], "retired", False)}
        traced.kept.add((key, fork or path))


def repetition_of(call: Call, path: Path, question: Asked, values: int) -> Any:
    """What answers calls like this one, also for Values if they may be; None if something about it is odd."""
    traced, layout, wanted, fork = call.traced, call.layout, question.wanted, call.followed
    odd = any(leaf.axis or (not leaf.size and leaf.kind != "static") for leaf in layout.leaves)
    odd = odd or not wanted.count  # as of the derivatives of nothing
    if odd or not is_plain(layout.treespec) or not is_plain(call.results.treespec):
        return None
    pattern: Any = optree.tree_unflatten(layout.treespec, range(len(layout.leaves)))
    leaves = [Leaf(leaf, x, values) for leaf, x in zip(layout.leaves, call.leaves, strict=True)]
    primals = len(leaves)
    if call.directions is not None:
        moved = [leaf for leaf in layout.leaves if call.directions[leaf.argument] is not None]
        if any(leaf.kind == "static" for leaf in moved):
            return None
        numbers = iter(range(primals, primals + len(moved)))
        places = [None if call.directions[leaf.argument] is None else next(numbers) for leaf in layout.leaves]
        along: Any = optree.tree_unflatten(layout.treespec, places)
        tangents = tuple([None if t is None else x for t, x in zip(call.directions, along[0], strict=True)])
        pattern, leaves = (pattern[0], tangents), leaves + [Leaf(leaf, 0.0, False) for leaf in moved]
    lowered, form = path.lowered(wanted, traced.threads), question.answer.map(Piece)
    most, mean = smallest_share(len(lowered.instructions)), traced.reduce == "mean" and call.batched
    if fork is not None:
        return Repetition(pattern, leaves, primals, [], None, None, fork, form, mean, False, most)
    guards = path.guards(traced.threads).machine(path.varying, True) if path.outcomes else None
    machine, careful = path.machine(wanted, traced.threads), path.needs_care(wanted, traced.threads)
    return Repetition(pattern, leaves, primals, path.captured, machine, guards, None, form, mean, careful, most)
