"""The C compiler of this machine: which it is, the flags it is given, and a run of it that ends.

None of the flags changes a number: additions stay in their order, and no product is fused with a sum.

Environment:
    CC: The compiler's name or path, and options if it needs any; without it the first there is of cc, gcc and clang.
"""

from __future__ import annotations

import errno
import os
import platform
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import NamedTuple

from autograd.border.wording import brief, shortened

__all__ = ["Compiler", "NotBuilt", "compiler", "processor", "run"]

TIMEOUT = 60.0
"""So many seconds a compiler may take. A function of 500 steps takes it about half a second."""
EXACT = ("-fno-fast-math", "-fno-unsafe-math-optimizations", "-fno-finite-math-only", "-ffp-contract=off")
"""Whatever CC brings along: a library made by -ffast-math would have the whole process round small numbers to 0."""
ALWAYS = ("-O3", *EXACT, "-fno-math-errno", "-fno-trapping-math", "-fopenmp-simd")
LIBRARY = ("-x", "c", "-std=gnu11", "-w", "-fvisibility=hidden", "-shared", "-fPIC")
CANDIDATES = ("cc", "gcc", "clang")


class NotBuilt(Exception):
    """Nothing was built; the message says why, and what would help."""


class Compiler(NamedTuple):
    """A compiler.

    Attributes:
        command: It and its options.
        identity: Of its files, what changes with its version.
    """

    command: tuple[str, ...]
    identity: str


_tried: dict[Compiler, str] = {}
"""Compilers that were run: "" if one has built something, else why not."""


def compiler() -> Compiler:
    """The compiler that CC names, or else the first there is.

    Raises:
        NotBuilt: there is none, or CC cannot be read.
    """
    given = os.environ.get("CC", "")
    try:
        words = shlex.split(given)
    except ValueError as error:
        raise NotBuilt(f"CC is {brief(given)}, which is no command ({error})") from None
    for name in words[:1] or CANDIDATES:
        path = shutil.which(name)
        if path is not None:
            return Compiler((path, *words[1:]), " ".join([*files_of((path, *words[1:])), *words[1:]]))
    if words:
        raise NotBuilt(f"CC is {brief(given)}, and no such program is on the PATH: install it, or unset CC")
    raise NotBuilt("no C compiler is on the PATH (cc, gcc, clang): install one, or say by CC where it is")


def files_of(command: Sequence[str]) -> Iterator[str]:
    """Of each program that a command may come to its file, and what changes with its version.

    `ccache gcc` runs another program, and a `gcc` that is a link to ccache runs the next one on the PATH: so all are
    taken that have the name of one of its words.
    """
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    names = [word for word in command if not word.startswith("-")]
    paths = [os.path.join(folder, os.path.basename(name)) for name in names for folder in folders]
    for real in dict.fromkeys(map(os.path.realpath, [*names[:1], *paths])):
        if os.path.isfile(real) and os.access(real, os.X_OK):
            found = os.stat(real)
            yield f"{real} {found.st_size} {found.st_mtime_ns}"


@cache
def processor() -> str:
    """What this processor is, and which instructions it has: machine code made for them runs on no others."""
    said = f"{platform.machine()} {sys.platform}"
    with suppress(OSError):
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
        wanted = [line for line in lines if line.startswith(("flags", "Features", "model name"))]
        return " ".join([said, *dict.fromkeys(wanted)])
    return f"{said} {platform.processor()}"


def native_flags() -> tuple[str, ...]:
    """Flags by which the code is for this processor alone."""
    if platform.machine().lower() in ("arm64", "aarch64"):
        return ("-mcpu=native",)
    wide = ("-mprefer-vector-width=512",) if " avx512f " in f"{processor()} " else ()
    return ("-march=native", *wide)


def run(chosen: Compiler, source: str, target: str) -> None:
    """Build a library.

    A compiler that does not know the flags for this processor is asked again without them. One that failed before it
    built anything is not run again by this process: each path of a function would wait for it.

    Args:
        chosen: By which compiler.
        source, target: Paths of the C file and of the library.

    Raises:
        NotBuilt: it failed, or took too long.
    """
    if why := _tried.get(chosen):
        raise NotBuilt(why)
    said = ""
    try:
        for native in (native_flags(), ()):
            said = run_once([*chosen.command, *ALWAYS, *native, *LIBRARY, source, "-o", target, "-lm"])
            if not said and os.path.exists(target):
                _tried[chosen] = ""
                return
        raise NotBuilt(
            f"{chosen.command[0]} did not build it ({said or 'it left no library'}): see that it works, or set CC"
        )
    except NotBuilt as failure:
        _tried.setdefault(chosen, str(failure))
        raise


def run_once(command: list[str]) -> str:
    """What a compiler complains of, in a line; "" if it does not. Nothing of it is left, however this ends."""
    try:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        raise NotBuilt(f"{command[0]} cannot be run ({error.strerror}): see that it works, or set CC") from None
    try:
        _, said = child.communicate(timeout=TIMEOUT)
    except subprocess.TimeoutExpired:
        raise NotBuilt(f"{command[0]} took more than {TIMEOUT:g} s") from None
    finally:
        if child.poll() is None:
            with suppress(OSError):
                os.killpg(child.pid, signal.SIGKILL) if hasattr(os, "killpg") else child.kill()
            child.communicate()
    if not child.returncode:
        return ""
    lines = said.decode(errors="replace").strip().splitlines()
    causes = [line for line in lines if os.strerror(errno.ENOSPC) in line]
    errors = [line for line in lines if "error" in line.lower()]
    return shortened((causes or errors or lines or [f"it ended with {child.returncode}"])[0], 200)
