"""A function to be compiled, how, and what was recorded of it."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from operator import index
from threading import RLock
from types import MethodType
from typing import Any
from weakref import ref

import optree

from autograd.border.forking import in_forked_processes, is_abandoned
from autograd.border.wording import brief
from autograd.branches.decisions import Decisions
from autograd.derivatives.inlining import inlined
from autograd.engine.listening import heard_by
from autograd.engine.refusals import frames_of_ours
from autograd.recorded.options import Options, argument_names
from autograd.recorded.paths import Path, Paths
from autograd.recorded.repetitions import Repetitions
from autograd.replay.threads import as_threads
from autograd.structures.layout import Layout, layout_of
from autograd.structures.results import Results
from autograd.structures.trees import NAMESPACE, Static
from autograd.values.roots import topological_order
from autograd.values.value import Value
from autograd.values.vectors import vector_to_values

__all__ = ["OFTEN", "Traced", "WeakMethod"]

MOST_LAYOUTS = 128
"""For so many layouts of arguments, static values among them, paths are kept: the latest."""
FEW_HITS = 3
"""More calls on known paths between two on new ones, and recording pays."""
MOST_SKIPPED = 6000
"""So many calls in a row are answered eagerly at the most."""
MOST_DERIVED = 64
"""So many functions for slopes are kept of each function."""
OFTEN = 4
"""After so many new paths one after the other a user is told."""


class Traced:
    """A function, how it is to be compiled, and all that was recorded of it.

    Args:
        function: What is recorded.
        options: As given to `compile`.
        statics: Which of its arguments are static.
        parameters: The names of its arguments, if it is not asked itself.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        options: Options,
        statics: tuple[str, ...],
        parameters: Sequence[str] | None = None,
    ) -> None:
        self.function, self.reduce, self.max_paths = function, options.reduce, options.max_paths
        self.in_axes = tuple(options.in_axes) if isinstance(options.in_axes, list) else options.in_axes
        self.threads, self.branches, self.backend = as_threads(options.threads), options.branches, options.backend
        self.weights = list(options.weights)
        self.name = getattr(function, "__name__", type(function).__name__)
        self.parameters = argument_names(function) if parameters is None else list(parameters)
        if self.weights:
            self.parameters.insert(0, "weights")
        self.statics = statics
        self.strict = False  # whether more paths than there is room for are an error
        self.lock = RLock()  # one recording at a time
        self.paths: dict[Layout, Paths] = {}
        self._layouts: dict[Any, tuple[list[Any], dict[Any, Layout]]] = {}  # by structure: batch axes, and layouts
        self.repetitions = Repetitions(self.lock)
        self.derived: dict[Any, Traced] = {}  # see `derive`
        self.lone: dict[Any, Any] = {}  # by what is asked, the latest `Lone`
        self.misses = self.skipping = 0  # see `met`
        self._uses = 0
        self._warned: set[str] = set()
        _every.add(ref(self, _every.discard))

    def forget(self) -> None:
        """Drop what was recorded."""
        self.repetitions.rest()  # whoever holds them
        self.paths, self.repetitions, self.derived, self.lone = {}, Repetitions(self.lock), {}, {}
        self.misses = self.skipping = 0

    def derive(self, key: Any, function: Callable[..., Any], in_axes: Any, reduce: str | None) -> Traced:
        """A function that was made of this one, such as its slopes: that which is kept with the key, or else this."""
        found = self.derived.get(key)
        if found is None:
            function.__name__ = self.name
            how = self.threads, self.max_paths, (), self.branches, self.backend
            found = Traced(function, Options(in_axes, reduce, (), *how), ())
            if len(self.derived) >= MOST_DERIVED:
                self.derived.clear()
            self.derived[key] = found
        return found

    def all_paths(self) -> Iterator[Path]:
        """Every path that was recorded."""
        for paths in list(self.paths.values()):
            yield from paths.all

    def paths_of(self, layout: Layout) -> Paths:
        """The paths for arguments of a layout; those of the `MOST_LAYOUTS` latest are kept. The lock is held."""
        found = self.paths.get(layout)
        if found is None:
            found = self.paths[layout] = Paths(self.max_paths, Decisions(self.branches == "selects"))
        self._uses += 1
        found.used = self._uses
        while len(self.paths) > MOST_LAYOUTS:
            self._drop(min(self.paths, key=lambda kept: self.paths[kept].used))
        return found

    def replace_paths(self, layout: Layout, paths: Paths) -> None:
        """Other paths for a layout, from now on. The lock is held."""
        dropped, self.paths[layout] = self.paths[layout], paths
        paths.used = dropped.used
        self.repetitions.forget({*dropped.ways()})

    def _drop(self, layout: Layout) -> None:
        """Forget a layout and its paths."""
        dropped = self.paths.pop(layout)
        self.repetitions.forget({*dropped.ways()})
        for treespec, (_, known) in list(self._layouts.items()):
            for key in [key for key, kept in list(known.items()) if kept is layout]:
                known.pop(key, None)
            if not known:
                self._layouts.pop(treespec, None)

    # --- paths that are met once and never again ---

    def met(self, new: bool) -> None:
        """Count a single call on a known path or a new one, and after many new ones skip recording for a while.

        To record a path takes some ten times as long as to run the function once. So where call after call takes a path
        of its own, more and more calls in between are not looked at, and answered by the eager engine at once.
        """
        if self.repetitions.take_hits() > FEW_HITS:
            self.misses = 0
        self.misses = self.misses + 1 if new else max(self.misses - 1, 0)
        if new:
            self.skip(min(6 * 10 ** (self.misses - 1), MOST_SKIPPED))

    def skip(self, calls: int) -> None:
        """Let so many calls be answered eagerly. Repetitions are not asked meanwhile."""
        if calls and not self.skipping:
            self.repetitions.rest()
        elif not calls:
            self.repetitions.resume()
        self.skipping = calls

    def skipped(self) -> None:
        """Count one of these calls."""
        left = self.skipping - 1
        if left > 0:  # two threads may count the same call
            self.skipping = left
        else:
            self.skip(0)

    def keep_lone(self, key: Any, lone: Any) -> None:
        """Keep what answers calls eagerly, by what is asked."""
        if len(self.lone) >= MOST_DERIVED:
            self.lone.clear()
        self.lone[key] = lone

    def wrapped(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """The arguments, static ones marked."""
        if self.statics:
            places = [self.parameters.index(name) for name in self.statics]
            args = tuple([Static(x) if i in places else x for i, x in enumerate(args)])
            kwargs = {name: Static(x) if name in self.statics else x for name, x in kwargs.items()}
        return args, kwargs

    def layout(self, arguments: tuple[Any, Any], leaves: list[Any], treespec: Any) -> Layout:
        """The layout of these arguments, made when first seen."""
        found = self._layouts.get(treespec)
        if found is None:
            found = self._layouts.setdefault(treespec, (self.axes_by_position(arguments[0]), {}))
        axes = found[0]
        if arguments[1]:
            axes = axes + self._axes_by_keyword(leaves[len(axes) :])
        layout = layout_of(arguments, self.parameters, axes, leaves, treespec, found[1])
        if self.weights and not (layout.leaves and layout.leaves[0].shape == (len(self.weights),)):
            raise TypeError(
                f"{self.name}: its first argument is the numbers of its {len(self.weights)} weights, one array, got "
                f"{brief(arguments[0][0]) if arguments[0] else 'nothing'}"
            )
        return layout

    def _axes_by_keyword(self, leaves: list[Any]) -> list[Any]:
        """The batch axes of leaves given by keyword: one for all is for arrays among them too, a tuple has none."""
        if isinstance(self.in_axes, tuple):
            return [None] * len(leaves)
        return [self.in_axes if getattr(x, "shape", ()) else None for x in leaves]

    def axes_by_position(self, args: tuple[Any, ...]) -> list[Any]:
        """The batch axis of every leaf of the positional arguments."""
        own = 1 if self.weights else 0  # which no batch has of its own
        axes = self.in_axes if isinstance(self.in_axes, tuple) else (self.in_axes,) * (len(args) - own)
        axes = (None,) * own + axes
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
        return found

    def inputs(self, numbers: list[float]) -> list[Value]:
        """The inputs for some numbers: Values of their own, but for the weights, which are set to theirs."""
        self.set_weights(numbers)
        return [*self.weights, *map(Value, numbers[len(self.weights) :])]

    def set_weights(self, numbers: list[float]) -> None:
        """Set the weights to the first of some numbers."""
        if self.weights:
            vector_to_values(numbers[: len(self.weights)], self.weights)

    def rebuild(self, layout: Layout, leaves: Sequence[Any], inputs: Sequence[Any]) -> tuple[Any, Any]:
        """What the function is called with: the weights are not among it, it has them."""
        args, kwargs = layout.rebuild(leaves, inputs)
        return args[1:] if self.weights else args, kwargs

    def run_inlined(self, layout: Layout, leaves: Sequence[Any], inputs: Sequence[Any]) -> Any:
        """The result of the function for some inputs, compiled functions inside it being run as they stand."""
        args, kwargs = self.rebuild(layout, leaves, inputs)
        return inlined(self.function, args, kwargs)

    def warn_of_steps(self, layout: Layout, leaves: Sequence[Any], path: Path) -> None:
        """Warn where a derivative is asked of what only comparisons make depend on the arguments: it is 0.

        That is right for a step function and for what is cut off, and no answer for what is found by search. If it is
        the former or the latter is told by trying other arguments: a number that has changed was found.
        """
        example = path.take_example()
        if example is None or "steps" in self._warned:
            return
        numbers, before = example
        moved = [Value(x + 1e-3 * max(abs(x), 1.0) * (1.0 + 0.37 * k)) for k, x in enumerate(numbers)]
        try:
            results = Results(heard_by(None, self.run_inlined, (layout, leaves, moved), {}), self.name)
        except Exception:
            return
        below = topological_order([x for x in results.values if isinstance(x, Value)])
        if {*map(id, moved)}.isdisjoint(map(id, below)) and results.numbers() != before:
            self.warn_once(
                "steps",
                f"{self.name} depends on its arguments through comparisons alone, as what is found by bisection does: "
                "its derivatives are 0. Let the last step compute: from the x found, with no graph, x = x - g(x) / "
                "slope, where g is the function whose root it is",
            )

    def warn_once(self, what: str, message: str) -> None:
        """Give a warning of its kind, unless it was given before."""
        if what not in self._warned:
            self._warned.add(what)
            warnings.warn(message, RuntimeWarning, stacklevel=1 + frames_of_ours())


class WeakMethod:
    """A function with a first argument that it does not keep alive."""

    def __init__(self, function: Callable[..., Any], first: Any) -> None:
        self._function, self._first = function, first

    def __recorded__(self) -> MethodType:
        """What is run when it is recorded."""
        return MethodType(self._function, self._first())

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """The result of the function."""
        return self._function(self._first(), *args, **kwargs)


_every: set[Any] = set()  # references to all that there are


def renew_locks() -> None:
    """In a forked process: what another thread was recording will not be finished."""
    for mark in list(_every):
        traced = mark()
        if traced is not None and is_abandoned(traced.lock):
            traced.lock = RLock()
            traced.forget()


in_forked_processes(renew_locks)
