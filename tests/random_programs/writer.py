"""Random Python programs, as text that a person can read and run: what a user might hand to `autograd.compile`.

A program is a function of numbers, lists, dicts and arrays, with helpers (some compiled themselves) and captured
Values around it. How it is compiled and on which numbers it is called belongs to it. The seed says it all.
"""

import math
import sys
from dataclasses import dataclass, replace
from random import Random

import numpy as np

from autograd.calculus.primitive import Variadic
from autograd.calculus.table import TABLE


def templates(text):
    """What is written between semicolons and line ends."""
    return [part.strip() for part in text.replace("\n", ";").split(";") if part.strip()]


OPERATORS = templates("""
{a} + {b}; {a} - {b}; {a} * {b}; {a} / {b}; {a} + {k}; {k} - {a}; {a} * {k}; {k} * {a} + {b} * {c}; {a} / {k}; {k} / {a}
{a} * {b} - {a} * {c}; {a} * {a}; {a} - {b} + {c}; -{a}; +{a}; abs({a}); {a} / {a}; {a} * {b} + {c}; ({a} - {b}) * {c}
{a} ** 2; {a} ** 3; abs({a}) ** 0.5; {a} ** 0.5; {a} ** -1; {k} ** {a}; {a} ** {b}; (abs({a}) + 0.1) ** {b}; {a} ** 1
""")
CHOICES = templates("""
max({a}, {b}); min({a}, {b}); max({a}, {k}); min({a}, {b}, {c}); sorted([{a}, {b}, {c}])[1]; max([{a}, {b}], key=abs)
autograd.where(autograd.less({a}, {b}), {c}, {a}); autograd.where(autograd.less_equal({k}, {a}), {b}, {c} * {a})
autograd.where({a} < {b}, {c}, {b}); autograd.where(autograd.both({a}, {b}), {c}, {a} - {c}); {a} if {a} < {b} else {c}
autograd.where(autograd.less({k}, {a}), autograd.log({a}), {b}); autograd.maximum({a}, {k}); {a} and {b}; {a} or {b}
autograd.where(autograd.equal({a}, {b}), {a} * {c}, {b}); autograd.step({a}) * {b}; autograd.detach({a}) * {b}
{a} - autograd.detach({b}); {a} - autograd.floor({a}); autograd.sign({a}) * {b}; sorted([{a}, {b}], reverse=True)[0]
""")
MANY = templates("""
autograd.sum([{a}, {b}, {c}]); autograd.dot([{a}, {b}], [{c}, {a}]); autograd.logsumexp([{a}, {b}, {c}])
autograd.dot([{a}, {b}], [{b}, {c}], {a}); autograd.logsumexp([{a}, {k}]); sum([{a}, {b}, {c}]) / 3
autograd.sum([{a}, {b}, {a}], {c}); autograd.logsumexp([{a}, {b}]) - {a}
""")
CONDITIONS = templates("""
{a} < {b}; {a} <= {k}; {a} > {k}; {a} >= {b}; {a} == {b}; {a} != {k}; not {a}; {a} < {b} and {b} < {c}
{k} < {a} < {b}; abs({a}) > abs({b}); {a} * {b} > {c}; {a} in ({b}, {k}); bool({a}); {a} - {b} > 0; {k} >= {a}
{a} > {k} or {b} < {c}
""")
FIXED = [row for row in TABLE if not row.symbol and not isinstance(row, Variadic)]
CONSTANTS = ["0.5", "2.0", "-1.0", "3", "1", "-0.25", "1.5", "0.1", "10.0"]
INSIDE = {  # expressions in the domain of a row, whatever the operand
    (-3.0, 3.0): ["{a}", "{a}", "{a}", "2.0 * autograd.tanh({a})", "3.0 * autograd.sin({a})"],
    (-1.0, 1.0): ["0.9 * autograd.sin({a})", "autograd.tanh({a})", "{a} / (1.0 + abs({a}))", "{a}"],
    (0.0, 5.0): ["abs({a}) + 0.1", "{a} * {a} + 0.5", "autograd.softplus({a})", "{a}"],
    (0.0, 3.0): ["1", "2.0", "autograd.floor(abs({a}))", "autograd.rint({a})", "{a}"],  # an order
    (0.0, 4.0): ["abs({a}) + 0.1", "autograd.softplus({a})", "{a}"],
    (1.0, 6.0): ["1.5 + {a} * {a}", "1.0 + abs({a})", "{a}"],
    (-1.0, 5.0): ["abs({a})", "{a} * {a}", "{a}"],
}
EDGES = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    2.0,
    1e9,
    1e300,
    -1e300,
    1e-300,
    5e-324,
    -1e-310,
    710.0,
    math.inf,
    -math.inf,
    math.nan,
]
LENGTHS = [0, 1, 1, 2, 2, 3, 3, 4, 5, 6, 7, 8, 9, 16, 17, 33, 64, 65]


