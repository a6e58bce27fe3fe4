"""The border of this package: sizes, sources of randomness, optional libraries; each refused in one clear sentence."""

import operator
import random
import sys
import warnings
from collections.abc import Iterator, Sized
from contextlib import contextmanager
from contextvars import ContextVar
from importlib import import_module
from math import isfinite
from typing import Any

from autograd import Value
from autograd.border.wording import brief

__all__ = [
    "as_finite", "as_flag", "as_generator", "as_label", "as_list", "as_size", "import_extra", "is_whole", "number_of",
    "require_as_many", "require_one_number", "silenced", "warn_user",
]  # fmt: skip


def is_whole(x: Any) -> bool:
    """Whether `x` is one whole number, of Python or NumPy; no bool, and no Value.

    >>> is_whole(3), is_whole(3.0), is_whole(Value(3.0))
    (True, False, False)
    """
    return hasattr(x, "__index__") and not isinstance(x, (bool, Value)) and getattr(x, "shape", ()) == ()


def as_size(n: Any, what: str, least: int = 1) -> int:
    """`n` as an int that counts something.

    Raises:
        TypeError: `n` is not a whole number.
        ValueError: `n` is less than `least`.

    >>> as_size(3, "nin")
    3
    """
    if not is_whole(n):
        raise TypeError(f"{what}: expected a whole number, got {type(n).__name__} {brief(n)}")
    size = operator.index(n)
    if size < least:
        raise ValueError(f"{what}: expected {least} or more, got {size}")
    return size


def as_finite(x: Any, what: str) -> float:
    """`x` as a finite float.

    Raises:
        TypeError: `x` is not a real number.
        ValueError: `x` is nan or infinite.

    >>> as_finite(1, "lr")
    1.0
    """
    if isinstance(x, (str, bytes)) or not hasattr(type(x), "__float__"):
        raise TypeError(f"{what}: expected a real number, got {type(x).__name__} {brief(x)}")
    try:
        number = float(x)
    except (TypeError, ValueError, OverflowError) as error:
        raise type(error)(f"{what}: expected one real number, got {type(x).__name__}: {error}") from None
    if not isfinite(number):
        raise ValueError(f"{what}: expected a finite number, got {number}")
    return number


def as_flag(x: Any, what: str, hint: str = "") -> bool:
    """`x` as a bool, of Python's or NumPy's.

    Args:
        x: Should be one.
        what: What it is, for the message.
        hint: What was probably meant.

    Raises:
        TypeError: `x` is something else.

    >>> as_flag(True, "bias")
    True
    """
    if isinstance(x, bool) or type(x).__name__ in ("bool", "bool_"):
        return bool(x)
    raise TypeError(f"{what} is {brief(x)}; it is True or False{hint}")


def number_of(score: Any) -> float:
    """The number of a Value or a number.

    >>> number_of(Value(2.0)), number_of(3)
    (2.0, 3.0)
    """
    return score.data if isinstance(score, Value) else float(score)


def as_generator(rng: Any) -> random.Random:
    """The source of random numbers: `rng` itself, a fresh one seeded with an int, or Python's global one for None.

    Raises:
        TypeError: `rng` is none of these.

    >>> as_generator(7).random() == random.Random(7).random()
    True
    """
    if rng is None or rng is random:
        return random  # type: ignore[return-value]  # the module offers the methods of its hidden Random
    if isinstance(rng, random.Random):
        return rng
    if not is_whole(rng):
        raise TypeError(f"rng: expected None, an int seed or a random.Random, got {type(rng).__name__}")
    return random.Random(operator.index(rng))


def as_label(x: Any, most: int = 24) -> str:
    r"""A name as it can be shown: one line, what cannot be printed as an escape, the middle of a long one left out.

    >>> as_label("layers.0"), as_label("abcdefghij", most=5)
    ('layers.0', 'ab…ij')
    >>> print(as_label(chr(0) + chr(10)))
    \x00\n
    """
    text = str(x) if type(x) in (str, int, float, bool) else brief(x)
    shown = text if text.isprintable() else "".join([c if c.isprintable() else ascii(c)[1:-1] for c in text])
    if len(shown) <= most:
        return shown
    end = (most - 1) // 2
    return f"{shown[: most - 1 - end]}…{shown[len(shown) - end :]}"


