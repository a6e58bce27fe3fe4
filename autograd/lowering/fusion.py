"""Fusion of two steps of arithmetic into one instruction, and a square as a product.

Plain Python that Cython compiles: a program may be long.
"""

from __future__ import annotations

from typing import Any

import cython

from autograd.calculus import ieee, primitives
from autograd.calculus.primitives import FIRST_CODE, TABLE
from autograd.programs.steps import Steps

if not cython.compiled:
    from autograd.calculus.kernel import ADD, MUL, NEG, POW, SUB

__all__ = ["EXACT", "FUSION", "exactly", "fused", "squares_as_products"]

FUSION = 100
"""The code of the first of these instructions: replay/lanes.h has them by the kinds of inner and outer step."""
EXACT = 200
"""Added to the code of a row whose vector function is not to be used: see replay/lanes.h."""
_VECTORISED = bytes([
    row in (primitives.pow, primitives.sigmoid, primitives.softplus, primitives.logsumexp)
    or (row.value in ieee.MATH_H and row not in (primitives.abs, primitives.floor, primitives.sqrt))
    for row in TABLE
])  # fmt: skip
"""Of each row whether it has one, or is made of rows that have."""
PRODUCT, SUM, DIFFERENCE, SUBTRACTED = 0, 1, 2, 3
"""Kinds of steps; a change of sign is a product with -1. An outer step may subtract the inner one."""


def kind_of(code: int) -> int:
    """The kind of a step, -1 if such steps are not fused."""
    if code in (MUL, NEG):
        return PRODUCT
    return SUM if code == ADD else DIFFERENCE if code == SUB else -1


def squares_as_products(steps: Steps, first: int) -> Steps:
    """The steps with `x ** 2` as `x * x`: exactly rounded, which a vector `pow` is not, and a tenth of the time.

    Args:
        steps, first: The program, and how many inputs it has.
    """
    if 2.0 not in steps.numbers:
        return steps
    codes, begins, operands = steps.codes.items, steps.begins.items, steps.operands.items
    written = Steps()
    for k in range(steps.size):
        code, begin = codes[k], begins[k]
        if code < 0:
            written.constant(steps.numbers[~code])
            continue
        if code == POW and operands[begin + 1] >= first:
            exponent = codes[operands[begin + 1] - first]
            if exponent < 0 and steps.numbers[~exponent] == 2.0:
                written.push(operands[begin])
                written.push(operands[begin])
                written.close(MUL)
                continue
        for at in range(begin, begins[k + 1]):
            written.push(operands[at])
        written.close(code)
    return written


def exactly(steps: Steps) -> Steps:
    """The steps with the bits of the eager engine, for what decides a branch: no row by its vector function."""
    codes, begins, operands = steps.codes.items, steps.begins.items, steps.operands.items
    written = Steps()
    for k in range(steps.size):
        if codes[k] < 0:
            written.constant(steps.numbers[~codes[k]])
            continue
        for at in range(begins[k], begins[k + 1]):
            written.push(operands[at])
        written.close(codes[k] + EXACT if is_vectorised(codes[k]) else codes[k])
    return written


def is_vectorised(code: int) -> bool:
    """Whether there is a vector function for the row."""
    return _VECTORISED[code - FIRST_CODE] != 0


def fused(steps: Steps, first: int, varies: bytearray, absorbed: bytearray, readers: Any, minus_one: int) -> Steps:
    """The steps that vary, at the same slots, where arithmetic does the work of one of its operands too.

    A fused step has one of these codes and three operands; what it does the work of is marked as absorbed. In place of
    a step that does not vary stands one of code 0, which does nothing.

    Args:
        steps, first: The program, and how many inputs it has.
        varies, absorbed, readers: Of each slot whether it varies, whether no instruction fills it, how often it is
            read.
        minus_one: A slot that stands for -1.
    """
    codes, begins, operands = steps.codes.items, steps.begins.items, steps.operands.items
    written = Steps()
    for k in range(steps.size):
        if not varies[first + k] or absorbed[first + k]:
            written.close(0)
            continue
        code, begin, arity = codes[k], begins[k], begins[k + 1] - begins[k]
        kind = kind_of(code)
        side = 0
        inner = -1
        while kind >= 0 and side < arity:
            inner = operands[begin + side] - first
            if inner >= 0 and readers[first + inner] == 1 and kind_of(written.codes.items[inner]) >= 0:
                break
            side += 1
        if kind < 0 or side == arity:
            for at in range(begin, begins[k + 1]):
                written.push(operands[at])
            written.close(code)
            continue
        at = begins[inner]
        written.push(operands[at])
        written.push(operands[at + 1] if begins[inner + 1] - at == 2 else minus_one)
        written.push(operands[begin + 1 - side] if arity == 2 else minus_one)
        if code == SUB and side == 1:
            kind = SUBTRACTED
        written.close(FUSION + 4 * kind_of(codes[inner]) + kind)
        absorbed[first + inner] = 1
    return written
