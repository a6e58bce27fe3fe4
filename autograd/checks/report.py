"""What a check of derivatives found: an entry for each that was compared, as data and as a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

__all__ = ["Entry", "GradcheckError", "GradcheckReport"]

SHOWN = 12
"""So many entries are written; what is wrong comes first."""


@dataclass(frozen=True)
class Entry:
    """A derivative that was compared.

    Attributes:
        order: 1, or 2 for the derivative of a gradient.
        mode: How the engine found it: "reverse" or "forward".
        of, by: The result, and the argument or direction, as a user would write them.
        got, expected: By the engine, and by what it is checked against: differences, complex steps or mpmath.
        error: How far off that may be; of digits that were needed to tell, how far rounding in doubles may move it.
        step: The step with which it was taken.
        verdict: "right", "wrong", "kink" (what the engine gives is between the slopes of the two sides), "jump" (the
            result is not continuous there), "unsure" (these tell nothing).
    """

    order: int
    mode: str
    of: str
    by: str
    got: float
    expected: float
    error: float
    step: float
    verdict: str


@dataclass
class GradcheckReport:
    """All that was compared; `str()` of it is a table, what is wrong first.

    Attributes:
        name: What was checked.
        entries: What was compared.
        blame: What is wrong, in a sentence: the row of the table or the rule, and the line that applied it.
    """

    name: str
    entries: list[Entry] = field(default_factory=list)
    blame: str = ""

    @property
    def wrong(self) -> list[Entry]:
        """The entries that are wrong."""
        return [entry for entry in self.entries if entry.verdict == "wrong"]

    def __bool__(self) -> bool:
        return not self.wrong

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __str__(self) -> str:
        counts = {verdict: sum(e.verdict == verdict for e in self.entries) for verdict in VERDICTS}
        said = ", ".join(f"{n:,} {verdict}" for verdict, n in counts.items() if n)
        order = sorted(self.entries, key=lambda entry: VERDICTS.index(entry.verdict))
        shown = [entry for entry in order if entry.verdict != "right"][:SHOWN] or order[:1]
        rows = [("order", "mode", "of", "by", "got", "expected", "off by at most", "step", "verdict")]
        rows += [
            (
                str(e.order), e.mode, e.of, e.by, f"{e.got:.10g}", f"{e.expected:.10g}", f"{e.error:.1e}",
                f"{e.step:.1e}", e.verdict,
            )
            for e in shown
        ]  # fmt: skip
        widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
        lines = ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]
        more = len(order) - len(shown)
        return "\n".join(
            [
                f"gradcheck of {self.name}: {said}",
                *lines,
                *([f"and {more:,} more"] if more else []),
                *([self.blame] * bool(self.blame)),
            ]
        )


VERDICTS = ("wrong", "unsure", "kink", "jump", "right")


class GradcheckError(AssertionError):
    r"""A derivative is wrong; the message is the report.

    Attributes:
        report: What was compared.

    >>> str(GradcheckError(GradcheckReport("f", [Entry(1, "reverse", "f", "x", 2.0, 1.0, 1e-9, 0.1, "wrong")])))[:26]
    'gradcheck of f: 1 wrong\\nor'
    """

    __module__ = "autograd"  # where users find it

    def __init__(self, report: GradcheckReport) -> None:
        super().__init__(str(report))
        self.report = report
