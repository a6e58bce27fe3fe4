"""The processor: what it calls itself, how many cores this process may use, how many numbers it computes at once."""

from __future__ import annotations

import platform
import subprocess
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from autograd.replay.threads import as_threads

__all__ = ["Processor", "name_in", "processor", "width_of"]

WIDTHS = (
    (512, "AVX512F"), (256, "AVX2"), (256, "LASX"), (128, "SSE2"), (128, "NEON"), (128, "ASIMD"), (128, "VSX"),
    (128, "VX"), (128, "LSX"),
)  # fmt: skip
"""Bits of a vector of doubles, by NumPy's names of what processors can do; the widest first."""
UNKNOWN = "unknown processor"


class Processor(NamedTuple):
    """What computes here.

    Attributes:
        name: What it calls itself.
        cores: How many this process may use, and a replay does.
        width: Bits of its vectors; 0 if that is not known. A double takes 64.

    >>> str(Processor("Motorola 68000", 1, 0))
    'Motorola 68000, 1 core'
    >>> str(Processor("Xeon", 8, 256))
    'Xeon, 8 cores, vectors of 256 bits (4 numbers at once)'
    """

    name: str
    cores: int
    width: int

    def __str__(self) -> str:
        cores = f"{self.cores} core{'s' * (self.cores != 1)}"
        vectors = f", vectors of {self.width} bits ({self.width // 64} numbers at once)" if self.width else ""
        return f"{self.name}, {cores}{vectors}"


def processor() -> Processor:
    """The processor that this process runs on. Whatever cannot be found out is left open, and nothing raises.

    >>> processor().cores >= 1
    True
    """
    return Processor(own_name(), as_threads(None), width_of(features()))


def own_name() -> str:
    """What it calls itself, by the ways of each system."""
    said = ""
    try:
        if sys.platform == "darwin":
            command = ["sysctl", "-n", "machdep.cpu.brand_string"]
            said = subprocess.run(command, capture_output=True, text=True, timeout=5, check=False).stdout.strip()
        elif sys.platform != "win32":
            said = name_in(Path("/proc/cpuinfo").read_text(errors="replace"))
    except (OSError, subprocess.SubprocessError):
        pass  # a system without that file or program, or that forbids it
    return said or platform.processor() or platform.machine() or UNKNOWN


def name_in(told: str) -> str:
    r"""The name in what Linux tells of processors; empty if none is: ARM's have numbers.

    >>> name_in("processor : 0\nmodel : 85\nmodel name\t: Intel(R)  Xeon(R)\n")
    'Intel(R) Xeon(R)'
    """
    pairs = (line.partition(":") for line in told.splitlines())
    return next((" ".join(text.split()) for key, _, text in pairs if key.strip() in ("model name", "cpu model")), "")


def features() -> Mapping[str, bool]:
    """What the processor can do, as NumPy has found out, which asks on every system; empty if it no longer tells."""
    try:
        return dict(import_module("numpy._core._multiarray_umath").__cpu_features__)
    except (ImportError, AttributeError, TypeError):
        return {}


def width_of(features: Mapping[str, bool]) -> int:
    """The bits of the widest vectors among those features; 0 if none is known.

    >>> width_of({"SSE2": True, "AVX2": True, "AVX512F": False})
    256
    """
    return next((bits for bits, feature in WIDTHS if features.get(feature)), 0)
