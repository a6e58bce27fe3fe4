"""A function with its recordings as data: to be pickled, and to begin from again.

A path travels as its program, how its guards came out, and the structure of its results; what is derived of it is made
anew where it is run. The function itself goes by its name, if it has one that can be imported.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from copy import copy
from dataclasses import dataclass, field, replace
from importlib import import_module
from types import FunctionType
from typing import Any

from autograd.branches.decisions import Decisions
from autograd.programs.inlining import has_own
from autograd.programs.program import Guard, Program
from autograd.recorded.absent import Absent
from autograd.recorded.options import Options
from autograd.recorded.paths import Path, Paths
from autograd.recorded.traced import Traced
from autograd.structures.layout import Layout
from autograd.structures.results import Results
from autograd.sweeps.parcels import is_importable
from autograd.tape.recording import line_of
from autograd.values.value import Value

__all__ = ["Luggage", "for_a_sweep", "luggage", "reference", "unpacked"]


class Line:
    """A line of a source, in place of the code that a comparison was made in: `line_of` asks both alike."""

    def __init__(self, file: str, number: int) -> None:
        self.co_filename, self.co_firstlineno = file, number

    def co_positions(self) -> Iterable[tuple[int, int, int, int]]:
        """None but the first."""
        return ()


@dataclass
class PathData:
    """A path as data; see `Path` for what these are."""

    parts: tuple[Any, ...]
    outcomes: bytes
    captured: list[Value]
    results: tuple[Any, ...]
    varying: tuple[bool, ...]
    numbers: list[float]
    lines: list[tuple[str, int]]
    seconds: float


@dataclass
class PathsData:
    """The paths for a layout as data; see `Paths`."""

    most: int
    decisions: Decisions
    splits: dict[tuple[str, int], int]
    patience: dict[tuple[str, int], int]
    seconds: float
    all: list[PathData]


@dataclass
class Luggage:
    """A function and what was recorded of it, as data.

    Attributes:
        function: The function, something that `looked_up` makes of its name, or an `Absent`.
        options: As given to `compile`.
        parameters, statics: The names of its arguments, and of which of them are static.
        layouts: Of each structure of arguments the batch axes, and the layouts.
        paths: The paths for each of these layouts.
    """

    function: Any
    options: Options
    parameters: list[str]
    statics: tuple[str, ...]
    layouts: dict[Any, tuple[list[Any], dict[Any, Layout]]] = field(default_factory=dict)
    paths: dict[Layout, PathsData] = field(default_factory=dict)

    @property
    def captures(self) -> bool:
        """Whether Values from outside take part."""
        return bool(self.options.weights) or any(path.captured for each in self.paths.values() for path in each.all)

    @property
    def merges(self) -> bool:
        """Whether branches are merged, or are to be."""
        return any(each.decisions.merging() for each in self.paths.values()) or self.options.branches == "selects"


def luggage(traced: Traced, options: Options, layouts: Collection[Layout] | None = None) -> Luggage:
    """What was recorded of a function, for some layouts or for all."""
    with traced.lock:
        found = Luggage(traced.function, options, traced.parameters[bool(options.weights) :], traced.statics)
        for treespec, (axes, known) in traced._layouts.items():
            some = {key: x for key, x in known.items() if x in traced.paths and (layouts is None or x in layouts)}
            if some:
                found.layouts[treespec] = axes, some
        for layout in [x for _, known in found.layouts.values() for x in known.values()]:
            paths = traced.paths[layout]
            every = [data_of(path) for path in paths.all]
            found.paths[layout] = PathsData(
                paths.most, copied(paths.decisions), dict(paths.splits), dict(paths.patience), paths.seconds, every
            )
    return found


def unpacked(packed: Luggage, traced: Traced | None = None) -> Traced:
    """The function with these recordings; or one that is there, with those of them that it does not have."""
    if traced is None:
        traced = Traced(packed.function, packed.options, packed.statics, packed.parameters)
    with traced.lock:
        for treespec, (axes, known) in packed.layouts.items():
            mine = traced._layouts.setdefault(treespec, (axes, {}))[1]
            for key, layout in known.items():
                if key not in mine:
                    mine[key] = layout
                    traced.paths[layout] = paths_of(packed.paths[layout], traced.threads, traced.backend)
    return traced


def data_of(path: Path) -> PathData:
    """A path as data."""
    program = path.recorded
    parts = program.labels, program.steps, program.outputs, program.single, [tuple(x) for x in program.guards]
    results = path.results.treespec, path.results.shapes, [0.0] * len(path.results.values)
    lines = list(map(line_of, path.places))
    arguments = path.varying[: len(path.varying) - len(path.captured)]
    return PathData(
        parts, bytes(path.outcomes), path.captured, results, arguments, path.numbers.tolist(), lines, path.seconds
    )


def path_of(data: PathData, threads: int, backend: str) -> Path:
    """The path that this was."""
    labels, steps, outputs, single, guards = data.parts
    program = Program(labels, steps, outputs, single, tuple([Guard(slot, holds) for slot, holds in guards]))
    results = Results.__new__(Results)
    results.treespec, results.shapes, results.values = data.results
    known: dict[tuple[str, int], Any] = {}
    places = [known.setdefault(line, (Line(*line), 0)) for line in data.lines]
    outcomes, nothing = tuple(map(bool, data.outcomes)), list[float]()
    example = data.numbers, nothing
    path = Path(program, outcomes, data.captured, results, data.varying, threads, example, places, backend)
    path.example = None  # it was looked at, or nobody asked
    path.seconds = data.seconds
    return path


def paths_of(data: PathsData, threads: int, backend: str) -> Paths:
    """The paths that these were."""
    found = Paths(data.most, copied(data.decisions))
    for each in data.all:
        found.add(path_of(each, threads, backend))
    found.splits, found.patience, found.seconds = Counter(data.splits), dict(data.patience), data.seconds
    return found


def copied(decisions: Decisions) -> Decisions:
    """The same decisions, to be added to."""
    found = copy(decisions)
    for name, x in vars(decisions).items():
        setattr(found, name, x.copy() if hasattr(x, "copy") else x)
    return found


# --- the function ---


def reference(function: Any) -> Any:
    """What pickles as the name of a function: itself, or what stands in for one that a decorator has replaced; or None.

    >>> from autograd.programs.program import Program
    >>> reference(len), reference(lambda: 1)
    (None, None)
    >>> reference(luggage) is luggage
    True
    """
    if not isinstance(function, FunctionType):
        return None
    if is_importable(function):
        return function
    module, name = function.__module__, function.__qualname__
    named = Named(module, name)
    try:
        same = module not in ("__main__", "__mp_main__") and looked_up(module, name) is function
    except (ImportError, AttributeError):
        return None
    return named if same else None


@dataclass(frozen=True)
class Named:
    """A function by its name, which in its module means the compiled one."""

    module: str
    name: str

    def __reduce__(self) -> Any:
        return looked_up, (self.module, self.name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """What the function gives."""
        return looked_up(self.module, self.name)(*args, **kwargs)


def looked_up(module: str, name: str) -> Callable[..., Any]:
    """The function of that name; of a compiled one what it was made of."""
    found: Any = sys.modules.get(module) or import_module(module)
    for part in name.split("."):
        found = getattr(found, part)
    made_of: Callable[..., Any] = getattr(found, "function", found)
    return made_of


def for_a_sweep(packed: Luggage) -> Luggage:
    """The same to go to other processes: with numbers in place of Values, and one thread if nobody said how many.

    The function goes along where what it gives there cannot be otherwise than here: if it captures no Values, whose
    numbers are those of this process, and no branches are merged, which other processes cannot go on with.

    Raises:
        TypeError: a function with a rule of its own takes part, which no process but this one has.
    """
    known: dict[int, Value] = {}

    def twin(v: Value) -> Value:
        return known.setdefault(id(v), Value(v.data, label=v.label))

    options = replace(
        packed.options, weights=tuple(map(twin, packed.options.weights)), threads=packed.options.threads or 1
    )
    paths = {
        layout: replace(each, all=[replace(path, captured=[*map(twin, path.captured)]) for path in each.all])
        for layout, each in packed.paths.items()
    }
    name = getattr(packed.function, "__name__", type(packed.function).__name__)
    if any(has_own(path.parts[1]) for each in paths.values() for path in each.all):
        raise TypeError(
            f"map: {name} calls a function with a rule of its own (custom_vjp, custom_jvp or primitive), which cannot "
            "go to another process: use threads, executor=None"
        )
    function = None if packed.captures or packed.merges else reference(packed.function)
    return replace(packed, function=function or Absent(name), options=options, paths=paths)
