"""Functions of sweeps, in a module: other processes import them."""

import os
import signal
import time
from pathlib import Path

import numpy as np

import autograd
from tests.benchmarks.workloads import black_scholes


def option(spot, strike, rate, volatility, time):
    """The price of a call."""
    return black_scholes(spot, strike, rate, volatility, time, autograd)


def options(rng, rows):
    """Some at random."""
    spot, strike = rng.uniform(80.0, 120.0, rows), rng.uniform(80.0, 120.0, rows)
    return spot, strike, 0.02, rng.uniform(0.1, 0.5, rows), rng.uniform(0.2, 2.0, rows)


def bent(x, a):
    """Paths of which the rarer ones come up late."""
    if x > 2.5:
        return a * x * x
    if x < -3.0:
        return (x * a).exp() if x < -3.5 else x / a
    return x.sin() * a if x > 0.0 else -x


def twisted(x, a):
    """More ways to go than are left as guards: a line that is merged, where enough of them are met together."""
    total = x * a
    for k in range(14):
        if x > 0.3 * k:
            total = total * 1.1 + (x * k).sin() / 3.0
    return total


def squared(model, x):
    """The square of what a model of one score gives."""
    score = model(x)
    return score * score


def normal(rng, rows):
    """Rows for both."""
    return rng.standard_normal(rows), 1.5


def narrow(rng, rows):
    """The same, on few paths."""
    return rng.uniform(-1.0, 0.4, rows), 1.5


def some(rng, rows):
    """Rows on paths of which few chunks have many, but not the same."""
    return rng.uniform(0.0, 0.5) + rng.uniform(0.0, rng.choice([0.5, 4.0]), rows), 1.5


class Slow:
    """A chunk that takes its time, and once, in one process, the process with it."""

    def __init__(self, seed, seconds=0.0, deadly=None):
        self.seed, self.seconds, self.deadly = seed, seconds, deadly

    def arguments(self):
        time.sleep(self.seconds)
        if self.deadly is not None:
            try:
                Path(self.deadly).touch(exist_ok=False)
            except FileExistsError:
                pass
            else:
                os.kill(os.getpid(), signal.SIGKILL)
        return normal(np.random.default_rng(self.seed), 1000)


@autograd.compile
def decorated(x):
    """A compiled function that can be imported."""
    return x * x if x > 0.0 else -x
