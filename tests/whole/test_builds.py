"""Two builds, one behaviour: the same bits, whatever the process, the hash seed and the engine."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import autograd
from tests.sizes import some

ROOT = Path(__file__).parents[2]
SCRIPT = """
import random, struct, sys, zlib
sys.path.insert(0, {root!r})
import autograd
from autograd import Value
from autograd.curvature.walks import bent
from tests.random_graphs import BINARY, UNARY, on_values
rng, bits = random.Random(7), b""
for _ in range(300):
    leaves = [Value(rng.uniform(-2, 2)) for _ in range(4)]
    slots = list(leaves)
    for _ in range(40):
        n = rng.choice((1, 2))
        operands = [rng.choice(slots[-8:]) for _ in range(n)]
        slots.append(on_values(rng.choice(UNARY if n == 1 else BINARY), operands))
    total = autograd.sum(slots[-5:]) + autograd.dot(slots[:4], slots[-4:], leaves[0]) + autograd.logsumexp(slots[-6:])
    total.backward()
    second = bent(total, leaves, [[0.3, -1.7, 0.9, 2.1]])[0]
    bits += struct.pack("<9d", total.data, *(leaf.grad for leaf in leaves), *second)
print(zlib.crc32(bits), len(bits), autograd.native)
"""


def run(script, **environment):
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.any_build
def test_the_same_bits_in_all_processes_on_both_builds_with_any_hash_seed():
    script = SCRIPT.format(root=str(ROOT))
    runs = [
        run(script, PYTHONHASHSEED=str(seed), CHAINRULE_INTERPRETED="1" if seed % 2 else "0") for seed in range(some(8))
    ]
    assert {(crc, length) for crc, length, _ in runs} == {(runs[0][0], str(300 * 9 * 8))}
    if autograd.native:
        assert {native for *_, native in runs} == {"True", "False"}


@pytest.mark.any_build
def test_the_interpreted_engine_can_be_asked_for_and_the_compiled_one_required():
    assert run("import autograd; print(autograd.native)", CHAINRULE_INTERPRETED="1") == ["False"]
    script = "import autograd"
    refused = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "CHAINRULE_INTERPRETED": "1", "CHAINRULE_REQUIRE_NATIVE": "1"},
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert refused.returncode == 1
    assert "CHAINRULE_REQUIRE_NATIVE is set but the engine is interpreted" in refused.stderr


@pytest.mark.any_build
def test_generated_files_are_fresh():
    done = subprocess.run(
        [sys.executable, "autograd/calculus/_generate.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.any_build
def test_a_stale_table_is_refused(tmp_path):
    """Codes are positions in the table: an engine generated from another table must not run."""
    import shutil

    shutil.copytree(
        ROOT / "autograd", tmp_path / "autograd", ignore=shutil.ignore_patterns("*.so", "*.pyd", "__pycache__")
    )
    table = tmp_path / "autograd" / "calculus" / "table.py"
    row = 'cube = Primitive("cube", lambda x: x * x * x, lambda x, z: 3.0 * (x * x))\n'
    table.write_text(table.read_text().replace("# fmt: on\n", row + "# fmt: on\n"))
    command = [sys.executable, "-c", "import autograd; x = autograd.Value(2.0); x.cube().backward(); print(x.grad)"]
    refused = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "run `python autograd/calculus/_generate.py`" in refused.stderr
    subprocess.run([sys.executable, "autograd/calculus/_generate.py"], cwd=tmp_path, check=True, capture_output=True)
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["12.0"], done.stderr


def test_main_says_which_engine_runs():
    done = subprocess.run([sys.executable, "-m", "autograd"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ("compiled" if autograd.native else "interpreted") in done.stdout


@pytest.mark.skipif(not autograd.native, reason="the build in use is the interpreted one")
def test_compiled_nodes_are_small():
    assert sys.getsizeof(autograd.Value(1.0)) <= 96
