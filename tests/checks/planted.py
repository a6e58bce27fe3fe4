"""Programs in which one line makes nan or inf of finite numbers, for some arguments; a comment says which.

Each takes x and y. `CASES` has arguments for which all is well and others for which it is not, the operation that is to
blame, and whether that is found on the way there or on the way back.
"""

import inspect
from dataclasses import dataclass

import autograd
import nn
from autograd import dot, hypot, maximum, where

HUGE = 1e308
MARK = "# planted"


def line_of(*functions):
    """The numbers of the lines with the mark in some functions."""
    found = []
    for function in functions:
        lines, first = inspect.getsourcelines(function)
        found += [first + k for k, line in enumerate(lines) if MARK in line]
    assert len(found) == 1, functions
    return found[0]


def logarithm_in_a_loop(x, y):
    total = y * 0.0
    for k in range(4):
        total = total + (x - float(k)).log()  # planted
    return total


def length(x, y):
    return (x * x - y).sqrt()  # planted


def root_in_a_helper(x, y):
    z = x + y
    return length(x, y) * z


class Rate:
    """A method of a class."""

    def __init__(self, x):
        self.x = x

    def of(self, y):
        z = self.x - y
        return y / z  # planted


def division_in_a_method(x, y):
    return Rate(x).of(y) + 1.0


def power_of_a_negative_number(x, y):
    z = x - 2.0
    return z**0.5 + y  # planted


def exponential_in_a_loop(x, y):
    z = x
    for _ in range(3):
        z = z.exp()  # planted
    return z * y


def product(x, y):
    z = x * 1e200
    return z * y  # planted


def addition(x, y):
    z, w = x * HUGE, y * HUGE
    return z + w  # planted


def subtraction(x, y):
    z, w = x * HUGE, y * -HUGE
    return z - w  # planted


def area(x, y):
    return x.acosh() + y  # planted


def angle(x, y):
    return x.asin() * y  # planted


def other_angle(x, y):
    return (x * 0.5 + 0.5).acos() * y  # planted


def rapidity(x, y):
    return y + x.atanh()  # planted


def small_logarithm(x, y):
    z = y - x
    return z.log1p()  # planted


def binary_logarithm(x, y):
    return (x - y).log2() + (x * y)  # planted


def decimal_logarithm(x, y):
    z = x * y
    return z.log10() - z  # planted


def chain_line(x, y):
    return y * (x * 100.0).cosh()  # planted


def other_chain_line(x, y):
    return y * (x * 100.0).sinh()  # planted


def growth(x, y):
    z = x * y
    return z.expm1() + z  # planted


def doubling(x, y):
    z = x * y
    return z.exp2() + z  # planted


def products(x, y):
    z = x * HUGE
    return dot([z, x], [y, y])  # planted


def total(x, y):
    z = x * 8e307
    return autograd.sum([z, y, z])  # planted


def distance(x, y):
    z, w = x * HUGE, y * HUGE
    return hypot(z, w) * 1e-300  # planted


def direction(x, y):
    norm = (x * x + y * y).sqrt()
    return x / norm  # planted


def logarithm_of_what_vanishes(x, y):
    z = x * y * 1e-200
    return z.log()  # planted


def softmax(x, y):
    def weight(z):
        return (z * 100.0).exp()  # planted

    return weight(x) / (weight(x) + weight(y))


def branch(x, y):
    if x > y:
        return (x - y).log()
    return (x - y).sqrt()  # planted


def newton(x, y):
    z = x
    for _ in range(3):
        z = z - (z * z - y) / (2.0 * z)  # planted
    return z


def comprehension(x, y):
    return autograd.sum([(x - float(k)).log() * y for k in range(3)])  # planted


MODEL = nn.MLP(2, [2, 1], "relu", rng=1)
for _p in MODEL.parameters():
    _p.data = 1e100


def network(x, y):
    z = x * 1e10
    return MODEL([z, y])  # planted


def both_sides_of_a_where(x, y):
    z = x.log()  # planted
    return where(autograd.less(x, 0.0), y, z)


# --- on the way back -------------------------------------------------------------------------------------------------


def root(x, y):
    return x.sqrt() * y  # planted


def norm(x, y):
    z = x * x + y * y
    return z.sqrt()  # planted


def cube_root(x, y):
    z = x - y
    return z.cbrt() + z  # planted


def half_a_power(x, y):
    return x**0.5 + y  # planted


def area_at_its_edge(x, y):
    return (x * x).acosh() * y  # planted


def angle_at_its_edge(x, y):
    return x.asin() + y  # planted


def other_angle_at_its_edge(x, y):
    return x.acos() + y  # planted


def large_factors(x, y):
    z = x * HUGE  # planted
    return z * y


def root_in_a_loop(x, y):
    z = x
    for _ in range(3):
        z = (z * z).sqrt() * y  # planted
    return z


def steep_logarithm(x, y):
    z = x * y
    return z.log()  # planted