@dataclass(frozen=True)
class Argument:
    """An argument of the program: of what kind, how many numbers it holds, whether it has a batch axis."""

    name: str
    kind: str  # "number", "list", "dict", "array" or "static"
    size: int
    batched: bool

    def build(self, numbers, static, whole=False):
        """The argument made of these numbers (or Values, or columns); `whole` says that they are columns."""
        if self.kind == "static":
            return static
        if self.kind == "number":
            return numbers[0]
        if self.kind == "list":
            return list(numbers)
        if self.kind == "dict":
            return {f"k{i}": x for i, x in enumerate(numbers)}
        if whole:
            return np.stack(numbers, axis=-1)
        array = np.empty(self.size, dtype=object if numbers and not isinstance(numbers[0], float) else float)
        array[:] = numbers
        return array


@dataclass(frozen=True)
class Batch:
    """The numbers of one call: a row of inputs for each row of the batch, captured numbers, directions."""

    rows: np.ndarray  # (rows, inputs); what is shared is the same in all
    captures: tuple[float, ...]
    directions: np.ndarray
    static: int


@dataclass(frozen=True)
class Program:
    """A program, how it is compiled, and the calls that are made of it, in order."""

    seed: int
    source: str
    arguments: tuple[Argument, ...]
    reduce: str | None
    max_paths: int
    threads: int
    batches: tuple[Batch, ...]

    @property
    def inputs(self):
        """How many numbers a row has."""
        return sum(argument.size for argument in self.arguments)

    @property
    def batched(self):
        """Whether there is a batch at all."""
        return any(argument.batched for argument in self.arguments)

    @property
    def varying(self):
        """Of each input whether it has a batch axis."""
        return [argument.batched for argument in self.arguments for _ in range(argument.size)]

    @property
    def options(self):
        """What `autograd.compile` is given."""
        static = [argument.name for argument in self.arguments if argument.kind == "static"]
        axes = tuple(0 if argument.batched else None for argument in self.arguments)
        return {
            "in_axes": axes if self.batched else None, "reduce": self.reduce, "max_paths": self.max_paths,
            "threads": self.threads, **({"static_argnames": static} if static else {}),
        }  # fmt: skip

    def of_row(self, numbers, static):
        """The arguments of one row."""
        found, at = [], 0
        for argument in self.arguments:
            found.append(argument.build(list(numbers[at : at + argument.size]), static))
            at += argument.size
        return found

    def of_batch(self, rows, static):
        """The arguments of a batch, or of a single point: arrays where there is a batch axis, floats elsewhere."""
        found, at = [], 0
        for argument in self.arguments:
            columns = [rows[:, k].copy() for k in range(at, at + argument.size)]
            if not argument.batched:
                columns = [float(column[0]) if len(column) else 1.0 for column in columns]
            found.append(argument.build(columns, static, argument.batched))
            at += argument.size
        return found

    def __str__(self):
        """Something to run: the program, its compilation and its calls."""
        options = ", ".join(f"{name}={value!r}" for name, value in self.options.items())
        lines = [
            "import autograd", "from autograd import Value, compile", "from numpy import array, float64, inf, nan", "",
            *[f"w{k} = Value({x!r})" for k, x in enumerate(self.batches[0].captures)], "",
            self.source, "", f"fast = compile(f, {options})",
        ]  # fmt: skip
        with np.printoptions(threshold=sys.maxsize, floatmode="unique"):
            for batch in self.batches:
                lines += [f"w{k}.data = {x!r}" for k, x in enumerate(batch.captures)]
                lines.append(f"args = {self.of_batch(batch.rows, batch.static)!r}")
                if len(batch.rows):
                    lines.append(f"tangents = {self.of_batch(batch.directions, None)!r}")
                lines.append("print(fast(*args))")
        return "\n".join(lines)


