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

TABLE_WAS = 3563299686  # of the table that this was generated from


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

        Rule: dz/dx = cbrt_slope(x).

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

        Rule: dz/dx = 1 / sqrt(one_less_square(x)).

        >>> from autograd import Value
        >>> round(Value(1.0).asin().data, 12)
        1.570796326795
        """
        return unary(22, self)

    arcsin = asin

    def acos(self) -> Any:
        """The acos(x) of C's math.h.

        Rule: dz/dx = -1 / sqrt(one_less_square(x)).

        >>> from autograd import Value
        >>> round(Value(1.0).acos().data, 12)
        0.0
        """
        return unary(23, self)

    arccos = acos

    def atan(self) -> Any:
        """The atan(x) of C's math.h.

        Rule: dz/dx = atan_slope(x).

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

        Rule: dz/dx = 4 * sigmoid_slope(2 * x).

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

        Rule: dz/dx = 1 / sqrt(x - 1) / sqrt(x + 1).

        >>> from autograd import Value
        >>> round(Value(1.0).acosh().data, 12)
        0.0
        """
        return unary(29, self)

    arccosh = acosh

    def atanh(self) -> Any:
        """The atanh(x) of C's math.h.

        Rule: dz/dx = 1 / one_less_square(x).

        >>> from autograd import Value
        >>> round(Value(1.0).atanh().data, 12)
        inf
        """
        return unary(30, self)

    arctanh = atanh

    def atan2(self, other: object) -> Any:
        """The angle of the point (x, y), as atan2(y, x).

        Rule: ∂z/∂y = inversion(x, y).
        Rule: ∂z/∂x = -inversion(y, x).

        >>> from autograd import Value
        >>> round(Value(1.0).atan2(2.0).data, 12)
        0.463647609001
        """
        return operate(31, self, other)

    arctan2 = atan2

    def hypot(self, other: object) -> Any:
        """The function hypot(x, y).

        Rule: ∂z/∂x = direction(x, y).
        Rule: ∂z/∂y = direction(y, x).

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

        Rule: dz/dx = sigmoid_slope(x).

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

    def ceil(self) -> Any:
        """Rounded up, a float.

        Rule: dz/dx = 0.

        >>> from autograd import Value
        >>> round(Value(1.0).ceil().data, 12)
        1.0
        """
        return unary(52, self)

    def trunc(self) -> Any:
        """Rounded towards 0, a float.

        Rule: dz/dx = 0.

        >>> from autograd import Value
        >>> round(Value(1.0).trunc().data, 12)
        1.0
        """
        return unary(53, self)

    def rint(self) -> Any:
        """The nearest whole number, of two the even one, a float.

        Rule: dz/dx = 0.

        >>> from autograd import Value
        >>> round(Value(1.0).rint().data, 12)
        1.0
        """
        return unary(54, self)

    def fmod(self, other: object) -> Any:
        """What is left of x when y is taken off as often as it goes, with x's sign.

        Rule: ∂z/∂x = 1.
        Rule: ∂z/∂y = -rint((x - z) / y).

        >>> from autograd import Value
        >>> round(Value(1.0).fmod(2.0).data, 12)
        1.0
        """
        return operate(55, self, other)

    def floor_divide(self, other: object) -> Any:
        """X // y as Python has it.

        Rule: ∂z/∂x = 0.
        Rule: ∂z/∂y = 0.

        >>> from autograd import Value
        >>> round(Value(1.0).floor_divide(2.0).data, 12)
        0.0
        """
        return operate(56, self, other)

    def remainder(self, other: object) -> Any:
        """X % y as Python has it, with y's sign.

        Rule: ∂z/∂x = 1.
        Rule: ∂z/∂y = -floor_divide(x, y).

        >>> from autograd import Value
        >>> round(Value(1.0).remainder(2.0).data, 12)
        1.0
        """
        return operate(57, self, other)

    mod = remainder

    def copysign(self, other: object) -> Any:
        """The magnitude of x with the sign of y.

        Rule: ∂z/∂x = sign(x) * copysign(1, y).
        Rule: ∂z/∂y = 0.

        >>> from autograd import Value
        >>> round(Value(1.0).copysign(2.0).data, 12)
        1.0
        """
        return operate(58, self, other)

    def degrees(self) -> Any:
        """Radians in degrees.

        Rule: dz/dx = 57.29577951308232.

        >>> from autograd import Value
        >>> round(Value(1.0).degrees().data, 12)
        57.295779513082
        """
        return unary(59, self)

    rad2deg = degrees

    def radians(self) -> Any:
        """Degrees in radians.

        Rule: dz/dx = 0.017453292519943295.

        >>> from autograd import Value
        >>> round(Value(1.0).radians().data, 12)
        0.01745329252
        """
        return unary(60, self)

    deg2rad = radians

    def lgamma(self) -> Any:
        """Log(abs(gamma(x))).

        Rule: dz/dx = digamma(x).

        >>> from autograd import Value
        >>> round(Value(1.0).lgamma().data, 12)
        0.0
        """
        return unary(61, self)

    gammaln = lgamma

    def gamma(self) -> Any:
        """The gamma function, (x - 1)! for whole x.

        Rule: dz/dx = z * where(x > 172, 1, digamma(x)).

        >>> from autograd import Value
        >>> round(Value(1.0).gamma().data, 12)
        1.0
        """
        return unary(62, self)

    def digamma(self) -> Any:
        """The slope of lgamma.

        Rule: dz/dx = polygamma(1, x).

        >>> from autograd import Value
        >>> round(Value(1.0).digamma().data, 12)
        -0.577215664902
        """
        return unary(63, self)

    psi = digamma

    def betaln(self, other: object) -> Any:
        """Log(abs(beta(x, y))).

        Rule: ∂z/∂x = -polygamma_rise(0, x, y).
        Rule: ∂z/∂y = -polygamma_rise(0, y, x).

        >>> from autograd import Value
        >>> round(Value(1.0).betaln(2.0).data, 12)
        -0.69314718056
        """
        return operate(66, self, other)

    def beta(self, other: object) -> Any:
        """Gamma(x) * gamma(y) / gamma(x + y).

        Rule: ∂z/∂x = -z * polygamma_rise(0, x, y).
        Rule: ∂z/∂y = -z * polygamma_rise(0, y, x).

        >>> from autograd import Value
        >>> round(Value(1.0).beta(2.0).data, 12)
        0.5
        """
        return operate(67, self, other)

    def norm_pdf(self) -> Any:
        """The density of the standard normal distribution.

        Rule: dz/dx = where(z == 0, 0, -x * z).

        >>> from autograd import Value
        >>> round(Value(1.0).norm_pdf().data, 12)
        0.241970724519
        """
        return unary(68, self)

    def ndtr(self) -> Any:
        """The distribution function of the standard normal distribution.

        Rule: dz/dx = norm_pdf(x).

        >>> from autograd import Value
        >>> round(Value(1.0).ndtr().data, 12)
        0.841344746069
        """
        return unary(69, self)

    def log_ndtr(self) -> Any:
        """Log(ndtr(x)), accurate in both tails.

        Rule: dz/dx = where(x < -100000, -x - 1 / x * (1 - 2 * (1 / x * (1 / x)) * (1 - 5 * (1 / x * (1 / x)))),
        where(x < 0, -x - 0.7071067811865476 * (erfcx_derivative(1, minimum(x * -0.7071067811865476, 1e+100)) /
        erfcx(minimum(x * -0.7071067811865476, 1e+100))), norm_pdf(x) / ndtr(x))).

        >>> from autograd import Value
        >>> round(Value(1.0).log_ndtr().data, 12)
        -0.172753779023
        """
        return unary(70, self)

    def ndtri(self) -> Any:
        """The inverse of ndtr: quantiles of the standard normal distribution.

        Rule: dz/dx = 2.5066282746310002 * exp(0.5 * z * z).

        >>> from autograd import Value
        >>> round(Value(1.0).ndtri().data, 12)
        inf
        """
        return unary(71, self)

    def erfinv(self) -> Any:
        """The inverse of erf.

        Rule: dz/dx = 0.8862269254527579 * exp(z * z).

        >>> from autograd import Value
        >>> round(Value(1.0).erfinv().data, 12)
        inf
        """
        return unary(72, self)

    def erfcx(self) -> Any:
        """Exp(x**2) * erfc(x).

        Rule: dz/dx = erfcx_derivative(1, x).

        >>> from autograd import Value
        >>> round(Value(1.0).erfcx().data, 12)
        0.427583576156
        """
        return unary(73, self)

    def xlogy(self, other: object) -> Any:
        """X * log(y), and 0 where x is 0.

        Rule: ∂z/∂x = log(y).
        Rule: ∂z/∂y = xdivy(x, y).

        >>> from autograd import Value
        >>> round(Value(1.0).xlogy(2.0).data, 12)
        0.69314718056
        """
        return operate(75, self, other)

    def xlog1py(self, other: object) -> Any:
        """X * log(1 + y), and 0 where x is 0.

        Rule: ∂z/∂x = log1p(y).
        Rule: ∂z/∂y = xdivy(x, 1 + y).

        >>> from autograd import Value
        >>> round(Value(1.0).xlog1py(2.0).data, 12)
        1.098612288668
        """
        return operate(76, self, other)

    def xdivy(self, other: object) -> Any:
        """X / y, and 0 where x is 0.

        Rule: ∂z/∂x = 1 / y.
        Rule: ∂z/∂y = -xdivy(z, y).

        >>> from autograd import Value
        >>> round(Value(1.0).xdivy(2.0).data, 12)
        0.5
        """
        return operate(77, self, other)

    def logit(self) -> Any:
        """Log(x / (1 - x)), the inverse of sigmoid.

        Rule: dz/dx = 1 / sigmoid_slope(z).

        >>> from autograd import Value
        >>> round(Value(1.0).logit().data, 12)
        inf
        """
        return unary(78, self)

    def share(self, other: object) -> Any:
        """Exp(x - z), what x has in a sum exp(z); 0 where both are -inf, nan where both are inf.

        Rule: ∂z/∂x = z.
        Rule: ∂z/∂z = -z.

        >>> from autograd import Value
        >>> round(Value(1.0).share(2.0).data, 12)
        0.367879441171
        """
        return operate(79, self, other)

    def sinc(self) -> Any:
        """Sin(pi x) / (pi x), 1 at 0.

        Rule: dz/dx = sinc_derivative(1, x).

        >>> from autograd import Value
        >>> round(Value(1.0).sinc().data, 12)
        0.0
        """
        return unary(80, self)

    def sigmoid_slope(self) -> Any:
        """Sigmoid(x) * sigmoid(-x), the slope of sigmoid.

        Rule: dz/dx = -tanh(0.5 * x) * z.

        >>> from autograd import Value
        >>> round(Value(1.0).sigmoid_slope().data, 12)
        0.196611933241
        """
        return unary(82, self)

    def one_less_square(self) -> Any:
        """1 - x**2, accurate beside its zeros.

        Rule: dz/dx = -2 * x.

        >>> from autograd import Value
        >>> round(Value(1.0).one_less_square().data, 12)
        0.0
        """
        return unary(83, self)

    def direction(self, other: object) -> Any:
        """X / hypot(x, y), the cosine of the angle of the point (x, y).

        Rule: ∂z/∂x = where(x == 0 and y == 0, 0, direction(y, x) * direction(y, x) / hypot(x, y)).
        Rule: ∂z/∂y = where(x == 0 and y == 0, 0, -z * direction(y, x) / hypot(x, y)).

        >>> from autograd import Value
        >>> round(Value(1.0).direction(2.0).data, 12)
        0.4472135955
        """
        return operate(84, self, other)

    def inversion(self, other: object) -> Any:
        """X / (x**2 + y**2): where the point (x, y) is taken by an inversion in the unit circle.

        Rule: ∂z/∂x = inversion(y, x) * inversion(y, x) - z * z.
        Rule: ∂z/∂y = -2 * (z * inversion(y, x)).

        >>> from autograd import Value
        >>> round(Value(1.0).inversion(2.0).data, 12)
        0.2
        """
        return operate(85, self, other)

    def pow_slope(self, other: object) -> Any:
        """Y * x**(y - 1), the slope of x**y.

        Rule: ∂z/∂x = pow_curvature(x, y).
        Rule: ∂z/∂y = pow_mixed(x, y).

        >>> from autograd import Value
        >>> round(Value(1.0).pow_slope(2.0).data, 12)
        2.0
        """
        return operate(86, self, other)

    def pow_log(self, other: object) -> Any:
        """X**y * log(x), the slope of x**y along y.

        Rule: ∂z/∂x = pow_mixed(x, y).
        Rule: ∂z/∂y = pow_log_squared(x, y).

        >>> from autograd import Value
        >>> round(Value(1.0).pow_log(2.0).data, 12)
        0.0
        """
        return operate(87, self, other)

    def pow_curvature(self, other: object) -> Any:
        """Y * (y - 1) * x**(y - 2), the second derivative of x**y.

        Rule: ∂z/∂x = where(y == 0, xdivy(y * (y - 1) * (y - 2), x ** (3 - y)), y * pow_curvature(x, y - 1)).
        Rule: ∂z/∂y = where(x == 0, where(y > 2, 0, where(y * (y - 1) == 0, -(2 * y - 1) * log(x), y * (y - 1) *
        log(x))), x ** (y - 2) * (2 * y - 1 + y * (y - 1) * log(x))).

        >>> from autograd import Value
        >>> round(Value(1.0).pow_curvature(2.0).data, 12)
        2.0
        """
        return operate(88, self, other)

    def pow_mixed(self, other: object) -> Any:
        """X**(y - 1) * (1 + y*log(x)), the mixed second derivative of x**y.

        Rule: ∂z/∂x = where(x == 0, where(y > 2, 0, where(y * (y - 1) == 0, -(2 * y - 1) * log(x), y * (y - 1) *
        log(x))), x ** (y - 2) * (2 * y - 1 + y * (y - 1) * log(x))).
        Rule: ∂z/∂y = where(x == 0, where(y > 1, 0, where(y > 0, -log(x), log(x))), x ** (y - 1) * log(x) * (2 + y *
        log(x))).

        >>> from autograd import Value
        >>> round(Value(1.0).pow_mixed(2.0).data, 12)
        1.0
        """
        return operate(89, self, other)

    def pow_log_squared(self, other: object) -> Any:
        """X**y * log(x)**2, the second derivative of x**y along y.

        Rule: ∂z/∂x = where(x == 0, where(y > 1, 0, where(y > 0, -log(x), log(x))), x ** (y - 1) * log(x) * (2 + y *
        log(x))).
        Rule: ∂z/∂y = where(x == 0 and y >= 0, 0, z * log(x)).

        >>> from autograd import Value
        >>> round(Value(1.0).pow_log_squared(2.0).data, 12)
        0.0
        """
        return operate(90, self, other)

    def atan_slope(self) -> Any:
        """1 / (1 + x**2), the slope of atan.

        Rule: dz/dx = where(z == 0, 0, -2 * (z * x) * z).

        >>> from autograd import Value
        >>> round(Value(1.0).atan_slope().data, 12)
        0.5
        """
        return unary(91, self)

    def cbrt_slope(self) -> Any:
        """1 / (3 * cbrt(x)**2), the slope of cbrt.

        Rule: dz/dx = -0.6666666666666666 * (z / x).

        >>> from autograd import Value
        >>> round(Value(1.0).cbrt_slope().data, 12)
        0.333333333333
        """
        return unary(92, self)

    def j0(self) -> Any:
        """The Bessel function of the first kind of order 0.

        Rule: dz/dx = -j1(x).

        >>> from autograd import Value
        >>> round(Value(1.0).j0().data, 12)
        0.765197686558
        """
        return unary(93, self)

    def j1(self) -> Any:
        """The Bessel function of the first kind of order 1.

        Rule: dz/dx = 0.5 * (j0(x) - jv(2, x)).

        >>> from autograd import Value
        >>> round(Value(1.0).j1().data, 12)
        0.440050585745
        """
        return unary(94, self)

    def i0(self) -> Any:
        """The modified Bessel function of order 0.

        Rule: dz/dx = i1(x).

        >>> from autograd import Value
        >>> round(Value(1.0).i0().data, 12)
        1.266065877752
        """
        return unary(96, self)

    def i1(self) -> Any:
        """The modified Bessel function of order 1.

        Rule: dz/dx = 0.5 * (i0(x) + iv(2, x)).

        >>> from autograd import Value
        >>> round(Value(1.0).i1().data, 12)
        0.565159103992
        """
        return unary(97, self)

    def i0e(self) -> Any:
        """Exp(-abs(x)) * i0(x).

        Rule: dz/dx = i0e_derivative(1, x).

        >>> from autograd import Value
        >>> round(Value(1.0).i0e().data, 12)
        0.465759607594
        """
        return unary(99, self)

    def i1e(self) -> Any:
        """Exp(-abs(x)) * i1(x).

        Rule: dz/dx = i1e_derivative(1, x).

        >>> from autograd import Value
        >>> round(Value(1.0).i1e().data, 12)
        0.20791041535
        """
        return unary(100, self)
