"""From DOT source to bytes, with whatever can do it on this machine.

Tried in this order, each one when those before it are missing *or fail*:

1. the program that the environment variable CHAINRULE_DOT names;
2. Graphviz's own `dot`, if it is on PATH: every format, PDF included;
3. graphviz-pure, which pip installs beside this package: SVG, PNG, JPEG and layouts, with fonts of its own.

A layout is a format too: "json" has all positions and what to draw, "plain" the positions alone, "dot" the source with
them. An engine fails when it meets a cap (`children`), when its exit code says so, or when what it wrote is not whole
(`formats`).
"""

from __future__ import annotations

import os
import re
import shutil
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import graphviz

from autograd.border.console import complain
from autograd.border.wording import shortened
from autograd.rendering.children import Caps, run
from autograd.rendering.formats import PURE_FORMATS, RASTERS, is_whole
from autograd.rendering.glyphs import for_pixels

__all__ = ["MEMORY", "RASTERS", "RASTER_MEMORY", "TIMEOUT", "Engine", "RenderingError", "engines", "render_dot"]

TIMEOUT = 60.0
"""Seconds that one engine may take, unless told otherwise."""

MEMORY, RASTER_MEMORY = 400, 800
"""MB that one engine may take, unless told otherwise; the second for formats made of pixels.

800 boxes and 1,500 edges as SVG or JSON take 33 MB with dot 2.43, 88 MB with graphviz-pure; a PNG of 300 boxes that is
32,767 pixels long takes 214 MB and 435 MB.
"""

_PURE = "graphviz-pure"
_DOWNLOAD = "https://graphviz.org/download"
_OF_FONTS = re.compile(r"falling back to|no value for width of|hard-coded metrics|fontconfig|pango|load font", re.I)
"""Warnings that are never shown: another font has been taken, and the picture is fine."""


class RenderingError(graphviz.ExecutableNotFound, graphviz.CalledProcessError):  # type: ignore[misc]
    """No engine could render the drawing; the message tells what each of them said, and what to do.

    It is both of the errors that the graphviz package raises, so code written for either catches it.

    >>> issubclass(RenderingError, graphviz.ExecutableNotFound)
    True
    """

    def __init__(self, message: str, stderr: str = "") -> None:
        RuntimeError.__init__(self, message, stderr)
        self.message, self.stderr = message, stderr
        self.returncode, self.cmd, self.output = 1, "dot", None

    def __str__(self) -> str:
        return str(self.message)


class Engine(NamedTuple):
    """A program that understands `dot`'s flags, and what to call it in a message.

    >>> Engine("dot", "/usr/bin/dot").name
    'dot'
    """

    name: str
    path: str

    @property
    def is_pure(self) -> bool:
        """Whether it is graphviz-pure, whose pixels have no fonts but its own."""
        return os.path.basename(self.path).startswith(_PURE)


def engines() -> Iterator[Engine]:
    """The engines of this machine, best first; empty paths for those that are not here, so a message can tell.

    >>> [engine.name for engine in engines()][-2:]
    ['dot', 'graphviz-pure']
    """
    override = os.environ.get("CHAINRULE_DOT", "")
    if override:
        yield Engine(f"CHAINRULE_DOT={override}", shutil.which(os.path.expanduser(override)) or "")
    yield Engine("dot", shutil.which("dot") or "")
    yield Engine(_PURE, next(pure_paths(), ""))


def pure_paths() -> Iterator[str]:
    """Where graphviz-pure may be. A notebook's PATH often lacks the folder, so its package's list is asked first."""
    import importlib.metadata  # takes longer to import than all of this package, and only drawing needs it

    names = (_PURE, f"{_PURE}.exe")
    candidates: list[Path] = []
    try:
        distribution = importlib.metadata.distribution(_PURE)
        candidates += [Path(str(distribution.locate_file(f))) for f in distribution.files or () if f.name in names]
    except importlib.metadata.PackageNotFoundError:
        pass
    candidates += [Path(sysconfig.get_path("scripts"), name) for name in names]
    for path in candidates:
        if path.is_file() and os.access(path, os.X_OK):
            yield str(path.resolve())


class Failure(NamedTuple):
    """Why an engine did not make the picture: "missing", "content", or what `children` says; and in one line.

    >>> Failure(Engine("dot", ""), "missing", "not found").said
    'not found'
    """

    engine: Engine
    cause: str
    said: str


