r"""Words in TeX: names and formulas as mathematics where they can be read as that, else every character as itself.

What comes out is ASCII and needs no package: `\input`, `%` or a lone surrogate in somebody's label is shown, and never
read. What the fonts of TeX do not have is named by its number, as `[U+4E2D]`.
"""

from __future__ import annotations

import re
import unicodedata

from autograd.rendering.glyphs import marked
from autograd.scenes.text import printable

__all__ = ["comment", "formula", "mathematics_of", "name", "names_in", "text", "with_numbers"]

LETTERS = r"""\alpha \beta \gamma \delta \epsilon \zeta \eta \theta \iota \kappa \lambda \mu \nu \xi \pi \rho \sigma
    \tau \upsilon \phi \chi \psi \omega \Gamma \Delta \Theta \Lambda \Xi \Pi \Sigma \Upsilon \Phi \Psi \Omega"""
GREEK = frozenset(LETTERS.replace("\\", "").split())
FUNCTIONS = frozenset(r"\cos \cosh \det \dim \exp \log \max \min \sin \sinh \tan \tanh".replace("\\", "").split())
COMPARISONS = {"<=": r"\le ", ">=": r"\ge ", "==": "=", "!=": r"\ne ", "<": "<", ">": ">"}

SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\ensuremath{<}", ">": r"\ensuremath{>}",
    "|": r"\ensuremath{|}", '"': r"{\ttfamily\char34}", "`": r"{\ttfamily\char96}", "'": "'{}", "-": "-{}", ",": ",{}",
    "−": r"\ensuremath{-}", "×": r"\ensuremath{\times}", "·": r"\ensuremath{\cdot}", "…": r"\ldots{}",
    "–": r"\textendash{}", "—": r"\textemdash{}", "∂": r"\ensuremath{\partial}", "∞": r"\ensuremath{\infty}",
    "≤": r"\ensuremath{\le}", "≥": r"\ensuremath{\ge}", "≠": r"\ensuremath{\ne}", "±": r"\ensuremath{\pm}",
    "√": r"\ensuremath{\surd}", "∑": r"\ensuremath{\sum}", "→": r"\ensuremath{\to}", "‖": r"\ensuremath{\|}",
    "∇": r"\ensuremath{\nabla}", "ß": r"\ss{}", "æ": r"\ae{}", "Æ": r"\AE{}", "ø": r"\o{}", "Ø": r"\O{}",
    "ł": r"\l{}", "Ł": r"\L{}", "ı": r"\i{}", "œ": r"\oe{}", "Œ": r"\OE{}", "\xa0": "~",
}  # fmt: skip
ACCENTS = dict(
    zip("\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c\u0327", "`'^~=u.\"rHvc", strict=True)
)

