"""Rows for the programs of `deciding.py`, and how many of them are measured."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from tests.benchmarks import deciding as d


class Program(NamedTuple):
    """A program, and rows for it.

    Attributes:
        title: What it computes.
        function: Of numbers.
        rows: From a random generator and a number of rows, an array with a column for each argument.
        many: How many rows it is measured on.
    """

    title: str
    function: Callable[..., object]
    rows: Callable[[np.random.Generator, int], np.ndarray]
    many: int = 2000


def uniform(*ranges):
    """Rows with a column for each range; a number stands for itself."""

    def rows(rng, n):
        pairs = [each if isinstance(each, tuple) else (each, each) for each in ranges]
        return np.column_stack([rng.uniform(low, high, n) for low, high in pairs])

    return rows


def normal(columns, *before):
    """Rows with so many normal columns, after those of ranges."""

    def rows(rng, n):
        found = rng.normal(size=(n, columns))
        return np.column_stack([uniform(*before)(rng, n), found]) if before else found

    return rows


def rounds_of(c, most=300):
    """After how many rounds of `escape` each of these complex numbers is out; `most` if it is not."""
    z, rounds, inside = c.copy(), np.zeros(len(c), dtype=int), np.arange(len(c))
    for _ in range(most):
        inside = inside[np.abs(z[inside]) <= 16.0]
        rounds[inside] += 1
        z[inside] = z[inside] ** 2 + c[inside]
    return rounds


def leaving(rng, n):
    """Numbers c around Mandelbrot's set which are out after 2 to 299 rounds."""
    found = np.empty(0, dtype=complex)
    while len(found) < n:
        c = rng.uniform(-2.0, 0.6, 4 * n) + 1j * rng.uniform(-1.2, 1.2, 4 * n)
        rounds = rounds_of(c)
        found = np.concatenate([found, c[(rounds >= 2) & (rounds < 300)]])
    return np.column_stack([found.real, found.imag])[:n]


PUTS = uniform((80.0, 120.0), (90.0, 110.0), (0.01, 0.08), (0.1, 0.5), (0.25, 2.0))
CHAINS = uniform((0.5, 0.9), (0.5, 0.9), *[(0.1, 0.4)] * 4)
LOANS = uniform((1e5, 1.2e5), (0.02, 0.05), 1e3, (0.0, 300.0))
SPRINGS = uniform((-1.0, 1.0), (-1.5, 1.5), (50.0, 150.0), (0.1, 1.0))
PROGRAMS = {
    "american_20": Program("American put, tree of 20 steps", d.american(20), PUTS, 500),
    "american_50": Program("American put, tree of 50 steps", d.american(50), PUTS, 300),
    "cliquet": Program("cliquet of 12 months", d.cliquet, normal(12, 100.0, 0.03, 0.2, 0.03, -0.02)),
    "barrier": Program("barrier option, 52 weeks", d.barrier, normal(52, 100.0, 100.0, 85.0, 0.03, 0.25)),
    "rate": Program("internal rate, 60 bisections", d.internal_rate, uniform(-100.0, *[(20.0, 40.0)] * 5), 500),
    "loan": Program("loan paid back in 70 to 130 months", d.loan, LOANS, 500),
    "likelihood": Program("hidden chain, logsumexp by hand", d.likelihood, CHAINS, 500),
    "viterbi": Program("likeliest path of a hidden chain", d.viterbi, CHAINS, 500),
    "quantiles": Program("quantile loss of 9, `sorted`", d.quantiles, normal(9), 500),
    "warping": Program("dynamic time warping, 8 by 8", d.warping, normal(8), 500),
    "breakpoints": Program(
        "regression with breakpoints", d.breakpoints, normal(3, (0.1, 0.45), (0.5, 0.9))
    ),
    "bounce": Program("bouncing ball, 200 steps", d.bounce, uniform((0.5, 1.5), (-1.5, 1.5), (0.6, 0.9))),
    "pendulum": Program("pendulum between springs, 150 steps", d.pendulum, SPRINGS),
    "neuron": Program("leaky integrate-and-fire, 100 steps", d.neuron, uniform((1.0, 3.0), (0.5, 2.0), (0.5, 1.0))),
    "controller": Program("PID with clamps, 80 steps", d.controller, uniform((1.0, 10.0), (0.0, 3.0), (0.0, 1.0))),
    "queue": Program("Lindley's queue, 20 customers", d.queue, lambda rng, n: rng.exponential(1.0, (n, 40))),
    "steering": Program("control with clamps, 20 steps", d.steering, normal(20)),
    "ray": Program("ray marching, 60 rounds at the most", d.ray, uniform((-1, 1), (-1, 1), (0.3, 0.8), (-1, 1)), 500),
    "adaptive": Program("adaptive RK23, `while`", d.adaptive, uniform((0.5, 2.0), (0.5, 2.0), (-0.5, 0.5)), 500),
    "pivoted": Program("determinant, 6 by 6, with pivoting", d.pivoted, normal(36), 500),
    "simpson": Program("Simpson's rule by recursion", d.simpson, uniform((0.2, 0.8), (0.05, 0.3)), 500),
    "escape": Program("escape time, 2 to 300 rounds, `while`", d.escape, leaving, 100_000),
}  # fmt: skip
"""Programs by name."""
