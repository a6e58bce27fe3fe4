"""Where what was built is kept: a private folder, in which a library's name is the hash of all that it is made of.

That is its source, the flags, the compiler and the processor: what another machine left in a shared home is not taken.
A library is put there in one step: ten processes that begin at once may each build it, and none meets half of one.

Environment:
    CHAINRULE_CACHE: The folder; else `chainrule` in XDG_CACHE_HOME, or in ~/.cache.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import struct
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from autograd.border.files import write_file
from autograd.border.wording import brief
from autograd.building.compilers import ALWAYS, LIBRARY, Compiler, NotBuilt, native_flags, processor, run

__all__ = ["build", "folder", "key_of", "library_of"]

MOST_KEPT = 1000
"""So many libraries are kept, the latest used."""
ABANDONED = 3600.0
"""After so many seconds no process builds in a folder any more."""


def folder() -> Path:
    """The folder, made if it is not there.

    Raises:
        NotBuilt: it cannot be made or written to, or others could put libraries there, which this process would run.
    """
    remedy = "name another by CHAINRULE_CACHE"
    named, general = os.environ.get("CHAINRULE_CACHE", ""), os.environ.get("XDG_CACHE_HOME", "")
    try:
        cache = Path(general) if os.path.isabs(general) else Path.home() / ".cache"
        path = Path(named).expanduser() if named else cache / "chainrule"
    except RuntimeError:
        raise NotBuilt(f"nobody knows where the home folder is, for what is built: {remedy}") from None
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = path.stat()
    except OSError as error:
        raise NotBuilt(f"the folder for what is built, {path}, cannot be made ({error.strerror}): {remedy}") from None
    if not stat.S_ISDIR(found.st_mode):
        raise NotBuilt(f"{path}, where what is built is kept, is no folder: {remedy}")
    if hasattr(os, "getuid") and found.st_uid != os.getuid():
        raise NotBuilt(f"the folder for what is built, {path}, belongs to user {found.st_uid}: {remedy}")
    if os.name == "posix" and found.st_mode & 0o022:
        raise NotBuilt(f"the folder for what is built, {path}, can be written to by others: chmod 700 it, or {remedy}")
    if not os.access(path, os.W_OK | os.X_OK):
        raise NotBuilt(f"the folder for what is built, {path}, cannot be written to: {remedy}")
    return path


def key_of(source: str, chosen: Compiler) -> str:
    """The hash of a source, the flags, the compiler and the processor."""
    parts = (source, " ".join([*ALWAYS, *native_flags(), *LIBRARY]), chosen.identity, processor())
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:40]


def library_of(key: str, kept_in: Path) -> Path | None:
    """The library that is kept under a key; None if there is none, or it is not this user's alone to write to.

    Cost: some ten microseconds.
    """
    path = kept_in / f"{key}.so"
    try:
        found = path.lstat()
    except OSError:
        return None
    private = os.name != "posix" or (found.st_uid == os.getuid() and not found.st_mode & 0o022)
    if not private or not stat.S_ISREG(found.st_mode):
        return None
    try:
        os.utime(path)
        return path if is_whole(path, found.st_size) else None
    except OSError:
        return None


def is_whole(path: Path, size: int) -> bool:
    """Whether a library of so many bytes is all there, where it is of a kind that says so: half of one is a crash.

    An ELF file of 64 bits says where its table of sections is, which linkers put at its end.
    """
    with open(path, "rb") as file:
        head = file.read(64)
    if len(head) < 64 or head[:6] != b"\x7fELF\x02\x01":
        return True
    (table,), (each, count) = struct.unpack_from("<Q", head, 40), struct.unpack_from("<HH", head, 58)
    return bool(table + each * count <= size)


def build(source: str, key: str, chosen: Compiler, kept_in: Path) -> Path:
    """The library of a source, built and kept.

    Raises:
        NotBuilt: the compiler failed, or there is no room.
    """
    work = None
    try:
        work = Path(tempfile.mkdtemp(prefix=".building-", dir=kept_in))
        write_file(work / "program.c", source)
        run(chosen, str(work / "program.c"), str(work / "program.so"))
        os.chmod(work / "program.so", 0o700)
        os.replace(work / "program.so", kept_in / f"{key}.so")
    except OSError as error:
        why = error.strerror or brief(error)
        raise NotBuilt(f"what is built cannot be kept in {kept_in} ({why}): name another by CHAINRULE_CACHE") from None
    finally:
        if work is not None:
            shutil.rmtree(work, ignore_errors=True)
    drop_oldest(kept_in)
    return kept_in / f"{key}.so"


def drop_oldest(kept_in: Path) -> None:
    """Leave the latest used libraries, and no folder of a process that was killed; who has a library open keeps it."""
    with suppress(OSError):
        kept = sorted(kept_in.glob("*.so"), key=lambda path: path.stat().st_mtime)
        for path in kept[:-MOST_KEPT]:
            path.unlink(missing_ok=True)
        for left in kept_in.glob(".building-*"):
            if left.stat().st_mtime < time.time() - ABANDONED:
                shutil.rmtree(left, ignore_errors=True)
