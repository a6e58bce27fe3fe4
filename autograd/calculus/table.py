"""The table of calculus: every elementary function, its value on floats and one partial derivative per operand.

This is the only place that knows a derivative. A partial is written over the operands `x, y` and the result `z` with
nothing but arithmetic and other rows, so the one line serves floats (first derivatives), Values (derivatives of any
order) and symbols (formulas, the compiled kernel). Each operand has its own, so `x ** 2` never computes `log(x)`.

Conventions at kinks and poles, each stated once, here:

* relu, abs:       0 at 0, the middle of the subgradient's ends for abs, the sparse end for relu.
* maximum, minimum: a tie sends half to each operand, the only choice that treats them alike.
* step, sign, floor: derivative 0 everywhere, as between their jumps.
* x ** 0:          partials (0, log x); 0 ** 0: (0, 0); 0 ** y for y > 0: no slope along y. How these move, where x
                   and y do, is the limit from x > 0: -inf for the mixed second derivative of 0 ** 1.
* sqrt, cbrt:      inf at 0, the limit.
* hypot:           0 at the origin, like abs.
* selecting rows (where, maximum, minimum, relu, and the three steps) send *nothing* to an operand that was not taken:
  not 0 * inf, which would be nan.

Formulas are chosen for accuracy in the tails, and so that their own derivatives stay finite there: `1 - z*z` would make
tanh'(20) zero, and `1/cosh(x)**2` would make tanh''(800) nan; the slope of sigmoid, a row of its own, does neither.
Sources: NIST's DLMF, §4.20 (trigonometric), §4.34 (hyperbolic), §7.2 (erf), rearranged against cancellation.

To add a function, add a row and run `python autograd/calculus/_generate.py`. Rows that are read less often, from
rounding to the gamma function, stand in `special.py` in the same form.
"""

import operator
from math import pi
from zlib import crc32

from autograd.calculus import ieee, special
from autograd.calculus.primitive import Primitive, Variadic, gathered

__all__ = ["TABLE", "fingerprint"]

# Rows refer to one another in any order; a type checker reads from the top.
abs: Primitive
cos: Primitive
cosh: Primitive
exp: Primitive
hypot: Primitive
log: Primitive
pow: Primitive
sigmoid: Primitive
sign: Primitive
sinh: Primitive
sqrt: Primitive
step: Primitive
where: Primitive
_LN2, _LN10, _TWO_OVER_SQRT_PI = ieee.log(2.0), ieee.log(10.0), 2.0 / pi**0.5
_UNIT, _POSITIVE, _OVER_ONE = ((-1.0, 1.0),), ((0.0, 5.0),), ((1.0, 6.0),)

# fmt: off
add      = Primitive("add", operator.add, lambda x, y, z: 1.0,     lambda x, y, z: 1.0,    symbol="+", commutes=True)
sub      = Primitive("sub", operator.sub, lambda x, y, z: 1.0,     lambda x, y, z: -1.0,   symbol="-")
mul      = Primitive("mul", operator.mul, lambda x, y, z: y,       lambda x, y, z: x,      symbol="*", commutes=True)
div      = Primitive("div", ieee.div,     lambda x, y, z: 1.0 / y, lambda x, y, z: -z / y, symbol="/")
pow      = Primitive("pow", ieee.pow,
                     lambda x, y, z: where(y == 0.0, 0.0, y * pow(x, y - 1.0)),
                     lambda x, y, z: where((x == 0.0) & (y >= 0.0), 0.0, z * log(x)),
                     together=(lambda x, y, z: special.pow_slope(x, y), lambda x, y, z: special.pow_log(x, y)),
                     symbol="**", domain=((0.0, 4.0), (-3.0, 3.0)))
neg      = Primitive("neg",      operator.neg, lambda x, z: -1.0,        symbol="-")
abs      = Primitive("abs",      ieee.fabs,    lambda x, z: sign(x),     alias=("fabs", "absolute"),
                     latex=r"\left|%s\right|",
                     about="the magnitude of x")

exp      = Primitive("exp",      ieee.exp,     lambda x, z: z,            latex="e^{%s}")
expm1    = Primitive("expm1",    ieee.expm1,   lambda x, z: exp(x),      about="exp(x) - 1, accurate near 0")
exp2     = Primitive("exp2",     ieee.exp2,    lambda x, z: z * _LN2,     latex="2^{%s}")
log      = Primitive("log",      ieee.log,     lambda x, z: 1.0 / x,     domain=_POSITIVE)
log1p    = Primitive("log1p",    ieee.log1p,   lambda x, z: 1.0 / (1.0 + x), domain=((-1.0, 5.0),),
                     about="log(1 + x), accurate near 0")
log2     = Primitive("log2",     ieee.log2,    lambda x, z: 1.0 / (x * _LN2),  domain=_POSITIVE)
log10    = Primitive("log10",    ieee.log10,   lambda x, z: 1.0 / (x * _LN10), domain=_POSITIVE)
sqrt     = Primitive("sqrt",     ieee.sqrt,    lambda x, z: 0.5 / z,     domain=_POSITIVE, latex=r"\sqrt{%s}")
cbrt     = Primitive("cbrt",     ieee.cbrt,    lambda x, z: special.cbrt_slope(x), latex=r"\sqrt[3]{%s}")

sin      = Primitive("sin",      ieee.sin,     lambda x, z: cos(x))
cos      = Primitive("cos",      ieee.cos,     lambda x, z: -sin(x))
tan      = Primitive("tan",      ieee.tan,     lambda x, z: 1.0 + z * z)
asin     = Primitive("asin",     ieee.asin,    lambda x, z: 1.0 / sqrt(special.one_less_square(x)),  domain=_UNIT,
                     alias=("arcsin",))
