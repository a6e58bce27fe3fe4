"""Fusion of two steps of arithmetic into one instruction, and a square as a product.

Plain Python that Cython compiles: a program may be long.
"""

from __future__ import annotations

from typing import Any

import cython

from autograd.programs.steps import Steps

if not cython.compiled:
    from autograd.calculus._codes import ADD, EXACT, FROM, FUSION, MINUS, MUL, NEG, PLUS, POW, SUB, TIMES
    from autograd.calculus.kernel import is_vectorised

__all__ = ["exactly", "fused", "squares_as_products"]


def fusion_kind(code: int) -> int:
    """The kind of a step, -1 if such steps are not fused. A change of sign is a product with -1."""
    if code in (MUL, NEG):
        return TIMES
    return PLUS if code == ADD else MINUS if code == SUB else -1


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


def fused(steps: Steps, first: int, varies: bytearray, absorbed: bytearray, readers: Any, minus_one: int) -> Steps:
    """The varying steps after fusion, at the same slots: arithmetic does the work of one of its operands too.

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
        kind = fusion_kind(code)
        side = 0
        inner = -1
        while kind >= 0 and side < arity:
            inner = operands[begin + side] - first
            if inner >= 0 and readers[first + inner] == 1 and fusion_kind(written.codes.items[inner]) >= 0:
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
            kind = FROM  # the inner step is what is subtracted
        written.close(FUSION + 4 * fusion_kind(codes[inner]) + kind)
        absorbed[first + inner] = 1
    return written
