"""Ranks for real: started by mpiexec, over mpi4py."""

import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from autograd._build import is_set

ROOT = Path(__file__).parents[3]
MPIEXEC = shutil.which("mpiexec", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]))
OPEN_MPI = MPIEXEC is not None and "Open MPI" in subprocess.run(
    [MPIEXEC, "--version"], capture_output=True, text=True, check=False
).stdout  # fmt: skip

pytestmark = [
    pytest.mark.any_build,
    pytest.mark.skipif(
        MPIEXEC is None or importlib.util.find_spec("mpi4py") is None,
        reason="needs mpi4py and an MPI: pip install chainrule[mpi]",
    ),
]

ENVIRONMENT = {
    "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
    # Ranks that wait leave the processor to those that work, and none is tied to one: others are at work here too.
    "OMPI_MCA_mpi_yield_when_idle": "1", "PRTE_MCA_hwloc_default_binding_policy": "none",
    "PRTE_MCA_rmaps_default_mapping_policy": ":oversubscribe", "OMPI_MCA_btl": "self,sm",
}  # fmt: skip


def started(*command, size=2, options=(), cwd=ROOT):
    """What a program did that was started on some ranks, and how many seconds that took."""
    began = time.monotonic()
    done = subprocess.run(
        [MPIEXEC, *options, "-n", str(size), sys.executable, *map(str, command)],
        cwd=cwd, env={**os.environ, **ENVIRONMENT, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    return done, time.monotonic() - began


def run(*arguments, **options):
    done, _ = started("-m", "tests.nn.training.by_mpi", *arguments, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def alone(*arguments):
    done = subprocess.run(
        [sys.executable, "-m", "tests.nn.training.by_mpi", *arguments, "--alone"],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    return json.loads(done.stdout)


def require_same(found, want):
    for name in ("losses", "validation", "weights"):
        np.testing.assert_allclose(found[name], want[name], 1e-12, 1e-12, err_msg=name)
    assert found["accuracy"] == want["accuracy"]
    assert found["steps"] == want["steps"]


@pytest.mark.parametrize("data", ["moons", "digits"])
def test_the_same_losses(data):
    if data == "digits":
        pytest.importorskip("sklearn")
    found = run(data)
    assert found["alike"]
    require_same(found, alone(data))


def test_a_rank_that_is_killed(tmp_path):
    """The job ends, and says which rank it was; then it goes on from its checkpoint."""
    began = time.time()
    path = tmp_path / "run"
    done, _ = started(
        "-m", "tests.nn.training.by_mpi", "moons", "--checkpoint", path, "--signal", 1, 22, int(signal.SIGKILL)
    )  # fmt: skip
    assert done.returncode != 0
    if OPEN_MPI:
        assert "process rank 1" in done.stdout + done.stderr
    assert path.stat().st_mtime >= began
    found = run("moons", "--checkpoint", path)
    assert found["alike"]
    require_same(found, alone("moons"))


def test_ctrl_c_on_one_rank():
    found = run("moons", "--signal", 1, 17, int(signal.SIGINT))
    assert found["interrupted"]
    assert found["alike"]
    assert found["steps"] == 18


@pytest.mark.skipif(not OPEN_MPI, reason="needs Open MPI, which can go on without a rank")
@pytest.mark.skipif(not is_set("CHAINRULE_ULFM"), reason="Open MPI does not always go on: set CHAINRULE_ULFM=1")
def test_others_go_on_when_a_rank_is_killed():
    found, _ = started("-c", SURVIVING, size=3, options=["--with-ft", "ulfm"])
    assert found.returncode == 0, found.stdout + found.stderr
    lines = [json.loads(line) for line in found.stdout.splitlines() if line.startswith("[")]
    assert len(lines) == 2
    assert lines[0] == lines[1]
    np.testing.assert_allclose(lines[0], alone("moons")["losses"], 1e-12)
    assert "1 of the ranks were lost; 2 go on from step 1" in found.stderr


SURVIVING = """
import json, sys
from tests.nn.training import by_mpi
import nn
def told(*arguments, **options):
    history = fit(*arguments, **options)
    print(json.dumps(history.loss), flush=True)
    sys.exit(0)
fit, nn.fit = nn.fit, told
sys.argv = ["by_mpi", "moons", "--signal", "1", "17", "9"]
by_mpi.main()
"""