acos     = Primitive("acos",     ieee.acos,    lambda x, z: -1.0 / sqrt(special.one_less_square(x)), domain=_UNIT,
                     alias=("arccos",))
atan     = Primitive("atan",     ieee.atan,    lambda x, z: special.atan_slope(x),  alias=("arctan",))
sinh     = Primitive("sinh",     ieee.sinh,    lambda x, z: cosh(x))
cosh     = Primitive("cosh",     ieee.cosh,    lambda x, z: sinh(x))
tanh     = Primitive("tanh",     ieee.tanh,    lambda x, z: 4.0 * special.sigmoid_slope(2.0 * x))
asinh    = Primitive("asinh",    ieee.asinh,   lambda x, z: 1.0 / hypot(x, 1.0),      alias=("arcsinh",))
acosh    = Primitive("acosh",    ieee.acosh,   lambda x, z: 1.0 / sqrt(x - 1.0) / sqrt(x + 1.0), domain=_OVER_ONE,
                     alias=("arccosh",))
atanh    = Primitive("atanh",    ieee.atanh,   lambda x, z: 1.0 / special.one_less_square(x), domain=_UNIT,
                     alias=("arctanh",))
atan2    = Primitive("atan2",    ieee.atan2,   lambda y, x, z: special.inversion(x, y),
                                               lambda y, x, z: -special.inversion(y, x),
                     alias=("arctan2",), about="the angle of the point (x, y), as atan2(y, x)")
hypot    = Primitive("hypot",    ieee.hypot,   lambda x, y, z: special.direction(x, y),
                                               lambda x, y, z: special.direction(y, x))

erf      = Primitive("erf",      ieee.erf,     lambda x, z: _TWO_OVER_SQRT_PI * exp(-(x * x)))
erfc     = Primitive("erfc",     ieee.erfc,    lambda x, z: -_TWO_OVER_SQRT_PI * exp(-(x * x)),
                     about="1 - erf(x), accurate where it is tiny")
sigmoid  = Primitive("sigmoid",  ieee.sigmoid, lambda x, z: special.sigmoid_slope(x), about="1 / (1 + exp(-x))")
softplus = Primitive("softplus", ieee.softplus, lambda x, z: sigmoid(x),      about="log(1 + exp(x))")

relu     = Primitive("relu",     ieee.relu,    lambda x, z: step(x),     selects=True, about="max(0, x)")
maximum  = Primitive("maximum",  ieee.maximum, lambda x, y, z: where(x > y, 1.0, where(x < y, 0.0, 0.5)),
                                               lambda x, y, z: where(y > x, 1.0, where(y < x, 0.0, 0.5)),
                     selects=True, about="the larger operand; nan if either is")
minimum  = Primitive("minimum",  ieee.minimum, lambda x, y, z: where(x < y, 1.0, where(x > y, 0.0, 0.5)),
                                               lambda x, y, z: where(y < x, 1.0, where(y > x, 0.0, 0.5)),
                     selects=True, about="the smaller operand; nan if either is")
where    = Primitive("where",    ieee.where,   lambda c, x, y, z: 0.0,
                                               lambda c, x, y, z: where(c, 1.0, 0.0),
                                               lambda c, x, y, z: where(c, 0.0, 1.0),
                     selects=True, about="x where the condition c is not 0, else y; less(x, y) gives such conditions")
step     = Primitive("step",     ieee.step,    lambda x, z: 0.0,         selects=True, about="1 where x > 0, else 0")
sign     = Primitive("sign",     ieee.sign,    lambda x, z: 0.0,         selects=True, about="-1, 0 or 1")
floor    = Primitive("floor",    ieee.floor,   lambda x, z: 0.0,         selects=True, about="rounded down, a float",
                     latex=r"\lfloor %s \rfloor")
detach   = Primitive("detach",   ieee.same,    lambda x, z: 0.0,         selects=True,
                     about="x as a constant: gradients stop here")

# Conditions, as numbers 1 and 0: what decides a `where` on a tape, which cannot branch.
less       = Primitive("less",       ieee.less,       lambda x, y, z: 0.0, lambda x, y, z: 0.0, selects=True,
                       about="1 where x < y, else 0")
less_equal = Primitive("less_equal", ieee.less_equal, lambda x, y, z: 0.0, lambda x, y, z: 0.0, selects=True,
                       about="1 where x <= y, else 0")
equal      = Primitive("equal",      ieee.equal,      lambda x, y, z: 0.0, lambda x, y, z: 0.0, selects=True,
                       about="1 where x == y, else 0")
both       = Primitive("both",       ieee.both,       lambda x, y, z: 0.0, lambda x, y, z: 0.0, selects=True,
                       about="1 where neither x nor y is 0, else 0")

sum       = Variadic("sum", ieee.sum, lambda x, y, z: 1.0, added=True, about="xs[0] + xs[1] + ..., in this order")
dot       = Variadic("dot", ieee.dot, lambda x, y, z: y,   added=True, pairs=True,
                     about="xs[0]*xs[1] + xs[2]*xs[3] + ...")
logsumexp = Variadic("logsumexp", ieee.logsumexp, lambda x, y, z: special.share(x, z),
                     about="log(exp(xs[0]) + exp(xs[1]) + ...) without overflow")
# fmt: on

TABLE = gathered(globals(), vars(special))


def fingerprint() -> int:
    """A number that changes with the rows and their order: generated and compiled code refers to rows by position."""
    return crc32(" ".join(row.name for row in TABLE).encode())
