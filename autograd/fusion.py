"""A tape's steps as fewer or quicker instructions: two steps of arithmetic as one, and a square as a product.

Plain Python that Cython compiles: a tape may be long.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from autograd import primitives
from autograd.primitives import Primitive

if TYPE_CHECKING:
    from autograd.tape_file import Step

__all__ = ["FUSION", "count_readers", "fusions", "squares_as_products"]

FUSION = 100
"""The code of the first of these instructions: see _lanes.h, which has them in the order of `KINDS`."""
KINDS: dict[Primitive | None, int] = {primitives.mul: 0, primitives.add: 1, primitives.sub: 2, primitives.neg: 0}
"""Rows that are fused; a change of sign is a product with -1."""
SUBTRACTED = 3
"""The kind of an outer step that subtracts the inner one."""


def squares_as_products(steps: list[Step], first: int) -> list[Step]:
    """The steps with `x ** 2` as `x * x`: exactly rounded, which a vector `pow` is not, and a tenth of the time.

    Args:
        steps, first: The program, and how many inputs it has.
    """
    found: list[Step] = []
    for step in steps:
        row, operands = step
        if row is primitives.pow and operands[1] >= first and steps[operands[1] - first] == (None, 2.0):
            step = (primitives.mul, (operands[0], operands[0]))
        found.append(step)
    return found


def count_readers(
    steps: list[Step], first: int, varies: bytearray, absorbed: bytearray, others: Sequence[int]
) -> list[int]:
    """Of each slot how often it is read: by steps that vary and are not absorbed, and by others."""
    readers = [0] * len(varies)
    for k in range(first, first + len(steps)):
        if varies[k] and not absorbed[k]:
            for o in steps[k - first][1]:
                readers[o] += 1
    for o in others:
        readers[o] += 1
    return readers


def fusions(
    steps: list[Step], first: int, varies: bytearray, absorbed: bytearray, readers: list[int], minus_one: int
) -> dict[int, tuple[int, tuple[int, ...]]]:
    """Of each step that is fused with one of its operands: the code, and the three operands. Marks those as absorbed.

    Args:
        steps, first: The program, and how many inputs it has.
        varies, absorbed, readers: Of each slot whether it varies, whether no instruction fills it, how often it is
            read.
        minus_one: A slot that stands for -1.
    """
    found: dict[int, tuple[int, tuple[int, ...]]] = {}
    for k in range(first, first + len(steps)):
        if not varies[k] or absorbed[k]:
            continue
        row, operands = steps[k - first]
        kind = KINDS.get(row, -1)
        if kind < 0:
            continue
        for side in range(len(operands)):
            inner = operands[side]
            if inner < first or readers[inner] != 1 or not varies[inner] or absorbed[inner] or inner in found:
                continue
            inner_row, inner_operands = steps[inner - first]
            inner_kind = KINDS.get(inner_row, -1)
            if inner_kind < 0:
                continue
            outer_kind = SUBTRACTED if row is primitives.sub and side == 1 else kind
            other = operands[1 - side] if len(operands) == 2 else minus_one
            if len(inner_operands) == 1:
                inner_operands = (inner_operands[0], minus_one)
            found[k] = (FUSION + 4 * inner_kind + outer_kind, (inner_operands[0], inner_operands[1], other))
            absorbed[inner] = 1
            break
    return found