def render_dot(
    source: str,
    format: str,
    *,
    layout: str = "dot",
    renderer: str | None = None,
    formatter: str | None = None,
    neato_no_op: bool | int | None = None,
    encoding: str = "utf-8",
    folder: str | None = None,
    timeout: float = TIMEOUT,
    memory: int | None = None,
    quiet: bool = True,
) -> bytes:
    """The picture of DOT source, or its layout, from the first engine that can make it.

    Args:
        source: A graph in the DOT language.
        format: "svg", "png", "pdf", "json"... in any case; what is possible depends on the engine.
        layout: The layout algorithm, as of `dot -K`.
        renderer, formatter: Refinements of the format, as of `dot -T`.
        neato_no_op: Whether neato takes positions from the source, as of `dot -n`.
        encoding: Of the bytes that the engine reads.
        folder: Where the engine runs, for images that the source refers to.
        timeout: Seconds that each engine may take.
        memory: MB that each engine may take (not on Windows); None for MEMORY, or RASTER_MEMORY of pixels.
        quiet: Swallow the engine's warnings rather than write them to stderr.

    Raises:
        ValueError: an unknown format, layout, renderer or formatter.
        RenderingError: no engine could.

    >>> render_dot("digraph { a -> b }", "svg")[:5]
    b'<?xml'
    """
    format = format.lower()
    check(format=format, layout=layout, renderer=renderer, formatter=formatter)
    flags = [f"-K{layout}", "-T" + ":".join(part for part in (format, renderer, formatter) if part)]
    if neato_no_op:
        flags.append(f"-n{int(neato_no_op)}")
    given = source.encode(encoding)
    caps = Caps(timeout, memory if memory is not None else RASTER_MEMORY if format in RASTERS else MEMORY)
    failures: list[Failure] = []
    for engine in engines():
        if not engine.path:
            failures.append(Failure(engine, "missing", absence(engine)))
            continue
        shown = for_pixels(source).encode(encoding) if engine.is_pure and format in RASTERS else given
        ending = run([engine.path, *flags], shown, caps, folder)
        complaint = without_fonts(ending.said)
        if not ending.failure and is_whole(ending.output, format):
            if complaint and not quiet:
                complain(complaint)
            return ending.output
        said = complaint or f"wrote {'no' if not ending.output else 'what is no whole'} {format}"
        failures.append(Failure(engine, ending.failure or "content", shortened(said, 200)))
    told = [f"{failure.engine.name}: {failure.said}" for failure in failures]
    raise RenderingError(f"cannot render {format} ({'; '.join(told)}): {remedy(format, failures)}", "\n".join(told))


def absence(engine: Engine) -> str:
    """In what way an engine is not here.

    >>> absence(Engine("dot", ""))
    'not found'
    """
    named = engine.name.partition("=")[2]
    return "not executable" if named and os.path.exists(os.path.expanduser(named)) else "not found"


def without_fonts(complaint: str) -> str:
    r"""What an engine complains of, without its warnings of fonts.

    >>> without_fonts("Warning: no value for width of non-ASCII character 195\nWarning: too large")
    'Warning: too large'
    """
    return "\n".join(line for line in complaint.splitlines() if line.strip() and not _OF_FONTS.search(line))


def remedy(format: str, failures: list[Failure]) -> str:
    """What to do about it, by cause: of what is missing only, if size was not the reason."""
    causes = {failure.cause for failure in failures}
    if any("syntax error" in failure.said for failure in failures):
        return "correct the DOT source"
    ways = smaller(format, causes)
    if "memory" not in causes and "output" not in causes:
        here = {failure.engine.name for failure in failures if failure.engine.path}
        ways += installs(format, {"dot", _PURE} - here)
    if not causes & {"memory", "output", "time"} and failures[0].engine.name.startswith("CHAINRULE_DOT"):
        ways.insert(0, "correct CHAINRULE_DOT")
    if not ways and format not in PURE_FORMATS:
        ways = ['use format="svg" or "png"']
    return ", or ".join(ways) or "name an engine that works in the environment variable CHAINRULE_DOT"


def smaller(format: str, causes: set[str]) -> list[str]:
    """What to do about a drawing that takes too much."""
    ways = []
    if causes & {"memory", "output", "time"}:
        ways.append("draw less of the graph (fold=, depth=)")
        if format in RASTERS:
            ways.append('use format="svg"')
        if "time" in causes:
            ways.append("give it more time (timeout)")
    return ways


def installs(format: str, missing: set[str]) -> list[str]:
    """What could be installed that is not here and writes the format."""
    if format not in PURE_FORMATS:
        sentence = f"{format} needs Graphviz's own `dot` on PATH ({_DOWNLOAD}); svg and png do not"
        return [sentence] if "dot" in missing else []
    ways = []
    if _PURE in missing:
        ways.append(f"`pip install {_PURE}`")
    if "dot" in missing:
        ways.append(f"install Graphviz ({_DOWNLOAD}) so that `dot` is on PATH")
    return ways


def check(*, format: str, layout: str, renderer: str | None, formatter: str | None) -> None:
    """Refuse what the graphviz package would refuse, before anything runs."""
    for what, given, known in (
        ("format", format, graphviz.FORMATS),
        ("layout engine", layout, graphviz.ENGINES),
        ("renderer", renderer, graphviz.RENDERERS),
        ("formatter", formatter, graphviz.FORMATTERS),
    ):
        if given is not None and given not in known:
            raise ValueError(f"unknown {what} {given!r}: choose one of {', '.join(sorted(known))}")
    if formatter is not None and renderer is None:
        raise graphviz.RequiredArgumentError(f"formatter {formatter!r} needs a renderer too")
