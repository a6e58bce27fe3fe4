"""Programs in which each row decides for itself: merged, by guards, eagerly, and by hand in NumPy and JAX.

    python -m tests.benchmarks.branches [--rounds N] [--only bounce,escape] [--write]

Value and gradient, over and over, in one process on one processor, in doubles; all ways take turns. First they must
agree. Times are the processor's, to which others on the machine do not add; the least of their turns, per row. A way
that is slow has fewer turns. Eagerly some rows are enough. By guards alone most rows of such programs are run eagerly,
too, as no two are on one path.
"""

import argparse
import importlib.metadata
import importlib.util
import os
import platform
import statistics
import time
import warnings
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

import autograd
from autograd import Value
from tests.benchmarks.branching import PROGRAMS
from tests.benchmarks.branching_peers import BY_JAX, BY_NUMPY, jax_call
from tests.benchmarks.compiled import digits, names, stay_on_one_processor
from tests.benchmarks.peers import SETTINGS
from tests.benchmarks.results import RESULTS, put

SLOW = 0.2
"""A way whose call takes more seconds gets two turns and then every fifth."""

TURN = 0.02
"""Seconds that a turn takes, or one call if that is longer."""

UNROLLED = (1, 4)
"""Of so many rounds of a loop JAX's `scan` makes one; the faster counts."""

EAGER_ROWS = 40
"""So many rows are run one by one."""


class Way(NamedTuple):
    """One way to run a program.

    Attributes:
        title: What the table says.
        call: Gives values and gradients of its rows.
        rows: How many it has of them.
    """

    title: str
    call: Callable[[], tuple[Any, Any]]
    rows: int


def compiled(function, x, branches="auto"):
    """Our function, and a call of it."""
    fast = autograd.compile(function, in_axes=0, threads=1, branches=branches)
    everything = tuple(range(len(x)))
    return fast, lambda: fast.value_and_grad(*x, argnums=everything)


def eagerly(function, x):
    """A call that goes from row to row."""
    rows = x.T.tolist()

    def call():
        found = []
        for row in rows:
            leaves = [Value(number) for number in row]
            result = function(*leaves)
            if isinstance(result, Value):
                found.append([result.data, *autograd.grad(result, leaves, allow_unused=True)])
            else:  # it depends on them through comparisons alone
                found.append([result, *[0.0] * len(leaves)])
        values, *gradients = zip(*found, strict=True)
        return values, gradients

    return call


def ways_of(name, x, with_jax):
    """Our function, and all ways, ours first."""
    function, n = PROGRAMS[name].function, x.shape[1]
    fast, call = compiled(function, x)
    ways = {"merged": Way("chainrule", call, n)}
    ways["guards"] = Way('`branches="guards"`', compiled(function, x, "guards")[1], n)
    ways["eager"] = Way("eager", eagerly(function, x[:, :EAGER_ROWS]), min(n, EAGER_ROWS))
    if name in BY_NUMPY:
        ways["numpy"] = Way("NumPy", BY_NUMPY[name](x), n)
    if name in BY_JAX and with_jax:
        ways |= {f"jax {k}": Way("JAX", jax_call(BY_JAX[name], x, k), n) for k in UNROLLED}
    return fast, ways


def require_agreement(name, results):
    """All ways give what the first gives, as well as numbers of the size of their slopes can be told.

    Raises:
        AssertionError: one does not.
    """
    (_, first), *others = results.items()
    values, slopes = np.asarray(first[0]), np.stack(first[1])
    for way, (found, found_slopes) in others:
        some = slice(len(found))
        steep = 1.0 + np.abs(slopes[:, some]).sum(axis=0)
        assert np.all(np.abs(found - values[some]) <= 1e-9 * steep), f"{name}: values, {way}"
        gentle = steep < 1e7  # where orbits part the last digits decide
        difference = np.abs(np.stack(found_slopes) - slopes[:, some])[:, gentle]
        assert np.all(difference <= 1e-8 * steep[gentle]), f"{name}: slopes, {way}"
        assert gentle.mean() > 0.6, f"{name}: too few rows to compare"


def measure(name, rounds, with_jax):
    """The function, and `{way: (title, times per row, set-up)}` of a program."""
    program = PROGRAMS[name]
    x = np.ascontiguousarray(program.rows(np.random.default_rng(5), program.many).T)
    fast, ways = ways_of(name, x, with_jax)
    results, firsts, times = {}, {}, {way: [] for way in ways}
    for way, (_, call, _) in ways.items():
        start = time.process_time()
        results[way] = call()
        firsts[way] = time.process_time() - start
    require_agreement(name, results)
    for turn in range(rounds):
        for way, (_, call, rows) in ways.items():
            if turn >= 2 and turn % 5 and min(times[way]) * rows > SLOW:
                continue
            began = time.process_time()
            while True:
                start = time.process_time()
                call()
                end = time.process_time()
                times[way].append((end - start) / rows)
                if end - began > TURN:
                    break
    return fast, {way: (ways[way].title, times[way], firsts[way]) for way in ways}


def row_of(name, fast, found):
    """A program's line of the table."""
    program = PROGRAMS[name]
    _, ours, first = found["merged"]
    least = min(ours)
    ratios = {"guards": "", "eager": "", "numpy": "", "jax": ""}
    for kind in ratios:
        others = [min(times) for way, (_, times, _) in found.items() if way.startswith(kind)]
        if others:
            ratios[kind] = f"{digits(min(others) / least)}x"
    setup = max(first - least * program.many, 0.0)
    return (
        f"| {program.title} | {program.many:,} | {len(fast.tapes)} | {digits(least * 1e6)} "
        f"({digits(statistics.median(ours) * 1e6)}) | {digits(setup * 1e3)} | " + " | ".join(ratios.values()) + " |"
    )


HEADER = [
    '| value and gradient of | rows | paths | µs a row (median) | set-up, ms | × `branches="guards"` | × eager '
    "| × NumPy, masks by hand | × JAX, `scan` and `where` by hand |",
    "|---" * 9 + "|",
]  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15, help="turns that every way takes")
    parser.add_argument("--only", type=names, default=list(PROGRAMS), metavar="PROGRAMS", help=", ".join(PROGRAMS))
    parser.add_argument("--write", action="store_true", help="write the table into RESULTS.md")
    options = parser.parse_args()
    if unknown := [name for name in options.only if name not in PROGRAMS]:
        parser.error(f"no such program: {', '.join(unknown)}; there are {', '.join(PROGRAMS)}")
    os.environ.update(SETTINGS)
    stay_on_one_processor()
    for known in ("takes (more than|another path)", "depends on its arguments through comparisons alone"):
        warnings.filterwarnings("ignore", message=f".* {known}")
    with_jax = importlib.util.find_spec("jax") is not None
    if not with_jax:
        print("JAX is not installed")
    printed = list(HEADER)
    print("\n".join(HEADER))
    for name in options.only:
        printed.append(row_of(name, *measure(name, options.rounds, with_jax)))
        print(printed[-1], flush=True)
    versions = [f"{library} {importlib.metadata.version(library)}" for library in ["jax"] * with_jax + ["numpy"]]
    printed += ["", f"Python {platform.python_version()}, {', '.join(versions)}; double precision."]
    if options.write:
        put(RESULTS, "branches", "\n".join(printed))


if __name__ == "__main__":
    main()
