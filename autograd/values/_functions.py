"""The named rows of the table as functions.

Generated from calculus/table.py by `python autograd/calculus/_generate.py`; do not edit.

Each takes floats, Values, NumPy scalars, or arrays of these (element by element, with broadcasting), and gives back a
float, a Value or an array. All are dimensionless. What is not a real number raises TypeError.
"""

from typing import Any

from autograd.border.conversion import as_order
from autograd.calculus import special, table
from autograd.values.folds import apply, apply1, apply2, fold_list

__all__ = [
    "abs",
    "acos",
    "acosh",
    "asin",
    "asinh",
    "atan",
    "atan2",
    "atan_slope",
    "atanh",
    "beta",
    "betaln",
    "both",
    "cbrt",
    "cbrt_slope",
    "ceil",
    "copysign",
    "cos",
    "cosh",
    "degrees",
    "detach",
    "digamma",
    "direction",
    "equal",
    "erf",
    "erfc",
    "erfcx",
    "erfcx_derivative",
    "erfinv",
    "exp",
    "exp2",
    "expm1",
    "floor",
    "floor_divide",
    "fmod",
    "gamma",
    "hypot",
    "i0",
    "i0e",
    "i0e_derivative",
    "i1",
    "i1e",
    "i1e_derivative",
    "inversion",
    "iv",
    "j0",
    "j1",
    "jv",
    "less",
    "less_equal",
    "lgamma",
    "log",
    "log10",
    "log1p",
    "log2",
    "log_ndtr",
    "logit",
    "logsumexp",
    "maximum",
    "minimum",
    "ndtr",
    "ndtri",
    "norm",
    "norm_pdf",
    "one_less_square",
    "polygamma",
    "polygamma_rise",
    "pow_curvature",
    "pow_log",
    "pow_log_squared",
    "pow_mixed",
    "pow_slope",
    "radians",
    "relu",
    "remainder",
    "rint",
    "share",
    "sigmoid",
    "sigmoid_slope",
    "sign",
    "sin",
    "sinc",
    "sinc_derivative",
    "sinh",
    "softplus",
    "sqrt",
    "step",
    "tan",
    "tanh",
    "trunc",
    "where",
    "xdivy",
    "xlog1py",
    "xlogy",
]


def abs(x: Any) -> Any:
    """The magnitude of x.

    Rule: dz/dx = sign(x).

    >>> round(abs(1.0), 12)
    1.0
    """
    return apply1(table.abs.code, x)


def exp(x: Any) -> Any:
    """The exp(x) of C's math.h.

    Rule: dz/dx = z.

    >>> round(exp(1.0), 12)
    2.718281828459
    """
    return apply1(table.exp.code, x)


def expm1(x: Any) -> Any:
    """Exp(x) - 1, accurate near 0.

    Rule: dz/dx = exp(x).

    >>> round(expm1(1.0), 12)
    1.718281828459
    """
    return apply1(table.expm1.code, x)


def exp2(x: Any) -> Any:
    """The exp2(x) of C's math.h.

    Rule: dz/dx = z * 0.6931471805599453.

    >>> round(exp2(1.0), 12)
    2.0
    """
    return apply1(table.exp2.code, x)


def log(x: Any) -> Any:
    """The log(x) of C's math.h.

    Rule: dz/dx = 1 / x.

    >>> round(log(1.0), 12)
    0.0
    """
    return apply1(table.log.code, x)


def log1p(x: Any) -> Any:
    """Log(1 + x), accurate near 0.

    Rule: dz/dx = 1 / (1 + x).

    >>> round(log1p(1.0), 12)
    0.69314718056
    """
    return apply1(table.log1p.code, x)


def log2(x: Any) -> Any:
    """The log2(x) of C's math.h.

    Rule: dz/dx = 1 / (x * 0.6931471805599453).

    >>> round(log2(1.0), 12)
    0.0
    """
    return apply1(table.log2.code, x)


