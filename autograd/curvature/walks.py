"""The sweep of second order: how a gradient moves if the inputs do, as numbers, without a graph of the gradient.

Tangents are pushed forward, then pulled back beside the adjoints, each along the same edges:

    tangent(node)      = sum of partial * tangent(operand)
    adjoint(operand)  += partial * adjoint(node)
    bending(operand)  += partial * bending(node) + tangent of the partial * adjoint(node)

where a bending is the tangent of an adjoint. What a partial's tangent is, the table says (`calculus/moving.py`). What
stands still has the tangent 0, and nothing is multiplied by it. Plain Python that Cython compiles.
"""

from __future__ import annotations

from typing import Any

import cython

from autograd.engine.hooks import hooked
from autograd.engine.node import Node
from autograd.engine.reading import require_alive, require_root
from autograd.engine.sweep import carries, one_at_a_time

if not cython.compiled:
    from autograd.calculus._codes import LEAF, LOGSUMEXP, NORM
    from autograd.calculus.moving import bends, moved1, moved2, moved_fold
    from autograd.engine.listening import _listening

    # isort: off
    from autograd.engine.memory import Doubles, Pile, count, doubles, free_pile, free_workspace, is_numbered
    from autograd.engine.memory import new_pile, node_in, operand_at, poll
    from autograd.engine.sweep import number_nodes, put_back, slots_to_put_back
    # isort: on

__all__ = ["bent"]

NOWHERE, NOTHING, FOLDED = -1, -2, -3
"""In place of the place of an operand: no gradient goes to it; there is none; there are many, and `FOLDED - k` says
that they are those of the k-th such node."""


def bent(
    root: Any, inputs: list[Any], directions: list[Any] | None, diagonal: bool = False, into: Any = None
) -> list[Any] | None:
    """How the gradient of a root by some leaves moves along directions; None where it is to be found on Values.

    That is so if a node on the way has a rule of its own, if somebody listens, or hooks are to see gradients, and if
    data was changed after it was used.

    Args:
        root: A node.
        inputs: Leaves, each once.
        directions: Lists of a number for each of them; None for each of them in turn.
        diagonal: Of each of these in turn only its own number is wanted.
        into: An array with a column for each direction, to put them in.

    Returns:
        For each direction a list of a number for each leaf; with `diagonal` one number, with `into` nothing.

    Cost: a sweep, and for each direction a walk forward and one back, over what moves. No recursion.
    """
    require_root(require_alive(root))
    if _listening or hooked:
        return None
    displaced, order = slots_to_put_back(), new_pile()
    with one_at_a_time():
        try:
            number_nodes([root], order, displaced, True)
            at = [place_of(node, order) for node in inputs]
            edges = Edges(count(order), *sizes(order))
            if not edges.read(order):
                return None
        finally:
            put_back(order, displaced)
            free_pile(order, True)
    edges.pull()
    found: list[Any] = []
    for k in range(len(inputs) if directions is None else len(directions)):
        poll()
        edges.start(at, None if directions is None else directions[k], k)
        edges.push()
        if not edges.bend():
            return None
        if diagonal:
            found.append(edges.bending(at[k]))
        elif into is not None:
            for i in range(len(at)):
                into[i, k] = edges.bending(at[i])
        else:
            found.append([edges.bending(place) for place in at])
    return found


def place_of(node: Node, order: Pile) -> int:
    """Where a node is in the order."""
    if is_numbered(node, order):  # not in one expression, in which C would make NOWHERE a number without a sign
        return node._slot
    return NOWHERE


def sizes(order: Pile) -> tuple[int, int, int]:
    """How many nodes have many operands, how many these have together, and how many one has at most."""
    folds = together = most = 0
    for i in range(count(order)):
        node: Node = node_in(order, i)
        if node._fold is not None:
            n = len(node._fold.operands)
            folds, together, most = folds + 1, together + n, max(most, n)
    return folds, together, most


