"""Runs that are killed at random moments: each goes on from a whole checkpoint, and ends with the same bits."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.any_build

ROOT = Path(__file__).parents[3]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that are forked, as on POSIX")
def test_kill_9_at_random_moments(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "tests.nn.training.killed", str(tmp_path), "50", "1"],
        cwd=ROOT, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    told = json.loads(done.stdout)
    assert told["kills"] == 50
    assert told["differ"] == []
    assert len(told["ends"]) >= 2
    assert told["resumed"] >= 25, "most were killed after their first checkpoint"
    assert len(set(told["steps"])) >= 10, "at many places"
