"""How much of what is random is tried: a share of it by `make test`, all of it by `make thorough`.

What is interpreted takes ten times as long and shares its sources with what is compiled: it is tried on fewer cases.
Seeds of hypothesis differ from run to run, so what one run leaves out another tries.
"""

import autograd
from autograd._build import is_set

THOROUGH = is_set("CHAINRULE_THOROUGH")
SHARE = 1.0 if THOROUGH else 0.5 if autograd.native else 0.2
LEAST = 5


def some(cases: int) -> int:
    """How many of so many random cases are tried: a share of them, and never fewer than `LEAST` if there are these."""
    return max(round(SHARE * cases), min(cases, LEAST))
