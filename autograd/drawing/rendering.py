"""From DOT source to bytes, with whatever can do it on this machine.

Tried in this order, each one when those before it are missing *or fail*:

1. the program that the environment variable CHAINRULE_DOT names;
2. Graphviz's own `dot`, if it is on PATH: every format, PDF included;
3. graphviz-pure, which pip installs beside this package: SVG, PNG and JPEG, with fonts of its own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import graphviz

from autograd.border.console import complain
from autograd.border.wording import shortened

__all__ = ["RASTERS", "Engine", "RenderingError", "engines", "render_dot"]

RASTERS = frozenset({"bmp", "gif", "jpe", "jpeg", "jpg", "png", "tga", "tif", "tiff", "webp"})
"""Formats made of pixels, whose cost is the area of the drawing."""

TIMEOUT = 60.0
"""Seconds that one engine may take, unless told otherwise."""

_SIGNATURES = {"svg": b"<svg", "png": b"\x89PNG\r\n", "jpg": b"\xff\xd8\xff", "jpeg": b"\xff\xd8\xff", "pdf": b"%PDF-"}
_NO_WINDOW: int = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # on Windows a console would flash up
_PURE = "graphviz-pure"


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
    quiet: bool = True,
) -> bytes:
    """The picture of DOT source, from the first engine that can draw it.

    Args:
        source: A graph in the DOT language.
        format: "svg", "png", "pdf"... in any case; what is possible depends on the engine.
        layout: The layout algorithm, as of `dot -K`.
        renderer, formatter: Refinements of the format, as of `dot -T`.
        neato_no_op: Whether neato takes positions from the source, as of `dot -n`.
        encoding: Of the bytes that the engine reads.
        folder: Where the engine runs, for images that the source refers to.
        timeout: Seconds that each engine may take.
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
    failures: list[str] = []
    for engine in engines():
        if not engine.path:
            failures.append(f"{engine.name}: not found")
            continue
        picture, complaint = run(engine.path, flags, given, folder, timeout)
        if picture and _SIGNATURES.get(format, b"") in picture[:4096]:
            warnings = [line for line in complaint.splitlines() if "Falling back to" not in line]  # of a font's widths
            if warnings and not quiet:
                complain("\n".join(warnings))
            return picture
        said = shortened(complaint, 200) if complaint else f"exited without writing {format}"
        failures.append(f"{engine.name}: {said}")
    raise RenderingError(f"cannot render {format} ({'; '.join(failures)}): {remedy(format)}", "\n".join(failures))


def run(path: str, flags: list[str], given: bytes, folder: str | None, timeout: float) -> tuple[bytes, str]:
    """What an engine wrote, and what it complained of; no bytes if it failed."""
    try:
        done = subprocess.run(
            [path, *flags], input=given, capture_output=True, timeout=timeout, cwd=folder, creationflags=_NO_WINDOW
        )
    except subprocess.TimeoutExpired:
        return b"", f"gave up after {timeout:g} s"
    except OSError as error:
        return b"", str(error)
    complaint = done.stderr.decode("utf-8", "replace").strip()
    if done.returncode:
        return b"", complaint or f"exit code {done.returncode}"
    return done.stdout, complaint


def remedy(format: str) -> str:
    """What to do about a format that nothing here can write."""
    if format in ("svg", "png", "jpg", "jpeg"):
        return f"`pip install {_PURE}`, or install Graphviz (https://graphviz.org/download) so that `dot` is on PATH"
    return f"{format} needs Graphviz's own `dot` on PATH (https://graphviz.org/download); svg and png do not"


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