def reciprocal(x, y):
    z = x * 1.0
    return z**-1.0 * y  # planted


def quotient(x, y):
    return x / y  # planted


def turn(x, y):
    return autograd.atan2(x, y)  # planted


def larger(x, y):
    z = maximum(x, y)
    return z.sqrt()  # planted


@dataclass(frozen=True)
class Case:
    """A program, arguments without and with an anomaly, the operation to blame, the function that it stands in."""

    function: object
    good: tuple
    bad: tuple
    operation: str
    inside: object = None
    backward: bool = False

    @property
    def name(self):
        return self.function.__name__

    @property
    def line(self):
        """The number of the planted line."""
        return line_of(self.inside or self.function)


CASES = [
    Case(logarithm_in_a_loop, (5.0, 1.0), (2.5, 1.0), "log"),
    Case(root_in_a_helper, (3.0, 1.0), (1.0, 3.0), "sqrt", length),
    Case(division_in_a_method, (3.0, 1.0), (2.0, 2.0), "/", Rate.of),
    Case(power_of_a_negative_number, (3.0, 1.0), (1.0, 1.0), "**"),
    Case(exponential_in_a_loop, (0.5, 1.0), (2.5, 1.0), "exp"),
    Case(product, (1.0, 2.0), (1.0, 1e150), "*"),
    Case(addition, (0.1, 0.1), (1.0, 1.0), "+"),
    Case(subtraction, (0.1, 0.1), (1.0, 1.0), "-"),
    Case(area, (2.0, 1.0), (0.5, 1.0), "acosh"),
    Case(angle, (0.5, 1.0), (1.5, 1.0), "asin"),
    Case(other_angle, (0.5, 1.0), (1.5, 1.0), "acos"),
    Case(rapidity, (0.5, 1.0), (1.0, 1.0), "atanh"),
    Case(small_logarithm, (1.0, 2.0), (3.0, 1.0), "log1p"),
    Case(binary_logarithm, (3.0, 2.0), (1.0, 2.0), "log2"),
    Case(decimal_logarithm, (3.0, 2.0), (-1.0, 2.0), "log10"),
    Case(chain_line, (1.0, 2.0), (9.0, 2.0), "cosh"),
    Case(other_chain_line, (1.0, 2.0), (9.0, 2.0), "sinh"),
    Case(growth, (1.0, 2.0), (900.0, 2.0), "expm1"),
    Case(doubling, (1.0, 2.0), (900.0, 2.0), "exp2"),
    Case(products, (0.5, 1.0), (1.0, 2.0), "dot"),
    Case(total, (0.2, 1.0), (1.2, 1.0), "sum"),
    Case(distance, (0.1, 0.2), (1.6, 1.6), "hypot"),
    Case(direction, (0.5, 1.0), (0.0, 0.0), "/"),
    Case(logarithm_of_what_vanishes, (0.5, 1.0), (1e-200, 1.0), "log"),
    Case(softmax, (0.5, 1.0), (0.5, 9.0), "exp"),
    Case(branch, (2.0, 1.0), (1.0, 2.0), "sqrt"),
    Case(newton, (1.0, 2.0), (0.0, 2.0), "/"),
    Case(comprehension, (4.0, 2.0), (1.5, 2.0), "log"),
    Case(network, (1.0, 2.0), (1e100, 2.0), "dot"),
    Case(both_sides_of_a_where, (1.0, 2.0), (-1.0, 2.0), "log"),
    Case(root, (4.0, 2.0), (0.0, 2.0), "sqrt", backward=True),
    Case(norm, (4.0, 2.0), (0.0, 0.0), "sqrt", backward=True),
    Case(cube_root, (4.0, 2.0), (2.0, 2.0), "cbrt", backward=True),
    Case(half_a_power, (4.0, 2.0), (0.0, 2.0), "**", backward=True),
    Case(area_at_its_edge, (4.0, 2.0), (1.0, 2.0), "acosh", backward=True),
    Case(angle_at_its_edge, (0.5, 2.0), (1.0, 2.0), "asin", backward=True),
    Case(other_angle_at_its_edge, (0.5, 2.0), (-1.0, 2.0), "acos", backward=True),
    Case(large_factors, (0.0, 1.0), (0.0, 10.0), "*", backward=True),
    Case(root_in_a_loop, (1.0, 2.0), (0.0, 2.0), "sqrt", backward=True),
    Case(steep_logarithm, (1.0, 2.0), (1e-310, 1.0), "log", backward=True),
    Case(reciprocal, (1.0, 2.0), (1e-200, 1.0), "**", backward=True),
    Case(quotient, (1.0, 2.0), (1.0, 1e-200), "/", backward=True),
    Case(turn, (1.0, 2.0), (0.0, 0.0), "atan2", backward=True),
    Case(larger, (1.0, 2.0), (0.0, -1.0), "sqrt", backward=True),
]