def log10(x: Any) -> Any:
    """The log10(x) of C's math.h.

    Rule: dz/dx = 1 / (x * 2.302585092994046).

    >>> round(log10(1.0), 12)
    0.0
    """
    return apply1(table.log10.code, x)


def sqrt(x: Any) -> Any:
    """The sqrt(x) of C's math.h.

    Rule: dz/dx = 0.5 / z.

    >>> round(sqrt(1.0), 12)
    1.0
    """
    return apply1(table.sqrt.code, x)


def cbrt(x: Any) -> Any:
    """The cbrt(x) of C's math.h.

    Rule: dz/dx = cbrt_slope(x).

    >>> round(cbrt(1.0), 12)
    1.0
    """
    return apply1(table.cbrt.code, x)


def sin(x: Any) -> Any:
    """The sin(x) of C's math.h.

    Rule: dz/dx = cos(x).

    >>> round(sin(1.0), 12)
    0.841470984808
    """
    return apply1(table.sin.code, x)


def cos(x: Any) -> Any:
    """The cos(x) of C's math.h.

    Rule: dz/dx = -sin(x).

    >>> round(cos(1.0), 12)
    0.540302305868
    """
    return apply1(table.cos.code, x)


def tan(x: Any) -> Any:
    """The tan(x) of C's math.h.

    Rule: dz/dx = 1 + z * z.

    >>> round(tan(1.0), 12)
    1.557407724655
    """
    return apply1(table.tan.code, x)


def asin(x: Any) -> Any:
    """The asin(x) of C's math.h.

    Rule: dz/dx = 1 / sqrt(one_less_square(x)).

    >>> round(asin(1.0), 12)
    1.570796326795
    """
    return apply1(table.asin.code, x)


def acos(x: Any) -> Any:
    """The acos(x) of C's math.h.

    Rule: dz/dx = -1 / sqrt(one_less_square(x)).

    >>> round(acos(1.0), 12)
    0.0
    """
    return apply1(table.acos.code, x)


def atan(x: Any) -> Any:
    """The atan(x) of C's math.h.

    Rule: dz/dx = atan_slope(x).

    >>> round(atan(1.0), 12)
    0.785398163397
    """
    return apply1(table.atan.code, x)


def sinh(x: Any) -> Any:
    """The sinh(x) of C's math.h.

    Rule: dz/dx = cosh(x).

    >>> round(sinh(1.0), 12)
    1.175201193644
    """
    return apply1(table.sinh.code, x)


def cosh(x: Any) -> Any:
    """The cosh(x) of C's math.h.

    Rule: dz/dx = sinh(x).

    >>> round(cosh(1.0), 12)
    1.543080634815
    """
    return apply1(table.cosh.code, x)


def tanh(x: Any) -> Any:
    """The tanh(x) of C's math.h.

    Rule: dz/dx = 4 * sigmoid_slope(2 * x).

    >>> round(tanh(1.0), 12)
    0.761594155956
    """
    return apply1(table.tanh.code, x)


def asinh(x: Any) -> Any:
    """The asinh(x) of C's math.h.

    Rule: dz/dx = 1 / hypot(x, 1).

    >>> round(asinh(1.0), 12)
    0.88137358702
    """
    return apply1(table.asinh.code, x)


def acosh(x: Any) -> Any:
    """The acosh(x) of C's math.h.

    Rule: dz/dx = 1 / sqrt(x - 1) / sqrt(x + 1).

    >>> round(acosh(1.0), 12)
    0.0
    """
    return apply1(table.acosh.code, x)


def atanh(x: Any) -> Any:
    """The atanh(x) of C's math.h.

    Rule: dz/dx = 1 / one_less_square(x).

    >>> round(atanh(1.0), 12)
    inf
    """
    return apply1(table.atanh.code, x)


def atan2(y: Any, x: Any) -> Any:
    """The angle of the point (x, y), as atan2(y, x).

    Rule: ∂z/∂y = inversion(x, y).
    Rule: ∂z/∂x = -inversion(y, x).

    >>> round(atan2(1.0, 2.0), 12)
    0.463647609001
    """
    return apply2(table.atan2.code, y, x)


