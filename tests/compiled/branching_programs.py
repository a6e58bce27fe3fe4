"""Random programs with branches, as Python source, so that a failing one can be read."""

import math
from random import Random

import numpy as np
from hypothesis import strategies as st

import autograd
from autograd import Value

EXPRESSIONS = """
{a} + {b}; {a} - {b}; {a} * {b}; {a} / {b}; {a} * {k}; {a} + {k}; {k} - {a}; {k} / {a}; {a} - {k}; {k} * {a} + {b} * {c}
{a} ** 2; power({a}, {b}); {a} ** 0.5; {a} ** -1; {a} * {a} * {b} + {c}; -{a}; +{a}; abs({a}); {a} / {a}; {a} - {a}
max({a}, {b}) * 1.0; min({a}, {b}) * 1.0; max({a}, number({k})) * 1.0; min(number({k}), {a}, {b}) * 1.0
sorted([{a}, {b}, {c}])[1] * 1.0; max([{a}, {b}], key=abs) * 1.0
{a} and {b}; {a} or {b}; {a} if not {b} else {c}; {a} if {a} in [{b}, {c}] else {b}; {a} if {b} == {c} else -{a}
maximum({a}, {b}); minimum({a}, {b}); maximum({a}, {k}); relu({a}); where(less({a}, {b}), {c}, {a}); step({a}) * {b}
where({a} < {b}, {c}, {b}); where({a}, {b}, {k}); where(less_equal({k}, {a}), log({a}), {b}); {a} * (1.0 - relu({b}))
exp({a}); log({a}); sqrt({a}); sin({a}); cos({a}); tanh({a}); sigmoid({a}); log1p({a}); atan({a}); erf({a}); cbrt({a})
expm1({a}); softplus({a}); hypot({a}, {b}); atan2({a}, {b}); floor({a}) + {b}; sign({a}) * {b}; exp(-{a} * {a})
logsumexp([{a}, {b}, {c}]); dot([{a}, {b}], [{c}, {a}], start={k}); total([{a}, {b}, {c}]); sum([{a}, {b}]) * {k}
detach({a}) * {b}; quiet({a}, {b}) + {c}; {a} - detach({b}); slope({a} * {b} * {a}, {a})
frozen_slope({a} * {a} * {b}, {a})
slope(where(less({b}, {a}), {a} * {b}, {c} - {a}), {a}); number(len({{{a}: 1, {b}: 2}})) * {c}
""".replace("\n", ";").split(";")
# What max gives is one of its operands, and a select of them another Value: by itself it is not differentiated here.
EXPRESSIONS = [e.strip() for e in EXPRESSIONS if e.strip()]
CONDITIONS = """
{a} < {b}; {a} <= {k}; {a} > {b}; {a} >= {b}; {a} == {b}; {a} != {k}; not {a}; {a} < {b} and {b} < {c}; bool({a})
{a} > {k} or {b} == {k}; {a} in ({b}, {k}); {k} < {a} < {b}; abs({a}) > abs({b}); {k} >= {a}; {a} * {b} > {c}
""".replace("\n", ";").split(";")
CONDITIONS = [c.strip() for c in CONDITIONS if c.strip()]
CONSTANTS = [
    "0.0",
    "-0.0",
    "1.0",
    "-1.0",
    "2.0",
    "0.5",
    "3.0",
    "-2.5",
    "1e-300",
    "1e300",
    "1e-8",
    "inf",
    "nan",
    "1",
    "0",
]


