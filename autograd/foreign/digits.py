"""The table by mpmath, in as many digits as wanted, also at complex numbers beside the real line.

At complex numbers each function is analytic, and what it decides it decides by real parts, so that the imaginary part
of `f(x + ih)` is h times the slope. What is beyond a function's domain is nan, as it is for doubles.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from autograd.calculus.primitive import Primitive
from autograd.foreign.numbers import Interpreter
from autograd.foreign.special import special

__all__ = ["Digits", "rows_of"]

ULP = 2.0**-52
AS_IT_IS = ("neg", "detach")
"""Rows that do not round; those that select do not either."""


def rows_of(mp: Any) -> dict[str, Callable[..., Any]]:
    """Each row by functions of a context of mpmath, unless its function of the same name is the row.

    >>> import mpmath
    >>> float(rows_of(mpmath.mp)["exp2"](mpmath.mpf(3)))
    8.0
    """
    re, log, exp, one = mp.re, mp.log, mp.exp, mp.mpf(1)

    def less_than(x: Any, y: Any) -> bool:
        return bool(re(x) < re(y))

    def larger(x: Any, y: Any) -> Any:
        return x + y if x != x or y != y else y if less_than(x, y) else x

    def atan2(y: Any, x: Any) -> Any:
        if not mp.im(x) and not mp.im(y):
            return mp.atan2(re(y), re(x))
        line = mp.atan2(re(y), re(x))
        across = (mp.mpc(re(x), 0) * y - mp.mpc(re(y), 0) * x) / (re(x) * x + re(y) * y)  # the tangent of what is added
        return line + mp.atan(across)

    def hypot(x: Any, y: Any) -> Any:
        return mp.sqrt(x * x + y * y)

    def magnitude(x: Any) -> Any:
        return x * mp.sign(re(x))

    def logsumexp(*xs: Any) -> Any:
        top = max(re(x) for x in xs)
        return log(mp.fsum(exp(x - top) for x in xs)) + top if mp.isfinite(top) else top

    return {
        "add": lambda x, y: x + y,
        "sub": lambda x, y: x - y,
        "mul": lambda x, y: x * y,
        "div": lambda x, y: x / y,
        "pow": lambda x, y: x**y,
        "neg": lambda x: -x,
        "abs": magnitude,
        "exp2": lambda x: mp.mpf(2) ** x,
        "log2": lambda x: log(x) / log(2),
        "cbrt": lambda x: mp.sign(re(x)) * mp.cbrt(magnitude(x)),
        "sigmoid": lambda x: 1 / (1 + exp(-x)),
        "softplus": lambda x: mp.log1p(exp(x)),
        "relu": lambda x: larger(x, mp.mpf(0)),
        "maximum": larger,
        "minimum": lambda x, y: -larger(-x, -y),
        "where": lambda c, x, y: x if re(c) else y,
        "step": lambda x: one * (re(x) > 0),
        "sign": lambda x: mp.sign(re(x)),
        "floor": lambda x: mp.floor(re(x)),
        "detach": lambda x: x,
        "atan2": atan2,
        "hypot": hypot,
        "less": lambda x, y: one * less_than(x, y),
        "less_equal": lambda x, y: one * (re(x) <= re(y)),
        "equal": lambda x, y: one * (re(x) == re(y)),
        "both": lambda x, y: one * (re(x) != 0 and re(y) != 0),
        "sum": lambda *xs: mp.fsum(xs),
        "dot": lambda *xs: mp.fsum(x * y for x, y in zip(xs[::2], xs[1::2], strict=True)),
        "logsumexp": logsumexp,
        "norm": lambda *xs: mp.sqrt(mp.fsum(x * x for x in xs)),
        **special(mp),
    }


class Digits(Interpreter):
    """mpmath, with a precision of its own.

    Attributes:
        mp: Its context.
        step: By how much numbers are moved, relative to their size: so small that neither the step nor the digits tell.

    Raises:
        ImportError: mpmath is not installed.
    """

    name = "mpmath"
    advice = 'check with by="differences"'
    few, many = (80, 20), (500, 80)
    """So many digits, and those of the step; the many for what is lost in the few, such as `log(1 + exp(-200))`."""

    def __init__(self) -> None:
        try:
            mpmath = import_module("mpmath")
        except ImportError as error:
            raise ImportError(
                f"mpmath is not installed here ({error}): pip install mpmath, or {self.advice}"
            ) from error
        self.mp = mpmath.MPContext()  # of its own, so that nobody else's precision changes
        self.mp.dps, self.exponent = self.few
        self.rows, self.noise, self.seed = rows_of(self.mp), random.Random(0), 0

    @property
    def step(self) -> Any:
        """As above."""
        return self.mp.mpf(10) ** -self.exponent

    @property
    def rounding(self) -> Any:
        """What is lost of a number, relatively."""
        return self.mp.mpf(10) ** (1 - self.mp.dps)

    @contextmanager
    def more(self) -> Iterator[None]:
        """Within it there are many digits."""
        self.mp.dps, self.exponent = self.many
        try:
            yield
        finally:
            self.mp.dps, self.exponent = self.few

    def restart(self) -> None:
        """Begin a run: with a seed, each row that rounds is off by up to an ulp, in each run by the same."""
        self.noise.seed(self.seed)

    def rounded(self, z: Any) -> Any:
        """A number as rounding may leave it."""
        return z * (1 + ULP * self.noise.uniform(-1.0, 1.0)) if self.seed else z

    def number(self, x: float) -> Any:
        """As of Interpreter."""
        return self.mp.mpf(x)

    def compared(self, x: Any) -> Any:
        """As of Interpreter: by the real part. A number that is moved equals none that is not, however near."""
        return self.mp.re(x)

    def apply(self, row: Primitive, operands: Sequence[Any]) -> Any:
        """As of Interpreter; nan outside of the domain, and what doubles have at poles."""
        if row.code is None:
            return self.rounded(self.as_written(row, operands))
        function = self.rows.get(row.name) or getattr(self.mp, row.name, None)
        if function is None:
            raise NotImplementedError(f"mpmath has no function {row.name!r}, a row of the table: {self.advice}")
        if not row.takes(len(operands)):
            raise TypeError(f"{row.name}: it does not take {len(operands)} operands")
        z = self.at(row, function, [self.mp.re(x) for x in operands])
        if any(self.mp.im(x) for x in operands) and self.mp.isfinite(z):
            z = self.at(row, function, operands)
        return z if row.selects or row.name in AS_IT_IS else self.rounded(z)

    def at(self, row: Primitive, function: Callable[..., Any], operands: Sequence[Any]) -> Any:
        """A function at some numbers."""
        mp = self.mp
        try:
            z = function(*operands)
        except (ArithmeticError, ValueError):
            z = row.evaluate([float(mp.re(x)) for x in operands])
            if math.isfinite(z):
                raise
            return mp.mpf(z)
        if mp.im(z) and not any(mp.im(x) for x in operands):
            return mp.nan
        return mp.re(z) if not any(mp.im(x) for x in operands) else mp.convert(z)