def hypot(x: Any, y: Any) -> Any:
    """The function hypot(x, y).

    Rule: ∂z/∂x = direction(x, y).
    Rule: ∂z/∂y = direction(y, x).

    >>> round(hypot(1.0, 2.0), 12)
    2.2360679775
    """
    return apply2(table.hypot.code, x, y)


def erf(x: Any) -> Any:
    """The erf(x) of C's math.h.

    Rule: dz/dx = 1.1283791670955126 * exp(-(x * x)).

    >>> round(erf(1.0), 12)
    0.84270079295
    """
    return apply1(table.erf.code, x)


def erfc(x: Any) -> Any:
    """1 - erf(x), accurate where it is tiny.

    Rule: dz/dx = -1.1283791670955126 * exp(-(x * x)).

    >>> round(erfc(1.0), 12)
    0.15729920705
    """
    return apply1(table.erfc.code, x)


def sigmoid(x: Any) -> Any:
    """1 / (1 + exp(-x)).

    Rule: dz/dx = sigmoid_slope(x).

    >>> round(sigmoid(1.0), 12)
    0.73105857863
    """
    return apply1(table.sigmoid.code, x)


def softplus(x: Any) -> Any:
    """Log(1 + exp(x)).

    Rule: dz/dx = sigmoid(x).

    >>> round(softplus(1.0), 12)
    1.313261687518
    """
    return apply1(table.softplus.code, x)


def relu(x: Any) -> Any:
    """Max(0, x).

    Rule: dz/dx = step(x).

    >>> round(relu(1.0), 12)
    1.0
    """
    return apply1(table.relu.code, x)


def maximum(x: Any, y: Any) -> Any:
    """The larger operand; nan if either is.

    Rule: ∂z/∂x = where(x > y, 1, where(x < y, 0, 0.5)).
    Rule: ∂z/∂y = where(y > x, 1, where(y < x, 0, 0.5)).

    >>> round(maximum(1.0, 2.0), 12)
    2.0
    """
    return apply2(table.maximum.code, x, y)


def minimum(x: Any, y: Any) -> Any:
    """The smaller operand; nan if either is.

    Rule: ∂z/∂x = where(x < y, 1, where(x > y, 0, 0.5)).
    Rule: ∂z/∂y = where(y < x, 1, where(y > x, 0, 0.5)).

    >>> round(minimum(1.0, 2.0), 12)
    1.0
    """
    return apply2(table.minimum.code, x, y)


def where(c: Any, x: Any, y: Any) -> Any:
    """X where the condition c is not 0, else y; less(x, y) gives such conditions.

    Rule: ∂z/∂c = 0.
    Rule: ∂z/∂x = where(c, 1, 0).
    Rule: ∂z/∂y = where(c, 0, 1).

    >>> round(where(1.0, 2.0, 3.0), 12)
    2.0
    """
    return apply(table.where.code, (c, x, y))


def step(x: Any) -> Any:
    """1 where x > 0, else 0.

    Rule: dz/dx = 0.

    >>> round(step(1.0), 12)
    1.0
    """
    return apply1(table.step.code, x)


def sign(x: Any) -> Any:
    """-1, 0 or 1.

    Rule: dz/dx = 0.

    >>> round(sign(1.0), 12)
    1.0
    """
    return apply1(table.sign.code, x)


def floor(x: Any) -> Any:
    """Rounded down, a float.

    Rule: dz/dx = 0.

    >>> round(floor(1.0), 12)
    1.0
    """
    return apply1(table.floor.code, x)


def detach(x: Any) -> Any:
    """X as a constant: gradients stop here.

    Rule: dz/dx = 0.

    >>> round(detach(1.0), 12)
    1.0
    """
    return apply1(table.detach.code, x)


def less(x: Any, y: Any) -> Any:
    """1 where x < y, else 0.

    Rule: ∂z/∂x = 0.
    Rule: ∂z/∂y = 0.

    >>> round(less(1.0, 2.0), 12)
    1.0
    """
    return apply2(table.less.code, x, y)


