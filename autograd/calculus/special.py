"""Rows that are read less often: rounding and remainders, gamma, the normal distribution, Bessel functions.

They are rows of the table as those of `table.py` are, which gathers them; the conventions are stated there. Where a
function's derivatives lose their digits when they are written by others, there is a row for all orders: `polygamma`,
`erfcx_derivative`, `sinc_derivative`, `i0e_derivative` and `i1e_derivative` take the order as their first operand, and
are their own derivatives.

* An order is a whole number, and of what is between the value is nan; no slope leads along it.
* Whole numbers (trunc, rint, ceil, floor_divide) have derivative 0, as between their jumps; remainders are
  `x - y * whole`, and so have the slopes 1 and `-whole`.
* copysign: 0 at x = 0, like abs, and nothing goes to what gives the sign; a nan has none, so of it x's size is taken.
* xlogy, xlog1py: 0 where x is 0, and there the slope along y is 0 too.
* xdivy: 0 where x is 0, and there no slope along y.
* norm: 0 at the origin, like hypot.
* logsumexp: of a sum of nothing but -inf no operand has a share, so all slopes are 0. Of an infinite one an infinite
  operand has a share that depends on how it got there (all of it beside numbers, half of it beside its like), so its
  slope is nan, as in JAX and PyTorch; that of a finite operand is 0.
* i0e, i1e: at 0, where they have a kink, the mean of both sides, so 0 for i0e, like abs.

Sources: NIST's DLMF, §5.2 and §5.15 (gamma), §5.12 (beta), §7.18 (erfc), §10.6 and §10.29 (Bessel); the values name
theirs.
"""

from math import pi, sqrt
from typing import Any

from autograd.calculus import bessel, elementary, gammas, ieee, normals
from autograd.calculus.primitive import Named, Primitive, Variadic

__all__ = [
    "atan_slope", "beta", "betaln", "cbrt_slope", "ceil", "copysign", "degrees", "digamma", "direction", "erfcx",
    "erfcx_derivative", "erfinv", "floor_divide", "fmod", "gamma", "i0", "i0e", "i0e_derivative", "i1", "i1e",
    "i1e_derivative", "inversion", "iv", "j0", "j1", "jv", "lgamma", "log_ndtr", "logit", "ndtr", "ndtri", "norm",
    "norm_pdf", "one_less_square", "polygamma", "polygamma_rise", "pow_curvature", "pow_log", "pow_log_squared",
    "pow_mixed", "pow_slope", "radians", "remainder", "rint", "share", "sigmoid_slope", "sinc", "sinc_derivative",
    "trunc", "xdivy", "xlog1py", "xlogy",
]  # fmt: skip

_NAMES = ("exp", "hypot", "log", "log1p", "minimum", "pow", "sign", "tanh", "where")
exp, hypot, log, log1p, minimum, pow, sign, tanh, where = map(Named, _NAMES)
# Rows refer to one another in any order; a type checker reads from the top.
copysign: Primitive
direction: Primitive
digamma: Primitive
erfcx: Primitive
erfcx_derivative: Primitive
i0e_derivative: Primitive
i1: Primitive
i1e_derivative: Primitive
inversion: Primitive
iv: Primitive
j1: Primitive
jv: Primitive
polygamma: Primitive
polygamma_rise: Primitive
pow_curvature: Primitive
pow_log: Primitive
pow_log_squared: Primitive
pow_mixed: Primitive
pow_slope: Primitive
sigmoid_slope: Primitive
sinc_derivative: Primitive
xdivy: Primitive
_HALF_SQRT_PI, _SQRT_2PI, _SQRT_HALF = 0.5 * sqrt(pi), sqrt(2.0 * pi), sqrt(0.5)
_FAR_OUT = -1e5
_UNIT, _POSITIVE, _ORDER, _PLANE = ((0.0, 1.0),), (0.0, 5.0), (0.0, 3.0), ((-6.0, 6.0), (0.5, 3.0))


def _outward(x: Any) -> Any:
    """-x / sqrt(2) for x < 0, where erfcx is of it what ndtr is of x; no larger than 1e100, beyond which it is 0."""
    return minimum(x * -_SQRT_HALF, 1e100)


def _far_out(x: Any) -> Any:
    """`norm_pdf(x) / ndtr(x)` for x < _FAR_OUT: there the derivatives of erfcx are too small to be divided."""
    r = 1.0 / x
    return -x - r * (1.0 - 2.0 * (r * r) * (1.0 - 5.0 * (r * r)))


