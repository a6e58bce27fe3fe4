"""The named rows of the table as methods. Generated from primitives.py by `python autograd/_generate.py`; do not edit."""

from __future__ import annotations

from typing import Self

import cython

__all__ = ["TABLE_WAS", "Elementary"]

TABLE_WAS = 138939040  # of the table that this was generated from


@cython.no_gc
@cython.cclass
class Elementary:
    """Methods common to what a row can be applied to; `_unary` and `_binary` record it."""

    if not cython.compiled:
        __slots__ = ()

    def _unary(self, code: cython.int) -> Self:
        raise NotImplementedError

    def _binary(self, code: cython.int, other: object) -> Self:
        raise NotImplementedError

    def abs(self) -> Self:
        """z = abs(x); dz/dx = sign(x). Dimensionless."""
        return self._unary(9)

    fabs = abs

    absolute = abs

    def exp(self) -> Self:
        """z = exp(x); dz/dx = z. Dimensionless."""
        return self._unary(10)

    def expm1(self) -> Self:
        """z = expm1(x) (exp(x) - 1, accurate near 0); dz/dx = exp(x). Dimensionless."""
        return self._unary(11)

    def exp2(self) -> Self:
        """z = exp2(x); dz/dx = z * 0.6931471805599453. Dimensionless."""
        return self._unary(12)

    def log(self) -> Self:
        """z = log(x); dz/dx = 1 / x. Dimensionless."""
        return self._unary(13)

    def log1p(self) -> Self:
        """z = log1p(x) (log(1 + x), accurate near 0); dz/dx = 1 / (1 + x). Dimensionless."""
        return self._unary(14)

    def log2(self) -> Self:
        """z = log2(x); dz/dx = 1 / (x * 0.6931471805599453). Dimensionless."""
        return self._unary(15)

    def log10(self) -> Self:
        """z = log10(x); dz/dx = 1 / (x * 2.302585092994046). Dimensionless."""
        return self._unary(16)

    def sqrt(self) -> Self:
        """z = sqrt(x); dz/dx = 0.5 / z. Dimensionless."""
        return self._unary(17)

    def cbrt(self) -> Self:
        """z = cbrt(x); dz/dx = 1 / (3 * (z * z)). Dimensionless."""
        return self._unary(18)

    def sin(self) -> Self:
        """z = sin(x); dz/dx = cos(x). Dimensionless."""
        return self._unary(19)

    def cos(self) -> Self:
        """z = cos(x); dz/dx = -sin(x). Dimensionless."""
        return self._unary(20)

    def tan(self) -> Self:
        """z = tan(x); dz/dx = 1 + z * z. Dimensionless."""
        return self._unary(21)

    def asin(self) -> Self:
        """z = asin(x); dz/dx = 1 / sqrt((1 - x) * (1 + x)). Dimensionless."""
        return self._unary(22)

    arcsin = asin

    def acos(self) -> Self:
        """z = acos(x); dz/dx = -1 / sqrt((1 - x) * (1 + x)). Dimensionless."""
        return self._unary(23)

    arccos = acos

    def atan(self) -> Self:
        """z = atan(x); dz/dx = 1 / (1 + x * x). Dimensionless."""
        return self._unary(24)

    arctan = atan

    def sinh(self) -> Self:
        """z = sinh(x); dz/dx = cosh(x). Dimensionless."""
        return self._unary(25)

    def cosh(self) -> Self:
        """z = cosh(x); dz/dx = sinh(x). Dimensionless."""
        return self._unary(26)

    def tanh(self) -> Self:
        """z = tanh(x); dz/dx = 1 / cosh(x) * (1 / cosh(x)). Dimensionless."""
        return self._unary(27)

    def asinh(self) -> Self:
        """z = asinh(x); dz/dx = 1 / hypot(x, 1). Dimensionless."""
        return self._unary(28)

    arcsinh = asinh

    def acosh(self) -> Self:
        """z = acosh(x); dz/dx = 1 / (sqrt(x - 1) * sqrt(x + 1)). Dimensionless."""
        return self._unary(29)

    arccosh = acosh

    def atanh(self) -> Self:
        """z = atanh(x); dz/dx = 1 / ((1 - x) * (1 + x)). Dimensionless."""
        return self._unary(30)

    arctanh = atanh

    def atan2(self, other: object) -> Self:
        """z = atan2(y, x), y being self (the angle of the point (x, y), as atan2(y, x)); ∂z/∂y = x / hypot(x, y) / hypot(x, y); ∂z/∂x = -y / hypot(x, y) / hypot(x, y). Dimensionless."""
        return self._binary(31, other)

    arctan2 = atan2

    def hypot(self, other: object) -> Self:
        """z = hypot(x, y), x being self; ∂z/∂x = where(z == 0, 0, x / z); ∂z/∂y = where(z == 0, 0, y / z). Dimensionless."""
        return self._binary(32, other)

    def erf(self) -> Self:
        """z = erf(x); dz/dx = 1.1283791670955126 * exp(-(x * x)). Dimensionless."""
        return self._unary(33)

    def erfc(self) -> Self:
        """z = erfc(x) (1 - erf(x), accurate where it is tiny); dz/dx = -1.1283791670955126 * exp(-(x * x)). Dimensionless."""
        return self._unary(34)

    def sigmoid(self) -> Self:
        """z = sigmoid(x) (1 / (1 + exp(-x))); dz/dx = z * sigmoid(-x). Dimensionless."""
        return self._unary(35)

    def softplus(self) -> Self:
        """z = softplus(x) (log(1 + exp(x))); dz/dx = sigmoid(x). Dimensionless."""
        return self._unary(36)

    def relu(self) -> Self:
        """z = relu(x) (max(0, x)); dz/dx = step(x). Dimensionless."""
        return self._unary(37)

    def maximum(self, other: object) -> Self:
        """z = maximum(x, y), x being self (the larger operand; nan if either is); ∂z/∂x = where(x > y, 1, where(x < y, 0, 0.5)); ∂z/∂y = where(y > x, 1, where(y < x, 0, 0.5)). Dimensionless."""
        return self._binary(38, other)

    def minimum(self, other: object) -> Self:
        """z = minimum(x, y), x being self (the smaller operand; nan if either is); ∂z/∂x = where(x < y, 1, where(x > y, 0, 0.5)); ∂z/∂y = where(y < x, 1, where(y > x, 0, 0.5)). Dimensionless."""
        return self._binary(39, other)

    def step(self) -> Self:
        """z = step(x) (1 where x > 0, else 0); dz/dx = 0. Dimensionless."""
        return self._unary(41)

    def sign(self) -> Self:
        """z = sign(x) (-1, 0 or 1); dz/dx = 0. Dimensionless."""
        return self._unary(42)

    def floor(self) -> Self:
        """z = floor(x) (rounded down, a float); dz/dx = 0. Dimensionless."""
        return self._unary(43)