def less_equal(x: Any, y: Any) -> Any:
    """1 where x <= y, else 0.

    Rule: ∂z/∂x = 0.
    Rule: ∂z/∂y = 0.

    >>> round(less_equal(1.0, 2.0), 12)
    1.0
    """
    return apply2(table.less_equal.code, x, y)


def equal(x: Any, y: Any) -> Any:
    """1 where x == y, else 0.

    Rule: ∂z/∂x = 0.
    Rule: ∂z/∂y = 0.

    >>> round(equal(1.0, 2.0), 12)
    0.0
    """
    return apply2(table.equal.code, x, y)


def both(x: Any, y: Any) -> Any:
    """1 where neither x nor y is 0, else 0.

    Rule: ∂z/∂x = 0.
    Rule: ∂z/∂y = 0.

    >>> round(both(1.0, 2.0), 12)
    1.0
    """
    return apply2(table.both.code, x, y)


def logsumexp(xs: Any, axis: Any = None) -> Any:
    """Log(exp(xs[0]) + exp(xs[1]) + ...) without overflow.

    Rule: ∂z/∂xsᵢ = share(xsᵢ, z).

    With an axis, along it: a result for each line of an array, or of lists in lists.
    Cost: one node, however many operands.

    >>> round(logsumexp([1.0, 2.0]), 12)
    2.313261687518
    """
    return fold_list(table.logsumexp.code, xs, axis)


def ceil(x: Any) -> Any:
    """Rounded up, a float.

    Rule: dz/dx = 0.

    >>> round(ceil(1.0), 12)
    1.0
    """
    return apply1(special.ceil.code, x)


def trunc(x: Any) -> Any:
    """Rounded towards 0, a float.

    Rule: dz/dx = 0.

    >>> round(trunc(1.0), 12)
    1.0
    """
    return apply1(special.trunc.code, x)


def rint(x: Any) -> Any:
    """The nearest whole number, of two the even one, a float.

    Rule: dz/dx = 0.

    >>> round(rint(1.0), 12)
    1.0
    """
    return apply1(special.rint.code, x)


def fmod(x: Any, y: Any) -> Any:
    """What is left of x when y is taken off as often as it goes, with x's sign.

    Rule: ∂z/∂x = 1.
    Rule: ∂z/∂y = -rint((x - z) / y).

    >>> round(fmod(1.0, 2.0), 12)
    1.0
    """
    return apply2(special.fmod.code, x, y)


def floor_divide(x: Any, y: Any) -> Any:
    """X // y as Python has it.

    Rule: ∂z/∂x = 0.
    Rule: ∂z/∂y = 0.

    >>> round(floor_divide(1.0, 2.0), 12)
    0.0
    """
    return apply2(special.floor_divide.code, x, y)


def remainder(x: Any, y: Any) -> Any:
    """X % y as Python has it, with y's sign.

    Rule: ∂z/∂x = 1.
    Rule: ∂z/∂y = -floor_divide(x, y).

    >>> round(remainder(1.0, 2.0), 12)
    1.0
    """
    return apply2(special.remainder.code, x, y)


def copysign(x: Any, y: Any) -> Any:
    """The magnitude of x with the sign of y.

    Rule: ∂z/∂x = sign(x) * copysign(1, y).
    Rule: ∂z/∂y = 0.

    >>> round(copysign(1.0, 2.0), 12)
    1.0
    """
    return apply2(special.copysign.code, x, y)


def degrees(x: Any) -> Any:
    """Radians in degrees.

    Rule: dz/dx = 57.29577951308232.

    >>> round(degrees(1.0), 12)
    57.295779513082
    """
    return apply1(special.degrees.code, x)


def radians(x: Any) -> Any:
    """Degrees in radians.

    Rule: dz/dx = 0.017453292519943295.

    >>> round(radians(1.0), 12)
    0.01745329252
    """
    return apply1(special.radians.code, x)