def _bent(x: Any, y: Any) -> Any:
    """`x**(y - 2) * (2*y - 1 + y*(y - 1)*log(x))`, of x**y the third derivative along x twice; at 0 its limit."""
    twice, once = y * (y - 1.0), 2.0 * y - 1.0
    edge = where(y > 2.0, 0.0, where(twice == 0.0, -once * log(x), twice * log(x)))
    return where(x == 0.0, edge, pow(x, y - 2.0) * (once + twice * log(x)))


def _bent_along(x: Any, y: Any) -> Any:
    """`x**(y - 1) * log(x) * (2 + y*log(x))`, of x**y the third derivative along y twice; at 0 its limit."""
    edge = where(y > 1.0, 0.0, where(y > 0.0, -log(x), log(x)))
    return where(x == 0.0, edge, pow(x, y - 1.0) * log(x) * (2.0 + y * log(x)))


# fmt: off
ceil     = Primitive("ceil",     ieee.ceil,    lambda x, z: 0.0,       selects=True, about="rounded up, a float")
trunc    = Primitive("trunc",    ieee.trunc,   lambda x, z: 0.0,       selects=True, about="rounded towards 0, a float")
rint     = Primitive("rint",     ieee.rint,    lambda x, z: 0.0,       selects=True,
                     about="the nearest whole number, of two the even one, a float")
fmod     = Primitive("fmod",     ieee.fmod,    lambda x, y, z: 1.0,      lambda x, y, z: -rint((x - z) / y),
                     domain=_PLANE, about="what is left of x when y is taken off as often as it goes, with x's sign")
floor_divide = Primitive("floor_divide", elementary.floor_divide, lambda x, y, z: 0.0, lambda x, y, z: 0.0,
                     selects=True, domain=_PLANE, about="x // y as Python has it")
remainder = Primitive("remainder", elementary.remainder, lambda x, y, z: 1.0,  lambda x, y, z: -floor_divide(x, y),
                     domain=_PLANE, alias=("mod",), about="x % y as Python has it, with y's sign")
copysign = Primitive("copysign", elementary.copied_sign, lambda x, y, z: sign(x) * copysign(1.0, y),
                     lambda x, y, z: 0.0, selects=True, about="the magnitude of x with the sign of y")
degrees  = Primitive("degrees",  elementary.degrees, lambda x, z: elementary.DEGREES, alias=("rad2deg",),
                     about="radians in degrees")
radians  = Primitive("radians",  elementary.radians, lambda x, z: elementary.RADIANS, alias=("deg2rad",),
                     about="degrees in radians")

lgamma   = Primitive("lgamma",   gammas.lgamma, lambda x, z: digamma(x), domain=(_POSITIVE,), alias=("gammaln",),
                     about="log(abs(gamma(x)))")
gamma    = Primitive("gamma",    gammas.gamma, lambda x, z: z * where(x > 172.0, 1.0, digamma(x)), domain=(_POSITIVE,),
                     about="the gamma function, (x - 1)! for whole x")
digamma  = Primitive("digamma",  gammas.digamma, lambda x, z: polygamma(1.0, x), domain=(_POSITIVE,), alias=("psi",),
                     about="the slope of lgamma")
polygamma = Primitive("polygamma", gammas.polygamma, lambda n, x, z: 0.0, lambda n, x, z: polygamma(n + 1.0, x),
                     domain=(_ORDER, _POSITIVE), ordered=True, about="the n-th derivative of digamma")
polygamma_rise = Primitive("polygamma_rise", gammas.polygamma_rise, lambda n, x, y, z: 0.0,
                     lambda n, x, y, z: polygamma_rise(n + 1.0, x, y), lambda n, x, y, z: polygamma(n + 1.0, x + y),
                     domain=(_ORDER, _POSITIVE, _POSITIVE), ordered=True, about="polygamma(n, x + y) - polygamma(n, x)")
betaln   = Primitive("betaln",   gammas.betaln, lambda x, y, z: -polygamma_rise(0.0, x, y),
                                                lambda x, y, z: -polygamma_rise(0.0, y, x),
                     domain=(_POSITIVE,), about="log(abs(beta(x, y)))")
beta     = Primitive("beta",     gammas.beta,  lambda x, y, z: -z * polygamma_rise(0.0, x, y),
                                               lambda x, y, z: -z * polygamma_rise(0.0, y, x),
                     domain=((0.5, 5.0),), about="gamma(x) * gamma(y) / gamma(x + y)")

norm_pdf = Primitive("norm_pdf", normals.norm_pdf, lambda x, z: where(z == 0.0, 0.0, -x * z),
                     about="the density of the standard normal distribution")
