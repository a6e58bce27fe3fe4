"""The judge of compiled programs: the eager engine in every row, and how well its results are determined.

Two right programs may differ where last digits are magnified. By how much is measured: the program is run again with
its elementary functions, and the slopes of every operand, some last digits off, as vector code and sums in another
order would have them. What differs by more than such runs do is a fault.
"""

import ast
import builtins
import math
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import count
from zlib import crc32

import mpmath
import numpy as np

import autograd
from autograd import Tape, Value
from autograd.calculus.table import TABLE
from autograd.engine.reading import data_of
from autograd.tape.recording import Recording
from tests.calculus.test_primitives import exact

SEEDS, MORE_SEEDS = range(1, 9), range(9, 1000)
ULP, LARGE = 2.0**-52, 2.0**30
CLOSE = 1e-13
"""So near, relatively, are results whose last digits nothing magnifies."""
MAGNIFIED, SUMMED = 30.0, 6.0
"""By so many times the spread of disturbed results may two results differ, and two sums over rows."""
NAMES = {row.name for row in TABLE}
ROUNDED_ALIKE = {
    "abs", "both", "detach", "equal", "floor", "less", "less_equal", "maximum", "minimum", "relu", "sign", "step",
    "sqrt", "where", "sum", "dot",
}  # fmt: skip
"""Rows of which every machine gives the same bits."""


# --- the program, run eagerly ----------------------------------------------------------------------------------------


def plain(function=None, **_):
    """In place of `autograd.compile`: the function as it is."""
    return function if function is not None else plain


def names_of(code, captures, compile, **names):
    """What a program defines, with these Values captured."""
    found = {"autograd": autograd, "Value": Value, "compile": compile, **names}
    found |= {f"w{k}": v for k, v in enumerate(captures)}
    exec(code, found)
    return found


def leaves_of(result):
    """The numbers or arrays of a result, in order."""
    if isinstance(result, dict):
        result = result.values()
    elif not isinstance(result, (list, tuple)):
        return [result]
    return [leaf for part in result for leaf in leaves_of(part)]


def free(x):
    """Whether it can be differentiated."""
    return isinstance(x, Value) and not x.is_constant


def number(x):
    """The number that a program gives, as a Value or as it is."""
    return x.data if isinstance(x, Value) else float(x)


@dataclass
class Results:
    """What a program gives for a row.

    Attributes:
        values: Its outputs.
        slopes: Of each, by the inputs and then the captured Values.
        second: Second slopes of the first output, by the inputs and both; where they were asked for.
        largest: The largest number that these came from.
    """

    values: np.ndarray
    slopes: np.ndarray
    second: np.ndarray | None = None
    largest: float = 0.0


def results_of(run, inputs, captures, order):
    """The results of a run of the program on Values."""
    outputs, towards = leaves_of(run(inputs)), [*inputs, *captures]
    found = Results(np.array([number(y) for y in outputs]), np.zeros((len(outputs), len(towards))))
    for k, y in enumerate(outputs):
        if free(y):
            found.slopes[k] = autograd.grad(y, towards, allow_unused=True)
    if order == 2:
        found.second = np.zeros((len(inputs), len(towards)))
        first = autograd.grad(outputs[0], inputs, create_graph=True, allow_unused=True) if free(outputs[0]) else []
        for j, d in enumerate(first):
            if free(d):
                found.second[j] = autograd.grad(d, towards, allow_unused=True)
        found.largest = max([abs(v.data) for v in autograd.topological_order(first)], default=0.0)
    return found


# --- the same, some last digits off ----------------------------------------------------------------------------------


class Disturbed(ast.NodeTransformer):
    """Has results go through `_rounded(result)`, and operands through `_sloped(where it is, operand)`."""

    count = 0

    def visit_BinOp(self, node):
        self.generic_visit(node)
        node.left, node.right = self.sloped(node.left), self.sloped(node.right)
        return self.rounded(node) if isinstance(node.op, ast.Pow) else node

    def visit_Call(self, node):
        self.generic_visit(node)
        if not isinstance(node.func, ast.Attribute) or node.func.attr not in NAMES:
            return node
        for k, operand in enumerate(node.args):
            if isinstance(operand, ast.List):
                operand.elts = [self.sloped(x, node.func.attr) for x in operand.elts]
            else:
                node.args[k] = self.sloped(operand)
        return node if node.func.attr in ROUNDED_ALIKE else self.rounded(node, node.func.attr)

    def rounded(self, node, name=""):
        return ast.Call(ast.Name("_rounded", ast.Load()), [node, ast.Constant(name)], [])

    def sloped(self, node, name=""):
        self.count += 1
        place = f"{name}{self.count}"
        return ast.Call(ast.Name("_sloped", ast.Load()), [ast.Constant(place), node], [])