def lgamma(x: Any) -> Any:
    """Log(abs(gamma(x))).

    Rule: dz/dx = digamma(x).

    >>> round(lgamma(1.0), 12)
    0.0
    """
    return apply1(special.lgamma.code, x)


def gamma(x: Any) -> Any:
    """The gamma function, (x - 1)! for whole x.

    Rule: dz/dx = z * where(x > 172, 1, digamma(x)).

    >>> round(gamma(1.0), 12)
    1.0
    """
    return apply1(special.gamma.code, x)


def digamma(x: Any) -> Any:
    """The slope of lgamma.

    Rule: dz/dx = polygamma(1, x).

    >>> round(digamma(1.0), 12)
    -0.577215664902
    """
    return apply1(special.digamma.code, x)


def polygamma(n: Any, x: Any) -> Any:
    """The n-th derivative of digamma.

    Rule: ∂z/∂n = 0.
    Rule: ∂z/∂x = polygamma(n + 1, x).

    >>> round(polygamma(1.0, 2.0), 12)
    0.644934066848
    """
    return apply2(special.polygamma.code, as_order(n, "polygamma"), x)


def polygamma_rise(n: Any, x: Any, y: Any) -> Any:
    """Polygamma(n, x + y) - polygamma(n, x).

    Rule: ∂z/∂n = 0.
    Rule: ∂z/∂x = polygamma_rise(n + 1, x, y).
    Rule: ∂z/∂y = polygamma(n + 1, x + y).

    >>> round(polygamma_rise(1.0, 2.0, 3.0), 12)
    -0.423611111111
    """
    return apply(special.polygamma_rise.code, (as_order(n, "polygamma_rise"), x, y))


def betaln(x: Any, y: Any) -> Any:
    """Log(abs(beta(x, y))).

    Rule: ∂z/∂x = -polygamma_rise(0, x, y).
    Rule: ∂z/∂y = -polygamma_rise(0, y, x).

    >>> round(betaln(1.0, 2.0), 12)
    -0.69314718056
    """
    return apply2(special.betaln.code, x, y)


def beta(x: Any, y: Any) -> Any:
    """Gamma(x) * gamma(y) / gamma(x + y).

    Rule: ∂z/∂x = -z * polygamma_rise(0, x, y).
    Rule: ∂z/∂y = -z * polygamma_rise(0, y, x).

    >>> round(beta(1.0, 2.0), 12)
    0.5
    """
    return apply2(special.beta.code, x, y)


def norm_pdf(x: Any) -> Any:
    """The density of the standard normal distribution.

    Rule: dz/dx = where(z == 0, 0, -x * z).

    >>> round(norm_pdf(1.0), 12)
    0.241970724519
    """
    return apply1(special.norm_pdf.code, x)


def ndtr(x: Any) -> Any:
    """The distribution function of the standard normal distribution.

    Rule: dz/dx = norm_pdf(x).

    >>> round(ndtr(1.0), 12)
    0.841344746069
    """
    return apply1(special.ndtr.code, x)


def log_ndtr(x: Any) -> Any:
    """Log(ndtr(x)), accurate in both tails.

    Rule: dz/dx = where(x < -100000, -x - 1 / x * (1 - 2 * (1 / x * (1 / x)) * (1 - 5 * (1 / x * (1 / x)))),
    where(x < 0, -x - 0.7071067811865476 * (erfcx_derivative(1, minimum(x * -0.7071067811865476, 1e+100)) /
    erfcx(minimum(x * -0.7071067811865476, 1e+100))), norm_pdf(x) / ndtr(x))).

    >>> round(log_ndtr(1.0), 12)
    -0.172753779023
    """
    return apply1(special.log_ndtr.code, x)


def ndtri(x: Any) -> Any:
    """The inverse of ndtr: quantiles of the standard normal distribution.

    Rule: dz/dx = 2.5066282746310002 * exp(0.5 * z * z).

    >>> round(ndtri(1.0), 12)
    inf
    """
    return apply1(special.ndtri.code, x)


