"""What is asked of a `comm`, whatever it is (a rank, a size, `Allreduce`), what it raises when a rank is lost, and
how many threads each of its ranks has.
"""

import os
from typing import Any

from autograd.border.wording import brief
from nn.checks import is_whole

__all__ = ["as_comm", "is_of_a_loss", "threads_for"]

FAILURES = ("MPI_ERR_PROC_FAILED", "MPI_ERR_PROC_FAILED_PENDING", "MPI_ERR_REVOKED")
"""How MPI calls what it raises then."""


def as_comm(comm: Any) -> tuple[int, int]:
    """The rank and the size that something has.

    Raises:
        TypeError: it has none, or no `Allreduce`.
        ValueError: they do not go together.
    """
    rank, size = getattr(comm, "rank", None), getattr(comm, "size", None)
    if not is_whole(rank) or not is_whole(size) or not callable(getattr(comm, "Allreduce", None)):
        raise TypeError(
            "fit: comm: expected something with rank, size and Allreduce(send, recv), such as mpi4py's MPI.COMM_WORLD, "
            f"got {type(comm).__name__} {brief(comm)}"
        )
    if not 0 <= rank < size:  # type: ignore[operator]
        raise ValueError(f"fit: comm: rank {rank} is none of {size}, from 0 on")
    return int(rank), int(size)  # type: ignore[arg-type]


def is_of_a_loss(error: Exception) -> bool:
    """Whether MPI raised this as a rank was lost.

    >>> is_of_a_loss(ValueError()), is_of_a_loss(RuntimeError("MPI_ERR_REVOKED: communicator revoked"))
    (False, True)
    """
    return any(name in str(error) for name in FAILURES)


def threads_for(size: int) -> int | None:
    """So many threads for each of the ranks that share this machine; None where each has processors of its own.

    >>> threads_for(10**6)
    1
    """
    if not hasattr(os, "sched_getaffinity") or len(os.sched_getaffinity(0)) == os.cpu_count():
        here = os.environ.get("OMPI_COMM_WORLD_LOCAL_SIZE") or os.environ.get("MPI_LOCALNRANKS") or str(size)
        return max(1, (os.cpu_count() or 1) // (int(here) if here.isdigit() and int(here) else size))
    return None
