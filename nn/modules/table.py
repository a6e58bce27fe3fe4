"""Tables: in a terminal as text, in a notebook as plain HTML, without scripts and styles of its own."""

from collections.abc import Sequence
from html import escape

__all__ = ["as_html", "as_text"]


def as_text(head: Sequence[str], rows: Sequence[Sequence[str]], left: int = 2) -> str:
    """A table in columns: the first few to the left, numbers to the right.

    Args:
        head: What the columns are called.
        rows: Their cells.
        left: How many columns hold words.

    >>> print(as_text(["layer", "n"], [["one", "1"], ["second", "20"]], 1))
    layer    n
    ──────────
    one      1
    second  20
    """
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    lines = []
    for row in (head, *rows):
        cells = [
            cell.ljust(width) if i < left else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    lines.insert(1, "─" * (sum(widths) + 2 * (len(widths) - 1)))
    return "\n".join(lines)


def as_html(head: Sequence[str], rows: Sequence[Sequence[str]], left: int = 2) -> str:
    """The same in HTML.

    >>> as_html(["layer"], [["<lambda>"]], 1)
    '<table><thead><tr><th scope="col" style="text-align:left;white-space:pre">layer</th></tr></thead>...
    """

    def cells(row: Sequence[str], tag: str, about: str = "") -> str:
        sides = ["left" if i < left else "right" for i in range(len(row))]
        return "".join([
            f'<{tag}{about} style="text-align:{side};white-space:pre">{escape(cell)}</{tag}>'
            for side, cell in zip(sides, row, strict=True)
        ])  # fmt: skip

    body = "".join([f"<tr>{cells(row, 'td')}</tr>" for row in rows])
    top = cells(head, "th", ' scope="col"')
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"
