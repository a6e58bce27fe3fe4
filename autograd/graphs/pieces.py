"""Pieces of formulas: operands put together by Python's rules of precedence, numbers, names in a few characters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from autograd.calculus import table
from autograd.calculus.names import is_word, one_line
from autograd.calculus.primitive import Primitive

__all__ = [
    "ATOM", "LEFT_OUT", "LOOSE", "NEGATION", "SUM", "Text", "applied", "call", "constant", "cut", "displayed", "exact",
    "infix", "last_word", "number_text", "stem", "sum_of_products", "total",
]  # fmt: skip

BINDING = {"&": 1, "==": 2, "!=": 2, ">": 2, "<": 2, ">=": 2, "<=": 2, "+": 3, "-": 3, "*": 4, "/": 4, "**": 6}
LOOSE, SUM, NEGATION, ATOM = 0, 3, 5, 8
LEFT_OUT = "…"


class Text(NamedTuple):
    """A piece of a formula, how tightly it binds, and whether it is an operand's formula in place of a name."""

    text: str
    binding: int = ATOM
    written_out: bool = False

    def within(self, binding: int) -> str:
        """The text as an operand of something that binds so tightly."""
        return self.text if self.binding >= binding else f"({self.text})"


def applied(row: Primitive | None, name: str, texts: Sequence[Text]) -> Text:
    """An operation on operands as Python writes it: `a * (b + c)`, `-a`, `tanh(a)`."""
    if row is table.neg:
        return Text(f"-{texts[0].within(NEGATION + 1)}", NEGATION)
    if row is None and not name.isidentifier() and len(texts) == 2:
        return Text(f"{texts[0].within(ATOM)} {name} {texts[1].within(ATOM)}", LOOSE)
    return infix(row.symbol, texts) if row is not None and row.symbol else call(name, texts)


def infix(operator: str, texts: Sequence[Text]) -> Text:
    """Two operands with an operator between them."""
    own = BINDING[operator]
    left, right = (own + 1, NEGATION) if operator == "**" else (own, own + 1)
    word = "and" if operator == "&" else operator
    return Text(f"{texts[0].within(left)} {word} {texts[1].within(right)}", own)


def call(name: str, texts: Sequence[Text]) -> Text:
    """A function of operands."""
    return Text(f"{name}({', '.join(text.text for text in texts)})")


def total(texts: Sequence[Text]) -> Text:
    """A sum of operands; of one that operand."""
    if len(texts) == 1:
        return texts[0]
    return Text(" + ".join(text.within(SUM + (k > 0)) for k, text in enumerate(texts)), SUM)


def sum_of_products(texts: Sequence[Text], products: int) -> Text:
    """So many products of two, and then operands alone."""
    terms = [infix("*", texts[2 * k : 2 * k + 2]) for k in range(products)]
    return total([*terms, *texts[2 * products :]])


def number_text(text: str) -> Text:
    """A number as a piece of a formula: one with a sign binds as a negation does."""
    return Text(text, NEGATION if text[0] == "-" else ATOM)


def exact(x: float) -> str:
    """A number in as few digits as tell it from all others.

    >>> exact(2.0), exact(0.1), exact(1e-300), exact(-0.0)
    ('2', '0.1', '1e-300', '-0.0')
    """
    return str(int(x)) if abs(x) < 1e6 and x == int(x) and (x or str(x)[0] != "-") else repr(x)


def constant(x: float) -> str:
    """A number in at most eight characters; dots stand for digits that are left out, and none is rounded.

    >>> [constant(x) for x in (2.0, 0.1, 1e9, 1.0000001, 1 / 3, -1234567.891)]
    ['2', '0.1', '1e9', '1.00000…', '0.333333…', '-1.23456…e6']
    """
    text = exact(x)
    if len(text) <= 8 or x - x != 0.0:
        return text.replace("e+", "e").replace("e-0", "e-")
    sign, digits, _ = Decimal(text).as_tuple()
    figures = "".join(map(str, digits)).rstrip("0")
    power = Decimal(text).adjusted()
    minus, more = "-" * sign, LEFT_OUT * (len(figures) > 6)
    if -4 <= power < 0:
        return f"{minus}0.{'0' * (-power - 1)}{figures[:6]}{more}"
    if 0 <= power < 6:
        return f"{minus}{figures[: power + 1]}.{figures[power + 1 : 6]}{more}"
    dot = "." * (len(figures) > 1)
    return f"{minus}{figures[0]}{dot}{figures[1:6]}{more}e{power}"


def displayed(name: str) -> str:
    """A name as an operand: cut to 24 characters, and in quotes if it would not read as one thing.

    >>> displayed("w[3]"), displayed('params["w"]'), displayed("1 - e"), displayed("model.layers.0.neurons.3.w.1")
    ('w[3]', 'params["w"]', '"1 - e"', 'model.layer…eurons.3.w.1')
    """
    text = cut(name)
    return text if is_word(re.sub(r'\["[^"]*"\]|…', "", text)) else '"' + text.replace('"', "'") + '"'


def cut(name: str, most: int = 24) -> str:
    """A name in one line, without its middle if it is long."""
    return one_line(name if len(name) <= most else f"{name[: most // 2 - 1]}{LEFT_OUT}{name[-most // 2 :]}")


def stem(name: str) -> str:
    """The name of a vector that a name is an element's of: `w` for `w[0]`, `w.0` and `w1`; else nothing."""
    found = re.fullmatch(r"(.+?)(?:\.\d+|\[\w+\]|\d+)", name, re.DOTALL)
    return found[1] if found else ""


def last_word(name: str) -> str:
    """What a path ends in: `b` of `model.layers.0.b`."""
    last = name.rpartition(".")[2]
    return last if last.isidentifier() else name