def disturbances(seed, slopes):
    """What moves a result by some last digits, the same for the same number; and what moves the slope of an operand."""

    visits = count()

    def rounded(z, name=""):
        x = data_of(z) if isinstance(z, Value) else math.nan
        # A small integer is what a saturated or trivial case gives, without rounding: ties of those are no accident.
        inexact = math.isfinite(x) and (x != math.floor(x) or abs(x) > LARGE)
        digits = ULP * (hash((seed, x)) % 5 - 2)
        if name == "logsumexp" and inexact:  # its logarithm is added to the largest operand, which may leave little
            return z + digits * (1.0 + abs(x))
        return z * (1.0 + digits) if inexact else z

    def sloped(place, z):
        if not slopes or not free(z) or not math.isfinite(data_of(z)):
            return z
        x, visit = data_of(z), next(visits)  # a round of a loop is not the next one
        digits = ULP * (crc32(f"{seed} {x} {place} {visit}".encode()) % 9 - 4)
        # The slope exp(x - z) of logsumexp has the last digits of x for an absolute error.
        return Value(x, (z,), (1.0 + digits * (1.0 + abs(x) if place.startswith("logsumexp") else 1.0),))

    return {"_rounded": rounded, "_sloped": sloped}


# --- in sixty digits -------------------------------------------------------------------------------------------------


class Exact:
    """A number of sixty digits, for tapes to run on."""

    def __init__(self, x):
        self.x = x if isinstance(x, mpmath.mpf) else mpmath.mpf(x)

    def __apply_primitive__(self, row, operands):
        xs = [x.x if isinstance(x, Exact) else mpmath.mpf(x) for x in operands]
        return Exact(mpmath.mpf(exact(row)(*xs)))


# --- rows ------------------------------------------------------------------------------------------------------------


@dataclass
class Row:
    """A row of a batch: what the eager engine gives for it, and how well that is determined."""

    judge: "Judge"
    numbers: tuple[float, ...]
    direction: np.ndarray
    static: int
    captures: tuple[float, ...]
    _known: dict = field(default_factory=dict)

    def results(self, order=1, seed=0):
        """The results, with slopes up to this order; with a seed, disturbed ones."""
        if (order, seed) not in self._known:
            self._known[order, seed] = self.judge.run(self, order, seed)
        return self._known[order, seed]

    @cached_property
    def decided(self):
        """Whether its path does not depend on last digits."""
        return len({self.judge.path(self, seed) for seed in (0, *SEEDS)}) == 1

    @cached_property
    def tape(self):
        """Its path as a tape, from inputs and captured Values to all outputs."""
        return self.judge.tape(self)

    @cached_property
    def overflows_forwards(self):
        """Whether slopes along the direction go through infinity, taken from the inputs on."""
        tape, still = self.tape.jvp(), [0.0] * len(self.captures)
        found = tape.run([*self.numbers, *self.captures, *self.direction.tolist(), *still])
        return not all(map(math.isfinite, found))

    def exact(self, quantity):
        """A quantity of first order in sixty digits, or None where it has none."""
        tape = self.tape.with_gradient()
        tape = Tape.of(replace(tape.program, single=False, guards=()))
        try:
            found = [x.x if isinstance(x, Exact) else x for x in tape(*map(Exact, (*self.numbers, *self.captures)))]
        except (ArithmeticError, ValueError, TypeError):  # mpmath has no infinities of both signs, nor nan everywhere
            return None
        m = len(self.results().values)
        return quantity(Results(np.array(found[:m]), np.array(found[m:]).reshape(m, -1)), self.direction)[0]


