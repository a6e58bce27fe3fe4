"""Random programs of statements: with branches merged, as guards, and as it comes, each row is the eager engine's.

`python -m tests.compiled.test_statements 10000` runs so many.
"""

import itertools
import math
import sys
import warnings
from random import Random

import numpy as np
import pytest

import autograd
from autograd.recorded import recordings
from tests.compiled.statement_programs import Writer, eagerly, function_of, row_of
from tests.sizes import some

PROGRAMS = some(72)


def is_close(x, y):
    return x == y or (math.isnan(x) and math.isnan(y)) or abs(x - y) <= 1e-10 * max(abs(x), abs(y), 1e-3)


def check(seed, modes):
    """Compare the rows of one program in each mode; how many tapes there were."""
    source = Writer(seed).write()
    f, random = function_of(source, f"<statements {seed}>"), Random(seed)
    edgy = random.choice([0.0, 0.2, 0.5])
    rows = [row_of(random, edgy) for _ in range(24)]
    expected = [(row, eagerly(f, row)) for row in rows]
    expected = [(row, found) for row, found in expected if not isinstance(found, Exception)]
    tapes: list[int] = []
    if not expected:
        return tapes
    for mode in modes:
        fast = autograd.compile(f, in_axes=0, threads=1, branches=mode)
        try:
            value, slopes = fast.value_and_grad(*np.array([row for row, _ in expected]).T, argnums=(0, 1, 2))
        except TypeError as error:
            if "depends on no Value" in str(error):
                return tapes
            raise
        tapes.append(len(fast.tapes))
        require_one_tree(fast)
        for k, (row, wanted) in enumerate(expected):
            found = [float(value[k]), *(float(x[k]) for x in slopes)]
            assert all(map(is_close, found, wanted)), (seed, mode, row, found, wanted, source)
    return tapes


def require_one_tree(fast):
    """Paths part where the same comparison comes out otherwise: a row that leaves one goes on along another."""
    for paths in fast._traced.paths.values():
        for one, other in itertools.combinations(paths.all, 2):
            i = next(i for i, (a, b) in enumerate(zip(one.outcomes, other.outcomes, strict=False)) if a != b)
            assert recordings.line_of(one.places[i]) == recordings.line_of(other.places[i])


@pytest.mark.parametrize("start", range(4))
@pytest.mark.filterwarnings("ignore:.*:RuntimeWarning")
def test_every_row_of_a_program_of_statements_is_the_eager_engines(start, monkeypatch):
    monkeypatch.setattr(recordings, "MOST_SPLITS", 1)
    for seed in range(start * PROGRAMS // 4, (start + 1) * PROGRAMS // 4):
        check(seed, ("selects", "auto"))


@pytest.mark.filterwarnings("ignore:.*:RuntimeWarning")
def test_a_loop_that_no_row_came_to_has_the_same_guards_on_all_paths():
    check(2207, ("selects",))


@pytest.mark.filterwarnings("ignore:.*:RuntimeWarning")
def test_a_function_that_decides_by_what_it_did_before_ends():
    turn = itertools.count()

    def f(x):
        if next(turn) % 2:
            return x * 2.0 if x > 0.5 else -x
        return x * 3.0 if x * x > 0.5 else x

    for branches in ("guards", "selects", "auto"):
        fast = autograd.compile(f, in_axes=0, branches=branches)
        for _ in range(3):
            assert len(fast(np.linspace(-1.0, 1.0, 50))) == 50


@pytest.mark.filterwarnings("ignore:.*:RuntimeWarning")
def test_merged_programs_have_fewer_paths():
    guards, selects = np.array([found for k in range(20) if len(found := check(k, ("guards", "selects"))) == 2]).T
    assert selects.sum() < 0.7 * guards.sum()


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    recordings.MOST_SPLITS = 1
    for seed in range(int(sys.argv[1])):
        check(seed, ("selects", "auto", "guards"))
