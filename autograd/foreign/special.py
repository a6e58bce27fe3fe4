"""The rows of `special.py` by mpmath, in as many digits as it is set to; real numbers, and complex ones beside them.

All are analytic beside the real line, as a complex step needs them: what is decided is decided by the real part.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["special"]


def special(mp: Any) -> dict[str, Callable[..., Any]]:
    """Each row of `special.py` by functions of a context of mpmath.

    >>> import mpmath
    >>> float(special(mpmath.mp)["ndtr"](mpmath.mpf(0)))
    0.5
    """
    re, floor, log, exp = mp.re, mp.floor, mp.log, mp.exp

    def order_of(n: Any) -> int:
        """The order that a row takes, beside which there is none."""
        return int(mp.nint(re(n)))

    def whole(x: Any) -> Any:
        """Towards zero."""
        return mp.sign(re(x)) * floor(abs(re(x)))

    def magnitude(x: Any) -> Any:
        """Without the sign of the real part."""
        return x if re(x) > 0 else -x if re(x) < 0 else abs(re(x))

    def polygamma(n: Any, x: Any) -> Any:
        return mp.psi(order_of(n), x)

    def log_gamma(x: Any) -> Any:
        if re(x) > 0:
            return mp.loggamma(x)
        found = mp.gamma(x)
        return log(found if re(found) > 0 else -found)

    def ndtr(x: Any) -> Any:
        return mp.erfc(-x / mp.sqrt(2)) / 2

    def norm_pdf(x: Any) -> Any:
        return exp(-x * x / 2) / mp.sqrt(2 * mp.pi)

    def log_ndtr(x: Any) -> Any:
        if re(x) > 5:  # with as many digits as it takes to be next to 1
            with mp.extradps(int(min(re(x) * re(x) / 4, 10**4)) + 10):
                return mp.log1p(-mp.erfc(x / mp.sqrt(2)) / 2)
        return log(ndtr(x))

    def erfcx_derivative(n: Any, x: Any) -> Any:
        """By the recurrence of the orders, with digits for what cancels in it."""
        order = order_of(n)
        with mp.extradps(20 + 30 * (order + 1)):
            before = exp(x * x) * mp.erfc(x)
            now = 2 * x * before - 2 / mp.sqrt(mp.pi)
            for k in range(1, order):
                before, now = now, 2 * x * now + 2 * k * before
        return now if order else before

    def sinc_derivative(n: Any, x: Any) -> Any:
        """By Taylor's series, with digits for what cancels in it."""
        order, z = order_of(n), mp.pi * x
        with mp.extradps(int(abs(z)) + 20):
            total, k = mp.mpf(0), (order + 1) // 2
            while True:
                power = mp.mpf(1) if 2 * k == order else z ** (2 * k - order)
                term = (-1) ** k * power * mp.ff(2 * k, order) / mp.factorial(2 * k + 1)
                total += term
                if k > abs(z) + order + 30 and abs(term) < mp.mpf(10) ** -mp.dps:
                    return total * mp.pi**order
                k += 1

    def i0e_derivative(n: Any, x: Any) -> Any:
        """By Kummer's function, as §13.3 of DLMF has it, and the same from the other side."""
        order = order_of(n)
        front = mp.mpf(-2) ** order * mp.rf(mp.mpf(1) / 2, order) / mp.factorial(order)
        found = front * mp.hyp1f1(order + mp.mpf(1) / 2, order + 1, -2 * magnitude(x))
        return found if re(x) > 0 else (-1) ** order * found

    def i1e_derivative(n: Any, x: Any) -> Any:
        """By that `i1e` is `i0e` and its slope, for x > 0."""
        order = order_of(n)
        if order == 0:
            return mp.besseli(1, x) * exp(-magnitude(x))
        with mp.extradps(20):
            found = i0e_derivative(order, magnitude(x)) + i0e_derivative(order + 1, magnitude(x))
        return found if re(x) > 0 else -((-1) ** order) * found

    def on_the_line(inverse: Callable[[Any], Any], value: Callable[[Any], Any], slope: Callable[[Any], Any]) -> Any:
        """An inverse that mpmath has for real numbers, and by a step of Newton's beside them."""

        def found(p: Any) -> Any:
            x = inverse(re(p))
            return x + (p - value(x)) / slope(x) if mp.im(p) else x

        return found

    def ndtri(p: Any) -> Any:
        if p < mp.mpf("1e-3"):  # where erfinv of mpmath has lost the digits of p
            start, tol = -mp.sqrt(-2 * log(p)), mp.mpf(10) ** (-mp.dps - 20)
            return mp.findroot(lambda x: log_ndtr(x) - log(p), start, tol=tol, verify=False)
        return mp.sqrt(2) * mp.erfinv(2 * p - 1)

    def hypot(x: Any, y: Any) -> Any:
        return mp.sqrt(x * x + y * y)

    return {
        "ceil": lambda x: mp.ceil(re(x)),
        "trunc": whole,
        "rint": lambda x: mp.nint(re(x)),
        "fmod": lambda x, y: x - y * whole(x / y),
        "floor_divide": lambda x, y: floor(re(x / y)),
        "remainder": lambda x, y: x - y * floor(re(x / y)),
        "copysign": lambda x, y: magnitude(x) * (1 if re(y) >= 0 else -1),
        "degrees": lambda x: x * 180 / mp.pi,
        "radians": lambda x: x * mp.pi / 180,
        "lgamma": log_gamma,
        "gamma": mp.gamma,
        "digamma": mp.digamma,
        "polygamma": polygamma,
        "polygamma_rise": lambda n, x, y: polygamma(n, x + y) - polygamma(n, x),
        "betaln": lambda x, y: log_gamma(x) + log_gamma(y) - log_gamma(x + y),
        "beta": mp.beta,
        "norm_pdf": norm_pdf,
        "ndtr": ndtr,
        "log_ndtr": log_ndtr,
        "ndtri": on_the_line(ndtri, ndtr, norm_pdf),
        "erfinv": on_the_line(mp.erfinv, mp.erf, lambda x: 2 / mp.sqrt(mp.pi) * exp(-x * x)),
        "erfcx": lambda x: erfcx_derivative(0, x),
        "erfcx_derivative": erfcx_derivative,
        "xlogy": lambda x, y: x * log(y) if x else x,
        "xlog1py": lambda x, y: x * mp.log1p(y) if x else x,
        "logit": lambda x: log(x / (1 - x)),
        "sigmoid_slope": lambda x: 1 / (2 + exp(x) + exp(-x)),
        "one_less_square": lambda x: 1 - x * x,
        "direction": lambda x, y: x / hypot(x, y),
        "inversion": lambda x, y: x / (x * x + y * y),
        "xdivy": lambda x, y: x / y if x else x,
        "pow_slope": lambda x, y: y * x ** (y - 1) if y else y,
        "pow_log": lambda x, y: x**y * log(x) if x else x,
        "pow_curvature": lambda x, y: y * (y - 1) * x ** (y - 2) if y and y != 1 else 0 * y,
        "pow_mixed": lambda x, y: x ** (y - 1) * (1 + y * log(x)),
        "pow_log_squared": lambda x, y: x**y * log(x) ** 2 if x else x,
        "atan_slope": lambda x: 1 / (1 + x * x),
        "cbrt_slope": lambda x: 1 / (3 * mp.cbrt(magnitude(x)) ** 2),
        "share": lambda x, z: exp(x - z),
        "j0": lambda x: mp.besselj(0, x),
        "j1": lambda x: mp.besselj(1, x),
        "jv": lambda n, x: mp.besselj(order_of(n), x),
        "i0": lambda x: mp.besseli(0, x),
        "i1": lambda x: mp.besseli(1, x),
        "iv": lambda n, x: mp.besseli(order_of(n), x),
        "i0e": lambda x: mp.besseli(0, x) * exp(-magnitude(x)),
        "i1e": lambda x: i1e_derivative(0, x),
        "i0e_derivative": i0e_derivative,
        "i1e_derivative": i1e_derivative,
        "sinc": lambda x: sinc_derivative(0, x),
        "sinc_derivative": sinc_derivative,
    }