@cython.final
@cython.cclass
class Edges:
    """A graph as these walks need it, read off once: what becomes of its nodes meanwhile does not matter.

    Attributes:
        count: How many nodes there are, operands before what was made from them.
        code, left, right: Of each the row, and the places of its operands.
        dx, dy: The partial towards each of these; of an operand that is nowhere its number.
        z: Its own number.
        begins: Of each node of many operands, where they begin; one more than there are such nodes.
        many, slopes, numbers: Of these operands the places, the partials towards them, and the numbers.
        xs, dxs: The numbers and the tangents of those of one node.
        reached: Whether the sweep has come to a node.
        adjoints, tangents, bendings: Of each node.
        pair: Where a partial and its tangent are put.
    """

    if not cython.compiled:
        block: Any
        code: list[int]
        left: list[int]
        right: list[int]
        reached: list[int]
        begins: list[int]
        many: list[int]
        dx: Doubles
        dy: Doubles
        z: Doubles
        adjoints: Doubles
        tangents: Doubles
        bendings: Doubles
        pair: Doubles
        slopes: Doubles
        numbers: Doubles
        xs: Doubles
        dxs: Doubles
        __slots__ = (
            "adjoints", "begins", "bendings", "block", "code", "count", "dx", "dxs", "dy", "left", "many", "numbers",
            "pair", "reached", "right", "slopes", "tangents", "xs", "z",
        )  # fmt: skip

    def __init__(self, n: int, folds: int, together: int, most: int) -> None:
        self.count = n
        lay_out(self, n, folds, together, most)

    def __dealloc__(self) -> None:
        free_workspace(self.block)

    def read(self, order: Pile) -> bool:
        """Take the nodes in; whether all of them go by partials."""
        folds = end = 0
        for i in range(self.count):
            node: Node = node_in(order, i)
            self.z[i] = node._data
            self.left[i], self.right[i] = NOWHERE, NOTHING
            if node._code <= LEAF:
                continue
            self.code[i] = node._code
            if node._fold is None:
                x: Node = node._x
                self.dx[i] = x._data
                if carries(node, x, node._dx):
                    self.left[i], self.dx[i] = x._slot, node._dx
                y: Node | None = node._y
                if y is not None:
                    self.right[i], self.dy[i] = NOWHERE, y._data
                    if carries(node, y, node._dy):
                        self.right[i], self.dy[i] = y._slot, node._dy
            elif node._fold.rule is not None:
                return False
            else:
                self.left[i] = FOLDED - folds
                end = self.read_fold(node, end)
                folds += 1
                self.begins[folds] = end
        return True

    def read_fold(self, node: Node, end: int) -> int:
        """Take in the operands of a node that has many."""
        f = node._fold
        for i in range(len(f.operands)):
            self.many[end] = NOWHERE
            self.slopes[end] = f.partials[i]
            if type(f.operands[i]) is float:
                self.numbers[end] = f.operands[i]
            else:
                x: Node = operand_at(f.operands, i)
                self.numbers[end] = x._data
                if carries(node, x, f.partials[i]):
                    self.many[end] = x._slot
            end += 1
        return end

    def pull(self) -> None:
        """The sweep of first order, from the last node, which is the root."""
        left, right, dx, dy, adjoints, reached = self.left, self.right, self.dx, self.dy, self.adjoints, self.reached
        adjoints[self.count - 1] = 1.0
        reached[self.count - 1] = 1
        for i in range(self.count - 1, -1, -1):
            if not reached[i]:
                continue
            x, y = left[i], right[i]
            if x >= 0:
                adjoints[x] += dx[i] * adjoints[i]
                reached[x] = 1
            elif x <= FOLDED:
                for k in range(self.begins[FOLDED - x], self.begins[FOLDED - x + 1]):
                    at = self.many[k]
                    if at >= 0:
                        adjoints[at] += self.slopes[k] * adjoints[i]
                        reached[at] = 1
            if y >= 0:
                adjoints[y] += dy[i] * adjoints[i]
                reached[y] = 1

    def start(self, at: list[int], direction: Any, k: int) -> None:
        """Have the inputs at these places move along a direction, or the k-th alone by 1."""
        for i in range(self.count):
            self.tangents[i] = self.bendings[i] = 0.0
        if direction is None:
            if at[k] >= 0:
                self.tangents[at[k]] = 1.0
        else:
            for place, number in zip(at, direction, strict=True):
                if place >= 0:
                    self.tangents[place] = number

    def bending(self, at: int) -> float:
        """The bending at a place."""
        return self.bendings[at] if at >= 0 else 0.0

    def push(self) -> None:
        """The walk forward: the tangents of all that moves."""
        left, right, dx, dy, tangents = self.left, self.right, self.dx, self.dy, self.tangents
        for i in range(self.count):
            x, y = left[i], right[i]
            if x >= 0 and tangents[x] != 0.0:
                tangents[i] += dx[i] * tangents[x]
            elif x <= FOLDED:
                for k in range(self.begins[FOLDED - x], self.begins[FOLDED - x + 1]):
                    at = self.many[k]
                    if at >= 0 and tangents[at] != 0.0:
                        tangents[i] += self.slopes[k] * tangents[at]
            if y >= 0 and tangents[y] != 0.0:
                tangents[i] += dy[i] * tangents[y]

    def bend(self) -> bool:
        """The walk back: the tangents of the adjoints. Whether the table still gives the partials that there are."""
        left, right, dx, dy, tangents, bendings = self.left, self.right, self.dx, self.dy, self.tangents, self.bendings
        adjoints, code, pair, z = self.adjoints, self.code, self.pair, self.z
        for i in range(self.count - 1, -1, -1):
            x, y = left[i], right[i]
            if x <= FOLDED:
                if self.reached[i] and not self.bend_fold(i, self.begins[FOLDED - x], self.begins[FOLDED - x + 1]):
                    return False
                continue
            moved_x = tangents[x] if x >= 0 else 0.0
            moved_y = tangents[y] if y >= 0 else 0.0
            bending = bendings[i]
            if bending != 0.0:
                if x >= 0:
                    bendings[x] += dx[i] * bending
                if y >= 0:
                    bendings[y] += dy[i] * bending
            if (moved_x == 0.0 and moved_y == 0.0) or not self.reached[i] or not bends(code[i]):
                continue
            a, b = z[x] if x >= 0 else dx[i], z[y] if y >= 0 else dy[i]
            if x >= 0:
                if y == NOTHING:
                    moved1(code[i], a, z[i], moved_x, tangents[i], pair)
                else:
                    moved2(code[i], 0, a, b, z[i], moved_x, moved_y, tangents[i], pair)
                if differs(pair[0], dx[i]):
                    return False
                if pair[1] != 0.0:
                    bendings[x] += pair[1] * adjoints[i]
            if y >= 0:
                moved2(code[i], 1, a, b, z[i], moved_x, moved_y, tangents[i], pair)
                if differs(pair[0], dy[i]):
                    return False
                if pair[1] != 0.0:
                    bendings[y] += pair[1] * adjoints[i]
        return True

    def bend_fold(self, i: int, begin: int, end: int) -> bool:
        """The same for a node of many operands."""
        tangents, bendings, slopes, numbers = self.tangents, self.bendings, self.slopes, self.numbers
        moving, bending, adjoint = tangents[i] != 0.0, bendings[i], self.adjoints[i]
        for k in range(begin, end):
            at = self.many[k]
            self.xs[k - begin], self.dxs[k - begin] = numbers[k], tangents[at] if at >= 0 else 0.0
            moving = moving or self.dxs[k - begin] != 0.0
            if at >= 0 and bending != 0.0:
                bendings[at] += slopes[k] * bending
        if moving and bends(self.code[i]):
            tangent = tangents[i]
            if (self.code[i] == LOGSUMEXP or self.code[i] == NORM) and self.z[i] - self.z[i] == 0.0:  # a number
                tangent = self.apart(begin, end, tangent, self.code[i] == NORM)
            for k in range(begin, end):
                at = self.many[k]
                if at >= 0:
                    moved_fold(self.code[i], k - begin, self.xs, self.dxs, self.z[i], tangent, self.pair)
                    if differs(self.pair[0], slopes[k]):
                        return False
                    if self.pair[1] != 0.0:
                        bendings[at] += self.pair[1] * adjoint
        return True

    def apart(self, begin: int, end: int, tangent: float, ratios: bool) -> float:
        """Have what has most of a logsumexp or a norm stand still, and all the others move as much less.

        Slopes of the one depend on differences alone, those of the other on ratios. What moves the largest slope is
        what the others move: beside 1 that would be lost.

        Returns:
            How the result moves then.
        """
        slopes, xs, most = self.slopes, self.xs, 0
        for k in range(1, end - begin):
            if slopes[begin + k] * slopes[begin + k] > slopes[begin + most] * slopes[begin + most]:
                most = k
        shift = self.dxs[most]
        if ratios:
            if xs[most] == 0.0:
                return tangent
            shift = shift / xs[most]
        if shift - shift != 0.0 or tangent - tangent != 0.0:  # no number
            return tangent
        total = 0.0
        for k in range(end - begin):
            self.dxs[k] = 0.0 if k == most else self.dxs[k] - (shift * xs[k] if ratios else shift)
            if self.dxs[k] != 0.0:
                total += self.slopes[begin + k] * self.dxs[k]
        return total


def differs(now: float, before: float) -> bool:
    """Whether a partial is not what it was."""
    return now != before and (now == now or before == before)


if not cython.compiled:

    def lay_out(edges: Edges, n: int, folds: int, together: int, most: int) -> None:
        """Storage for a graph of `n` nodes, and of operands of those that have many; adjoints are 0."""
        edges.block = []
        edges.code, edges.left, edges.right, edges.reached = [0] * n, [0] * n, [0] * n, [0] * n
        edges.dx, edges.dy, edges.z = doubles(n), doubles(n), doubles(n)
        edges.adjoints, edges.tangents, edges.bendings, edges.pair = doubles(n), doubles(n), doubles(n), doubles(2)
        edges.begins, edges.many = [0] * (folds + 1), [0] * together
        edges.slopes, edges.numbers = doubles(together), doubles(together)
        edges.xs, edges.dxs = doubles(most), doubles(most)