class Writer:
    """Writes one program, as its random numbers say."""

    def __init__(self, seed):
        self.seed, self.random = seed, Random(seed)
        self.count, self.lines, self.helpers = 0, [], []
        self.size = self.random.choice([2, 3, 4, 6, 9])

    def chance(self, p):
        return self.random.random() < p

    def say(self, depth, text):
        self.lines.append("    " * depth + text)

    def new(self):
        self.count += 1
        return f"v{self.count}"

    # --- expressions ---

    def atom(self, names):
        """A name: half the time one of the last."""
        return self.random.choice(names[-3:] if self.chance(0.5) else names)

    def fill(self, template, names, depth=0):
        """The template with names in it, or with expressions, in brackets."""

        def operand():
            return f"({self.expression(names, depth - 1)})" if depth > 0 and self.chance(0.4) else self.atom(names)

        return template.format(a=operand(), b=operand(), c=operand(), k=self.random.choice(CONSTANTS))

    def expression(self, names, depth=2):
        kind = self.random.random()
        if kind < 0.45:
            return self.fill(self.random.choice(OPERATORS), names, depth)
        if kind < 0.75:
            row = self.random.choice(FIXED)
            operands = []
            for low, high in row.domain:
                operands.append(self.fill(self.random.choice(INSIDE.get((low, high), ["{a}"])), names, depth))
            return f"autograd.{row.name}({', '.join(operands)})"
        if kind < 0.82:
            return self.fill(self.random.choice(MANY), names, depth)
        if kind < 0.92 or not self.helpers:
            return self.fill(self.random.choice(CHOICES), names, depth)
        name, size = self.random.choice(self.helpers)
        return self.fill(f"{name}({', '.join(['{a}', '{b}', '{c}'][:size])})", names, depth)

    def condition(self, names):
        return self.fill(self.random.choice(CONDITIONS), names)

    # --- statements ---

    def block(self, depth, names, size, static=False):
        """Some statements; the names that are known after them."""
        names = list(names)
        for _ in range(size):
            kind = self.random.random()
            target = self.new()
            if kind < 0.5 or depth > 3:
                self.say(depth, f"{target} = {self.expression(names)}")
            elif kind < 0.72:
                self.branch(depth, names, target)
            elif kind < 0.8:
                self.loop(depth, names, target, static)
            elif kind < 0.87:
                self.say(depth, f"{target}, n{target} = {self.atom(names)}, 0")
                self.say(
                    depth,
                    f"while n{target} < {self.random.choice((2, 3, 4))} and ({self.condition([*names, target])}):",
                )
                self.body(depth + 1, names, target)
                self.say(depth + 1, f"n{target} += 1")
            elif kind < 0.93 and self.leave is not None:
                self.say(depth, f"if {self.condition(names)}:")
                self.say(depth + 1, f"return {self.fill(self.leave, names)}")
                continue
            else:
                self.say(depth, f"{target} = [{self.atom(names)}, {self.expression(names, 1)}]")
                self.say(depth, f"{target}.append({target}[0] * {target}[1])")
                self.say(depth, f"{target} = {self.random.choice(['sum', 'max', 'min'])}({target})")
            names.append(target)
        return names

    def branch(self, depth, names, target):
        headers = [f"if {self.condition(names)}:"]
        if self.chance(0.3):
            headers.append(f"elif {self.condition(names)}:")
        for header in [*headers, "else:"]:
            self.say(depth, header)
            inner = self.block(depth + 1, names, self.random.choice((0, 0, 1)))
            self.say(depth + 1, f"{target} = {self.expression(inner, 1)}")

    def loop(self, depth, names, target, static):
        self.say(depth, f"{target} = {self.atom(names)}")
        end = self.random.choice(["2", "3", f"2 if {self.condition(names)} else 3"])
        if static and self.chance(0.5):
            end = "turns"
        self.say(depth, f"for _ in range({end}):")
        self.body(depth + 1, names, target)
        if self.chance(0.4):
            self.say(depth + 1, f"if {self.condition([*names, target])}:")
            self.say(depth + 2, self.random.choice(["break", "continue"]))
            self.say(depth + 1, f"{target} = {self.expression([*names, target], 1)}")

    def body(self, depth, names, target):
        """A statement that makes a number of the number before, and does not let it run away."""
        step = self.random.choice(
            ["{t} * 0.5 + {e}", "autograd.tanh({t}) + {e}", "{e} - {t}", "autograd.sin({t} * {e})"]
        )
        self.say(depth, f"{target} = " + step.format(t=target, e=self.expression([*names, target], 0)))

    # --- the program ---

    def helper(self, captured):
        """A function that the program calls: plain, or compiled."""
        name, size = f"h{len(self.helpers)}", self.random.choice((1, 1, 2, 3))
        if self.chance(0.7):
            self.say(0, self.random.choice(["@compile", "@compile(max_paths=1)", "@compile(max_paths=2)"]))
        parameters = ["p", "q", "r"][:size]
        self.say(0, f"def {name}({', '.join(parameters)}):")
        self.leave = "{a}" if self.chance(0.3) else None
        names = self.block(1, [*captured, *parameters, *parameters], self.random.choice((0, 1, 1, 2)))
        self.say(1, f"return {self.expression(names, 1)}")
        self.say(0, "")
        self.helpers.append((name, size))

    def arguments(self):
        found = []
        for k in range(self.random.choice((1, 2, 2, 3, 3))):
            kind = self.random.choice(["number", "number", "number", "list", "dict", "array"])
            size = 1 if kind == "number" else self.random.choice((2, 3))
            found.append(Argument(f"x{k}", kind, size, self.chance(0.7)))
        if self.chance(0.15):
            found = [replace(argument, batched=False) for argument in found]
        elif not any(argument.batched for argument in found):
            found[0] = replace(found[0], batched=True)
        if self.chance(0.25):
            found.append(Argument("turns", "static", 0, False))
        return found

    def write(self):
        """The program."""
        captured = [f"w{k}" for k in range(self.random.choice((0, 1, 2, 2)))]
        arguments = self.arguments()
        for _ in range(self.random.choice((0, 0, 1, 1, 2))):
            self.helper(self.random.sample(captured, len(captured) // 2) if captured else [])
        static = arguments[-1].kind == "static"
        self.say(0, f"def f({', '.join(argument.name for argument in arguments)}):")
        names = [*captured]
        for argument in arguments:
            if argument.kind == "number":
                names.append(argument.name)
            elif argument.kind != "static":
                parts = [f"{argument.name}_{i}" for i in range(argument.size)]
                source = f"{argument.name}.values()" if argument.kind == "dict" else argument.name
                self.say(1, f"{', '.join(parts)} = {source}")
                names += parts
        shape = (
            "{a}" if self.chance(0.75) else self.random.choice(["[{a}, {b}]", "({a}, [{b}])", "{{'s': {a}, 't': {b}}}"])
        )
        self.leave = shape
        names = self.block(1, names, self.size, static)
        last = [self.expression(names, 1), self.expression(names, 1), ""]
        self.say(1, f"return {shape.format(a=f'{names[-1]} + {last[0]}' if shape == '{a}' else last[0], b=last[1])}")
        return self.compiled("\n".join(self.lines), tuple(arguments), len(captured))

    def compiled(self, source, arguments, captured):
        batched = any(argument.batched for argument in arguments)
        program = Program(
            self.seed, source, arguments, self.random.choice([None, None, "sum", "mean"]) if batched else None,
            self.random.choice((1, 2, 64)), self.random.choice((1, 2)), (),
        )  # fmt: skip
        rng = np.random.default_rng(self.seed)
        first = numbers_of(program, rng, captured)
        again = replace(first, captures=tuple(rng.normal(size=captured).round(2).tolist()))
        other = numbers_of(program, rng, captured)
        return replace(program, batches=(first, again, other)[: self.random.choice((1, 2, 3))])


def numbers_of(program, rng, captured):
    """Numbers for a call."""
    n = (1000 if rng.random() < 0.02 else int(rng.choice(LENGTHS))) if program.batched else 1
    d = program.inputs
    kind = rng.choice(["plain", "plain", "plain", "ties", "edges", "some edges", "alike", "wide"])
    if kind == "ties":
        rows = rng.choice([-1.5, -1.0, 0.0, 0.5, 1.0, 2.0], (n, d))
    elif kind == "alike":  # large numbers that differ little
        rows = np.array([1e9, 1e13, 3.0])[rng.integers(3)] * rng.choice([1.0, -1.0]) + rng.normal(size=(n, d)) * 1e-3
    elif kind == "wide":
        rows = rng.normal(size=(n, d)) * 10.0 ** rng.integers(-12, 6, (n, d))
    else:
        rows = rng.normal(scale=1.5, size=(n, d)).round(int(rng.integers(1, 5)))
        share = {"plain": 0.0, "edges": 0.7, "some edges": 0.15}[kind]
        rows = np.where(rng.random((n, d)) < share, rng.choice(EDGES, (n, d)), rows)
    directions = rng.normal(size=(n, d)).round(2)
    shared = [k for k, varies in enumerate(program.varying) if not varies]
    for numbers in (rows, directions):
        numbers[:, shared] = numbers[:1, shared]
    captures = tuple(rng.normal(size=captured).round(2).tolist())
    return Batch(rows, captures, directions, int(rng.integers(1, 4)))


def write(seed):
    """The program of a seed."""
    return Writer(seed).write()