def erfinv(x: Any) -> Any:
    """The inverse of erf.

    Rule: dz/dx = 0.8862269254527579 * exp(z * z).

    >>> round(erfinv(1.0), 12)
    inf
    """
    return apply1(special.erfinv.code, x)


def erfcx(x: Any) -> Any:
    """Exp(x**2) * erfc(x).

    Rule: dz/dx = erfcx_derivative(1, x).

    >>> round(erfcx(1.0), 12)
    0.427583576156
    """
    return apply1(special.erfcx.code, x)


def erfcx_derivative(n: Any, x: Any) -> Any:
    """The n-th derivative of erfcx.

    Rule: ∂z/∂n = 0.
    Rule: ∂z/∂x = erfcx_derivative(n + 1, x).

    >>> round(erfcx_derivative(1.0, 2.0), 12)
    -0.106796461853
    """
    return apply2(special.erfcx_derivative.code, as_order(n, "erfcx_derivative"), x)


def xlogy(x: Any, y: Any) -> Any:
    """X * log(y), and 0 where x is 0.

    Rule: ∂z/∂x = log(y).
    Rule: ∂z/∂y = xdivy(x, y).

    >>> round(xlogy(1.0, 2.0), 12)
    0.69314718056
    """
    return apply2(special.xlogy.code, x, y)


def xlog1py(x: Any, y: Any) -> Any:
    """X * log(1 + y), and 0 where x is 0.

    Rule: ∂z/∂x = log1p(y).
    Rule: ∂z/∂y = xdivy(x, 1 + y).

    >>> round(xlog1py(1.0, 2.0), 12)
    1.098612288668
    """
    return apply2(special.xlog1py.code, x, y)


def xdivy(x: Any, y: Any) -> Any:
    """X / y, and 0 where x is 0.

    Rule: ∂z/∂x = 1 / y.
    Rule: ∂z/∂y = -xdivy(z, y).

    >>> round(xdivy(1.0, 2.0), 12)
    0.5
    """
    return apply2(special.xdivy.code, x, y)


def logit(x: Any) -> Any:
    """Log(x / (1 - x)), the inverse of sigmoid.

    Rule: dz/dx = 1 / sigmoid_slope(z).

    >>> round(logit(1.0), 12)
    inf
    """
    return apply1(special.logit.code, x)


def share(x: Any, z: Any) -> Any:
    """Exp(x - z), what x has in a sum exp(z); 0 where both are -inf, nan where both are inf.

    Rule: ∂z/∂x = z.
    Rule: ∂z/∂z = -z.

    >>> round(share(1.0, 2.0), 12)
    0.367879441171
    """
    return apply2(special.share.code, x, z)


def sinc(x: Any) -> Any:
    """Sin(pi x) / (pi x), 1 at 0.

    Rule: dz/dx = sinc_derivative(1, x).

    >>> round(sinc(1.0), 12)
    0.0
    """
    return apply1(special.sinc.code, x)


def sinc_derivative(n: Any, x: Any) -> Any:
    """The n-th derivative of sinc.

    Rule: ∂z/∂n = 0.
    Rule: ∂z/∂x = sinc_derivative(n + 1, x).

    >>> round(sinc_derivative(1.0, 2.0), 12)
    0.5
    """
    return apply2(special.sinc_derivative.code, as_order(n, "sinc_derivative"), x)


def sigmoid_slope(x: Any) -> Any:
    """Sigmoid(x) * sigmoid(-x), the slope of sigmoid.

    Rule: dz/dx = -tanh(0.5 * x) * z.

    >>> round(sigmoid_slope(1.0), 12)
    0.196611933241
    """
    return apply1(special.sigmoid_slope.code, x)


def one_less_square(x: Any) -> Any:
    """1 - x**2, accurate beside its zeros.

    Rule: dz/dx = -2 * x.

    >>> round(one_less_square(1.0), 12)
    0.0
    """
    return apply1(special.one_less_square.code, x)