class Writer:
    """Writes a program as the bytes say; when they are used up, it comes to an end (and goes through them again)."""

    def __init__(self, data):
        self.data, self.at, self.count, self.lines = data, 0, 0, []

    def take(self, n):
        self.at += 1
        turn, k = divmod(self.at - 1, len(self.data))
        return (self.data[k] + 37 * turn) % n

    def fill(self, templates, names):
        def name():  # half the time one of the last
            k = self.take(2 * len(names))
            return names[k] if k < len(names) else names[-1 - (k - len(names)) % min(3, len(names))]

        template = templates[self.take(len(templates))]
        return template.format(a=name(), b=name(), c=name(), k=CONSTANTS[self.take(len(CONSTANTS))])

    def say(self, depth, text):
        self.lines.append("    " * depth + text)

    def new(self):
        self.count += 1
        return f"v{self.count}"

    def block(self, depth, names):
        """Some statements; the names that are known after them."""
        names = list(names)
        for _ in range(2 if depth > 1 else 9):
            if self.at >= len(self.data):
                break
            kind = self.take(10)
            if kind < 2 and depth < 4:
                target = self.new()
                self.say(depth, f"if {self.fill(CONDITIONS, names)}:")
                self.say(depth + 1, f"{target} = {self.fill(EXPRESSIONS, self.block(depth + 1, names))}")
                if self.take(3) == 0:
                    self.say(depth, f"elif {self.fill(CONDITIONS, names)}:")
                    self.say(depth + 1, f"{target} = {self.fill(EXPRESSIONS, names)}")
                self.say(depth, "else:")
                self.say(depth + 1, f"{target} = {self.fill(EXPRESSIONS, self.block(depth + 1, names))}")
            elif kind == 2 and depth < 4:
                target = self.new()
                self.say(depth, f"{target}, n{target} = {names[-1]}, 0")
                self.say(depth, f"while n{target} < 3 and ({self.fill(CONDITIONS, [*names, target])}):")
                self.say(depth + 1, f"{target}, n{target} = {self.fill(EXPRESSIONS, [*names, target])}, n{target} + 1")
            else:
                target = self.new()
                self.say(depth, f"{target} = {self.fill(EXPRESSIONS, names)}")
            names.append(target)
        return names

    def write(self):
        self.say(0, "def f(x0, x1, x2):")
        names = self.block(1, ["w0", "w1", "x0", "x1", "x2"])
        self.say(1, f"return {names[-1]} + {self.fill(['{b}', '{b} * {c}', '{a} - {b}'], names)}")
        return "\n".join(self.lines)


def quiet(a, b):
    with autograd.no_grad():
        return a * b + autograd.sin(a)


def slope(y, x):
    return autograd.grad(y, x, create_graph=True, allow_unused=True) if free(y) and free(x) else y


def frozen_slope(y, x):
    d = autograd.grad(y, x, allow_unused=True) if free(y) and free(x) else y
    return d if isinstance(d, Value) else Value(d).detach()


def free(x):
    return isinstance(x, Value) and not x.is_constant


ROUNDED = [
    "exp",
    "log",
    "sin",
    "cos",
    "tanh",
    "sigmoid",
    "log1p",
    "atan",
    "erf",
    "cbrt",
    "expm1",
    "softplus",
    "hypot",
    "atan2",
    "logsumexp",
    "power",
]


def rounded(function, seed):
    """The function, some last digits off; the same digits for the same operands."""

    def noisy(*operands):
        z = function(*operands)
        xs = operands[0] if isinstance(operands[0], list) else operands
        key = hash((seed, function.__name__, *(getattr(x, "data", x) for x in xs)))
        return z * (1.0 + 2e-16 * (key % 9 - 4))

    return noisy


def power(a, b):
    return a**b


def function_of(source, w, seed=None):
    """The program's function; with a seed, its elementary functions are a little off, as others round otherwise."""
    names = {name: getattr(autograd, name) for name in autograd.__all__}
    names |= {"total": autograd.sum, "sum": sum, "abs": abs, "max": max, "min": min, "power": power}
    names |= {"inf": math.inf, "nan": math.nan, "w0": w[0], "w1": w[1], "number": lambda n: Value(n)}
    names |= {"quiet": quiet, "slope": slope, "frozen_slope": frozen_slope}
    if seed is not None:
        names |= {name: rounded(names[name], seed) for name in ROUNDED}
    exec(compile(source, "<program>", "exec"), names)
    return names["f"]


EDGES = [0.0, -0.0, 1.0, -1.0, math.nan, math.inf, -math.inf, 5e-324, -1e-310, 1e-200, 1e200, -1e300, 2.0, 0.5, 710.0]


def numbers(rng, n, edgy):
    ordinary = np.round(rng.normal(scale=2.0, size=n), rng.integers(0, 5))
    return np.where(rng.random(n) < edgy, rng.choice(EDGES, n), ordinary)


# Bytes that Hypothesis draws shrink well, those of a generator make more varied programs.
seeded = st.builds(lambda seed, n: Random(seed).randbytes(n), st.integers(0, 2**64), st.integers(12, 90))
programs = (st.binary(min_size=12, max_size=90) | seeded | seeded).map(lambda data: Writer(data).write())
lanes = st.sampled_from([1, 2, 3, 7, 20, 63, 64, 65, 200])
