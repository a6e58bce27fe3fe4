"""Programs that are run so that nothing they do can hurt: capped in time, memory and output, and gone afterwards.

A program gets a session of its own, and all that is in it ends with the run: at its end, at a cap, at Ctrl-C.

How memory is capped: on Linux by `prlimit` from outside, right after the start, which costs 30 µs; a program that waits
for its input has not grown by then. `preexec_fn` would not do, since it is unsafe in a process with threads. Elsewhere
`ulimit` of a shell that then becomes the program, for as much as the system keeps to it. On Windows nothing caps
memory, and only the program itself is ended, not what it has started.
"""

from __future__ import annotations

import _thread
import math
import os
import re
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from typing import IO, Literal, NamedTuple, cast

if sys.platform != "win32":
    import resource

__all__ = ["Caps", "Ending", "run"]

Failure = Literal["", "start", "time", "memory", "output", "exit"]

_TICK = 0.05  # seconds between two looks at what gives no sign, as the end of a program whose pipes others hold open
_GRACE = 1.0  # seconds for what is immediate unless somebody has left the session
_COMPLAINT = 32_768  # bytes that are kept of each end of what a program complains of
_NO_WINDOW: int = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # on Windows a console would flash up
_FROM_OUTSIDE = sys.platform == "linux"
_OUT_OF_MEMORY = re.compile(
    r"out of memory|memory allocation|cannot allocate|memoryerror|bad_alloc|alloc_error|error creating thread", re.I
)
"""What dot, its libraries, graphviz-pure and Python say of it. Their signals are those of any other crash."""


class Caps(NamedTuple):
    """What a program may take: seconds; MB of memory of its own, libraries not counted; MB that it writes.

    >>> Caps(60.0, 400).output
    64
    """

    seconds: float
    memory: int
    output: int = 64


class Ending(NamedTuple):
    """How a program ended: which cap it met or how else it failed, "" if it did not; what it wrote; what it said.

    >>> Ending("exit", b"", "no such font").failure
    'exit'
    """

    failure: Failure
    output: bytes
    said: str


def run(command: list[str], given: bytes, caps: Caps, folder: str | None = None) -> Ending:
    """How a program ended that was given so many bytes; nothing of it is left, however this call ends.

    A thread of its own starts the program and sees to its end. Ctrl-C strikes only the main thread, so it cannot hit
    between the start of a program and the note of who it is.

    Cost: 0.5 ms beside the program.

    >>> run([sys.executable, "-c", "print(input()[::-1])"], b"abc", Caps(30.0, 400)).output.split()
    [b'cba']
    """
    child = _Child(command, given, caps, folder)
    try:
        try:
            _thread.start_new_thread(child.live, ())  # an interrupted `Thread.start` or `join` forgets its thread
        except RuntimeError as error:  # no threads are left, or Python is about to end
            return Ending("start", b"", str(error))
        child.wait()
    finally:
        child.unwanted = True
        child.news.set()
        if not child.begun.acquire(blocking=False):  # else it never begins
            child.wait()
    if child.error is not None:
        raise child.error
    return child.ending


class _Child:
    """One program, from its start to its end."""

    def __init__(self, command: list[str], given: bytes, caps: Caps, folder: str | None) -> None:
        self.command, self.given, self.caps, self.folder = command, given, caps, folder
        self.unwanted = self.over = False
        self.begun, self.running = threading.Lock(), threading.Lock()
        self.running.acquire()
        self.news = threading.Event()  # a pipe has ended or brought too much, or nobody wants the program any more
        self.ending = Ending("start", b"", "not wanted any more")
        self.error: BaseException | None = None

    def wait(self) -> None:
        """Return when all is over. A wait without a timeout would keep Windows from hearing Ctrl-C."""
        while not self.over:
            self.running.acquire(timeout=_TICK)

    def live(self) -> None:
        """Run the program; how it ended, or what went wrong here, is kept for the caller's thread."""
        if not self.begun.acquire(blocking=False):
            return
        try:
            self.ending = self._ending()
        except (OSError, ValueError, RuntimeError) as error:  # no such program, a NUL in its path, no threads are left
            self.ending = Ending("start", b"", str(error))
        except BaseException as error:
            self.error = error
        finally:
            self.over = True
            self.running.release()

    def _ending(self) -> Ending:
        process = subprocess.Popen(
            launched(self.command, self.caps),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=self.folder,
            start_new_session=True,
            creationflags=_NO_WINDOW,
        )
        inlet, outlet, errors = cast("tuple[IO[bytes], ...]", (process.stdin, process.stdout, process.stderr))
        writer = _Writer(inlet, self.given)
        output = _Reader(outlet, self.caps.output, None, self.news)
        complaint = _Reader(errors, self.caps.output, _COMPLAINT, self.news)
        threads = (writer, output, complaint)
        try:
            cap(process.pid, self.caps)
            for thread in threads:
                thread.start()
            met = self._watched(process, (output, complaint))
        finally:
            end(process)
            for thread in threads:
                if thread.ident is None:  # it could not start, so it closes nothing
                    thread.pipe.close()
        patience = time.monotonic() + _GRACE
        for reader in (output, complaint):  # what was written before the end is still in the pipes
            reader.join(max(0.0, patience - time.monotonic()))
        if output.too_much or complaint.too_much:
            met = "output"
        return self._told(met, process.returncode, output, complaint.text())

    def _watched(self, process: subprocess.Popen[bytes], readers: tuple[_Reader, _Reader]) -> Failure:
        """The cap that the program meets, or "" when it ends or is not wanted any more."""
        deadline = time.monotonic() + self.caps.seconds
        while not self.unwanted and process.poll() is None:
            left = deadline - time.monotonic()
            if left <= 0:
                return "time"
            if any(reader.too_much for reader in readers):
                return "output"
            if all(reader.ended for reader in readers):  # it is about to exit
                with suppress(subprocess.TimeoutExpired):
                    process.wait(min(left, _TICK))
            else:
                self.news.wait(min(left, _TICK))
                self.news.clear()
        return ""

    def _told(self, met: Failure, code: int | None, output: _Reader, complaint: str) -> Ending:
        """The ending in words."""
        if met == "output":
            return Ending("output", b"", f"wrote more than {self.caps.output} MB")
        if met == "time" or (code and -code == getattr(signal, "SIGXCPU", None)):
            return Ending("time", b"", f"gave up after {self.caps.seconds:g} s")
        if not code:
            return Ending("", output.kept(), complaint)
        if _OUT_OF_MEMORY.search(complaint) and "syntax error" not in complaint:  # which quotes the source
            return Ending("memory", b"", f"needed more than {self.caps.memory:,} MB")
        if complaint:
            return Ending("exit", b"", complaint)
        return Ending("exit", b"", f"exit code {code}" if code > 0 else f"crashed ({signal.strsignal(-code)})")


