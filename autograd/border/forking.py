"""Forked processes: only the thread that forks comes along, and what others held there, nobody will ever put down."""

import os
from collections.abc import Callable
from typing import Any

__all__ = ["in_forked_processes", "is_abandoned"]


def in_forked_processes(put_right: Callable[[], object]) -> None:
    """Have this called first thing in every process that is forked from here on, where a system has such a thing."""
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=put_right)


def is_abandoned(lock: Any) -> bool:
    """Whether a re-entrant lock is held by a thread that did not come along.

    >>> from threading import RLock
    >>> is_abandoned(RLock())
    False
    """
    if not lock.acquire(blocking=False):
        return True
    lock.release()
    return False
