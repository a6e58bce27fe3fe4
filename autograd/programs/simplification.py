"""Simplification: the same program with less work, to the same bits.

Constant folding, common subexpressions and peephole rules are the builder's; dead code goes in `pruning.py`; here sums
of products become dots. Plain Python that Cython compiles: a program may be long.
"""

from __future__ import annotations

from typing import Any

import cython

from autograd.programs.builder import Builder, Mode
from autograd.programs.program import Program
from autograd.programs.pruning import count_readers, pruned, rewrite
from autograd.programs.steps import Ints, Steps, whole_numbers

if not cython.compiled:
    from autograd.calculus._codes import ADD, DOT, MUL

__all__ = ["chained", "simplified"]

FROM_SLOT, FROM_PRODUCT, FROM_CHAIN = 1, 2, 3
"""The start of a sum of products: any slot, a product that is its first, or a sum of products."""


def simplified(program: Program) -> Program:
    """The program with constants folded, common subexpressions shared, and `chained`."""
    first = len(program.labels)
    builder = Builder(first, Mode.SHARING)
    places = builder.copied(program.steps, first)
    return chained(program.over(builder.steps, places))


def chained(program: Program) -> Program:
    """The program without dead code, and with sums of products that nobody else reads as one `dot` each.

    So `b + w1*x1 + w2*x2` is one step. The order of additions stays, and so do the bits. Cost: linear.
    """
    program = pruned(program)
    steps, first = program.steps, len(program.labels)
    readers = count_readers(steps, first, bytearray(b"\1") * (first + steps.size), program.ends())
    begun, length = find_chains(steps, first, readers)
    absorbed = absorb(steps, first, begun, length)
    places = whole_numbers(first + steps.size)
    for k in range(first):
        places[k] = k
    written, factors = Steps(), Ints()
    one = -1
    for k in range(steps.size):
        if absorbed[k]:
            continue
        if length[k] <= 1:
            places[first + k] = first + rewrite(steps, k, places, written)
            continue
        start = collect_factors(steps, first, begun, k, factors)
        if start >= 0:
            if one < 0:
                one = first + written.constant(1.0)
            written.push(places[start])
            written.push(one)
        for i in range(factors.size - 1, -1, -1):
            written.push(places[factors.items[i]])
        places[first + k] = first + written.close(DOT)
    return program.over(written, places)


def find_chains(steps: Steps, first: int, readers: Any) -> tuple[Any, Any]:
    """Of each step that adds a product that nobody else reads: the start of its chain, and how many products that is.

    Args:
        steps, first: The program, and how many inputs it has.
        readers: Of each slot how often it is read.
    """
    codes, begins, operands = steps.codes.items, steps.begins.items, steps.operands.items
    begun, length = whole_numbers(steps.size), whole_numbers(steps.size)
    for k in range(steps.size):
        if codes[k] != ADD:
            continue
        left, right = operands[begins[k]], operands[begins[k] + 1]
        if readers[right] != 1 or right < first or codes[right - first] != MUL:
            continue
        begun[k], length[k] = FROM_SLOT, 1
        if readers[left] == 1 and left >= first:
            if length[left - first]:
                begun[k], length[k] = FROM_CHAIN, length[left - first] + 1
            elif codes[left - first] == MUL:
                begun[k], length[k] = FROM_PRODUCT, 2
    return begun, length


def absorb(steps: Steps, first: int, begun: Any, length: Any) -> bytearray:
    """Of each step whether it becomes part of a chain that ends later; of one product alone no chain is made.

    Args:
        steps, first: The program, and how many inputs it has.
        begun, length: See `find_chains`; what a chain goes on from is as long as the chain from now on.
    """
    begins, operands = steps.begins.items, steps.operands.items
    absorbed = bytearray(steps.size)
    for k in range(steps.size - 1, -1, -1):
        if length[k] > 1:
            absorbed[operands[begins[k] + 1] - first] = 1
            if begun[k] != FROM_SLOT:
                left = operands[begins[k]] - first
                absorbed[left] = 1
                if begun[k] == FROM_CHAIN:
                    length[left] = length[k]
    return absorbed


def collect_factors(steps: Steps, first: int, begun: Any, k: int, factors: Ints) -> int:
    """Collect the factors of the chain that ends with step k, the last first; the slot it starts from, or -1.

    Args:
        steps, first: The program, and how many inputs it has.
        begun: See `find_chains`.
        k: A step.
        factors: Slots, two for each product.
    """
    begins, operands = steps.begins.items, steps.operands.items
    factors.size = 0
    at = k
    while True:
        product = operands[begins[at] + 1] - first
        factors.push(operands[begins[product] + 1])
        factors.push(operands[begins[product]])
        left = operands[begins[at]]
        if begun[at] == FROM_SLOT:
            return left
        if begun[at] == FROM_PRODUCT:
            break
        at = left - first
    factors.push(operands[begins[left - first] + 1])
    factors.push(operands[begins[left - first]])
    return -1