class Judge:
    """Runs a program eagerly, as it is and disturbed, and counts how often that mattered."""

    def __init__(self, program):
        self.program = program
        self.asked = self.magnified = self.undecided = 0
        self._defined = {}

    def defined(self, seed, slopes=True):
        """The program's names, and the Values that it captures."""
        if (seed, slopes) not in self._defined:
            captures = [Value(0.0) for _ in self.program.batches[0].captures]
            tree = ast.parse(self.program.source)
            tree = ast.fix_missing_locations(Disturbed().visit(tree)) if seed else tree
            code = builtins.compile(tree, "<program>", "exec")
            names = names_of(code, captures, plain, **disturbances(seed, slopes))
            self._defined[seed, slopes] = names, captures
        return self._defined[seed, slopes]

    def prepared(self, row, seed, slopes=True):
        """The function, its inputs and its captured Values, for a row."""
        names, captures = self.defined(seed, slopes)
        for v, x in zip(captures, row.captures, strict=True):
            v.data = x
        return names["f"], [Value(x) for x in row.numbers], captures

    def run(self, row, order, seed):
        f, inputs, captures = self.prepared(row, seed)
        return results_of(lambda xs: f(*self.program.of_row(xs, row.static)), inputs, captures, order)

    def path(self, row, seed):
        """How the comparisons come out."""
        f, inputs, _ = self.prepared(row, seed, slopes=False)
        with Recording(inputs) as recording:
            recording.run(f, self.program.of_row(inputs, row.static), {})
            return recording.path()

    def tape(self, row):
        """The row's path as a tape. What the program captures are inputs too: it is defined anew around them."""

        def flat(*xs):
            names = names_of(self.program.source, xs[len(row.numbers) :], plain)
            outputs = leaves_of(names["f"](*self.program.of_row(xs[: len(row.numbers)], row.static)))
            return [x if isinstance(x, Value) else Value(x) for x in outputs]

        return Tape.record(flat, *row.numbers, *row.captures)

    def agrees(self, rows, quantity, found, order=1, divisor=None):
        """Whether a number of a row, or a sum over rows, is as right as last digits let it be.

        Args:
            rows: One row, or with a divisor those that are summed.
            quantity: Of the results of a row and its direction: the number, and the size of what it came from.
            found: What the compiled program gives.
            order: Of the slopes that are needed.
            divisor: 1 for a sum, the number of rows for a mean.
        """
        self.asked += 1
        summed, divisor = divisor is not None, divisor or 1.0

        def gives(seed):
            numbers = [quantity(row.results(order, seed), row.direction)[0] for row in rows]
            return (total(numbers) if summed else numbers[0]) / divisor

        expected = gives(0)
        size = sum(quantity(row.results(order), row.direction)[1] for row in rows) / divisor
        if summed:  # whatever it is added up from
            size += sum(abs(quantity(row.results(order), row.direction)[0]) for row in rows) / divisor
        if same(found, expected, size):
            return True
        self.magnified += 1
        near = [expected, *map(gives, SEEDS)]
        if len(set(map(kind_of, near))) > 1 or not all(row.decided for row in rows):
            self.undecided += 1
            return True
        if any(same(found, x, size) for x in near):
            return True
        spread = max(near) - min(near)
        if not math.isfinite(found) and any(kind_of(gives(seed)) != kind_of(expected) for seed in MORE_SEEDS):
            self.undecided += 1
            return True
        if order == 2:  # what cancels within a partial is not disturbed, but has a size as well
            spread += CLOSE * sum(row.results(2).largest for row in rows) / divisor
        return abs(found - expected) <= (SUMMED if summed else MAGNIFIED) * spread


def same(found, expected, size):
    """Whether two numbers are the same but for some last digits of what they came from."""
    if not (math.isfinite(found) and math.isfinite(expected)):
        return kind_of(found) == kind_of(expected)
    size = size if math.isfinite(size) else 0.0
    return abs(found - expected) <= CLOSE * max(abs(found), abs(expected), size) + 1e-300


def kind_of(x):
    """Whether a number is finite, and what it is if not."""
    return "finite" if math.isfinite(x) else repr(float(x))


def total(numbers):
    """The sum of numbers, with one rounding."""
    infinite = {x for x in numbers if not math.isfinite(x)}
    if infinite:
        return infinite.pop() if len(infinite) == 1 else math.nan
    try:
        return math.fsum(numbers)
    except OverflowError:
        return sum(numbers)