ndtr     = Primitive("ndtr",     normals.ndtr, lambda x, z: norm_pdf(x),
                     about="the distribution function of the standard normal distribution")
log_ndtr = Primitive("log_ndtr", normals.log_ndtr, lambda x, z: where(x < _FAR_OUT, _far_out(x), where(
                         x < 0.0,
                         -x - _SQRT_HALF * (erfcx_derivative(1.0, _outward(x)) / erfcx(_outward(x))),
                         norm_pdf(x) / ndtr(x))),
                     about="log(ndtr(x)), accurate in both tails")
ndtri    = Primitive("ndtri",    normals.ndtri, lambda x, z: _SQRT_2PI * exp(0.5 * z * z), domain=_UNIT,
                     about="the inverse of ndtr: quantiles of the standard normal distribution")
erfinv   = Primitive("erfinv",   normals.erfinv, lambda x, z: _HALF_SQRT_PI * exp(z * z), domain=((-1.0, 1.0),),
                     about="the inverse of erf")
erfcx    = Primitive("erfcx",    normals.erfcx, lambda x, z: erfcx_derivative(1.0, x), about="exp(x**2) * erfc(x)")
erfcx_derivative = Primitive("erfcx_derivative", normals.erfcx_derivative, lambda n, x, z: 0.0,
                     lambda n, x, z: erfcx_derivative(n + 1.0, x), domain=(_ORDER, (-3.0, 3.0)), ordered=True,
                     about="the n-th derivative of erfcx")

xlogy    = Primitive("xlogy",    elementary.xlogy,   lambda x, y, z: log(y),
                                               lambda x, y, z: xdivy(x, y),
                     domain=(_POSITIVE,), about="x * log(y), and 0 where x is 0")
xlog1py  = Primitive("xlog1py",  elementary.xlog1py, lambda x, y, z: log1p(y),
                                               lambda x, y, z: xdivy(x, 1.0 + y),
                     domain=((0.0, 5.0), (-1.0, 5.0)), about="x * log(1 + y), and 0 where x is 0")
xdivy    = Primitive("xdivy", elementary.xdivy,    lambda x, y, z: 1.0 / y, lambda x, y, z: -xdivy(z, y),
                     domain=_PLANE, about="x / y, and 0 where x is 0")
logit    = Primitive("logit",    elementary.logit,   lambda x, z: 1.0 / sigmoid_slope(z), domain=_UNIT,
                     about="log(x / (1 - x)), the inverse of sigmoid")
share    = Primitive("share",    elementary.share,   lambda x, z, w: w,        lambda x, z, w: -w,
                     about="exp(x - z), what x has in a sum exp(z); 0 where both are -inf, nan where both are inf")
sinc     = Primitive("sinc",     normals.sinc, lambda x, z: sinc_derivative(1.0, x), about="sin(pi x) / (pi x), 1 at 0")
sinc_derivative = Primitive("sinc_derivative", normals.sinc_derivative, lambda n, x, z: 0.0,
                     lambda n, x, z: sinc_derivative(n + 1.0, x), domain=(_ORDER, (-3.0, 3.0)), ordered=True,
                     about="the n-th derivative of sinc")
sigmoid_slope = Primitive("sigmoid_slope", elementary.sigmoid_slope, lambda x, z: -tanh(0.5 * x) * z,
                    about="sigmoid(x) * sigmoid(-x), the slope of sigmoid")
one_less_square = Primitive("one_less_square", elementary.one_less_square, lambda x, z: -2.0 * x,
                    latex=r"\left(1 - \left(%s\right)^{2}\right)", about="1 - x**2, accurate beside its zeros")
direction = Primitive("direction", elementary.direction,
                    lambda x, y, z: where((x == 0.0) & (y == 0.0), 0.0,
                                          direction(y, x) * direction(y, x) / hypot(x, y)),
                    lambda x, y, z: where((x == 0.0) & (y == 0.0), 0.0, -z * direction(y, x) / hypot(x, y)),
                    about="x / hypot(x, y), the cosine of the angle of the point (x, y)")
inversion = Primitive("inversion", elementary.inversion,
                    lambda x, y, z: inversion(y, x) * inversion(y, x) - z * z,
                    lambda x, y, z: -2.0 * (z * inversion(y, x)), domain=_PLANE,
                    about="x / (x**2 + y**2): where the point (x, y) is taken by an inversion in the unit circle")
