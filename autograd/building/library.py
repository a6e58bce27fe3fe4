"""A program in machine code: built, or found where it was kept, and loaded."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any

from autograd._build import native
from autograd.border.forking import in_forked_processes
from autograd.building.compilers import NotBuilt, compiler
from autograd.building.keeping import build, folder, key_of, library_of
from autograd.building.source import MOST_STEPS, count_steps, source_of
from autograd.lowering.lowered import Lowered

if native:
    from autograd.replay.machine import Machine

__all__ = ["Library", "loaded", "machine_of"]

NAMED = '__attribute__((visibility("default"))) const char made_of[] = "%s";'
"""What tells a library from another that has come by its name."""
_at_work: dict[str, Lock] = {}


in_forked_processes(_at_work.clear)  # other threads may have held them


def machine_of(lowered: Lowered) -> Any:
    """What runs a lowered program without guards in machine code: a `Machine`; a `Library`, where that is interpreted.

    Raises:
        NotBuilt: there is no compiler, it fails, there is no place to keep what it makes, or the program is too long.

    Cost: some tenths of a second, and half a second for each 500 steps; found again, a millisecond.
    """
    steps = count_steps(lowered)
    if steps > MOST_STEPS:
        raise NotBuilt(f"a program of {steps} steps would take a compiler too long; up to {MOST_STEPS} are built")
    library = Library(loaded(source_of(lowered)), lowered)
    if not native:
        return library
    machine = Machine(lowered)
    machine.run_in_c(*library.addresses(), library)
    return machine


def loaded(source: str) -> ctypes.CDLL:
    """The library of a source, found or built.

    Raises:
        NotBuilt: see `machine_of`.
    """
    chosen, kept_in = compiler(), folder()
    key = key_of(source, chosen)
    with _at_work.setdefault(key, Lock()):  # of threads that want the same one builds it
        path = library_of(key, kept_in)
        if path is not None:
            with suppress(OSError):
                return opened(path, key)  # else it is not what was built: it is built anew
        path = build(f"{source}\n{NAMED % key}\n", key, chosen, kept_in)
        try:
            return opened(path, key)
        except OSError as error:
            path.unlink(missing_ok=True)
            why = str(error).removeprefix(f"{path}: ")
            raise NotBuilt(
                f"what {chosen.command[0]} built cannot be loaded ({why}): see that it works, or set CC"
            ) from None


def opened(path: Path, key: str) -> ctypes.CDLL:
    """A library that is there.

    Raises:
        OSError: it is none, or was built of another source.
    """
    library = ctypes.CDLL(os.fspath(path))
    with suppress(ValueError):  # it does not say of what
        if (ctypes.c_char * len(key)).in_dll(library, "made_of").value == key.encode():
            return library
    with suppress(OSError, TypeError, AttributeError):  # else what is built anew would be taken for it, by its name
        ctypes.CDLL(None).dlclose(ctypes.c_void_p(library._handle))
    raise OSError("it is made of another source")


class Batch(ctypes.Structure):
    """A batch, as building/driver.h has it."""

    _fields_ = (
        ("first", ctypes.c_void_p),
        ("columns", ctypes.c_ssize_t),
        ("to_next_row", ctypes.c_ssize_t),
        ("to_next_column", ctypes.c_ssize_t),
    )


class Library:
    """A program that is loaded, and run as a `Machine` of replay/machine.pyx is."""

    def __init__(self, library: ctypes.CDLL, lowered: Lowered) -> None:
        self._library, self.lowered = library, lowered
        for function, result in ((library.before, None), (library.after, None), (library.work, ctypes.c_int)):
            function.restype = result
        size, pointer = ctypes.c_ssize_t, ctypes.c_void_p
        library.before.argtypes = library.after.argtypes = (pointer,)
        library.work.argtypes = (pointer, ctypes.POINTER(Batch), size, pointer, size, pointer, size, size)

    def addresses(self) -> tuple[int, int, int]:
        """Where its functions are: what is done before the lanes, over them, and after them."""
        functions = self._library.before, self._library.work, self._library.after
        before, work, after = [ctypes.cast(function, ctypes.c_void_p).value or 0 for function in functions]
        return before, work, after

    def run_before(self, numbers: Any, n: int) -> None:
        """Compute the numbers as far as that can be done before the lanes, for a batch of n rows."""
        numbers[self.lowered.numbers.inputs] = n
        self._library.before(numbers.ctypes.data)

    def run_after(self, numbers: Any, sums: Any) -> int:
        """Put in the sums over the lanes, and compute the rest; the number of the guard that fails: there are none."""
        first = self.lowered.numbers.first_sum
        numbers[first : first + len(sums)] = sums
        self._library.after(numbers.ctypes.data)
        return 0

    def run_lanes(
        self,
        numbers: Any,
        batches: Sequence[Any],
        lanes: Any,
        failed: Any,
        sums: Any,
        start: int,
        stop: int,
        offset: int,
    ) -> None:
        """The lanes from `start` to `stop`; see `Machine.run_lanes`."""
        sources = (Batch * len(batches))()
        for source, array in zip(sources, batches, strict=True):
            row, column = (step // 8 for step in array.strides)
            source.first, source.columns = array.ctypes.data - 8 * offset * row, array.shape[1]
            source.to_next_row, source.to_next_column = row, column
        done = self._library.work(
            numbers.ctypes.data, sources, len(batches), lanes.ctypes.data, lanes.shape[1], sums.ctypes.data, start, stop
        )
        if not done:
            raise MemoryError
