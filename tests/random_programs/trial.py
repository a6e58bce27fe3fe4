"""A random program, compiled and asked for everything, against the eager engine."""

import math
import warnings
from collections import Counter
from dataclasses import dataclass

import mpmath
import numpy as np

import autograd
from autograd import Value
from tests.random_programs.judge import Judge, Row, leaves_of, names_of, number, results_of

FEW = 6
"""Rows of a batch of which second slopes are asked for: an eager row takes a millisecond."""


@dataclass
class Fault:
    """A difference that no last digits explain.

    Attributes:
        program: With the calls that led to it.
        kind: What was asked.
        place: Of which call, and which row.
        found, expected: Of the compiled program, and of the eager engine.
        exact: In sixty digits, if that can be had.
    """

    program: object
    kind: str
    place: str
    found: object
    expected: object
    exact: object = None

    def __str__(self):
        exact = f", in sixty digits {mpmath.nstr(self.exact, 20)}" if self.exact is not None else ""
        return (
            f"{self.program}\n\nseed {self.program.seed}: {self.kind}, {self.place}:\n"
            f"compiled {self.found!r}, eager {self.expected!r}{exact}"
        )


class Differs(Exception):
    """Carries what a Fault says after its program."""


class FailsByItself(Exception):
    """The program raises eagerly: there is nothing to compare."""


# --- what answers hold -----------------------------------------------------------------------------------------------


def bits(answer):
    """All of an answer that can be told apart; every nan is alike."""
    arrays = [np.asarray(leaf) for leaf in leaves_of(answer) if leaf is not None]
    return [(x.shape, np.where(np.isnan(x), np.nan, x).tobytes()) for x in arrays]


def by_output(jacobian, result):
    """The parts of a Jacobian, one for each output of the program."""
    if isinstance(result, dict):
        return [part for key in result for part in by_output(jacobian[key], result[key])]
    if isinstance(result, (list, tuple)):
        return [part for a, b in zip(jacobian, result, strict=True) for part in by_output(a, b)]
    return [jacobian]


def by_input(program, answer):
    """What an answer in the structure of the arguments holds for each input."""
    found, leaves = [], leaves_of(answer)
    for argument in program.arguments:
        if argument.kind == "array":
            leaf = np.asarray(leaves.pop(0))
            found += [leaf[..., i] for i in range(argument.size)]
        else:
            found += [leaves.pop(0) for _ in range(argument.size)]
    if leaves:
        raise Differs("slopes", "their structure", answer, f"{len(leaves)} parts fewer")
    return found


def along(slopes, direction):
    """A slope along a direction, and the size of what is added up."""
    products = slopes * direction
    return products.sum(), abs(products).sum()


def negative(x):
    return math.copysign(1.0, x) < 0.0


# --- a program on trial ----------------------------------------------------------------------------------------------


