"""What is not required, and does something where it is there: libraries of Python, and programs.

Nothing is imported or run to find that out: some take seconds, and some start what they are for.
"""

from __future__ import annotations

import os
import shlex
import shutil
import sysconfig
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from autograd.rendering.rendering import engines

__all__ = ["PARTS", "Part", "compiler", "version_of"]

VSWHERE = "Microsoft Visual Studio/Installer/vswhere.exe"
"""What finds Microsoft's compilers, which are not on PATH."""


class Part(NamedTuple):
    """Something that may be here or not.

    Attributes:
        name: What it is called.
        use: What it is good for.
        way: How to get it.
        found: Its version, or where it is; empty if it is not here.

    >>> Part("nonesuch", "nothing", "pip install nonesuch", lambda: version_of("nonesuch")).found()
    ''
    """

    name: str
    use: str
    way: str
    found: Callable[[], str]


def version_of(distribution: str) -> str:
    """The version of what pip has installed under this name; empty if it has not.

    >>> version_of("numpy") > "2"
    True
    """
    try:
        return str(metadata.version(distribution) or "")  # None, of one that was half removed
    except (metadata.PackageNotFoundError, KeyError):
        return ""


def dot() -> str:
    """Where Graphviz's own program is, or the one that CHAINRULE_DOT names; empty if neither is here."""
    return next((engine.path for engine in engines() if engine.path and not engine.is_pure), "")


def compiler() -> str:
    """Where the C compiler is that would be taken: `CC`, or the one that Python was built with, or another usual one.

    Empty if there is none.
    """
    named = os.environ.get("CC") or str(sysconfig.get_config_var("CC") or "")
    try:
        words = [word for word in shlex.split(named, posix=os.name != "nt") if "=" not in word]
    except ValueError:  # quotes that do not close
        words = named.split()
    found = shutil.which(words[0]) if words else None
    if found is None and not os.environ.get("CC"):
        others = (shutil.which(name) for name in ("cc", "gcc", "clang", "cl"))
        place = Path(os.environ.get("PROGRAMFILES(X86)", ""), VSWHERE)
        found = next(filter(None, others), None) or (str(place) if place.exists() else None)
    return found or ""


def library(name: str, use: str) -> Part:
    """A library of Python that pip installs under its own name."""
    return Part(name, use, f"pip install {name}", lambda: version_of(name))


PARTS = (
    Part(
        "C compiler",
        'makes the compiled engine, when chainrule is installed from sources, and programs for compile(backend="c")',
        "gcc or clang, of your system's packages (macOS: xcode-select --install; Windows: Build Tools for Visual "
        "Studio); then install chainrule again",
        compiler,
    ),
    Part(
        "dot",
        "Graphviz's own program: pictures in all its formats",
        "https://graphviz.org/download, or your system's package graphviz",
        dot,
    ),
    library("graphviz-pure", "pictures in SVG and PNG where there is no dot"),
    library("matplotlib", "plots of nn, and pictures in PDF where there is no dot"),
    library("scikit-learn", "data to train on: digits, iris and others"),
    library("tqdm", "progress bars"),
    library("anywidget", "a drawing as a widget of a notebook"),
    library("pandas", "the history of a training as a table"),
    library("scipy", "sparse Jacobians and Hessians"),
    library("mpmath", "derivatives checked in many digits"),
    library("sympy", "a tape as expressions"),
    library("onnx", "a tape as a model for other languages"),
    library("torch", "compiled functions within PyTorch, and derivatives compared with its own"),
    library("jax", "compiled functions within JAX, and derivatives compared with its own"),
    library("mpi4py", "training and sweeps over several processes and machines, by MPI"),
    library("distributed", "sweeps over a cluster, by Dask"),
)
"""All of them, by what they have to do with each other."""
