"""The named rows of the table as methods.

Generated from calculus/table.py by `python autograd/calculus/_generate.py`; do not edit.
"""

from __future__ import annotations

from typing import Any

import cython

from autograd.engine.node import Node

if not cython.compiled:
    from autograd.engine.node import operate, unary

__all__ = ["TABLE_WAS", "Elementary"]

TABLE_WAS = 404935887  # of the table that this was generated from


@cython.binding(False)
@cython.no_gc
@cython.cclass
class Elementary(Node):
    """A node with the named rows as its methods."""

    if not cython.compiled:
        __slots__ = ()

    def abs(self) -> Any:
        """The magnitude of x.

        Rule: dz/dx = sign(x).

        >>> from autograd import Value
        >>> round(Value(1.0).abs().data, 12)
        1.0
        """
        return unary(9, self)

    fabs = abs

    absolute = abs

    def exp(self) -> Any:
        """The exp(x) of C's math.h.

        Rule: dz/dx = z.

        >>> from autograd import Value
        >>> round(Value(1.0).exp().data, 12)
        2.718281828459
        """
        return unary(10, self)

    def expm1(self) -> Any:
        """Exp(x) - 1, accurate near 0.

        Rule: dz/dx = exp(x).

        >>> from autograd import Value
        >>> round(Value(1.0).expm1().data, 12)
        1.718281828459
        """
        return unary(11, self)

    def exp2(self) -> Any:
        """The exp2(x) of C's math.h.

        Rule: dz/dx = z * 0.6931471805599453.

        >>> from autograd import Value
        >>> round(Value(1.0).exp2().data, 12)
        2.0
        """
        return unary(12, self)

    def log(self) -> Any:
        """The log(x) of C's math.h.

        Rule: dz/dx = 1 / x.

        >>> from autograd import Value
        >>> round(Value(1.0).log().data, 12)
        0.0
        """
        return unary(13, self)

    def log1p(self) -> Any:
        """Log(1 + x), accurate near 0.

        Rule: dz/dx = 1 / (1 + x).

        >>> from autograd import Value
        >>> round(Value(1.0).log1p().data, 12)
        0.69314718056
        """
        return unary(14, self)

    def log2(self) -> Any:
        """The log2(x) of C's math.h.

        Rule: dz/dx = 1 / (x * 0.6931471805599453).

        >>> from autograd import Value
        >>> round(Value(1.0).log2().data, 12)
        0.0
        """
        return unary(15, self)

    def log10(self) -> Any:
        """The log10(x) of C's math.h.

        Rule: dz/dx = 1 / (x * 2.302585092994046).

        >>> from autograd import Value
        >>> round(Value(1.0).log10().data, 12)
        0.0
        """
        return unary(16, self)

    def sqrt(self) -> Any:
        """The sqrt(x) of C's math.h.

        Rule: dz/dx = 0.5 / z.

        >>> from autograd import Value
        >>> round(Value(1.0).sqrt().data, 12)
        1.0
        """
        return unary(17, self)

    def cbrt(self) -> Any:
        """The cbrt(x) of C's math.h.

        Rule: dz/dx = 1 / (3 * (z * z)).

        >>> from autograd import Value
        >>> round(Value(1.0).cbrt().data, 12)
        1.0
        """
        return unary(18, self)

    def sin(self) -> Any:
        """The sin(x) of C's math.h.

        Rule: dz/dx = cos(x).

        >>> from autograd import Value
        >>> round(Value(1.0).sin().data, 12)
        0.841470984808
        """
        return unary(19, self)

    def cos(self) -> Any:
        """The cos(x) of C's math.h.

        Rule: dz/dx = -sin(x).

        >>> from autograd import Value
        >>> round(Value(1.0).cos().data, 12)
        0.540302305868
        """
        return unary(20, self)

    def tan(self) -> Any:
        """The tan(x) of C's math.h.

        Rule: dz/dx = 1 + z * z.

        >>> from autograd import Value
        >>> round(Value(1.0).tan().data, 12)
        1.557407724655
        """
        return unary(21, self)

    def asin(self) -> Any:
        """The asin(x) of C's math.h.

        Rule: dz/dx = 1 / sqrt((1 - x) * (1 + x)).

        >>> from autograd import Value
        >>> round(Value(1.0).asin().data, 12)
        1.570796326795
        """
        return unary(22, self)

    arcsin = asin

    def acos(self) -> Any:
        """The acos(x) of C's math.h.

        Rule: dz/dx = -1 / sqrt((1 - x) * (1 + x)).

        >>> from autograd import Value
        >>> round(Value(1.0).acos().data, 12)
        0.0
        """
        return unary(23, self)

    arccos = acos

    def atan(self) -> Any:
        """The atan(x) of C's math.h.

        Rule: dz/dx = 1 / (1 + x * x).

        >>> from autograd import Value
        >>> round(Value(1.0).atan().data, 12)
        0.785398163397
        """
        return unary(24, self)

    arctan = atan

    def sinh(self) -> Any:
        """The sinh(x) of C's math.h.

        Rule: dz/dx = cosh(x).

        >>> from autograd import Value
        >>> round(Value(1.0).sinh().data, 12)
        1.175201193644
        """
        return unary(25, self)

    def cosh(self) -> Any:
        """The cosh(x) of C's math.h.

        Rule: dz/dx = sinh(x).

        >>> from autograd import Value
        >>> round(Value(1.0).cosh().data, 12)
        1.543080634815
        """
        return unary(26, self)

    def tanh(self) -> Any:
        """The tanh(x) of C's math.h.

        Rule: dz/dx = 4 * (sigmoid(2 * x) * sigmoid(-2 * x)).

        >>> from autograd import Value
        >>> round(Value(1.0).tanh().data, 12)
        0.761594155956
        """
        return unary(27, self)

    def asinh(self) -> Any:
        """The asinh(x) of C's math.h.

        Rule: dz/dx = 1 / hypot(x, 1).

        >>> from autograd import Value
        >>> round(Value(1.0).asinh().data, 12)
        0.88137358702
        """
        return unary(28, self)

    arcsinh = asinh

    def acosh(self) -> Any:
        """The acosh(x) of C's math.h.

        Rule: dz/dx = 1 / (sqrt(x - 1) * sqrt(x + 1)).

        >>> from autograd import Value
        >>> round(Value(1.0).acosh().data, 12)
        0.0
        """
        return unary(29, self)

    arccosh = acosh

    def atanh(self) -> Any:
        """The atanh(x) of C's math.h.

        Rule: dz/dx = 1 / ((1 - x) * (1 + x)).

        >>> from autograd import Value
        >>> round(Value(1.0).atanh().data, 12)
        inf
        """
        return unary(30, self)

    arctanh = atanh

    def atan2(self, other: object) -> Any:
        """The angle of the point (x, y), as atan2(y, x).

        Rule: ∂z/∂y = x / hypot(x, y) / hypot(x, y).
        Rule: ∂z/∂x = -y / hypot(x, y) / hypot(x, y).

        >>> from autograd import Value
        >>> round(Value(1.0).atan2(2.0).data, 12)
        0.463647609001
        """
        return operate(31, self, other)

    arctan2 = atan2

    def hypot(self, other: object) -> Any:
        """The function hypot(x, y).

        Rule: ∂z/∂x = where(z == 0, 0, x / z).
        Rule: ∂z/∂y = where(z == 0, 0, y / z).

        >>> from autograd import Value
        >>> round(Value(1.0).hypot(2.0).data, 12)
        2.2360679775
        """
        return operate(32, self, other)

    def erf(self) -> Any:
        """The erf(x) of C's math.h.

        Rule: dz/dx = 1.1283791670955126 * exp(-(x * x)).

        >>> from autograd import Value
        >>> round(Value(1.0).erf().data, 12)
        0.84270079295
        """
        return unary(33, self)

    def erfc(self) -> Any:
        """1 - erf(x), accurate where it is tiny.

        Rule: dz/dx = -1.1283791670955126 * exp(-(x * x)).

        >>> from autograd import Value
        >>> round(Value(1.0).erfc().data, 12)
        0.15729920705
        """
        return unary(34, self)

    def sigmoid(self) -> Any:
        """1 / (1 + exp(-x)).

        Rule: dz/dx = z * sigmoid(-x).

        >>> from autograd import Value
        >>> round(Value(1.0).sigmoid().data, 12)
        0.73105857863
        """
        return unary(35, self)

    def softplus(self) -> Any:
        """Log(1 + exp(x)).

        Rule: dz/dx = sigmoid(x).

        >>> from autograd import Value
        >>> round(Value(1.0).softplus().data, 12)
        1.313261687518
        """
        return unary(36, self)

    def relu(self) -> Any:
        """Max(0, x).

        Rule: dz/dx = step(x).

        >>> from autograd import Value
        >>> round(Value(1.0).relu().data, 12)
        1.0
        """
        return unary(37, self)

    def maximum(self, other: object) -> Any:
        """The larger operand; nan if either is.

        Rule: ∂z/∂x = where(x > y, 1, where(x < y, 0, 0.5)).
        Rule: ∂z/∂y = where(y > x, 1, where(y < x, 0, 0.5)).

        >>> from autograd import Value
        >>> round(Value(1.0).maximum(2.0).data, 12)
        2.0
        """
        return operate(38, self, other)

    def minimum(self, other: object) -> Any:
        """The smaller operand; nan if either is.

        Rule: ∂z/∂x = where(x < y, 1, where(x > y, 0, 0.5)).
        Rule: ∂z/∂y = where(y < x, 1, where(y > x, 0, 0.5)).

        >>> from autograd import Value
        >>> round(Value(1.0).minimum(2.0).data, 12)
        1.0
        """
        return operate(39, self, other)

    def step(self) -> Any:
        """1 where x > 0, else 0.

        Rule: dz/dx = 0.

        >>> from autograd import Value
        >>> round(Value(1.0).step().data, 12)
        1.0
        """
        return unary(41, self)

    def sign(self) -> Any:
        """-1, 0 or 1.

        Rule: dz/dx = 0.

        >>> from autograd import Value
        >>> round(Value(1.0).sign().data, 12)
        1.0
        """
        return unary(42, self)

    def floor(self) -> Any:
        """Rounded down, a float.

        Rule: dz/dx = 0.

        >>> from autograd import Value
        >>> round(Value(1.0).floor().data, 12)
        1.0
        """
        return unary(43, self)

    def detach(self) -> Any:
        """X as a constant: gradients stop here.

        Rule: dz/dx = 0.

        >>> from autograd import Value
        >>> round(Value(1.0).detach().data, 12)
        1.0
        """
        return unary(44, self)

    def less(self, other: object) -> Any:
        """1 where x < y, else 0.

        Rule: ∂z/∂x = 0.
        Rule: ∂z/∂y = 0.

        >>> from autograd import Value
        >>> round(Value(1.0).less(2.0).data, 12)
        1.0
        """
        return operate(45, self, other)

    def less_equal(self, other: object) -> Any:
        """1 where x <= y, else 0.

        Rule: ∂z/∂x = 0.
        Rule: ∂z/∂y = 0.

        >>> from autograd import Value
        >>> round(Value(1.0).less_equal(2.0).data, 12)
        1.0
        """
        return operate(46, self, other)

    def equal(self, other: object) -> Any:
        """1 where x == y, else 0.

        Rule: ∂z/∂x = 0.
        Rule: ∂z/∂y = 0.

        >>> from autograd import Value
        >>> round(Value(1.0).equal(2.0).data, 12)
        0.0
        """
        return operate(47, self, other)

    def both(self, other: object) -> Any:
        """1 where neither x nor y is 0, else 0.

        Rule: ∂z/∂x = 0.
        Rule: ∂z/∂y = 0.

        >>> from autograd import Value
        >>> round(Value(1.0).both(2.0).data, 12)
        1.0
        """
        return operate(48, self, other)
