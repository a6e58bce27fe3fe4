"""An explanation in words: as text, in Markdown, and its sum in LaTeX.

Factors are shown in six digits. What is added is shown in all of its digits, and the sum adds up to the bit.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import NamedTuple

from autograd.algebra.latex import latex_digits
from autograd.calculus.notation import latex_number
from autograd.explanations.account import Account
from autograd.explanations.routes import Contribution, Path
from autograd.values.value import Value

__all__ = ["Section", "Told", "told"]

FEW = 8
"""Of so many contributions all are shown; of more the first and the last ones, and how far those between bring it."""
ENDS = 3
"""So many at each end, of contributions and of the nodes of a path."""
LINES = 24
"""A section has no more lines of values or partials."""
TERMS, FACTORS = 6, 6
"""The sum in LaTeX has no more terms, each of no more factors."""


@dataclass(frozen=True)
class Section:
    """Lines under a heading."""

    heading: str
    lines: tuple[str, ...]


class Told(NamedTuple):
    """An explanation as text, in Markdown, and its sum in LaTeX."""

    text: str
    markdown: str
    latex: str


class Telling:
    """Tells of paths and contributions, in the names of an account."""

    def __init__(
        self, account: Account, root: Value, x: Value, contributions: Sequence[Contribution], paths: Sequence[Path],
        count: int, gradient: float,
    ) -> None:  # fmt: skip
        self.account, self.root, self.x = account, root, x
        self.contributions, self.paths, self.count, self.gradient = contributions, paths, count, gradient
        self.uses = shown(contributions)
        self.whole = count == len(paths)

    # --- what there is to say ---

    def slope(self, above: Value, below: Value) -> str:
        """∂above/∂below, in names."""
        return f"∂{self.account.name(above)}/∂{self.account.name(below)}"

    def title(self) -> str:
        """What is asked, and the answer."""
        begin = f"{self.slope(self.root, self.x)} = {self.gradient!r}"
        if self.x is self.root:
            return f"{begin}: it is what is differentiated"
        if not self.contributions:
            return f"{begin}: no gradient comes to {self.account.name(self.x)}"
        uses, ways = counted(len(self.contributions), "use"), counted(self.count, "path")
        return f"{begin}, by the chain rule: {uses} of {self.account.name(self.x)}, {ways}"

    def edges(self) -> list[tuple[Value, Value, int, float | None, float | None]]:
        """The edges of the paths that are listed and of the uses that are shown, from the root on, each once."""
        found: dict[tuple[int, int], tuple[Value, Value, int, float | None, float | None]] = {}
        for path in self.paths:
            steps = list(zip(path.nodes, path.nodes[1:], path.places, path.partials, strict=False))
            for node, operand, place, partial in steps if len(steps) <= 2 * ENDS else [*steps[:ENDS], *steps[-ENDS:]]:
                found[id(node), place] = (node, operand, place, partial, None)
        for use in self.uses:
            if use is not None:
                found[id(use.node), use.place] = (use.node, self.x, use.place, use.partial, use.number)
        return sorted(found.values(), key=lambda edge: (-self.account.find(edge[0]), edge[2]))

    def partials(self) -> list[str]:
        """A line for each partial: its formula and its number."""
        lines, edges = [], self.edges()
        for node, operand, place, partial, number in edges[:LINES]:
            again = sum(other is operand for other in node.operands) > 1
            line = self.slope(node, operand) + (f" at place {place + 1}" if again else "")
            if partial is None:
                lines.append(f"{line} is kept by its rule" + (f", which adds {number!r}" if number is not None else ""))
                continue
            formula = self.account.partial(node, place).text
            digits = short(partial)
            lines.append(f"{line} = {formula} = {digits}" if formula not in ("", digits) else f"{line} = {digits}")
        return [*lines, *more(len(edges) - LINES, "partials")]

    def values(self) -> list[str]:
        """A line for each node that was spoken of: its formula, if it has one, and its number."""
        known = self.account.formulas()
        known.sort(key=lambda node: bool(node[1]))  # leaves first
        found = [" = ".join(part for part in (name, formula, short(x)) if part) for name, formula, x in known]
        return [*found[:LINES], *more(len(found) - LINES, "values")]

    def ways(self) -> list[str]:
        """A line for each path: its nodes, its factors, their product."""
        lines = []
        for path in self.paths:
            names = [self.account.name(node) for node in ends_of(path.nodes)]
            steps = " ← ".join(with_gap(names, len(path.nodes)))
            product = "not known" if path.product is None else repr(path.product)
            if len(path.partials) > 2 * ENDS:
                lines.append(f"{steps}: the product of {len(path.partials):,} partials = {product}")
                continue
            factors = " · ".join("?" if d is None else factor(d) for d in path.partials)
            lines.append(f"{steps}: {factors} = {product}" if len(path.partials) > 1 else f"{steps}: {product}")
        return lines

    def products(self) -> list[str]:
        """A line for each use: partial times adjoint, and over how many paths that has come."""
        lines = []
        for use in self.uses:
            if use is None:
                lines.append(f"… {len(self.contributions) - len(self.uses) + 1:,} more uses")
                continue
            name = f"{self.account.name(use.node)} ← {self.account.name(self.x)}"
            how = "added by its rule" if use.partial is None else f"{factor(use.partial)} · {factor(use.adjoint)}"
            lines.append(f"{name}: {how} = {use.number!r}, {counted(use.paths, 'path')}")
        return lines

    def sum(self) -> list[str]:
        """What is added, in order, with all digits; where some are left out, what it is after those."""
        if len(self.uses) == len(self.contributions):
            terms = [repr(use.number) for use in self.contributions]
            if repr(reduce(add, (use.number for use in self.contributions))) != repr(self.gradient):
                terms.insert(0, "0.0")  # -0.0 alone would not be what comes of adding it to 0.0
            return [f"{' + '.join(terms)} = {self.gradient!r}" if len(terms) > 1 else terms[0]]
        lines, last = [], len(self.contributions) - ENDS
        for use in self.uses:
            if use is not None:
                lines.append(f"+ {use.number!r}")
                continue
            reached = 0.0
            for each in self.contributions[:last]:
                reached += each.number
            lines.append(f"… {last - ENDS:,} more, which bring it to {reached!r}")
        return [f"0.0 {lines[0]}", *lines[1:], f"= {self.gradient!r}"]

    def notes(self) -> list[str]:
        """What else is to know: uses that carry nothing, and a gradient from before."""
        name, unused = self.account.name(self.x), self.unused()
        found = []
        if unused:
            which = ", ".join(self.account.name(node) for node in unused[:ENDS]) + ", …" * (len(unused) > ENDS)
            found.append(
                f"{counted(len(unused), 'more use')} of {name} without a gradient, in {which}: a decision took another "
                "operand, or none comes to what uses it"
            )
        before = self.x.grad
        if not self.x.operands and before != 0.0:
            sum = f"{before!r} + {self.gradient!r} = {before + self.gradient!r}"
            found.append(f"backward() adds it to what is in {name}.grad: {sum}")
        return found

    def unused(self) -> list[Value]:
        """What uses x and carries no gradient to it."""
        graph, at = self.account.graph, self.account.find(self.x)
        carrying = {(id(use.node), use.place) for use in self.contributions}
        tails, heads = graph.edges()
        found = []
        for i in dict.fromkeys(heads[tails == at].tolist()):
            node = graph.values[i]
            places = [k for k, operand in enumerate(node.operands) if operand is self.x]
            found += [node for k in places if (id(node), k) not in carrying]
        return found

    def sections(self) -> list[Section]:
        """All of it, in the order of reading."""
        ways, partials = self.ways(), self.partials()
        multiple = any(use is None or use.paths > 1 for use in self.uses)
        products, notes = self.products() if multiple else [], self.notes()
        listed = "paths" if self.whole else f"the {len(ways)} paths of the largest products"
        found = [
            ("values", self.values()),
            ("partials, with their formulas", partials),
            (f"{listed}: partials from {self.account.name(self.root)} on, and their product", ways),
            ("uses: partial · adjoint of what uses it = contribution", products),
            ("sum of the contributions, in the order of the sweep", self.sum() if self.contributions else []),
            ("note", notes),
        ]
        return [Section(heading, tuple(lines)) for heading, lines in found if lines]

    # --- in LaTeX ---

    def latex(self) -> str:
        """The sum over the paths, or over the uses if there are many paths: symbols, numbers, gradient."""
        name = self.account.latex
        left = fraction(name(self.root), name(self.x))
        if not self.contributions:
            return f"{left} = {latex_number(self.gradient)[0]}"
        symbols, factors = [], []
        if self.whole and len(self.paths) <= TERMS and all(len(path.partials) <= FACTORS for path in self.paths):
            for path in self.paths:
                edges = list(zip(path.nodes, path.nodes[1:], path.partials, strict=False))
                symbols.append(r" \, ".join(fraction(name(a), name(b)) for a, b, _ in edges))
                factors.append(r" \cdot ".join(latex_factor(d) for _, _, d in edges))
        else:
            for use in self.contributions[:TERMS]:
                above = fraction(name(self.root), name(use.node))
                symbols.append(rf"{above} \, {fraction(name(use.node), name(self.x))}")
                factors.append(rf"{latex_factor(use.adjoint)} \cdot {latex_factor(use.partial)}")
            if len(self.contributions) > TERMS:
                symbols.append(r"\ldots")
                factors.append(r"\ldots")
        lines = [f"{left} &= {' + '.join(symbols)}", f"&= {' + '.join(factors)}"]
        lines.append(f"&= {latex_number(self.gradient)[0]}")
        return "\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}"


def told(
    account: Account, root: Value, x: Value, contributions: Sequence[Contribution], paths: Sequence[Path], count: int,
    gradient: float,
) -> Told:  # fmt: skip
    """An explanation in words."""
    telling = Telling(account, root, x, contributions, paths, count, gradient)
    sections, title, latex = telling.sections(), telling.title(), telling.latex()
    text = [title]
    marked = [f"**{code(title)}**", f"$$\n{latex}\n$$"]
    for section in sections:
        text += ["", section.heading, *(f"  {line}" for line in section.lines)]
        marked += [f"*{plain(section.heading)}*", "\n".join(f"- {code(line)}" for line in section.lines)]
    return Told("\n".join(text), "\n\n".join(marked) + "\n", latex)


# --- pieces ----------------------------------------------------------------------------------------------------------


def shown(contributions: Sequence[Contribution]) -> list[Contribution | None]:
    """All contributions if they are few; else the first and the last, with None for those between."""
    if len(contributions) <= FEW:
        return list(contributions)
    return [*contributions[:ENDS], None, *contributions[-ENDS:]]


def ends_of(nodes: Sequence[Value]) -> list[Value]:
    """All nodes of a path if they are few; else the first and the last."""
    return list(nodes) if len(nodes) <= 2 * ENDS + 1 else [*nodes[:ENDS], *nodes[-ENDS:]]


def with_gap(names: list[str], length: int) -> Iterable[str]:
    """The names of nodes, and how many are left out in the middle."""
    if length == len(names):
        return names
    return [*names[:ENDS], f"… {length - len(names):,} more …", *names[ENDS:]]


def counted(number: int, what: str) -> str:
    """So many things; a number of more than twenty digits by its size.

    >>> counted(1, "path"), counted(1024, "path"), counted(2**100, "path")
    ('1 path', '1,024 paths', 'about 1.3e30 paths')
    """
    if number < 10**20:
        return f"{number:,} {what}{'s' * (number != 1)}"
    size = math.log10(number)
    first = 10 ** (size % 1.0)
    return f"about {first:.1f}e{int(size)} {what}s" if first < 9.95 else f"about 1.0e{int(size) + 1} {what}s"


def more(number: int, what: str) -> list[str]:
    """A line for what is left out, if something is."""
    return [f"… {number:,} more {what}"] if number > 0 else []


def short(x: float) -> str:
    """A number in six digits."""
    return f"{x:.6g}"


def factor(x: float) -> str:
    """The same as a factor."""
    return f"({x:.6g})" if x < 0.0 else f"{x:.6g}"


def latex_factor(x: float | None) -> str:
    """The same in LaTeX."""
    if x is None:
        return "?"
    return rf"\left({latex_digits(x)}\right)" if x < 0.0 else latex_digits(x)


def fraction(above: str, below: str) -> str:
    """A derivative in LaTeX."""
    return rf"\frac{{\partial {above}}}{{\partial {below}}}"


def code(text: str) -> str:
    """Text in Markdown, every character as it is.

    >>> code("a`b"), code("`")
    ('``a`b``', '`` ` ``')
    """
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    space = " " * (text[:1] == "`" or text[-1:] == "`")
    return f"{fence}{space}{text}{space}{fence}"


def plain(heading: str) -> str:
    """A heading in Markdown: the name of a Value in it is code."""
    return re.sub(r"(?<=partials from )(.+)(?= on, and)", lambda found: code(found[1]), heading)
