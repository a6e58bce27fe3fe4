"""Several processes that were started together, by mpiexec: how that is known, and which of them speaks."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from importlib import import_module
from typing import Any

from nn.demo.report import RefusedError, first_line

__all__ = ["muted", "rank_told", "size_told", "world"]

SIZES, RANKS = ("OMPI_COMM_WORLD_SIZE", "PMI_SIZE"), ("OMPI_COMM_WORLD_RANK", "PMI_RANK")
"""What Open MPI, MPICH and their kin tell a process in its environment."""


def told_by(names: tuple[str, ...], otherwise: int) -> int:
    """The first whole number in the environment under some names."""
    return next((int(text) for name in names if (text := os.environ.get(name, "")).isdigit()), otherwise)


def size_told() -> int:
    """How many processes a launcher says that it has started.

    >>> size_told() >= 1
    True
    """
    return told_by(SIZES, 1)


def rank_told() -> int:
    """Which of them a launcher says that this one is.

    >>> rank_told() < size_told()
    True
    """
    return told_by(RANKS, 0)


def world(wanted: bool) -> Any:
    """All processes that were started together, as mpi4py has them; None, if this one is alone and nobody wants it.

    Args:
        wanted: Whether to look for others although no launcher tells of them in the environment.

    Raises:
        RefusedError: mpi4py is not there, or no MPI library for it; or it does not know of the others.

    >>> world(False) is None or size_told() > 1
    True
    """
    size = size_told()
    if size < 2 and not wanted:
        return None
    try:
        found = import_module("mpi4py.MPI").COMM_WORLD
    except (ImportError, RuntimeError, OSError) as error:  # it is there, and cannot load the library
        raise RefusedError(
            "several processes train together over mpi4py and an MPI library, and one of these is missing "
            f"({first_line(error)}): pip install chainrule[mpi]"
        ) from error
    if found.size < size:
        raise RefusedError(
            f"{size} processes were started, and mpi4py knows of {found.size}: mpiexec is of another MPI than mpi4py "
            "uses; take the one that was installed beside Python, or pip install chainrule[mpi]"
        )
    return found


@contextmanager
def muted(silent: bool) -> Iterator[None]:
    """Meanwhile nothing is printed: another process says the same.

    >>> with muted(True):
    ...     print("moons")
    """
    if not silent:
        yield
        return
    with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        yield