pow_slope = Primitive("pow_slope", elementary.pow_slope, lambda x, y, z: pow_curvature(x, y),
                    lambda x, y, z: pow_mixed(x, y), domain=((0.0, 4.0), (-3.0, 3.0)),
                    about="y * x**(y - 1), the slope of x**y")
pow_log  = Primitive("pow_log",  elementary.pow_log, lambda x, y, z: pow_mixed(x, y),
                    lambda x, y, z: pow_log_squared(x, y), domain=((0.0, 4.0), (-3.0, 3.0)),
                    about="x**y * log(x), the slope of x**y along y")
pow_curvature = Primitive("pow_curvature", elementary.pow_curvature,
                    lambda x, y, z: where(y == 0.0, xdivy(y * (y - 1.0) * (y - 2.0), pow(x, 3.0 - y)),
                                          y * pow_curvature(x, y - 1.0)),
                    lambda x, y, z: _bent(x, y), domain=((0.0, 4.0), (-3.0, 3.0)),
                    about="y * (y - 1) * x**(y - 2), the second derivative of x**y")
pow_mixed = Primitive("pow_mixed", elementary.pow_mixed, lambda x, y, z: _bent(x, y),
                    lambda x, y, z: _bent_along(x, y), domain=((0.0, 4.0), (-3.0, 3.0)),
                    about="x**(y - 1) * (1 + y*log(x)), the mixed second derivative of x**y")
pow_log_squared = Primitive("pow_log_squared", elementary.pow_log_squared, lambda x, y, z: _bent_along(x, y),
                    lambda x, y, z: where((x == 0.0) & (y >= 0.0), 0.0, z * log(x)),
                    domain=((0.0, 4.0), (-3.0, 3.0)),
                    about="x**y * log(x)**2, the second derivative of x**y along y")
atan_slope = Primitive("atan_slope", elementary.atan_slope,
                    lambda x, z: where(z == 0.0, 0.0, -2.0 * (z * x) * z), about="1 / (1 + x**2), the slope of atan")
cbrt_slope = Primitive("cbrt_slope", elementary.cbrt_slope, lambda x, z: -2.0 / 3.0 * (z / x),
                    about="1 / (3 * cbrt(x)**2), the slope of cbrt")
j0       = Primitive("j0",       bessel.j0,    lambda x, z: -j1(x),
                     about="the Bessel function of the first kind of order 0")
j1       = Primitive("j1",       bessel.j1,    lambda x, z: 0.5 * (j0(x) - jv(2.0, x)),
                     about="the Bessel function of the first kind of order 1")
jv       = Primitive("jv",       bessel.jv,    lambda n, x, z: 0.0,
                     lambda n, x, z: 0.5 * (jv(n - 1.0, x) - jv(n + 1.0, x)), domain=(_ORDER, (-30.0, 30.0)),
                     ordered=True, about="the Bessel function of the first kind of order n, a whole one")
i0       = Primitive("i0",       bessel.i0,    lambda x, z: i1(x), about="the modified Bessel function of order 0")
i1       = Primitive("i1",       bessel.i1,    lambda x, z: 0.5 * (i0(x) + iv(2.0, x)),
                     about="the modified Bessel function of order 1")
iv       = Primitive("iv",       bessel.iv,    lambda n, x, z: 0.0,
                     lambda n, x, z: 0.5 * (iv(n - 1.0, x) + iv(n + 1.0, x)), domain=(_ORDER, (-30.0, 30.0)),
                     ordered=True, about="the modified Bessel function of order n, a whole one")
i0e      = Primitive("i0e",      bessel.i0e,   lambda x, z: i0e_derivative(1.0, x), about="exp(-abs(x)) * i0(x)")
i1e      = Primitive("i1e",      bessel.i1e,   lambda x, z: i1e_derivative(1.0, x), about="exp(-abs(x)) * i1(x)")
i0e_derivative = Primitive("i0e_derivative", bessel.i0e_derivative, lambda n, x, z: 0.0,
                     lambda n, x, z: i0e_derivative(n + 1.0, x), domain=(_ORDER, (-30.0, 30.0)),
                     ordered=True, about="the n-th derivative of i0e")
i1e_derivative = Primitive("i1e_derivative", bessel.i1e_derivative, lambda n, x, z: 0.0,
                     lambda n, x, z: i1e_derivative(n + 1.0, x), domain=(_ORDER, (-30.0, 30.0)),
                     ordered=True, about="the n-th derivative of i1e")
norm     = Variadic("norm", ieee.norm, lambda x, y, z: where(z == 0.0, 0.0, x / z),
                    about="sqrt(xs[0]**2 + xs[1]**2 + ...) without overflow")
# fmt: on
