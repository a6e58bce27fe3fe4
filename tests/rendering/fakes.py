"""Programs of a few lines, and what is left of them."""

import os
import sys
import time
from pathlib import Path

INTERPRETER = getattr(sys, "_base_executable", sys.executable)  # without the packages here it starts in 10 ms


PROLOGUE = """
import os, sys, time

def note(pid):
    open(f"{here}/new-{pid}", "w").close()
    os.rename(f"{here}/new-{pid}", f"{here}/pid-{pid}")

def wait_for_notes(many):
    while len([name for name in os.listdir(here) if name.startswith("pid-")]) < many:
        time.sleep(0.005)
"""


def program(path, code):
    """Makes a program of Python; the folder it is in is `here`, and `note(pid)` is read by `noted`."""
    path.write_text(f"#!{INTERPRETER} -SE\nhere = {str(path.parent)!r}\n{PROLOGUE}\n{code}\n")
    path.chmod(0o755)
    return str(path)


def noted(folder):
    """The numbers that programs have noted."""
    return [int(path.name[4:]) for path in folder.glob("pid-*")]


def wait_for_notes(folder, many):
    """The same, as soon as there are so many."""
    deadline = time.monotonic() + 10
    while len(noted(folder)) < many and time.monotonic() < deadline:
        time.sleep(0.005)
    return noted(folder)


def alive(pid):
    """Whether a process runs; those of our own that nobody has waited for count, those of others do not."""
    try:
        if os.waitpid(pid, os.WNOHANG):
            return True
    except ChildProcessError:
        pass
    status = Path(f"/proc/{pid}/stat")
    try:
        os.kill(pid, 0)
        return not (status.exists() and status.read_text().rpartition(")")[2].split()[0] in "ZX")
    except (ProcessLookupError, FileNotFoundError):
        return False


def gone(pids):
    """Whether all of them are gone, at once or as soon as the system has swept up."""
    deadline = time.monotonic() + 2
    while any(alive(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.005)
    return not any(alive(pid) for pid in pids)
