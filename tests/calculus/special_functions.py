"""The rows of `special.py` by mpmath, in as many digits as it is set to: what the tests of rows judge them by."""

import mpmath

__all__ = ["SPECIAL"]


def whole(x):
    """Towards zero."""
    return mpmath.sign(x) * mpmath.floor(abs(x))


def polygamma(n, x):
    return mpmath.psi(int(mpmath.floor(n)), x)


def log_gamma(x):
    return mpmath.loggamma(x) if x > 0 else mpmath.log(abs(mpmath.gamma(x)))


def log_ndtr(x):
    if x > 5:  # with as many digits as it takes to be next to 1
        with mpmath.extradps(int(x * x / 4) + 10):
            return mpmath.log1p(-mpmath.erfc(x / mpmath.sqrt(2)) / 2)
    return mpmath.log(mpmath.erfc(-x / mpmath.sqrt(2)) / 2)


def erfcx_derivative(n, x):
    """By the recurrence of the orders, with digits for what cancels in it."""
    order = int(mpmath.floor(n))
    with mpmath.extradps(20 + 30 * (order + 1)):
        before = mpmath.exp(x * x) * mpmath.erfc(x)
        now = 2 * x * before - 2 / mpmath.sqrt(mpmath.pi)
        for k in range(1, order):
            before, now = now, 2 * x * now + 2 * k * before
    return now if order else before


def sinc_derivative(n, x):
    """By Taylor's series, with digits for what cancels in it."""
    order, z = int(mpmath.floor(n)), mpmath.pi * x
    with mpmath.extradps(int(abs(z)) + 20):
        total, k = mpmath.mpf(0), (order + 1) // 2
        while True:
            power = mpmath.mpf(1) if 2 * k == order else z ** (2 * k - order)
            term = (-1) ** k * power * mpmath.ff(2 * k, order) / mpmath.factorial(2 * k + 1)
            total += term
            if k > abs(z) + order + 30 and abs(term) < mpmath.mpf(10) ** -mpmath.mp.dps:
                return total * mpmath.pi**order
            k += 1


def i0e_derivative(n, x):
    """By Kummer's function, as §13.3 of DLMF has it, and the same from the other side."""
    order = int(mpmath.floor(n))
    front = mpmath.mpf(-2) ** order * mpmath.rf(mpmath.mpf(1) / 2, order) / mpmath.factorial(order)
    found = front * mpmath.hyp1f1(order + mpmath.mpf(1) / 2, order + 1, -2 * abs(x))
    return found if x > 0 else (-1) ** order * found


def i1e_derivative(n, x):
    """By that `i1e` is `i0e` and its slope, for x > 0."""
    order = int(mpmath.floor(n))
    if order == 0:
        return mpmath.besseli(1, x) * mpmath.exp(-abs(x))
    with mpmath.extradps(20):
        found = i0e_derivative(order, abs(x)) + i0e_derivative(order + 1, abs(x))
    return found if x > 0 else -((-1) ** order) * found


def ndtri(p):
    if p < mpmath.mpf("1e-3"):  # where erfinv of mpmath has lost the digits of p
        start = -mpmath.sqrt(-2 * mpmath.log(p))
        return mpmath.findroot(lambda x: log_ndtr(x) - mpmath.log(p), start, tol=mpmath.mpf(10) ** -80, verify=False)
    return mpmath.sqrt(2) * mpmath.erfinv(2 * p - 1)


SPECIAL = {
    "ceil": mpmath.ceil,
    "trunc": whole,
    "rint": mpmath.nint,
    "fmod": lambda x, y: x - y * whole(x / y),
    "floor_divide": lambda x, y: mpmath.floor(x / y),
    "remainder": lambda x, y: x - y * mpmath.floor(x / y),
    "copysign": lambda x, y: abs(x) * (1 if y >= 0 else -1),
    "degrees": mpmath.degrees,
    "radians": mpmath.radians,
    "lgamma": log_gamma,
    "gamma": mpmath.gamma,
    "digamma": mpmath.digamma,
    "polygamma": polygamma,
    "polygamma_rise": lambda n, x, y: polygamma(n, x + y) - polygamma(n, x),
    "betaln": lambda x, y: log_gamma(x) + log_gamma(y) - log_gamma(x + y),
    "beta": mpmath.beta,
    "norm_pdf": lambda x: mpmath.exp(-x * x / 2) / mpmath.sqrt(2 * mpmath.pi),
    "ndtr": lambda x: mpmath.erfc(-x / mpmath.sqrt(2)) / 2,
    "log_ndtr": log_ndtr,
    "ndtri": ndtri,
    "erfinv": mpmath.erfinv,
    "erfcx": lambda x: erfcx_derivative(0, x),
    "erfcx_derivative": erfcx_derivative,
    "xlogy": lambda x, y: x * mpmath.log(y),
    "xlog1py": lambda x, y: x * mpmath.log1p(y),
    "logit": lambda x: mpmath.log(x / (1 - x)),
    "sigmoid_slope": lambda x: 1 / (2 + mpmath.exp(x) + mpmath.exp(-x)),
    "one_less_square": lambda x: 1 - x * x,
    "direction": lambda x, y: x / mpmath.hypot(x, y),
    "atan_slope": lambda x: 1 / (1 + x * x),
    "cbrt_slope": lambda x: 1 / (3 * mpmath.cbrt(abs(x)) ** 2),
    "share": lambda x, z: mpmath.exp(x - z),
    "j0": lambda x: mpmath.besselj(0, x),
    "j1": lambda x: mpmath.besselj(1, x),
    "jv": lambda n, x: mpmath.besselj(int(mpmath.floor(n)), x),
    "i0": lambda x: mpmath.besseli(0, x),
    "i1": lambda x: mpmath.besseli(1, x),
    "iv": lambda n, x: mpmath.besseli(int(mpmath.floor(n)), x),
    "i0e": lambda x: mpmath.besseli(0, x) * mpmath.exp(-abs(x)),
    "i1e": lambda x: i1e_derivative(0, x),
    "i0e_derivative": i0e_derivative,
    "i1e_derivative": i1e_derivative,
    "sinc": lambda x: sinc_derivative(0, x),
    "sinc_derivative": sinc_derivative,
}
