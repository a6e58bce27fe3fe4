"""Which box is in which row of a picture that is too wide for one, and each row as DOT of its own.

A box stands as late as what needs it allows, so that what goes into a step is in the row of that step. Rows are filled
as lines of text are. What is needed in a later row leaves its own at the end, once, and enters the other at the
beginning, once: there the row's DOT has a point in its place.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from autograd.scenes.dot import box_line, node_id, tie_to_place
from autograd.scenes.looks import LookOf

__all__ = ["Rows", "row_lines", "rows_of"]

SPACE, TEXT = 32.0, 70.0
"""Points between two columns; more of them where there are texts on edges."""

POINT = 'shape=point style=invis width=0.01 height=0.01 label=""'


class Rows(NamedTuple):
    """The rows of a picture.

    Attributes:
        row: Of each box, its row.
        leaving, entering: For each row the boxes that go on to later rows, and those that come from earlier ones.
    """

    row: list[int]
    leaving: list[list[int]]
    entering: list[list[int]]


def rows_of(look: LookOf, widths: list[float], room: float) -> Rows:
    """Which box is in which row.

    Args:
        look: What is in the picture.
        widths: How wide each box is.
        room: How wide a row may be.
    """
    columns = columns_of(look)
    row_of_column = balanced(look, columns, widths, room)
    row = [row_of_column[column] for column in columns]
    many = max(row, default=0) + 1
    leaving: list[dict[int, None]] = [{} for _ in range(many)]
    entering: list[dict[int, None]] = [{} for _ in range(many)]
    for tie in look.ties:
        if row[tie.tail] != row[tie.head]:
            leaving[row[tie.tail]][tie.tail] = None
            entering[row[tie.head]][tie.tail] = None
    return Rows(row, [list(found) for found in leaving], [list(found) for found in entering])


def columns_of(look: LookOf) -> list[int]:
    """The column of each box, from 0: of what is used the last before its first user, of others as early as can be."""
    depth = [0] * len(look.boxes)
    for tie in look.ties:  # by their heads, which come after their tails
        depth[tie.head] = max(depth[tie.head], depth[tie.tail] + 1)
    users: list[list[int]] = [[] for _ in look.boxes]
    for tie in look.ties:
        users[tie.tail].append(tie.head)
    for k in range(len(look.boxes) - 1, -1, -1):
        if users[k]:
            depth[k] = min(depth[head] for head in users[k]) - 1
    return depth


def balanced(look: LookOf, columns: list[int], widths: list[float], room: float) -> list[int]:
    """The row of each column, in no more rows than are needed, as even as that allows."""
    found = filled(look, columns, widths, room)
    for part in range(19, 9, -1):
        narrower = filled(look, columns, widths, room * part / 20)
        if narrower[-1] > found[-1]:
            break
        found = narrower
    return found


def filled(look: LookOf, columns: list[int], widths: list[float], room: float) -> list[int]:
    """The row of each column: as many columns as there is room for, or fewer where less goes on to the next row."""
    many = max(columns, default=0) + 1
    wide, cut = [0.0] * many, [0] * many
    for k, column in enumerate(columns):
        wide[column] = max(wide[column], widths[k] + SPACE)
    ends, texts = list(columns), [0.0] * many
    for tie in look.ties:
        texts[columns[tie.head]] = max(texts[columns[tie.head]], TEXT if tie.text else 0.0)
        ends[tie.tail] = max(ends[tie.tail], columns[tie.head])
    for k, end in enumerate(ends):
        for column in range(columns[k] + 1, end + 1):
            cut[column] += 1  # how many boxes are looked at across the beginning of a column
    wide = [a + b for a, b in zip(wide, texts, strict=True)]
    found: list[int] = []
    while len(found) < many:
        first, used, last = len(found), 0.0, len(found)
        while last < many and (last == first or used + wide[last] <= room):
            used += wide[last]
            last += 1
        if last < many:
            candidates = [c for c in range(first + 1, last + 1) if sum(wide[first:c]) >= 0.7 * used] or [last]
            last = min(candidates, key=lambda c: (cut[c], -c))
        found += [found[-1] + 1 if found else 0] * (last - first)
    return found


def row_lines(look: LookOf, rows: Rows, r: int, prefix: str) -> Iterator[str]:
    """A row in DOT, without places."""
    for k in range(len(look.boxes)):
        if rows.row[k] == r:
            yield box_line(look, k, prefix, tooltips=False)
    for rank, sign, tails in (("source", "from", rows.entering[r]), ("sink", "to", rows.leaving[r])):
        points = "; ".join(f'{sign}{tail} [id="{sign}{tail}" {POINT}]' for tail in tails)
        yield f"\t{{rank={rank}; {points}}}\n" if points else ""
    for k, tie in enumerate(look.ties):
        if rows.row[tie.head] == r:
            yield tie_to_place(look, k, prefix, "" if rows.row[tie.tail] == r else f"from{tie.tail}")
    for tail in rows.leaving[r]:
        yield f'\t{node_id(look.boxes[tail])} -> to{tail} [id="{tail}-to" arrowhead=none]\n'
