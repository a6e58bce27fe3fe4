"""The sweeps that real engines run."""

import autograd
from autograd import Draws
from tests.sweeps import functions
from tests.sweeps.functions import Slow


def option_chunks():
    """Seeds with counts."""
    rows = 150_000 if autograd.native else 150
    return [Draws(functions.options, rows, seed=(7, k)) for k in range(4)]


def branching_chunks():
    """Some that take paths which the first does not."""
    return [Draws(functions.narrow if k == 0 else functions.some, 500, seed=(7, k)) for k in range(8)]


CASES = {
    "options": (functions.option, (0, 0, None, 0, 0), option_chunks, "mean"),
    "branches": (functions.twisted, (0, None), branching_chunks, None),
    "a lambda": (lambda x, a: functions.bent(x, a), (0, None), branching_chunks, "sum"),
    "objects": (functions.bent, (0, None), lambda: [Slow(k) for k in range(6)], None),
}


def swept(name, executor):
    """The results of a case."""
    function, axes, chunks, reduce = CASES[name]
    fast = autograd.compile(function, in_axes=axes)
    return fast.map(chunks(), executor=executor, argnums=(0, 1), reduce=reduce)