class _Writer(threading.Thread):
    """Writes to a pipe all that there is, or as much as the program takes; closes it."""

    def __init__(self, pipe: IO[bytes], given: bytes) -> None:
        super().__init__(daemon=True)  # a program that has left its session may hold the pipe for ever
        self.pipe, self.given = pipe, given

    def run(self) -> None:
        with suppress(OSError), self.pipe:
            self.pipe.write(self.given)


class _Reader(threading.Thread):
    """Reads a pipe to its end, or until it has brought too much; closes it."""

    def __init__(self, pipe: IO[bytes], most: int, ends: int | None, news: threading.Event) -> None:
        super().__init__(daemon=True)  # as above
        self.pipe, self.most, self.ends, self.news = pipe, most << 20, ends, news
        self.pieces = bytearray()
        self.too_much = self.ended = False

    def run(self) -> None:
        size = 0
        with suppress(OSError), self.pipe:
            while piece := os.read(self.pipe.fileno(), 1 << 16):
                size += len(piece)
                if size > self.most:
                    self.too_much = True
                    self.pieces.clear()
                    break
                self.pieces += piece
                if self.ends is not None and len(self.pieces) > 4 * self.ends:
                    del self.pieces[self.ends : -self.ends]
        self.ended = True
        self.news.set()

    def kept(self) -> bytes:
        """What the pipe has brought."""
        return bytes(self.pieces)

    def text(self) -> str:
        """The same in characters."""
        return self.kept().decode("utf-8", "replace").strip()


def launched(command: list[str], caps: Caps) -> list[str]:
    """The command, behind a shell that caps itself where nothing can be capped from outside."""
    if _FROM_OUTSIDE or sys.platform == "win32":
        return command
    script = 'exec 3>&2 2>/dev/null; ulimit -c 0; ulimit -d "$0"; ulimit -t "$1"; shift; exec 2>&3 3>&- "$@"'
    return ["/bin/sh", "-c", script, str(caps.memory << 10), str(processor_seconds(caps)), *command]


def cap(pid: int, caps: Caps) -> None:
    """Cap a program that has just been started; where the system forbids that, it runs uncapped but for time."""
    if sys.platform == "linux" and _FROM_OUTSIDE:
        for what, most in (
            (resource.RLIMIT_DATA, caps.memory << 20),
            (resource.RLIMIT_CORE, 0),  # a crash leaves no file behind
            (resource.RLIMIT_CPU, processor_seconds(caps)),
        ):
            with suppress(OSError, ValueError):
                _, hard = resource.prlimit(pid, what)
                least = most if hard == resource.RLIM_INFINITY else min(most, hard)
                resource.prlimit(pid, what, (least, least))


def processor_seconds(caps: Caps) -> int:
    """A bound for a program that outlives this process, when that is killed; twice the time, since it may use threads.

    >>> processor_seconds(Caps(0.5, 400))
    3
    """
    return 2 * math.ceil(min(caps.seconds, 1e6)) + 1


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of a program and its children, and wait until it is gone.

    A group keeps its number as long as anybody is in it, and numbers go round: that of an empty one is not given out
    again in the microseconds since its leader was waited for.
    """
    with suppress(ProcessLookupError, PermissionError):  # nobody is left, or as macOS says of one that only waits
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    with suppress(subprocess.TimeoutExpired):  # a dead disk can hold even what was killed
        process.wait(_GRACE)