class Trial:
    """A program, compiled, and its calls."""

    def __init__(self, program, compile=autograd.compile):
        self.program, self.compile, self.judge = program, compile, Judge(program)
        self.captures = [Value(0.0) for _ in program.batches[0].captures]
        try:
            self.f = names_of(program.source, self.captures, compile)["f"]
        except Exception as error:
            raise FailsByItself from error
        self.fast = compile(self.f, **program.options)
        self.by = tuple(k for k, argument in enumerate(program.arguments) if argument.kind != "static")
        self.in_lanes = program.batched and program.reduce is None
        self.eagerly = False
        self.place = ""

    def run(self):
        """Make all the calls.

        Raises:
            Differs: one gives something else than the eager engine.
            FailsByItself: the program raises eagerly.
        """
        for call, batch in enumerate(self.program.batches):
            self.place = f"call {call}"
            for v, x in zip(self.captures, batch.captures, strict=True):
                v.data = x
            self.take(batch)
            if len(batch.rows) or self.program.reduce != "mean":
                self.check(batch)
            else:
                self.check_refusal()

    def take(self, batch):
        """Read a batch, and let the eager engine judge it."""
        program, n = self.program, len(batch.rows)
        self.args = program.of_batch(batch.rows, batch.static)
        self.divisor = n if program.reduce == "mean" else 1
        self.rows = [
            Row(self.judge, tuple(row.tolist()), t, batch.static, batch.captures)
            for row, t in zip(batch.rows, batch.directions, strict=True)
        ]
        try:
            for row in self.rows:
                row.results()
        except Exception as error:
            raise FailsByItself from error

    def check(self, batch):
        """Ask for everything that can be asked for."""
        result = self.twice("value", lambda: self.fast(*self.args))
        self.check_values("value", result)
        jacobian = self.twice("jacobian", lambda: self.fast.jacobian(*self.args, argnums=self.by))
        for k, part in enumerate(by_output(jacobian, result)):
            self.check_slopes("jacobian", part, k)
        single = not isinstance(result, (list, tuple, dict))
        if single:
            self.check_gradient()
        if single and not self.in_lanes:
            self.check_backward()
        self.check_tapes()
        few = 0 < len(self.rows) <= FEW
        if self.rows and self.is_moderate():
            self.check_directions(batch, single and few)
            if single and few:
                self.check_hessian()
        self.check_neighbours(batch, result)
        self.check_eager_use()

    # --- comparing ---

    def require(self, kind, found, quantity, in_lanes, order=1):
        """Compare an array of all rows, or the sum over them."""
        if in_lanes and np.shape(found) != (len(self.rows),):
            raise Differs(kind, f"{self.place}, shape", np.shape(found), (len(self.rows),))
        divisor = self.divisor if self.program.reduce else 1
        if in_lanes:
            for i, (row, x) in enumerate(zip(self.rows, found.tolist(), strict=True)):
                scaled = x if divisor == 1 else x * divisor
                if not self.judge.agrees([row], quantity, scaled, order):
                    exact = row.exact(quantity) if order == 1 else None
                    expected = float(quantity(row.results(order), row.direction)[0])
                    raise Differs(kind, f"{self.place}, row {i}", scaled, expected, exact)
        elif not self.judge.agrees(self.rows, quantity, float(found), order, divisor):
            numbers = [float(quantity(row.results(order), row.direction)[0]) for row in self.rows]
            what = "mean" if self.program.reduce == "mean" else "sum"
            raise Differs(kind, f"{self.place}, {what} over {len(numbers)} rows", float(found), numbers)

    def twice(self, kind, call):
        """An answer, which a second call gives again to the bit, unless it is one that goes to the eager engine."""
        first, again = call(), call()
        if self.may_go_eagerly():
            return again
        if bits(first) != bits(again):
            raise Differs(f"{kind} twice", self.place, again, first)
        return first

    def may_go_eagerly(self):
        """Whether single calls have met new paths, so that some go to the eager engine: last digits may differ."""
        self.eagerly = self.eagerly or (not self.program.batched and self.fast._traced.skipping > 0)
        return self.eagerly

    def lanes_by(self, j):
        """Whether slopes by an input have a place for each row."""
        return self.program.batched and (self.program.varying[j] or self.program.reduce is None)

    def check_values(self, kind, answer):
        for k, found in enumerate(leaves_of(answer)):
            self.require(kind, found, lambda r, _, k=k: (r.values[k], 0.0), self.in_lanes)
            expected = [row.results().values[k] for row in self.rows]
            if self.in_lanes:
                for i, (x, y) in enumerate(zip(found.tolist(), expected, strict=True)):
                    if x == y == 0.0 and negative(x) is not negative(y):
                        raise Differs(f"{kind}: sign of zero", f"{self.place}, row {i}", x, y)
            elif found == 0.0:
                self.check_sign_of_sum(kind, k, found, expected)

    def check_sign_of_sum(self, kind, k, found, expected):
        """A sum over a batch is never -0.0; without a batch the number is that of the eager engine."""
        if negative(found) is not (not self.program.batched and expected[0] == 0.0 and negative(expected[0])):
            raise Differs(f"{kind}: sign of a zero sum", self.place, found, expected)

    def check_slopes(self, kind, answer, k):
        for j, found in enumerate(by_input(self.program, answer)):
            name = f"{kind} of output {k} by input {j}"
            self.require(name, found, lambda r, _, j=j: (r.slopes[k, j], 0.0), self.lanes_by(j))

    # --- what is asked ---

    def check_refusal(self):
        """There is no mean of no rows."""
        try:
            found = self.fast(*self.args)
        except ValueError:
            return
        raise Differs("value", f"{self.place}, mean over no rows", found, ValueError)

    def check_gradient(self):
        value, slopes = self.twice("gradient", lambda: self.fast.value_and_grad(*self.args, argnums=self.by))
        self.check_values("value with gradient", value)
        self.check_slopes("gradient", slopes, 0)

    def check_backward(self):
        def shares():
            for v in self.captures:
                v.grad = 0.0
            value = self.fast.backward(*self.args)
            return value, [v.grad for v in self.captures]

        value, found = self.twice("backward", shares)
        self.check_values("value with backward", value)
        for j, x in enumerate(found):
            at = self.program.inputs + j
            self.require(f"backward to w{j}", x, lambda r, _, at=at: (r.slopes[0, at], 0.0), False)

    def is_moderate(self):
        """Whether slopes along directions are numbers: taken forwards they overflow sooner than backwards."""
        for row in self.rows:
            found = row.results()
            if not (np.isfinite(found.values).all() and np.isfinite(found.slopes).all() and row.decided):
                return False
        return not any(row.overflows_forwards for row in self.rows)

    def check_directions(self, batch, second):
        program, d = self.program, self.program.inputs
        tangents = program.of_batch(batch.directions, None)
        value, slopes = self.twice("jvp", lambda: self.fast.jvp(self.args, tangents))
        self.check_values("value with jvp", value)
        for k, found in enumerate(leaves_of(slopes)):
            self.require(f"jvp of output {k}", found, lambda r, t, k=k: along(r.slopes[k, :d], t), self.in_lanes)
        if second and all(np.isfinite(row.results(2).second).all() for row in self.rows):
            product = self.twice("hvp", lambda: self.fast.hvp(self.args, tangents, argnums=self.by))
            for j, found in enumerate(by_input(program, product)):
                self.require(
                    f"hvp by input {j}", found, lambda r, t, j=j: along(r.second[j, :d], t), self.lanes_by(j), 2
                )

    def check_hessian(self):
        program, d = self.program, self.program.inputs
        matrix = self.twice("hessian", lambda: self.fast.hessian(*self.args, argnums=self.by))
        in_lanes = program.batched and (program.reduce is None or any(program.varying))
        shape = (len(self.rows), d, d) if in_lanes else (d, d)
        if np.shape(matrix) != shape:
            raise Differs("hessian", f"{self.place}, shape", np.shape(matrix), shape)
        for i in range(d):
            for j in range(d):
                self.require(
                    f"hessian[{i}, {j}]", matrix[..., i, j], lambda r, _, i=i, j=j: (r.second[i, j], 0.0), in_lanes, 2
                )

    # --- what does not change an answer ---

    def check_neighbours(self, batch, result):
        """Neither the rows around a row, nor calls before, nor threads change a bit, while every path is kept."""
        program = self.program
        if len(self.fast.tapes) >= program.max_paths or not self.rows or self.may_go_eagerly():
            return
        if self.in_lanes:
            i = program.seed % len(self.rows)
            alone = self.fast(*program.of_batch(batch.rows[i : i + 1], batch.static))
            within = [np.asarray(x)[i : i + 1] for x in leaves_of(result)]
            if bits(alone) != bits(within):
                raise Differs("row alone", f"{self.place}, row {i}", leaves_of(alone), within)
        threads = 3 - program.threads if len(self.rows) > 100 else program.threads
        fresh = self.compile(self.f, **{**program.options, "threads": threads})
        found = fresh(*self.args)
        if bits(found) != bits(result) and len(fresh.tapes) < program.max_paths:
            raise Differs("function compiled anew", self.place, result, found)

    # --- the eager side ---

    def check_tapes(self):
        """The tape of a row gives its bits, also written as Python, and its slopes."""
        for i, row in enumerate(self.rows[:1]):
            place, numbers = f"{self.place}, row {i}", [*row.numbers, *row.captures]
            expected = row.results().values
            if bits(list(row.tape(*numbers))) != bits(expected.tolist()):
                raise Differs("tape", place, row.tape(*numbers), expected)
            names = {}
            exec(row.tape.to_python(), names)
            written = [number(x) for x in names["f"](*map(Value, numbers))]
            if bits(written) != bits(expected.tolist()):
                raise Differs("tape written as Python", place, written, expected)
            slopes = np.reshape(row.tape.gradient()(*numbers), row.results().slopes.shape)
            for (k, j), x in np.ndenumerate(slopes):
                self.require_of(row, f"tape's slope of output {k} by input {j}", place, x, k, j)

    def check_eager_use(self):
        """Called eagerly on Values, the program gives the same whether its helpers are compiled or not."""
        if "@compile" not in self.program.source:
            return
        for i, row in enumerate(self.rows[:1]):
            inputs = [Value(x) for x in row.numbers]
            found = results_of(lambda xs: self.f(*self.program.of_row(xs, row.static)), inputs, self.captures, 1)  # noqa: B023
            for k, x in enumerate(found.values.tolist()):
                place = f"{self.place}, row {i}"
                if not self.judge.agrees([row], lambda r, _, k=k: (r.values[k], 0.0), x):
                    raise Differs("eager use", place, x, row.results().values[k])
                for j in range(self.program.inputs):
                    self.require_of(
                        row, f"eager use: slope of output {k} by input {j}", place, found.slopes[k, j], k, j
                    )

    def require_of(self, row, kind, place, found, k, j):
        """Compare the slope of an output by an input, of one row."""
        if not self.judge.agrees([row], lambda r, _: (r.slopes[k, j], 0.0), float(found)):
            raise Differs(kind, place, float(found), float(row.results().slopes[k, j]))


def fault_of(program, compile=autograd.compile, counts=None):
    """The first fault of a program, or None; `counts` is told how it went."""
    counts = Counter() if counts is None else counts
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # of paths, and of what only looks wrong: see the numbers
        try:
            trial = Trial(program, compile)
        except FailsByItself:
            return None
        try:
            trial.run()
        except FailsByItself:
            counts["programs that fail by themselves"] += 1
            return None
        except Differs as difference:
            return Fault(program, *difference.args)
        except Exception as error:
            return Fault(program, type(error).__name__, trial.place, error, "no error")
    counts["numbers compared"] += trial.judge.asked
    counts["with last digits magnified"] += trial.judge.magnified
    counts["left out: last digits decide"] += trial.judge.undecided
    return None
