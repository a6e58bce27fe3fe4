"""Which module each node belongs to, by the parameters that it combines with something else.

Nobody has to say it: what multiplies a weight, what adds the products of a neuron's weights, what adds its bias, and
the activation of that, belong to the neuron. A parameter's own square, as in a penalty, does not. Plain Python that
Cython compiles.
"""

from __future__ import annotations

from typing import Any

import cython
import numpy as np

from autograd.graphs.columns import Columns, readable, zeros
from autograd.graphs.names import Names

if not cython.compiled:
    from autograd.calculus._codes import ADD, CONSTANT, MUL, POW, SUB, SUM

__all__ = ["ancestry", "belonging"]

PARAMETER, PRODUCT, WEIGHTED, DONE = 1, 2, 3, 4  # what a node of a module is in it


def belonging(columns: Columns, owners: Any) -> Any:
    """The module of each node, by number; -1 for those of none.

    Args:
        columns: The graph.
        owners: The module of each parameter; -1 for other nodes.

    Cost: linear.

    >>> from autograd import Value, topological_order
    >>> from autograd.graphs.columns import columns_of
    >>> w, b, x = Value(1.0), Value(2.0), Value(3.0)
    >>> order = topological_order((w * x + b).relu() + w * w)
    >>> [order.index(v) for v in (w, b)], [v._op for v in order]
    ([0, 3], ['', '', '*', '', '+', 'relu', '*', '+'])
    >>> belonging(columns_of(order), np.array([0, -1, -1, 0, -1, -1, -1, -1], np.int32)).tolist()
    [0, -1, 0, 0, 0, 0, -1, -1]
    """
    codes, starts = readable(columns.codes), readable(columns.starts)
    operands, found = readable(columns.operands), readable(np.array(owners, np.int32))
    n = len(codes)
    parts = zeros("i", n)
    for i in range(n):
        first, last, code = starts[i], starts[i + 1], codes[i]
        if first == last:
            parts[i] = PARAMETER if found[i] >= 0 else 0
            continue
        owner = of_parameters = products = others = -1
        parameters = weighted = 0
        for at in range(first, last):
            x = operands[at]
            if x < 0 or codes[x] == CONSTANT:
                others = 0
            elif parts[x] == PARAMETER:
                of_parameters = found[x] if parameters == 0 or of_parameters == found[x] else -2
                parameters += 1
            else:
                others = 0
                owner = found[x] if weighted == 0 or owner == found[x] else -2
                weighted += 1
                if parts[x] == PRODUCT:
                    products = 0
        if parameters:
            power = code == POW and codes[operands[first + 1]] == CONSTANT
            if of_parameters >= 0 and others == 0 and not power:
                found[i] = of_parameters
                parts[i] = PRODUCT if code == MUL else WEIGHTED
        elif owner >= 0:
            if (code == ADD or code == SUB or code == SUM) and products == 0 and weighted == last - first:
                found[i], parts[i] = owner, WEIGHTED
            elif last - first == 1 and parts[operands[first]] == WEIGHTED:
                found[i], parts[i] = owner, DONE
    return np.asarray(found, np.int32)


def ancestry(names: Names) -> Any:
    """For each module those that it is in, outermost first, and itself; -1 beyond."""
    chains: list[list[int]] = []
    for k, part in enumerate(names.parts):
        chains.append([*(chains[part.parent] if part.parent >= 0 else []), k])
    width = max(map(len, chains))
    return np.array([chain + [-1] * (width - len(chain)) for chain in chains], np.int32)