def as_list(xs: Any, what: str) -> list[Any]:
    """The elements of a sequence, an array, a table or an iterator, in a list: arrays and tables give Python numbers.

    The elements of a table (a DataFrame of pandas or polars, for example) are its rows.

    Raises:
        TypeError: `xs` holds no elements, or holds columns by their names.

    >>> as_list(range(3), "targets")
    [0, 1, 2]
    """
    if isinstance(xs, list):
        return xs
    if isinstance(xs, dict):
        raise TypeError(f"{what}: expected a list, got a dict of {len(xs)}: nn.as_table makes rows of columns")
    if hasattr(xs, "collect") and hasattr(type(xs), "columns"):  # not asked for its columns, which would be work
        raise TypeError(f"{what}: a {type(xs).__name__} holds no rows yet: give what its .collect() gives")
    found = xs
    if hasattr(xs, "tolist"):
        found = xs.tolist()
    elif hasattr(xs, "to_numpy"):  # a table's own iterator is over its columns
        found = xs.to_numpy().tolist()
    elif hasattr(xs, "__array__"):
        found = xs.__array__().tolist()
    try:
        return found if isinstance(found, list) else list(found)
    except TypeError:
        raise TypeError(f"{what}: expected a list, got {type(xs).__name__}") from None


def require_as_many(xs: Sized, ys: Sized, what: str, names: tuple[str, str]) -> None:
    """Pass if `xs` and `ys` pair up and there is at least one pair.

    Raises:
        ValueError: the lengths differ, or are 0.

    >>> require_as_many([1.0], [2.0], "mse", ("predictions", "targets"))
    """
    if len(xs) != len(ys):
        raise ValueError(f"{what}: {len(xs)} {names[0]} but {len(ys)} {names[1]}: give one of each per sample")
    if not len(xs):
        raise ValueError(f"{what}: no {names[0]}: the mean over an empty batch is undefined")


def require_one_number(x: Any, what: str) -> None:
    """Pass if `x` may be one number: a Value or a number, of any type.

    Raises:
        TypeError: it is a list, text, or nothing.

    >>> require_one_number(2.0, "mse")
    """
    if isinstance(x, (list, tuple)):
        raise TypeError(f"{what}: expected one number per sample, got a list of {len(x)}: use a model with one output")
    if x is None or isinstance(x, (str, bytes)):
        raise TypeError(f"{what}: expected one number per sample, got {type(x).__name__} {brief(x)}")


def import_extra(name: str) -> Any:
    """The module of an optional library.

    Raises:
        ImportError: it is not installed; the message says how to install it.

    >>> import_extra("math").pi > 3
    True
    """
    try:
        return import_module(name)
    except ImportError as error:
        raise ImportError(f"{name} cannot be imported ({error}): pip install chainrule[demo]") from error


_silent: ContextVar[bool] = ContextVar("silent", default=False)


@contextmanager
def silenced(silent: bool = True) -> Iterator[None]:
    """Meanwhile nothing is warned of by `warn_user`: somebody else says the same.

    >>> with silenced():
    ...     warn_user("the disk is full")
    """
    token = _silent.set(silent)
    try:
        yield
    finally:
        _silent.reset(token)


def warn_user(message: str) -> None:
    """Warn as of the user's line: the nearest on the stack that is in neither `nn` nor `autograd`.

    Warns:
        UserWarning: always.

    >>> with warnings.catch_warnings(record=True) as caught:
    ...     warnings.simplefilter("always")
    ...     warn_user("the disk is full")
    >>> str(caught[0].message)
    'the disk is full'
    """
    if _silent.get():
        return
    frame = sys._getframe(1)
    while frame.f_back is not None and is_ours(frame.f_globals):
        frame = frame.f_back
    names = frame.f_globals
    warnings.warn_explicit(
        message, UserWarning, frame.f_code.co_filename, frame.f_lineno, names.get("__name__") or "<unknown>",
        names.setdefault("__warningregistry__", {}),
    )  # fmt: skip


def is_ours(names: dict[str, Any]) -> bool:
    """Whether these are the globals of a module of ours."""
    return str(names.get("__name__", "")).partition(".")[0] in ("nn", "autograd")