NUMBER = re.compile(r"(?<![\w.])([-−]?)(\d+(?:\.\d+)?)(?:e([-−]?)(\d+))?(?![\w.])")
PART = re.compile(r"([A-Za-z]+|[\u0370-\u03ff])(\d*)((?:_[A-Za-z0-9]+)*)((?:\[(?:\w+|\"\w+\")\])*)('*)")
TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+(?:\.\d+)?…?(?:e-?\d+)?(?![\w.]))
    | (?P<name>[^\W\d]\w*(?:\.\w+|\[[^\[\]]*\]|'|…[\w.\]]*)*)
    | (?P<quoted>"[^"]*")
    | (?P<sign>\*\*|[<>=!]=|[-+*/·<>(),…]))""",
    re.X,
)
LONGEST = 200


def text(words: str) -> str:
    r"""Any text as TeX that shows it.

    >>> print(text("100% of $x_1$"), text("\\input{a}"), text("é中"))
    100\% of \$x\_1\$ \textbackslash{}input\{a\} \'{e}[U+4E2D]
    """
    spaced = re.sub(" (?= )", "\xa0", unicodedata.normalize("NFC", printable(words)))
    pieces = marked(spaced, lambda c: not character(c))
    return "".join(piece if is_mark else "".join(map(character, piece)) for piece, is_mark in pieces)


def character(c: str) -> str:
    """One character of `text`; nothing if TeX's fonts do not have it."""
    if c in SPECIAL:
        return SPECIAL[c]
    if c.isascii():
        return c
    greek = greek_word(c)
    if greek:
        return rf"\ensuremath{{{greek}}}"
    parts = unicodedata.normalize("NFD", c)
    base, mark = parts[0], parts[1:]
    if mark in ACCENTS and base.isascii() and base.isalpha():
        return rf"\{ACCENTS[mark]}{{{base if base not in 'ij' else chr(92) + base}}}"
    return ""


def greek_word(c: str) -> str:
    r"""A Greek letter as TeX's mathematics has it: `\alpha`; nothing for others."""
    kind, _, word = unicodedata.name(c, "").partition(" LETTER ")
    word = {"LAMDA": "LAMBDA"}.get(word, word)
    word = word.capitalize() if kind == "GREEK CAPITAL" else word.lower() if kind == "GREEK SMALL" else ""
    return f"\\{word}" if word in GREEK else ""


def with_numbers(words: str) -> str:
    r"""Text whose numbers are set as such.

    >>> print(with_numbers("grad −1.235e−8"))
    grad $-1.235\times10^{-8}$
    """
    found, end = [], 0
    for hit in NUMBER.finditer(words):
        found += [text(words[end : hit.start()]), f"${number(*hit.groups())}$"]
        end = hit.end()
    return "".join([*found, text(words[end:])])


def number(sign: str, digits: str, sign_of_power: str | None, power: str | None) -> str:
    """A number in mathematics."""
    ten = rf"\times10^{{{'-' * bool(sign_of_power)}{int(power)}}}" if power else ""
    return f"{'-' * bool(sign)}{digits}{ten}"


def mathematics_of(names: list[str]) -> dict[str, str]:
    r"""Names as mathematics: those that can be read so, and look like no other of them.

    >>> mathematics_of(["w1", "b_out", "layers.0.w.3", "theta", "x_2", "x[2]", "two words"])
    {'w1': 'w_{1}', 'b_out': 'b_{\\mathrm{out}}', 'layers.0.w.3': '\\mathrm{layers}_{0}.w_{3}', 'theta': '\\theta'}
    """
    found = {name: symbol for name in dict.fromkeys(names) if (symbol := symbol_of(name))}
    looks = list(found.values())
    return {name: symbol for name, symbol in found.items() if looks.count(symbol) == 1}


def symbol_of(name: str) -> str:
    """A name as mathematics; nothing if it cannot be read so."""
    if not name.isidentifier() and len(name) > LONGEST:
        return ""
    parts: list[tuple[str, list[str], str]] = []
    for part in name.split("."):
        found = PART.fullmatch(part)
        if part.isascii() and part.isdigit() and parts:
            parts[-1][1].append(part)
        elif found:
            stem, digits, words, indices, primes = found.groups()
            below = [*filter(None, [digits, *words.split("_")]), *re.findall(r"\w+", indices)]
            parts.append((stem, below, primes))
        else:
            return ""
    return ".".join(symbol(*part) for part in parts) if all(word_of(part[0]) for part in parts) else ""


def symbol(stem: str, below: list[str], primes: str) -> str:
    """A letter or a word with what stands below it."""
    index = ",".join(map(word_of, below))
    return f"{word_of(stem)}{primes}" + (f"_{{{index}}}" if index else "")


def word_of(word: str) -> str:
    """A letter, a number, a Greek letter, or a word set upright."""
    if word in GREEK:
        return f"\\{word}"
    if not word.isascii():
        return greek_word(word) if len(word) == 1 else ""
    return word if len(word) == 1 or word.isdigit() else rf"\mathrm{{{word.replace('_', chr(92) + '_')}}}"


def name(words: str, known: dict[str, str], *, bold: bool = True) -> str:
    """A name as a box shows it."""
    if words in known:
        return r"\boldmath" * bold + f"${known[words]}$"
    return r"\bfseries " * bold + text(words)


def names_in(words: str) -> list[str]:
    """What may be names in a formula.

    >>> names_in("tanh(w[0] * x_1) ** 2")
    ['tanh', 'w[0]', 'x_1']
    """
    return [found["name"] for found in TOKEN.finditer(words[:LONGEST]) if found["name"]]


def formula(words: str, known: dict[str, str]) -> str:
    r"""A formula as mathematics if it can be read as one, else as text.

    >>> known = mathematics_of(["w1", "x1"])
    >>> print(formula("tanh(w1 * x1) ** 2", known), formula("10 % of w1", known))
    $\tanh(w_{1}\cdot x_{1})^{2}$ $10$ \% of w1
    """
    try:
        return f"${Reader(words, known).whole()}$"
    except UnreadableError:
        return with_numbers(words)


def comment(words: str) -> list[str]:
    r"""Text as comments, ASCII, in lines that TeX can hold: what has no place in the picture is not lost.

    >>> comment("x\n%é")
    ['% x\\n%\\xe9']
    """
    plain = words.encode("unicode_escape", "surrogatepass").decode("ascii")
    return [f"% {plain[k : k + 500]}" for k in range(0, len(plain), 500)]


class UnreadableError(Exception):
    """It is no formula."""


class Reader:
    """Reads a formula as Python would, from left to right, and writes it as mathematics."""

    def __init__(self, words: str, known: dict[str, str]) -> None:
        self.known, self.tokens, at = known, [], 0
        while at < len(words.rstrip()):
            found = TOKEN.match(words, at)
            if not found or found.lastgroup is None or len(words) > LONGEST:
                raise UnreadableError
            self.tokens.append((found.lastgroup, found[found.lastgroup]))
            at = found.end()
        self.tokens.append(("end", ""))
        self.at = 0

    def whole(self) -> str:
        """The whole formula."""
        found = self.comparison()
        if self.tokens[self.at][0] != "end":
            raise UnreadableError
        return found

    def taken(self, *signs: str) -> str:
        """The next token, if it is one of these, and go on; else nothing."""
        token = self.tokens[self.at][1]
        if token not in signs or self.tokens[self.at][0] == "end":
            return ""
        self.at += 1
        return token

    def comparison(self) -> str:
        """Sums compared, or joined by `and`."""
        found = self.sum()
        while sign := self.taken(*COMPARISONS, "and"):
            found += (r"\wedge " if sign == "and" else COMPARISONS[sign]) + self.sum()
        return found

    def sum(self) -> str:
        """Terms added and subtracted."""
        found = self.term()
        while sign := self.taken("+", "-"):
            found += sign + self.term()
        return found

    def term(self) -> str:
        """Factors multiplied and divided."""
        found = self.factor()
        while sign := self.taken("*", "/", "·"):
            found += ("/" if sign == "/" else r"\cdot ") + self.factor()
        return found

    def factor(self) -> str:
        """A power, or the negative of one."""
        if self.taken("-"):
            return f"-{self.factor()}"
        found = self.atom()
        return f"{found}^{{{self.factor()}}}" if self.taken("**") else found

    def atom(self) -> str:
        """A number, a name, a function of something, or something in parentheses."""
        kind, token = self.tokens[self.at]
        self.at += 1
        if token == "(":
            found = f"({self.comparison()})"
            return found if self.taken(")") else self.fail()
        if kind == "number":
            digits, _, power = token.partition("e")
            return digits.replace("…", r"\ldots ") + (rf"\times10^{{{int(power)}}}" if power else "")
        if kind == "quoted" or token == "…":
            return rf"\mbox{{{text(token)}}}"
        if kind != "name":
            return self.fail()
        return self.call(token) if self.taken("(") else self.known.get(token) or rf"\mbox{{{text(token)}}}"

    def call(self, function: str) -> str:
        """A function of one or more operands."""
        operands = [self.comparison()]
        while self.taken(","):
            operands.append(self.comparison())
        if not self.taken(")"):
            self.fail()
        if function in ("sqrt", "abs") and len(operands) == 1:
            return rf"\sqrt{{{operands[0]}}}" if function == "sqrt" else f"|{operands[0]}|"
        known = function in FUNCTIONS
        word = f"\\{function}" if known else rf"\mathop{{\mbox{{{text(function)}}}}}\nolimits"
        return f"{word}({', '.join(operands)})"

    def fail(self) -> str:
        """What is here belongs in no formula."""
        raise UnreadableError
