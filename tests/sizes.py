"""How much is tried: by `make test` a share of what is random, by `make thorough` all there is.

What is interpreted has the sources of what is compiled, and takes ten times as long: it is tried on fewer cases. Seeds
of hypothesis differ from run to run, so what one run leaves out another tries.

Environment:
    CHAINRULE_THOROUGH=1: all cases; =5: five times as many where they are random.
"""

import os
import random
from collections.abc import Sequence

import autograd

THOROUGH = float(os.environ.get("CHAINRULE_THOROUGH") or 0.0)
SHARE = THOROUGH or (0.5 if autograd.native else 0.2)
LEAST = 3


def some(cases: int) -> int:
    """How many of so many random cases are tried: a share, and never fewer than `LEAST` where there are these."""
    return max(round(SHARE * cases), min(cases, LEAST))


def every_few(cases: Sequence) -> Sequence:
    """Of cases that are like their neighbours a share, evenly, from another one on in each run."""
    step = max(min(round(1.0 / SHARE), len(cases)), 1)
    return cases[random.randrange(step) :: step]


def part(cases: Sequence) -> Sequence:
    """Of listed cases all where they run compiled; interpreted every fifth, from the first on."""
    return cases if THOROUGH or autograd.native else cases[::5]