def direction(x: Any, y: Any) -> Any:
    """X / hypot(x, y), the cosine of the angle of the point (x, y).

    Rule: ∂z/∂x = where(x == 0 and y == 0, 0, direction(y, x) * direction(y, x) / hypot(x, y)).
    Rule: ∂z/∂y = where(x == 0 and y == 0, 0, -z * direction(y, x) / hypot(x, y)).

    >>> round(direction(1.0, 2.0), 12)
    0.4472135955
    """
    return apply2(special.direction.code, x, y)


def inversion(x: Any, y: Any) -> Any:
    """X / (x**2 + y**2): where the point (x, y) is taken by an inversion in the unit circle.

    Rule: ∂z/∂x = inversion(y, x) * inversion(y, x) - z * z.
    Rule: ∂z/∂y = -2 * (z * inversion(y, x)).

    >>> round(inversion(1.0, 2.0), 12)
    0.2
    """
    return apply2(special.inversion.code, x, y)


def pow_slope(x: Any, y: Any) -> Any:
    """Y * x**(y - 1), the slope of x**y.

    Rule: ∂z/∂x = pow_curvature(x, y).
    Rule: ∂z/∂y = pow_mixed(x, y).

    >>> round(pow_slope(1.0, 2.0), 12)
    2.0
    """
    return apply2(special.pow_slope.code, x, y)


def pow_log(x: Any, y: Any) -> Any:
    """X**y * log(x), the slope of x**y along y.

    Rule: ∂z/∂x = pow_mixed(x, y).
    Rule: ∂z/∂y = pow_log_squared(x, y).

    >>> round(pow_log(1.0, 2.0), 12)
    0.0
    """
    return apply2(special.pow_log.code, x, y)


def pow_curvature(x: Any, y: Any) -> Any:
    """Y * (y - 1) * x**(y - 2), the second derivative of x**y.

    Rule: ∂z/∂x = where(y == 0, xdivy(y * (y - 1) * (y - 2), x ** (3 - y)), y * pow_curvature(x, y - 1)).
    Rule: ∂z/∂y = where(x == 0, where(y > 2, 0, where(y * (y - 1) == 0, -(2 * y - 1) * log(x), y * (y - 1) *
    log(x))), x ** (y - 2) * (2 * y - 1 + y * (y - 1) * log(x))).

    >>> round(pow_curvature(1.0, 2.0), 12)
    2.0
    """
    return apply2(special.pow_curvature.code, x, y)


def pow_mixed(x: Any, y: Any) -> Any:
    """X**(y - 1) * (1 + y*log(x)), the mixed second derivative of x**y.

    Rule: ∂z/∂x = where(x == 0, where(y > 2, 0, where(y * (y - 1) == 0, -(2 * y - 1) * log(x), y * (y - 1) *
    log(x))), x ** (y - 2) * (2 * y - 1 + y * (y - 1) * log(x))).
    Rule: ∂z/∂y = where(x == 0, where(y > 1, 0, where(y > 0, -log(x), log(x))), x ** (y - 1) * log(x) * (2 + y *
    log(x))).

    >>> round(pow_mixed(1.0, 2.0), 12)
    1.0
    """
    return apply2(special.pow_mixed.code, x, y)


def pow_log_squared(x: Any, y: Any) -> Any:
    """X**y * log(x)**2, the second derivative of x**y along y.

    Rule: ∂z/∂x = where(x == 0, where(y > 1, 0, where(y > 0, -log(x), log(x))), x ** (y - 1) * log(x) * (2 + y *
    log(x))).
    Rule: ∂z/∂y = where(x == 0 and y >= 0, 0, z * log(x)).

    >>> round(pow_log_squared(1.0, 2.0), 12)
    0.0
    """
    return apply2(special.pow_log_squared.code, x, y)


def atan_slope(x: Any) -> Any:
    """1 / (1 + x**2), the slope of atan.

    Rule: dz/dx = where(z == 0, 0, -2 * (z * x) * z).

    >>> round(atan_slope(1.0), 12)
    0.5
    """
    return apply1(special.atan_slope.code, x)


