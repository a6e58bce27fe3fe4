"""Adding a function is one row, its value if math.h has none, and one command: done here in a copy of the project."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import autograd
from autograd.calculus.table import TABLE

ROOT = Path(__file__).parents[2]
TABLE_ROWS = """\
softsign = Primitive("softsign", ieee.softsign, lambda x, z: 1.0 / ((1.0 + abs(x)) * (1.0 + abs(x))),
                     about="x / (1 + |x|)")
bounded = Primitive("bounded", ieee.bounded, lambda x, a, b, z: where((a <= x) & (x <= b), 1.0, 0.0),
                 lambda x, a, b, z: where(x < a, 1.0, 0.0), lambda x, a, b, z: where(x > b, 1.0, 0.0), selects=True)
length = Variadic("length", ieee.length, lambda x, y, z: x / z, about="the length of a vector")
sum_of_logs = Variadic("sum_of_logs", ieee.sum_of_logs, lambda x, y, z: 1.0 / x, about="log(xs[0]) + log(xs[1]) + ...")
"""
VALUES = """

def softsign(x):
    return x / (1.0 + fabs(x))


def bounded(x, a, b):
    if x < a:
        return a
    if x > b:
        return b
    return x


def length(xs):
    return sqrt(fold(lambda z, x: z + x * x, 0.0, xs))


def sum_of_logs(xs):
    return fold(add, 0.0, xs, log)
"""
GENERATE = [sys.executable, "autograd/calculus/_generate.py"]


def run(folder, *command, **environment):
    """Run a command in the copy, which must succeed; what it prints."""
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def add_rows(folder, rows, values=""):
    """Add rows to the table of the copy, and values to `ieee`."""
    table, ieee = folder / "autograd/calculus/table.py", folder / "autograd/calculus/ieee.py"
    table.write_text(table.read_text().replace("# fmt: on\n", f"{rows}# fmt: on\n"))
    ieee.write_text(ieee.read_text() + values)


@pytest.fixture
def copy(tmp_path):
    """A copy of the sources, without what was compiled."""
    compiled = shutil.ignore_patterns("*.so", "*.pyd", "__pycache__")
    shutil.copytree(ROOT / "autograd", tmp_path / "autograd", ignore=compiled)
    shutil.copy(ROOT / "setup.py", tmp_path)
    return tmp_path


def test_a_row_of_one_of_three_and_of_any_number_of_operands(copy):
    add_rows(copy, TABLE_ROWS, VALUES)
    run(copy, *GENERATE)
    shutil.copy(Path(__file__).with_name("rows_of_a_copy.py"), copy)
    checked = run(copy, sys.executable, "rows_of_a_copy.py", CHAINRULE_INTERPRETED="1")
    assert checked.split() == ["interpreted"]
    if autograd.native:
        build_what_changed(copy)
        assert run(copy, sys.executable, "rows_of_a_copy.py", CHAINRULE_REQUIRE_NATIVE="1").split() == ["compiled"]


def build_what_changed(folder):
    """Compile the modules that read the kernel or have the methods; the others are taken over as they are."""
    setup = folder / "setup.py"
    text = setup.read_text().replace('"-O3"', '"-O0"')  # takes a third of the time; but lanes need vector code
    setup.write_text(text.replace('"-fopenmp-simd"', '"-fopenmp-simd", "-O1"'))
    sources = list((folder / "autograd").rglob("*.p[xy][dx]"))
    reads_kernel = re.compile(r"calculus\.(kernel|moving) cimport|_kernel\.h|lanes\.h")
    changed = {path.stem for path in sources if reads_kernel.search(path.read_text())} | {"_methods"}
    for path in sorted((ROOT / "build" / "autograd").rglob("*.c")):
        if path.stem not in changed:
            take(path, folder)
    for path in sorted((ROOT / "autograd").rglob("*.so")):
        if path.name.split(".")[0] not in changed:
            take(path, folder)
    run(folder, sys.executable, "setup.py", "-q", "build_ext", "--inplace", CFLAGS="-g0")


def take(path, folder):
    """Copy a file to its place in another folder; it is newer there than any source."""
    taken = folder / path.relative_to(ROOT)
    taken.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(path, taken)


@pytest.mark.parametrize(
    ("rows", "values", "refused"),
    [
        ("".join(f'r{i} = Primitive("r{i}", ieee.exp, lambda x, z: z)\n' for i in range(200)), "",
         f"the table has {len(TABLE) + 200} rows, and codes for 197: raise ROOM in calculus/codes.py"),
        ('lanes = Primitive("lanes", ieee.exp, lambda x, z: z)\n', "", "used twice: LANES"),
        ('four = Primitive("four", lambda *xs: xs[0], *[lambda a, b, c, d, z: 1.0] * 4)\n', "",
         "four takes 4 operands: a row takes 1, 2, 3 or any number"),
        ('odd = Variadic("odd", ieee.logsumexp, lambda x, y, z: y)\n', "", "odd: its partial looks at y"),
        ('late = Variadic("late", ieee.late, lambda x, y, z: x)\n',
         "\n\ndef late(xs):\n    return fold(top_of, 0.0, xs) if fold(top_of, -inf, xs) > 0.0 else 0.0\n",
         "a fold after an `if`"),
    ],
    ids=["too many", "a name that is taken", "four operands", "a partner", "a late fold"],
)  # fmt: skip
def test_what_the_generator_refuses(copy, rows, values, refused):
    add_rows(copy, rows, values)
    done = subprocess.run(GENERATE, cwd=copy, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert refused in done.stderr.splitlines()[-1]
