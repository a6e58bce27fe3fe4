"""Options of a command line: what they must be, and which one was meant by one that there is not."""

import argparse
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from math import isfinite
from types import MappingProxyType
from typing import Any

from autograd.border.console import complain
from nn.demo.command import INTERRUPTED, REFUSED, Parser
from nn.demo.report import RefusedError, first_line

__all__ = [
    "Command", "bare", "checked", "column", "columns", "in_place", "meant", "number", "outcome", "parsed", "positive",
    "rate", "refusing", "share", "sizes",
]  # fmt: skip


class Command(Parser):
    """The options of a command, with examples at the end of its help.

    Args:
        name: What it is called by.
        description: What it does.
        examples: Command lines, each with what it is for.
        instead: For options that others have and this one has not, without dashes, what to write.

    >>> command = Command("draw", "Draw a model.", [("draw model", "its network")])
    >>> command.prog
    'python -m nn draw'
    """

    def __init__(
        self,
        name: str,
        description: str,
        examples: Sequence[tuple[str, str]],
        instead: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.instead = instead
        lines = [f"  python -m nn {line}\n      {purpose}" for line, purpose in examples]
        super().__init__(
            prog=f"python -m nn {name}",
            description=description,
            epilog="\n".join(["examples:", *lines]),
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )

    @property
    def options(self) -> list[str]:
        """The names of its options.

        >>> Command("draw", "", []).options
        ['-h', '--help']
        """
        return list(self._option_string_actions)


def in_place(*names: str) -> dict[str, str]:
    """What to write in place of options for what stands on the line without one, and of what the model knows itself.

    Args:
        names: What stands there, in its order.

    >>> in_place("MODEL", "FILE")["data"]
    'write MODEL FILE, without an option before them'
    """
    line = f"write {' '.join(names)}, without an option before {'them' if len(names) > 1 else 'it'}"
    own = "the model knows that itself, from when it was trained"
    return {
        **dict.fromkeys(("model", "data", "file", "input", "csv", "path"), line),
        **dict.fromkeys(("target", "columns", "layers", "activation", "loss", "scale", "header"), own),
    }


def parsed(command: Command, arguments: Sequence[str]) -> Any:
    """The options in a command line; it ends the program where one is not right, in one line.

    >>> parsed(Command("draw", "", []), [])
    Namespace()
    """
    found, unknown = command.parse_known_args(arguments)
    if unknown:
        wrong = unknown[0].partition("=")[0]
        if not wrong.startswith("-"):
            command.error(f"there is nothing to be done with {unknown[0]!r}")
        command.error(f"no option {wrong}{option_meant(wrong, command)}")
    return found


SYNONYMS = {"--learning-rate": "--lr", "--hidden": "--layers", "--units": "--layers", "--batch": "--batch-size"}
"""Options as others call them."""


def option_meant(wrong: str, command: Command) -> str:
    """What was probably meant by an option that there is not, as the end of a sentence.

    >>> option_meant("--see", Command("draw", "", [])), option_meant("--hep", Command("draw", "", []))
    ('', "; did you mean '--help'?")
    """
    name = wrong.lstrip("-")
    if name in command.instead:
        return f": {command.instead[name]}"
    known = {option.lstrip("-"): option for option in command.options if option.startswith("--")}
    near = [option for option in known.values() if option == SYNONYMS.get(wrong)]
    near += [known[other] for other in known if len(name) > 2 and (other.startswith(name) or name.startswith(other))]
    near += [known[other] for other in get_close_matches(name, known, 1, 0.7)]
    return f"; did you mean {near[0]!r}?" if near else ""


def meant(name: str, known: Iterable[str]) -> str:
    """Which name was probably meant, as the end of a sentence; "" if none is near.

    >>> meant("mons", ["moons", "xor"]), meant("abc", ["moons"])
    ("; did you mean 'moons'?", '')
    """
    near = get_close_matches(name, list(known), 1, 0.5)
    return f"; did you mean {near[0]!r}?" if near else ""


def bare(name: str) -> str:
    """A name without what spellings differ in.

    >>> bare("Leaky-ReLU")
    'leakyrelu'
    """
    return "".join([c for c in name.casefold() if c.isalnum()])


@contextmanager
def refusing(what: str = "") -> Iterator[None]:
    """Meanwhile, what the package does not accept is refused in one line.

    Args:
        what: What stands before it.

    Raises:
        RefusedError: in place of what was raised: something is of the wrong kind or out of range, a file cannot be read
            or written, a library is not there.

    >>> with refusing("draw"):
    ...     raise ValueError("no layer")
    Traceback (most recent call last):
    nn.demo.report.RefusedError: draw: no layer
    """
    before = f"{what}: " if what else ""
    try:
        yield
    except OSError as error:
        named = f"{error.filename}: " if error.filename else ""
        raise RefusedError(f"{before}{named}{error.strerror or first_line(error)}") from error
    except (TypeError, ValueError, ImportError) as error:
        raise RefusedError(f"{before}{first_line(error)}") from error


def outcome(program: str, run: Callable[[], int]) -> int:
    """The exit code of a command: what `run` returns; 2 where something is refused, 130 for Ctrl-C.

    Args:
        program: Who refuses it.
        run: Does it.

    >>> outcome("python -m nn draw", lambda: 0)
    0
    """
    try:
        return run()
    except RefusedError as error:
        complain(f"{program}: {first_line(error)}")
        return REFUSED
    except KeyboardInterrupt:
        complain(f"{program}: interrupted")
        return INTERRUPTED


# --- what an option must be ------------------------------------------------------------------------------------------


def checked(convert: Callable[[str], Any]) -> Callable[[str], Any]:
    """A kind of argument, from a function that raises a ValueError for text that is not of that kind.

    >>> checked(int)("7")
    7
    """

    def kind(text: str) -> Any:
        try:
            return convert(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(first_line(error)) from None

    return kind


def number(text: str) -> float:
    """A number.

    Raises:
        ArgumentTypeError: it is none, or not finite.

    >>> number("1e-3")
    0.001
    """
    try:
        found = float(text)
    except ValueError:
        found = float("nan")
    if not isfinite(found):
        raise argparse.ArgumentTypeError(f"expected a number, got {text!r}")
    return found


def rate(text: str) -> float:
    """A number of 0 or more.

    >>> rate("0")
    0.0
    """
    found = number(text)
    if found < 0.0:
        raise argparse.ArgumentTypeError(f"expected a number of 0 or more, got {text!r}")
    return found


def positive(text: str) -> float:
    """A number above 0.

    >>> positive("0.5")
    0.5
    """
    found = number(text)
    if found <= 0.0:
        raise argparse.ArgumentTypeError(f"expected a number above 0, got {text!r}")
    return found


def share(text: str) -> float:
    """A share, from 0 to below 1.

    >>> share("0.2")
    0.2
    """
    found = number(text)
    if not 0.0 <= found < 1.0:
        raise argparse.ArgumentTypeError(f"expected a share, from 0 to below 1, got {text!r}")
    return found


def sizes(text: str) -> list[int]:
    """Sizes of layers; none of them for "none".

    >>> sizes("64,32"), sizes("none")
    ([64, 32], [])
    """
    if text.strip().lower() in ("", "none"):
        return []
    found = [part.strip() for part in text.split(",")]
    if not all(part.isascii() and part.isdigit() and int(part) > 0 for part in found):
        raise argparse.ArgumentTypeError(f"expected sizes of layers such as 64,32, or none, got {text!r}")
    return [int(part) for part in found]


def column(text: str) -> str | int:
    """A column by its name; or by its place, a whole number.

    >>> column("species"), column("-1")
    ('species', -1)
    """
    bare_number = text.removeprefix("-")
    return int(text) if bare_number.isascii() and bare_number.isdigit() else text


def columns(text: str) -> list[str | int]:
    """Several columns.

    >>> columns("length, width,3")
    ['length', 'width', 3]
    """
    return [column(part.strip()) for part in text.split(",")]
