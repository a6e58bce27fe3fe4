"""What is known of the processor, and what is left open where a system does not tell."""

import importlib
import os
import platform
import subprocess
import sys

import pytest

from autograd.surroundings import processor as file
from autograd.surroundings.processor import Processor, features, name_in, own_name, processor, width_of

pytestmark = pytest.mark.any_build

XEON = "processor\t: 0\nvendor_id\t: GenuineIntel\nmodel\t\t: 85\nmodel name\t: Intel(R) Xeon(R)   CPU: 2.00GHz\n"
ARM = "processor\t: 0\nBogoMIPS\t: 243.75\nFeatures\t: fp asimd\nCPU implementer\t: 0x41\nCPU part\t: 0xd0c\n"
LOONGSON = "system type\t: generic\nprocessor : 0\nModel Name\t: Loongson-3A5000\ncpu model : Loongson-64bit\n"


@pytest.mark.parametrize(
    ("told", "name"),
    [
        (XEON, "Intel(R) Xeon(R) CPU: 2.00GHz"), (ARM, ""), (LOONGSON, "Loongson-64bit"), ("", ""),
        ("model name\n", ""), ("model name :\nmodel name : second\n", ""), ("\x00\ufffd:\n", ""),
    ],
)  # fmt: skip
def test_the_name_is_read_from_what_linux_tells(told, name):
    assert name_in(told) == name


@pytest.mark.parametrize(
    ("can", "width"),
    [
        ("SSE2", 128), ("SSE2 AVX2 FMA3", 256), ("SSE2 AVX2 AVX512F", 512), ("NEON ASIMD", 128), ("ASIMD SVE", 128),
        ("VSX VSX2", 128), ("", 0), ("POPCNT", 0),
    ],
)  # fmt: skip
def test_vectors_are_as_wide_as_the_widest_that_it_can(can, width):
    assert width_of({"AVX512F": False, **dict.fromkeys(can.split(), True)}) == width


@pytest.mark.skipif(not os.path.exists("/proc/cpuinfo"), reason="only Linux tells in a file")
def test_it_is_what_linux_says_too():
    with open("/proc/cpuinfo") as told:
        text = told.read()
    found = processor()
    assert found.name == name_in(text) or not name_in(text)
    flags = next((line for line in text.splitlines() if line.startswith("flags")), "").split()
    if flags:
        assert found.width == (512 if "avx512f" in flags else 256 if "avx2" in flags else 128)
    assert found.cores == len(os.sched_getaffinity(0))


def test_it_counts_the_cores_that_this_process_may_use():
    if not hasattr(os, "sched_setaffinity"):
        pytest.skip("this system ties no process to a core")
    script = "import os; os.sched_setaffinity(0, [min(os.sched_getaffinity(0))]); "
    script += "from autograd.surroundings.processor import processor; print(processor().cores)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "1\n"


def refuse(*args, **kwargs):
    """What a system does that forbids it."""
    raise PermissionError(args)


@pytest.mark.parametrize("system", ["linux", "darwin", "win32", "plan9"])
def test_a_system_that_tells_nothing_raises_nothing(system, monkeypatch):
    monkeypatch.setattr(file, "Path", refuse)
    monkeypatch.setattr(file.subprocess, "run", refuse)
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(platform, "processor", lambda: "")
    monkeypatch.setattr(platform, "machine", lambda: "pdp11")
    assert own_name() == "pdp11"
    monkeypatch.setattr(platform, "machine", lambda: "")
    assert own_name() == file.UNKNOWN


def test_a_numpy_that_no_longer_tells_leaves_the_width_open(monkeypatch):
    monkeypatch.setattr(file, "import_module", lambda name: sys)  # a module without it
    assert features() == {}
    monkeypatch.setattr(file, "import_module", lambda name: importlib.import_module(f"{name}_gone"))
    assert features() == {}
    assert width_of(features()) == 0


def test_a_mac_is_asked_by_its_own_program(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    said = subprocess.CompletedProcess([], 0, stdout="Apple M3\n")
    monkeypatch.setattr(file.subprocess, "run", lambda command, **_: said if command[0] == "sysctl" else None)
    assert own_name() == "Apple M3"


def test_one_core_is_singular_and_an_unknown_width_is_not_mentioned():
    assert str(Processor("M3", 1, 128)) == "M3, 1 core, vectors of 128 bits (2 numbers at once)"
    assert str(Processor("M3", 2, 0)) == "M3, 2 cores"