def cbrt_slope(x: Any) -> Any:
    """1 / (3 * cbrt(x)**2), the slope of cbrt.

    Rule: dz/dx = -0.6666666666666666 * (z / x).

    >>> round(cbrt_slope(1.0), 12)
    0.333333333333
    """
    return apply1(special.cbrt_slope.code, x)


def j0(x: Any) -> Any:
    """The Bessel function of the first kind of order 0.

    Rule: dz/dx = -j1(x).

    >>> round(j0(1.0), 12)
    0.765197686558
    """
    return apply1(special.j0.code, x)


def j1(x: Any) -> Any:
    """The Bessel function of the first kind of order 1.

    Rule: dz/dx = 0.5 * (j0(x) - jv(2, x)).

    >>> round(j1(1.0), 12)
    0.440050585745
    """
    return apply1(special.j1.code, x)


def jv(n: Any, x: Any) -> Any:
    """The Bessel function of the first kind of order n, a whole one.

    Rule: ∂z/∂n = 0.
    Rule: ∂z/∂x = 0.5 * (jv(n - 1, x) - jv(n + 1, x)).

    >>> round(jv(1.0, 2.0), 12)
    0.576724807757
    """
    return apply2(special.jv.code, as_order(n, "jv", negative=True), x)


def i0(x: Any) -> Any:
    """The modified Bessel function of order 0.

    Rule: dz/dx = i1(x).

    >>> round(i0(1.0), 12)
    1.266065877752
    """
    return apply1(special.i0.code, x)


def i1(x: Any) -> Any:
    """The modified Bessel function of order 1.

    Rule: dz/dx = 0.5 * (i0(x) + iv(2, x)).

    >>> round(i1(1.0), 12)
    0.565159103992
    """
    return apply1(special.i1.code, x)


def iv(n: Any, x: Any) -> Any:
    """The modified Bessel function of order n, a whole one.

    Rule: ∂z/∂n = 0.
    Rule: ∂z/∂x = 0.5 * (iv(n - 1, x) + iv(n + 1, x)).

    >>> round(iv(1.0, 2.0), 12)
    1.590636854637
    """
    return apply2(special.iv.code, as_order(n, "iv", negative=True), x)


def i0e(x: Any) -> Any:
    """Exp(-abs(x)) * i0(x).

    Rule: dz/dx = i0e_derivative(1, x).

    >>> round(i0e(1.0), 12)
    0.465759607594
    """
    return apply1(special.i0e.code, x)


def i1e(x: Any) -> Any:
    """Exp(-abs(x)) * i1(x).

    Rule: dz/dx = i1e_derivative(1, x).

    >>> round(i1e(1.0), 12)
    0.20791041535
    """
    return apply1(special.i1e.code, x)


def i0e_derivative(n: Any, x: Any) -> Any:
    """The n-th derivative of i0e.

    Rule: ∂z/∂n = 0.
    Rule: ∂z/∂x = i0e_derivative(n + 1, x).

    >>> round(i0e_derivative(1.0, 2.0), 12)
    -0.093239033305
    """
    return apply2(special.i0e_derivative.code, as_order(n, "i0e_derivative"), x)


def i1e_derivative(n: Any, x: Any) -> Any:
    """The n-th derivative of i1e.

    Rule: ∂z/∂n = 0.
    Rule: ∂z/∂x = i1e_derivative(n + 1, x).

    >>> round(i1e_derivative(1.0, 2.0), 12)
    -0.01439561132
    """
    return apply2(special.i1e_derivative.code, as_order(n, "i1e_derivative"), x)


def norm(xs: Any, axis: Any = None) -> Any:
    """Sqrt(xs[0]**2 + xs[1]**2 + ...) without overflow.

    Rule: ∂z/∂xsᵢ = where(z == 0, 0, xsᵢ / z).

    With an axis, along it: a result for each line of an array, or of lists in lists.
    Cost: one node, however many operands.

    >>> round(norm([1.0, 2.0]), 12)
    2.2360679775
    """
    return fold_list(special.norm.code, xs, axis)
