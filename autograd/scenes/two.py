"""micrograd's look: a box for each number, and an ellipse for each operation that made one."""

from __future__ import annotations

from autograd.folding.view import View
from autograd.scenes.colours import PALETTES
from autograd.scenes.looks import THIN, Border, Line, Look, LookOf, Options, Tie
from autograd.scenes.text import cut, lines_of, printable, short

__all__ = ["in_two"]


def in_two(look: LookOf, view: View, options: Options) -> LookOf:
    """A look with each operation's box in two: its operator, which operands enter, and its number.

    Constants are boxes of their own here, and what enters a group enters as before.

    Cost: linear.
    """
    return Splitting(look, view, options).all()


class Splitting:
    """The parts of `in_two`, which share the boxes that there are already."""

    def __init__(self, look: LookOf, view: View, options: Options) -> None:
        self.look, self.view, self.graph, self.options = look, view, view.graph, options
        self.palette = PALETTES[options.theme]
        self.boxes: list[Look] = []
        self.ties: list[Tie] = []
        self.at: dict[int, int] = {}  # of each box of the look, where it is now
        self.constants: dict[int, int] = {}

    def all(self) -> LookOf:
        """Every box and edge; operands before what was made from them."""
        into: list[list[Tie]] = [[] for _ in self.look.boxes]
        for tie in self.look.ties:
            into[tie.head].append(tie)
        for k, box in enumerate(self.look.boxes):
            if box.role == "operation" and not (box.cut and not into[k]):
                self.split(k, box, into[k])
            else:
                if box.role == "constant":
                    self.constants[self.view.boxes[k].node] = len(self.boxes)
                self.at[k] = self.put(box if box.role == "group" else self.flat(box))
                self.ties += [tie._replace(tail=self.at[tie.tail], head=self.at[k]) for tie in into[k]]
        return self.look._replace(boxes=self.boxes, ties=self.ties)

    def put(self, box: Look) -> int:
        """The number of a box that is added."""
        self.boxes.append(box)
        return len(self.boxes) - 1

    def split(self, k: int, box: Look, into: list[Tie]) -> None:
        """An operation as an ellipse and a box."""
        i = self.view.boxes[k].node
        known = {tie.operand: tie for tie in into}
        entering: list[Tie] = []
        for place, use in enumerate(self.graph.uses(i)):
            tie = known.get(place)
            if tie is None and (isinstance(use.operand, float) or self.graph.kind(use.operand) == "constant"):
                tail = self.constant(i, place, use.operand)
                tie = Tie(tail, 0, place, 0, None, 1, "", "", self.palette.edge)
            elif tie is not None:
                tie = tie._replace(tail=self.at[tie.tail])
            if tie is not None:
                entering.append(tie)
        operator = self.graph.name_of_operation(i)
        ellipse = self.put(
            box._replace(
                id=f"{box.id}_op", role="operator", root=False, cut=False, name=operator, data=None, grad=None, count=0,
                lines=[Line(text, "formula") for text in lines_of(operator)], shape="ellipse",
                border=Border(self.palette.border, THIN, False), fill=self.palette.box, tooltip=box.formula or operator,
                mark="", ports=len(entering),
            )
        )  # fmt: skip
        self.at[k] = self.put(self.flat(box)._replace(ports=1))
        self.ties += [tie._replace(head=ellipse, port=port) for port, tie in enumerate(entering)]
        self.ties.append(Tie(ellipse, self.at[k], 0, 0, None, 1, "", "", self.palette.edge))

    def constant(self, i: int, place: int, operand: int | float) -> int:
        """The box of a constant; a bare number, which is no node, has one for each use."""
        if isinstance(operand, int) and operand in self.constants:
            return self.constants[operand]
        data = operand if isinstance(operand, float) else self.graph.data(operand)
        id = f"{self.graph.id(i)}_in{place}" if isinstance(operand, float) else self.graph.id(operand)
        name = "" if isinstance(operand, float) else self.view.names.given.get(operand, "")
        box = Look(
            id, "constant", False, False, name, "", data, None, 0, [], "box",
            Border(self.palette.border, THIN, False), self.palette.box, self.palette.ink, f"data {data!r}", "", 0,
        )  # fmt: skip
        at = self.put(self.flat(box))
        if isinstance(operand, int):
            self.constants[operand] = at
        return at

    def flat(self, box: Look) -> Look:
        """A box with its name and its numbers in one line."""
        name = [line.text for line in box.lines if line.kind == "id"]
        if box.name:
            name = [cut(printable(" ".join(box.name.split())))]
        numbers = [
            f"{what} {'–' if x is None else short(x, self.options.digits)}"
            for what, x in (("data", box.data), ("grad", box.grad))
        ]
        alarm = [line.text for line in box.lines if line.kind == "alarm"]
        return box._replace(lines=[Line(" | ".join([*name, *numbers, *alarm]), "record")])
