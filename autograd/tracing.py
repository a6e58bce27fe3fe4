"""A function to be compiled, how, and what was recorded of it."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import index
from threading import RLock
from typing import Any
from weakref import ref

import optree

from autograd.engine import Value, heard_by
from autograd.forking import in_forked_processes, is_abandoned
from autograd.paths import Path, Paths, make_path
from autograd.recording import Recording, frames_of_ours
from autograd.replay import as_threads
from autograd.structure import NAMESPACE, Layout, Results, Static, flatten, layout_of
from autograd.wording import brief

__all__ = ["Options", "Traced", "argument_names"]

REDUCTIONS = (None, "sum", "mean")


def argument_names(function: Callable[..., Any]) -> list[str]:
    """What a function calls its arguments; nothing, for one that does not tell."""
    try:
        return list(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return []


@dataclass(frozen=True)
class Options:
    """How a function is to be compiled; see `compile`.

    Raises:
        ValueError: `reduce`, `threads` or `max_paths` is none of what it may be.
    """

    in_axes: Any
    reduce: str | None
    static_argnames: str | Sequence[str]
    threads: int | None
    max_paths: int

    def __post_init__(self) -> None:
        if self.reduce not in REDUCTIONS:
            raise ValueError(f'compile: reduce is {brief(self.reduce)}; it is None, "sum" or "mean"')
        if isinstance(self.max_paths, bool) or not isinstance(self.max_paths, int) or self.max_paths < 1:
            raise ValueError(f"compile: max_paths must be a whole number from 1, got {brief(self.max_paths)}")
        as_threads(self.threads)


class Traced:
    """A function, how it is to be compiled, and all that was recorded of it.

    Args:
        function: What is recorded.
        options: As given to `compile`.
        statics: Which of its arguments are static.
    """

    def __init__(self, function: Callable[..., Any], options: Options, statics: tuple[str, ...]) -> None:
        self.function, self.reduce, self.max_paths = function, options.reduce, options.max_paths
        self.in_axes = tuple(options.in_axes) if isinstance(options.in_axes, list) else options.in_axes
        self.threads = as_threads(options.threads)
        self.name = getattr(function, "__name__", type(function).__name__)
        self.parameters = argument_names(function)
        self.statics = statics
        self.lock = RLock()  # one recording at a time
        self.paths: dict[Layout, Paths] = {}
        self._layouts: dict[Any, tuple[list[Any], dict[Any, Layout]]] = {}  # by structure: batch axes, and layouts
        self.repetitions: dict[Any, tuple[Any, ...]] = {}  # by what is asked for: what answers calls seen before
        self.kept: set[Any] = set()  # what is asked for and of which paths: they have been made, or cannot be
        self._warned = False
        _every.add(ref(self, _every.discard))

    def forget(self) -> None:
        """Drop what was recorded."""
        self.paths, self.repetitions, self.kept = {}, {}, set()

    def all_paths(self) -> Iterator[Path]:
        """Every path that was recorded."""
        for paths in self.paths.values():
            yield from paths.all

    def wrapped(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """The arguments, static ones marked."""
        if self.statics:
            places = [self.parameters.index(name) for name in self.statics]
            args = tuple([Static(x) if i in places else x for i, x in enumerate(args)])
            kwargs = {name: Static(x) if name in self.statics else x for name, x in kwargs.items()}
        return args, kwargs

    def layout(self, arguments: tuple[Any, Any], leaves: list[Any], treespec: Any) -> Layout:
        """Which inputs these arguments become."""
        found = self._layouts.get(treespec)
        if found is None:
            found = self._layouts.setdefault(treespec, (self._broadcast_axes(*arguments), {}))
        axes = found[0]
        if arguments[1] and not isinstance(self.in_axes, tuple):  # one for all is meant for arrays given by keyword too
            by_name = leaves[len(axes) :]
            axes = axes + [self.in_axes if getattr(x, "shape", ()) else None for x in by_name]
        return layout_of(arguments, self.parameters, axes, leaves, treespec, found[1])

    def _broadcast_axes(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[Any]:
        """The batch axis of every leaf."""
        axes = self.in_axes if isinstance(self.in_axes, tuple) else (self.in_axes,) * len(args)
        if len(axes) != len(args):
            raise ValueError(
                f"{self.name}: in_axes has {len(axes)} entries, but there are {len(args)} positional arguments (of "
                f"{', '.join(self.parameters) or 'unknown names'}): each wants one in its place; with a "
                "tuple for in_axes, arguments by keyword have no batch"
            )
        found: list[Any] = []
        for i, (axis, x) in enumerate(zip(axes, args, strict=True)):
            try:
                found += optree.broadcast_prefix(axis, x, none_is_leaf=True, namespace=NAMESPACE)
            except ValueError as error:
                raise ValueError(
                    f"{self.name}: in_axes[{i}] is {brief(axis)}, which does not fit the structure of argument {i}: "
                    f"{error}"
                ) from None
        for i, axis in enumerate(found):
            if isinstance(axis, (bool, Value)) or not (axis is None or hasattr(axis, "__index__")):
                raise TypeError(f"{self.name}: in_axes holds {brief(axis)}; a batch axis is None or a whole number")
            found[i] = axis if axis is None else index(axis)
        if self.reduce and not any(axis is not None for axis in found) and (found or self.in_axes is None):
            raise ValueError(
                f'{self.name}: reduce="{self.reduce}" is over a batch, but no argument has one: say by in_axes '
                "which are batches"
            )
        return found + [None] * len(flatten(kwargs)[0]) if isinstance(self.in_axes, tuple) else found

    def run_eagerly(self, layout: Layout, leaves: Sequence[Any], row: int) -> tuple[list[Value], Any]:
        """The inputs of a row of the batch, and what the function gives for them."""

        def run() -> tuple[list[Value], Any]:
            inputs = [Value(x) for x in layout.row(leaves, row)]
            args, kwargs = layout.rebuild(leaves, inputs)
            return inputs, self.function(*args, **kwargs)

        found: tuple[list[Value], Any] = heard_by(None, run, (), {})
        return found

    def record(self, layout: Layout, leaves: Sequence[Any], row: int) -> Path:
        """The path that the function takes on a row of the batch.

        Raises:
            TypeError: it gives no Value.
            Exception: whatever the function raises, with a note.
        """
        inputs = [Value(x) for x in layout.row(leaves, row)]
        args, kwargs = layout.rebuild(leaves, inputs)
        with Recording(inputs) as recording:
            try:
                result = recording.run(self.function, args, kwargs)
            except Exception as error:
                at = f", row {row} of the batch" if layout.batched else ""
                error.add_note(
                    f"while recording {self.name}{at}: numbers among its arguments are Values then, arrays object "
                    "arrays of Values; an argument that must stay what it is belongs into static_argnames"
                )
                raise
            results = Results(result, self.name)
            if not recording.guards and not any(isinstance(x, Value) for x in results.values):
                raise TypeError(
                    f"{self.name} gave {results.values[0]!r}, which depends on no Value: was a number read out of one?"
                )
            return make_path(recording, results, layout)

    def warn_once(self) -> None:
        """Say that there are too many paths."""
        if not self._warned:
            self._warned = True
            warnings.warn(
                f"{self.name} takes more than {self.max_paths} paths: rows that take others are run eagerly, which is "
                "slow. Decide with autograd.where(autograd.less(x, y), ...) in place of if x < y, or raise max_paths",
                RuntimeWarning,
                stacklevel=1 + frames_of_ours(),
            )


_every: set[Any] = set()  # references to all that there are


def renew_locks() -> None:
    """In a forked process: what another thread was recording will not be finished."""
    for mark in list(_every):
        traced = mark()
        if traced is not None and is_abandoned(traced.lock):
            traced.lock = RLock()
            traced.forget()


in_forked_processes(renew_locks)
