"""Numbers that Python and C must agree on, each once. `_generate.py` writes them down for both, with the rows' codes.

A code says what made a node, what a step of a program does, what an instruction over lanes or a group of numbers does.
Below 0 and up to `FIRST_CODE` it is none of the table's rows; from there on the rows have theirs, in their order.
"""

from autograd.calculus.arithmetic import COMPARISONS
from autograd.calculus.primitive import FIRST_CODE, Primitive
from autograd.calculus.table import TABLE

__all__ = ["NUMBERS", "STEPPING", "codes_of_rows"]

ROOM = 200
"""Rows have codes below it: beyond are codes of what else the same switches in C tell apart."""
NUMBERS = {
    # what made a node that no row made, in place of a row's code
    "OVER": -1, "CONSTANT": 0, "LEAF": 1, "CUSTOM": 2, "FIRST_CODE": FIRST_CODE,
    # instructions over lanes that are no row; the two steps that FUSION + 4 * inner + outer does at once
    "GUARD": 0, "DOTS": 1, "OUTER": 2, "FUSION": ROOM, "TIMES": 0, "PLUS": 1, "MINUS": 2, "FROM": 3,
    "OUTER_PLUS": ROOM + 16, "SKIP": ROOM + 17,
    # added to the code of a group of numbers that steps through its operands
    "STEPS": ROOM,
    # added to the code of a row that is to have the bits of math.h, not those of the vector functions
    "EXACT": 2 * ROOM,
    # lanes in a block
    "LANES": 64,
    # added to the number of a path that a row takes, as it has no more guards: see `Paths.turns`
    "TAKES": 1 << 30,
    # places in COMPARISONS
    **{f"IS_{comparison.method.upper()}": i for i, comparison in enumerate(COMPARISONS)},
}  # fmt: skip
STEPPING = ("neg", "abs", "relu", "step", "add", "sub", "mul", "div", "sum", "dot")
"""Rows that have such groups: arithmetic, and what costs as little."""


def codes_of_rows(rows: tuple[Primitive, ...] = TABLE) -> dict[str, int]:
    """Of each row the name that its code has in Python and in C.

    Raises:
        ValueError: there are more rows than codes, or two things of one name.
    """
    codes = {row.name.upper(): row.code for row in rows}
    if FIRST_CODE + len(rows) > ROOM:
        raise ValueError(
            f"the table has {len(rows)} rows, and codes for {ROOM - FIRST_CODE}: raise ROOM in calculus/codes.py"
        )
    if len(codes) < len(rows) or codes.keys() & NUMBERS.keys():
        names = [row.name.upper() for row in rows]
        twice = sorted({name for name in names if names.count(name) > 1 or name in NUMBERS})
        raise ValueError(f"the names of codes are used twice: {', '.join(twice)}: give the row another name")
    return codes
