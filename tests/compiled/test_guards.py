"""Guards: whatever a program's comparisons decide, every row of a batch gets the result of its own path."""

import ctypes
import math
import shutil
import subprocess
import warnings
from random import Random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import autograd
from autograd import Tape, Value
from autograd.calculus.primitives import TABLE, Variadic
from autograd.compiled import traced as tracing
from autograd.replay.replay import Replay
from autograd.tape.recording import Recording
from tests.random_graphs import value_and_slopes

# Random programs step up and down: that is told of elsewhere.
pytestmark = pytest.mark.filterwarnings("ignore:.*through comparisons alone:RuntimeWarning")
EXAMPLES = 1000 if autograd.native else 250


def relaxed(examples):
    return settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))


# --- random programs: Python source, so that a failing one can be read -------------------------------------------------

EXPRESSIONS = """
{a} + {b}; {a} - {b}; {a} * {b}; {a} / {b}; {a} * {k}; {a} + {k}; {k} - {a}; {k} / {a}; {a} - {k}; {k} * {a} + {b} * {c}
{a} ** 2; power({a}, {b}); {a} ** 0.5; {a} ** -1; {a} * {a} * {b} + {c}; -{a}; +{a}; abs({a}); {a} / {a}; {a} - {a}
max({a}, {b}); min({a}, {b}); max({a}, number({k})); min(number({k}), {a}, {b}); sorted([{a}, {b}, {c}])[1]; max([{a}, {b}], key=abs)
{a} and {b}; {a} or {b}; {a} if not {b} else {c}; {a} if {a} in [{b}, {c}] else {b}; {a} if {b} == {c} else -{a}
maximum({a}, {b}); minimum({a}, {b}); maximum({a}, {k}); relu({a}); where(less({a}, {b}), {c}, {a}); step({a}) * {b}
where({a} < {b}, {c}, {b}); where({a}, {b}, {k}); where(less_equal({k}, {a}), log({a}), {b}); {a} * (1.0 - relu({b}))
exp({a}); log({a}); sqrt({a}); sin({a}); cos({a}); tanh({a}); sigmoid({a}); log1p({a}); atan({a}); erf({a}); cbrt({a})
expm1({a}); softplus({a}); hypot({a}, {b}); atan2({a}, {b}); floor({a}) + {b}; sign({a}) * {b}; exp(-{a} * {a})
logsumexp([{a}, {b}, {c}]); dot([{a}, {b}], [{c}, {a}], start={k}); total([{a}, {b}, {c}]); sum([{a}, {b}]) * {k}
detach({a}) * {b}; quiet({a}, {b}) + {c}; {a} - detach({b}); slope({a} * {b} * {a}, {a}); frozen_slope({a} * {a} * {b}, {a})
slope(where(less({b}, {a}), {a} * {b}, {c} - {a}), {a}); number(len({{{a}: 1, {b}: 2}})) * {c}
""".replace("\n", ";").split(";")
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
    return autograd.grad(y, x, create_graph=True) if free(y) and free(x) else y


def frozen_slope(y, x):
    d = autograd.grad(y, x) if free(y) and free(x) else y
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


def all_positive(xs):
    with np.errstate(invalid="ignore"):  # NumPy warns of nan in an array of Python's floats, too
        return (np.array(xs) > 0.0).all()


EDGES = [0.0, -0.0, 1.0, -1.0, math.nan, math.inf, -math.inf, 5e-324, -1e-310, 1e-200, 1e200, -1e300, 2.0, 0.5, 710.0]


def numbers(rng, n, edgy):
    ordinary = np.round(rng.normal(scale=2.0, size=n), rng.integers(0, 5))
    return np.where(rng.random(n) < edgy, rng.choice(EDGES, n), ordinary)


def differ(found, expected):
    if math.isnan(found) or math.isnan(expected):
        return not (math.isnan(found) and math.isnan(expected))
    if math.isinf(found) or math.isinf(expected):
        return found != expected
    return abs(found - expected) > 1e-12 * max(abs(found), abs(expected)) + 1e-300


def sizes(f, row):
    """What rounding is measured by: of the value, the first-order bound of its error; of each slope, the terms it sums."""
    leaves = [Value(x) for x in row]
    y = f(*leaves)
    if not isinstance(y, Value) or y.is_constant:
        return [abs(y.data if isinstance(y, Value) else y), *([0.0] * len(row))]
    order = autograd.topological_order(y)
    bound, terms = {}, {y: 1.0}
    for v in order:
        bound[v] = abs(v.data)
        for x, d in zip(v.operands, v.partials, strict=True):
            bound[v] += abs(d) * bound.get(x, 0.0) if d else 0.0
    for v in reversed(order):
        for x, d in zip(v.operands, v.partials, strict=True):
            if d and v in terms:
                terms[x] = terms.get(x, 0.0) + abs(d) * terms[v]
    return [bound[y], *(terms.get(x, 0.0) for x in leaves)]


def summed_otherwise(f, row):
    """Value and gradient, the terms of each adjoint added in the order in which the nodes were made."""
    leaves = [Value(x) for x in row]
    recording = Recording(leaves)
    y = recording.run(f, leaves, {})
    adjoints = {id(y): 1.0}
    for v in reversed(recording.nodes):
        if id(v) in adjoints and not v.is_constant:
            selects = v.primitive is not None and v.primitive.selects
            for x, d in zip(v.operands, v.partials, strict=True):
                if not (x.is_constant or (selects and d == 0.0)):
                    adjoints[id(x)] = adjoints.get(id(x), 0.0) + d * adjoints[id(v)]
    return [y.data, *(adjoints.get(id(x), 0.0) for x in leaves)]


def shaken(source, w, row):
    """The results when inputs and elementary functions move by some last digits."""
    results = []
    for seed in range(12):
        # Equal numbers stay equal: whether a row lies on a kink is not a matter of last digits.
        def moved(x, seed=seed):
            return x * (1.0 + 2e-16 * (hash((x, seed)) % 31 - 15)) if math.isfinite(x) else x

        f = function_of(source, [Value(moved(v.data)) for v in w], seed)
        results.append(value_and_slopes(f, [moved(x) for x in row]))
    return results


def assert_same(f, w, row, found, source):
    """The compiled results of a row are those of the eager engine, to 1e-12 or as well as they are determined."""
    expected = value_and_slopes(f, row)
    if not any(map(differ, found, expected)):
        return
    near, measures = [expected, summed_otherwise(f, row), *shaken(source, w, row)], sizes(f, row)
    for k, (a, e) in enumerate(zip(found, expected, strict=True)):
        results = [r[k] for r in near]
        if all(differ(a, x) for x in results):
            said = f"\n{source}\nw = {[v.data for v in w]}, row = {row}\nresult {k}: compiled {a!r}, eager {e!r}"
            assert math.isfinite(a), said
            assert math.isfinite(e), said
            spread = max(results) - min(results) if all(map(math.isfinite, results)) else math.inf
            measure = 0.0 if math.isnan(measures[k]) else measures[k]
            assert abs(a - e) <= 50 * spread + 1e-14 * measure, said


# Bytes that Hypothesis draws shrink well, those of a generator make more varied programs.
seeded = st.builds(lambda seed, n: Random(seed).randbytes(n), st.integers(0, 2**64), st.integers(12, 90))
programs = (st.binary(min_size=12, max_size=90) | seeded | seeded).map(lambda data: Writer(data).write())
lanes = st.sampled_from([1, 2, 3, 7, 20, 63, 64, 65, 200])


@relaxed(EXAMPLES)
@given(programs, lanes, st.integers(0, 2**32), st.sampled_from([0.0, 0.2, 0.9]), st.booleans())
def test_programs_with_branches_give_in_every_row_what_the_eager_engine_gives(source, n, seed, edgy, some_shared):
    rng = np.random.default_rng(seed)
    w = [Value(x) for x in numbers(rng, 2, edgy)]
    f = function_of(source, w)
    columns = [numbers(rng, n, edgy) for _ in range(3)]
    axes = (0, 0, 0)
    if some_shared:
        columns[1], axes = float(columns[1][0]), (0, None, 0)
    fast = autograd.compile(f, in_axes=axes, max_paths=10_000)
    value, slopes = fast.value_and_grad(*columns, argnums=(0, 1, 2))
    tapes = len(fast.tapes)
    rows = np.broadcast_arrays(*columns)
    for i in range(n):
        assert_same(f, w, [float(c[i]) for c in rows], [float(value[i]), *(float(s[i]) for s in slopes)], source)
    again = fast(*columns)
    assert len(fast.tapes) == tapes
    assert all(not differ(float(a), float(b)) for a, b in zip(again, value, strict=True))


def second_order(f, row):
    """Gradient and Hessian of a row by the eager engine."""
    leaves = [Value(x) for x in row]
    y = f(*leaves)
    if not free(y):
        return np.zeros(3), np.zeros((3, 3))
    first = autograd.grad(y, leaves, create_graph=True)
    rows = [autograd.grad(d, leaves) if free(d) else [0.0] * 3 for d in first]
    return np.array([d.data for d in first]), np.array(rows)


@relaxed(EXAMPLES // 5)
@given(programs, st.integers(1, 12), st.integers(0, 2**32))
def test_programs_with_branches_have_the_derivatives_of_all_kinds_in_every_row(source, n, seed):
    rng = np.random.default_rng(seed)
    w = [Value(x) for x in rng.normal(size=2).round(2)]
    f = function_of(source, w)
    xs, ts = rng.normal(size=(3, n)).round(2), rng.normal(size=(3, n))
    fast = autograd.compile(f, in_axes=0, max_paths=10_000)
    value, slope = fast.jvp(tuple(xs), tuple(ts))
    hessian = fast.hessian(*xs, argnums=(0, 1, 2))
    product = np.array(fast.hvp(tuple(xs), tuple(ts), argnums=(0, 1, 2)))
    jacobian = np.array(fast.jacobian(*xs, argnums=(0, 1, 2)))
    assert hessian.shape == (n, 3, 3)
    for i in range(n):
        row, t = xs[:, i].tolist(), ts[:, i]
        g, h = second_order(f, row)
        others = [function_of(source, [Value(v.data) for v in w], k) for k in range(6)]
        near = [second_order(other, [x * (1.0 + 1e-15 * (k - 2)) for x in row]) for k, other in enumerate(others)]
        scales = [np.abs(a).max() for pair in near for a in pair] + sizes(f, row)[1:]  # what cancels has a size too
        if not np.isfinite([value[i], *scales]).all():
            continue  # what a last digit decides, or what has no number, is tested above
        tolerance = 1e-9 * (1.0 + max(scales)) + 100 * max(
            np.ptp([pair[k] for pair in near], axis=0).max() for k in (0, 1)
        )
        said = (source, [v.data for v in w], row)
        assert value[i] == pytest.approx(f(*map(Value, row)).data, rel=1e-9, abs=tolerance), said
        assert jacobian[:, i] == pytest.approx(g, abs=tolerance), said
        assert slope[i] == pytest.approx(g @ t, abs=10 * tolerance), said
        assert hessian[i] == pytest.approx(h, abs=tolerance), said
        assert product[:, i] == pytest.approx(h @ t, abs=10 * tolerance), said


@relaxed(EXAMPLES // 10)
@given(programs, st.integers(2, 40), st.integers(0, 2**32), st.sampled_from([0.0, 0.3]), st.integers(1, 3))
@pytest.mark.filterwarnings("ignore:.*takes more than:RuntimeWarning")
def test_beyond_max_paths_every_row_is_right_too(source, n, seed, edgy, max_paths):
    rng = np.random.default_rng(seed)
    w = [Value(x) for x in numbers(rng, 2, edgy)]
    f = function_of(source, w)
    columns = [numbers(rng, n, edgy) for _ in range(3)]
    fast = autograd.compile(f, in_axes=0, max_paths=max_paths)
    value, slopes = fast.value_and_grad(*columns, argnums=(0, 1, 2))
    assert len(fast.tapes) <= max_paths
    for i in range(n):
        assert_same(f, w, [float(c[i]) for c in columns], [float(value[i]), *(float(s[i]) for s in slopes)], source)


@relaxed(EXAMPLES // 5)
@given(programs, st.integers(0, 2**32), st.sampled_from([0.0, 0.3]))
def test_a_tape_refuses_exactly_the_rows_that_leave_its_path(source, seed, edgy):
    rng = np.random.default_rng(seed)
    w = [Value(x) for x in numbers(rng, 2, edgy)]
    f = function_of(source, w)
    rows = [numbers(rng, 3, edgy).tolist() for _ in range(12)]
    recordings = [Recording([Value(x) for x in row]) for row in rows]
    for recording in recordings:
        recording.run(f, recording.inputs, {})
    taken = [recording.path() for recording in recordings]
    tape = Tape.record(f, *rows[0])
    gradient, simple = tape.gradient(), tape.simplify()
    for i, row in enumerate(rows):
        if taken[i] == taken[0]:
            value, *_ = value_and_slopes(f, row)
            for found in (tape(*row), simple(*row), tape(*map(Value, row))):
                assert not differ(float(getattr(found, "data", found)), value), (source, row, found, value)
            assert_same(f, w, row, [value, *gradient(*row)], source)
        else:
            for wrong in (tape, simple, gradient):
                with pytest.raises(ValueError, match="recorded where"):
                    wrong(*row)
    astray = [i for i, path in enumerate(taken) if path != taken[0]]
    columns = np.array(rows).T
    if astray:
        with pytest.raises(ValueError, match="leaves the path"):
            Replay(simple.program)(*columns)
    kept = [i for i, path in enumerate(taken) if path == taken[0]]
    found = np.broadcast_to(Replay(tape.program)(*columns[:, kept]), len(kept))
    for k, i in enumerate(kept):
        assert_same(f, w, rows[i], [float(found[k]), *value_and_slopes(f, rows[i])[1:]], source)


# --- each kind of decision ---------------------------------------------------------------------------------------------


def doubled(x, y):
    n = 0
    while x < y and n < 4:
        x, n = x * 2.0, n + 1
    return x


DECISIONS = {
    "<": lambda x, y: x * y if x < y else x - y,
    "<=": lambda x, y: x * y if x <= y else x - y,
    ">": lambda x, y: x * y if x > y else x - y,
    ">=": lambda x, y: x * y if x >= y else x - y,
    "==": lambda x, y: x * y if x == y else x - y,
    "!=": lambda x, y: x * y if x != y else x - y,
    "number <": lambda x, y: x * y if x > 0.5 else x - y,
    "number >=": lambda x, y: x * y if x <= 0 else x - y,
    "== -0.0": lambda x, y: x * 2.0 + y if x == -0.0 else x - y,
    "== nan": lambda x, y: x * 2.0 + y if x == math.nan else x - y,
    "!= itself": lambda x, y: y if x != x else x,
    "== itself": lambda x, y: x if x == x else y,
    "> inf": lambda x, y: y if x >= math.inf or -math.inf == x else x,
    "bool": lambda x, y: x * y if x else y - 2.0,
    "not": lambda x, y: x * y if not x else y - 2.0 * x,
    "bool()": lambda x, y: (x * y, y * y)[bool(x)],
    "and": lambda x, y: (x and y) * 2.0,
    "or": lambda x, y: (x or y) * 2.0,
    "max": lambda x, y: max(x, y) * 2.0,
    "min": lambda x, y: min(x, y, 0.5) * x,
    "max of numbers": lambda x, y: max(0.5, x, 0, y) + x,
    "max by key": lambda x, y: max([x, y], key=lambda v: v * v) * 2.0,
    "sorted": lambda x, y: sorted([x, y, x * y])[1] + x,
    "sorted, reversed": lambda x, y: sorted([x, y, 1.0, x - y], reverse=True)[0] * y,
    "in": lambda x, y: x * y if x in [y, 0.0, 2.0] else x + y,
    "not in": lambda x, y: x * y if x not in (1.0, y) else x + y,
    "chain": lambda x, y: x * y if -1.0 < x < y <= 2.0 else x + y,
    "detached": lambda x, y: x * y if x.detach() > y.detach() else x + y,
    "computed": lambda x, y: x * y if (x * x - y).exp() > 1.5 else x + y,
    "any": lambda x, y: x * y if any(v > 1.0 for v in (x, y)) else x + y,
    "int": lambda x, y: x * y if x > 1 else x + y,
    "numpy number": lambda x, y: x * y if np.float64(0.5) < x else x + y,
    "numpy array": lambda x, y: x * y if all_positive([x, y]) else x + y,
    "while": lambda x, y: doubled(x, y) * y + x,
    "three ways": lambda x, y: x * y if x > y else x - y if x < y else x * 3.0,
    "nested": lambda x, y: (x if y > 0 else y * y) if x > 0 else (x * x if y > 0 else -y),
    "step": lambda x, y: autograd.step(x) * y if autograd.sign(y) == 1.0 else y + x,
    "a bool": lambda x, y: x * y if (x > y) == (y > 0.0) else x + y,
    "sum of bools": lambda x, y: x * ((x > y) + (y > 0.0) + (x == y)) + y,
}  # fmt: skip


@pytest.mark.parametrize("f", DECISIONS.values(), ids=DECISIONS.keys())
@pytest.mark.parametrize("shared", [False, True])
def test_every_kind_of_decision_at_every_pair_of_edges(f, shared):
    points = [*EDGES, 0.3, -2.5]
    second = [0.5, math.nan, -0.0] if shared else [None]
    fast = autograd.compile(f, in_axes=(0, None if shared else 0))
    for y in second:
        pairs = [(a, y) for a in points] if shared else [(a, b) for a in points for b in points]
        columns = [np.array([a for a, _ in pairs]), y if shared else np.array([b for _, b in pairs])]
        value, slopes = fast.value_and_grad(*columns, argnums=(0, 1))
        tapes = len(fast.tapes)
        for i, pair in enumerate(pairs):
            expected = value_and_slopes(f, pair)
            found = [float(value[i]), *(float(s[i]) for s in slopes)]
            assert not any(map(differ, found, expected)), (pair, found, expected)
        again, slopes_again = fast.value_and_grad(*columns, argnums=(0, 1))
        assert len(fast.tapes) == tapes
        assert again.tobytes() == value.tobytes()
        assert np.array(slopes_again).tobytes() == np.array(slopes).tobytes()
    assert "guard" in str(fast.tapes[0])


@pytest.mark.parametrize("f", DECISIONS.values(), ids=DECISIONS.keys())
def test_every_kind_of_decision_for_one_row_at_a_time(f, monkeypatch):
    monkeypatch.setattr(tracing, "MOST_SKIPPED", 0)  # every path is recorded
    calls = []

    def counted(x, y):
        calls.append(1)
        return f(x, y)

    points = [(a, b) for a in (0.3, -0.0, math.nan, 2.0, -math.inf) for b in (0.3, 0.0, -2.5, math.inf)]
    fast = autograd.compile(counted)
    for turn in range(2):
        for pair in points:
            value, slopes = fast.value_and_grad(*pair, argnums=(0, 1))
            found, expected = [value, *slopes], value_and_slopes(f, pair)
            assert not any(map(differ, found, expected)), (pair, found, expected)
        if turn == 0:
            recordings, tapes = len(calls), len(fast.tapes)
    assert (len(calls), len(fast.tapes)) == (recordings, tapes)
    assert recordings == tapes


def test_where_needs_no_guard():
    def f(x, y):
        a = autograd.where(autograd.less(x, y), x * y, x.log())
        return autograd.maximum(a, 0.5) + autograd.minimum(x, y).relu() + abs(a) + autograd.where(x, y, a).floor()

    fast = autograd.compile(f, in_axes=0)
    rng = np.random.default_rng(0)
    xs, ys = rng.normal(size=(2, 300))
    value = fast(xs, ys)
    assert len(fast.tapes) == 1
    assert "guard" not in str(fast.tapes[0])
    for i in range(0, 300, 7):
        assert value[i] == pytest.approx(f(Value(xs[i]), Value(ys[i])).data, rel=1e-12, nan_ok=True)


def test_comparisons_with_numbers_that_are_no_doubles_are_exact():
    from decimal import Decimal
    from fractions import Fraction

    near = Fraction(0.1) + Fraction(1, 10**30)
    cases = [
        (lambda x: x * 1.0 if x < near else x * 2.0, [0.05, 0.1, math.nextafter(0.1, 1.0)]),
        (lambda x: x * 1.0 if x >= 2**53 + 1 else x * 2.0, [2.0**60, 2.0**53, 2.0**53 + 2]),
        (lambda x: x * 1.0 if x == 2**53 + 1 else x * 2.0, [2.0**60, 2.0**53, 2.0**53 + 2]),
        (lambda x: x * 1.0 if x < 10**400 else x * 2.0, [1.0, math.inf, 1e308, math.nan]),
        (lambda x: x * 1.0 if x > -(10**400) else x * 2.0, [1.0, -math.inf, 1e308, math.nan]),
        (lambda x: x * 1.0 if x == Decimal("0.1") else x * 2.0, [0.1, 0.5]),
        (lambda x: x * 1.0 if x > np.float32(0.1) else x * 2.0, [0.1, float(np.float32(0.1)), 0.11]),
        (lambda x: x * 1.0 if x in [Fraction(1, 3), 10**400, 0.5] else x * 2.0, [1 / 3, 0.5, math.inf]),
    ]
    for f, xs in cases:
        for order in (xs, xs[::-1]):
            found = autograd.compile(f, in_axes=0)(np.array(order)).tolist()
            expected = [f(Value(x)).data for x in order]
            assert not any(map(differ, found, expected)), (order, found, expected)


def test_comparisons_with_no_numbers_are_pythons():
    f = autograd.compile(lambda x: x * 2.0 if x == "a" or x == None or x in ["b", (1,)] else x * 3.0)  # noqa: E711
    assert f(1.0) == 3.0
    assert "guard" not in str(f.tapes[0])
    with pytest.raises(TypeError, match="not supported"):
        autograd.compile(lambda x: x if x < "a" else -x)(1.0)


def test_a_row_that_a_last_digit_decides_takes_one_path_whole():
    """The value of exp in a lane may be a last digit off: the row then takes a neighbouring path, but never half of each."""
    xs = np.random.default_rng(0).normal(size=500)
    limits = np.array([autograd.exp(float(x)) for x in xs])

    def f(x, limit):
        return x * 1.0 if x.exp() < limit else x * 2.0 if x.exp() == limit else x * 3.0

    fast = autograd.compile(f, in_axes=0)
    value, slope = fast.value_and_grad(xs, limits)
    assert np.isin(slope, [1.0, 2.0, 3.0]).all()
    assert np.array_equal(value, slope * xs)
    assert len(fast.tapes) <= 3
    assert autograd.compile(f)(0.3, autograd.exp(0.3)) == 0.6


# --- paths: kept, bounded ----------------------------------------------------------------------------------------------


def steps(x):
    """As many paths as there are steps to 1."""
    n = 0
    while x > 1.0:
        x, n = x * 0.75, n + 1
    return x * x + n * x


def test_loops_of_many_lengths():
    xs = np.exp(np.random.default_rng(1).uniform(0.0, 9.0, 400))
    fast = autograd.compile(steps, in_axes=0)
    value, slope = fast.value_and_grad(xs)
    assert 20 < len(fast.tapes) <= 34
    for i in range(0, 400, 3):
        assert [value[i], slope[i]] == pytest.approx(value_and_slopes(steps, [xs[i]]), rel=1e-12)


def test_a_loop_of_a_hundred_thousand_decisions():
    def f(x):
        n = 0
        while n < x:
            n += 1
        return x * n

    fast = autograd.compile(f)
    assert fast.value_and_grad(20_000.0) == (4e8, 20_000.0)
    assert fast(20_000.0) == 4e8
    assert fast(3.5) == 14.0
    assert len(fast.tapes) == 2


def test_paths_are_kept_and_found_again_in_any_order():
    calls = []

    def f(x, y):
        calls.append(1)
        if x > 0:
            return x * y if y > 0 else x - y
        while y > 1.0:
            y = y * 0.5
        return y + x

    fast = autograd.compile(f, in_axes=0)
    rng = np.random.default_rng(2)
    xs, ys = rng.normal(size=100), rng.normal(scale=4.0, size=100)
    whole = fast(xs, ys)
    recordings = len(calls)
    assert recordings == len(fast.tapes)
    for order in (np.arange(100)[::-1], rng.permutation(100)):
        assert np.array_equal(fast(xs[order], ys[order]), whole[order])
    for i in range(100):
        assert fast(xs[i : i + 1], ys[i : i + 1])[0] == whole[i]
    fast.grad(xs, ys)
    fast.hessian(xs, ys)
    fast.jvp((xs, ys), (ys, xs))
    assert len(calls) == recordings == len(fast.tapes)


BRANCHES = 40


def table(x, w):
    """As many paths as BRANCHES, each with a formula of its own."""
    for k in range(BRANCHES):
        if x < k + 1:
            return (x * w + k) * (x - k) ** 2 + autograd.sin(w * k)
    return x * w * w


KINDS = {
    "value": lambda f, x, w: f(x, w),
    "value_and_grad": lambda f, x, w: f.value_and_grad(x, w, argnums=(0, 1)),
    "grad": lambda f, x, w: f.grad(x, w, argnums=-1),
    "jacobian": lambda f, x, w: f.jacobian(x, w, argnums=(0, 1)),
    "hessian": lambda f, x, w: f.hessian(x, w, argnums=(0, 1)),
    "jvp": lambda f, x, w: f.jvp((x, w), (np.ones_like(x), 0.5)),
    "hvp": lambda f, x, w: f.hvp((x, w), (np.ones_like(x), 0.5), argnums=(0, 1)),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("reduce", [None, "sum", "mean"])
@pytest.mark.parametrize("max_paths", [1, 7])
def test_beyond_max_paths_one_warning_and_right_results(kind, reduce, max_paths):
    xs = np.random.default_rng(3).uniform(0.0, BRANCHES + 2.0, 60)
    many = autograd.compile(table, in_axes=(0, None), reduce=reduce)
    few = autograd.compile(table, in_axes=(0, None), reduce=reduce, max_paths=max_paths)
    expected = KINDS[kind](many, xs, 1.5)
    assert len(many.tapes) > 30
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        found = KINDS[kind](few, xs, 1.5)
        KINDS[kind](few, xs[::-1].copy(), 1.5)
        few(xs, 2.5)
    assert len(few.tapes) == max_paths
    for a, b in zip(optree_leaves(found), optree_leaves(expected), strict=True):
        assert np.shape(a) == np.shape(b)
        assert a == pytest.approx(b, rel=1e-11, abs=1e-11)
    assert [w.category for w in said] == [RuntimeWarning]
    assert f"takes more than {max_paths} paths" in str(said[0].message)
    assert "table" in str(said[0].message)
    assert said[0].filename == __file__


def optree_leaves(tree):
    return [leaf for part in tree for leaf in optree_leaves(part)] if isinstance(tree, (tuple, list)) else [tree]


@pytest.mark.filterwarnings("ignore:.*takes more than:RuntimeWarning")
def test_beyond_max_paths_without_a_batch_and_for_backward():
    w = Value(1.5)
    few, many = (autograd.compile(lambda x: table(x, w), in_axes=0, reduce="mean", max_paths=m) for m in (2, 100))
    xs = np.random.default_rng(4).uniform(0.0, BRANCHES + 2.0, 30)
    shares = []
    for f in (few, many):
        w.grad = 0.0
        value = f.backward(xs)
        assert value == pytest.approx(float(np.mean([table(Value(x), w).data for x in xs])), rel=1e-12)
        shares.append(w.grad)
    assert shares[0] == pytest.approx(shares[1], rel=1e-12)
    alone = autograd.compile(table, max_paths=1)
    for x in (0.5, 7.5, 30.5, 0.25, 100.0):
        expected = value_and_slopes(table, [x, 1.5])
        value, slopes = alone.value_and_grad(x, 1.5, argnums=(0, 1))
        assert [value, *slopes] == pytest.approx(expected, rel=1e-12)
        assert alone.hessian(x, 1.5) == pytest.approx(autograd.compile(table).hessian(x, 1.5))
    assert len(alone.tapes) == 1


@pytest.mark.filterwarnings("ignore:.*takes more than:RuntimeWarning")
def test_beyond_max_paths_captured_values_are_read_at_each_call():
    w = Value(2.0)
    fast = autograd.compile(lambda x: w * x if x > 0 else w - x, in_axes=0, max_paths=1)
    xs = np.array([1.0, -2.0])
    assert fast(xs).tolist() == [2.0, 4.0]
    w.data = 5.0
    assert fast(xs).tolist() == [5.0, 7.0]
    assert fast.grad(xs).tolist() == [5.0, -1.0]


@pytest.mark.filterwarnings("ignore:.*takes more than:RuntimeWarning")
def test_a_structure_that_depends_on_the_path_is_refused_within_max_paths_and_beyond():
    shapes = {
        "a list": lambda x: [x, x * 2.0, x] if x > 10 else x * 3.0,
        "lengths": lambda x: [x] * (2 if x > 10 else 3),
        "keys": lambda x: {"a": x} if x > 10 else {"b": x},
        "array shapes": lambda x: np.array([x, x]) if x > 10 else np.array([[x], [x]]),
        "a tuple or a list": lambda x: (x, x) if x > 10 else [x, x],
    }
    for f in shapes.values():
        for max_paths in (1, 64):
            fast = autograd.compile(f, in_axes=0, max_paths=max_paths)
            with pytest.raises(TypeError, match="depends on the path"):
                fast(np.array([1.0, 20.0]))
            with pytest.raises(TypeError, match="depends on the path"):
                fast.jacobian(np.array([1.0, 20.0]))
            fast(np.array([2.0, 3.0]))


@pytest.mark.parametrize("bad", [0, -1, 1.5, "a", True, None])
def test_bad_max_paths_are_named(bad):
    with pytest.raises((ValueError, TypeError), match="max_paths"):
        autograd.compile(lambda x: x, max_paths=bad)


def test_no_numpy_warning_leaves_a_replay():
    def f(x):
        return autograd.maximum(x, 0.0) / (x * x) if x < 1 else -1e308 * x * x

    xs = np.array([0.0, -0.0, 1e-310, -1e-310, 2.0, 1e200, math.inf, -math.inf, math.nan, 0.5])
    for reduce in (None, "sum", "mean"):
        fast = autograd.compile(f, in_axes=0, reduce=reduce)
        for call in (fast, fast.value_and_grad, fast.hessian, fast.jacobian):
            call(xs)
        fast.jvp((xs,), (xs,))
        fast.hvp((xs,), (xs,))
        assert np.sum(fast(np.array([1e300, 1e300]))) == -math.inf
    autograd.compile(lambda a: a[0] / a[1] + a[2] / a[3] + a[4].relu()).grad([1.0, 0.0, 1.0, -0.0, 2.0])
    big = np.full(20_000, 1e308)
    assert autograd.compile(lambda x: x * x, in_axes=0, reduce="sum")(big) == math.inf
    assert math.isnan(autograd.compile(lambda x: x * 1e10, in_axes=0, reduce="sum")(big * np.resize([1, -1], 20_000)))


# --- guards on tapes ---------------------------------------------------------------------------------------------------


def crossroads(x, y):
    if x > y:
        return x * y if y >= 0.5 else x - y
    return y.exp() if x == y else x + y


def test_a_tape_prints_its_guards_and_keeps_to_them():
    tape = Tape.record(crossroads, 3.0, 1.0)
    assert str(tape).splitlines()[-3:] == ["guard s3", "guard s5", "output s2"] or str(tape).count("guard s") == 2
    assert tape(4.0, 2.0) == 8.0
    for numbers, failed in (((1.0, 2.0), 1), ((2.0, 0.0), 2), ((math.nan, 1.0), 1), ((1.0, 1.0), 1)):
        with pytest.raises(ValueError, match="recorded where") as error:
            tape(*numbers)
        assert str(error.value).count("was true") == 1, failed
    other = Tape.record(crossroads, 1.0, 3.0)
    assert str(other).count("guard not ") == 2
    assert other(0.0, 2.0) == 2.0
    with pytest.raises(ValueError, match="was false"):
        other(2.0, 0.0)
    equal = Tape.record(crossroads, 1.0, 1)
    assert equal(2.0, 2.0) == math.exp(2.0)
    with pytest.raises(ValueError, match="recorded where"):
        equal(1.0, 2.0)


@pytest.mark.parametrize("convert", [float, int, Value, np.float64, np.float32, np.array, bool])
def test_a_tape_refuses_numbers_of_any_type_off_its_path(convert):
    tape = Tape.record(lambda x: x * 2.0 if x > 0 else -x, 3)
    assert float(getattr(tape(convert(1)), "data", tape(convert(1)))) == 2.0
    with pytest.raises(ValueError, match="recorded where"):
        tape(convert(0))


def test_a_tape_refuses_arrays_with_a_row_off_its_path():
    tape = Tape.record(lambda x: x * 2.0 if x > 0 else -x, 3.0)
    assert tape(np.array([1.0, 2.0])).tolist() == [2.0, 4.0]
    for bad in ([1.0, -2.0], [0.0], [[1.0, 2.0], [3.0, math.nan]]):
        with pytest.raises(ValueError, match="recorded where"):
            tape(np.array(bad))
    with pytest.raises(ValueError, match="recorded where"):
        tape(np.array([Value(1.0), Value(-1.0)]))
    replay = Replay(tape.program)
    assert replay(np.array([1.0, 2.0])).tolist() == [2.0, 4.0]
    assert replay(1.0) == 2.0
    with pytest.raises(ValueError, match="row 2 leaves the path"):
        replay(np.array([1.0, 2.0, -3.0, -4.0]))
    with pytest.raises(ValueError, match="path"):
        replay(-1.0)
    assert replay(np.empty(0)).shape == (0,)


@pytest.mark.parametrize(
    "derived",
    [lambda t: t.simplify(), lambda t: t.gradient(), lambda t: t.with_gradient(), lambda t: t.gradient().gradient(),
     lambda t: t.simplify().gradient().simplify(), lambda t: t.simplify().simplify()],
)  # fmt: skip
def test_what_is_made_of_a_tape_keeps_its_guards(derived, tmp_path):
    tape = derived(Tape.record(crossroads, 3.0, 1.0))
    tape.save(tmp_path / "tape.json")
    names = {}
    exec(tape.to_python("g"), names)
    for t in (tape, Tape.load(tmp_path / "tape.json"), names["g"]):
        assert np.ravel(t(4.0, 2.0)).tolist() == np.ravel(tape(4.0, 2.0)).tolist()
        for numbers in ((1.0, 2.0), (2.0, 0.0), (math.nan, 1.0)):
            with pytest.raises(ValueError, match="recorded where"):
                t(*numbers)
    assert Tape.load(tmp_path / "tape.json").guards == tape.guards


def test_a_jvp_keeps_guards():
    pushed = Tape.record(crossroads, 3.0, 1.0).jvp()
    assert pushed(4.0, 2.0, 1.0, 10.0) == (8.0, 42.0)
    with pytest.raises(ValueError, match="recorded where"):
        pushed(1.0, 2.0, 1.0, 0.0)


def test_guards_on_what_simplification_takes_away():
    tape = Tape.record(lambda x: x * 3.0 if x * 1.0 + x * 0.0 > 1.0 - 0.5 and Value(2.0) > 1.0 else x, 3.0)
    for t in (tape, tape.simplify()):
        assert t(2.0) == 6.0
        with pytest.raises(ValueError, match="recorded where"):
            t(-2.0)
    unused = Tape.record(lambda x, y: x if y.exp().sin() > 0 else y, 1.0, 0.5)
    assert unused.simplify()(2.0, 0.5) == 2.0
    with pytest.raises(ValueError, match="recorded where"):
        unused.simplify()(2.0, 1.5)


@pytest.mark.skipif(not shutil.which("cc"), reason="needs a C compiler")
def test_the_c_function_gives_the_number_of_the_guard_that_fails(tmp_path):
    def f(x, y):
        if not x < 10.0:
            return x
        if x > y and y != 0.0:
            return x * y
        return y

    tape = Tape.record(f, 3.0, 1.0)
    (tmp_path / "f.c").write_text(tape.to_c("f"))
    (tmp_path / "g.c").write_text(tape.simplify().to_c("g"))
    flags = ["-std=c99", "-O1", "-Wall", "-Wextra", "-Werror", "-Wno-unused", "-pedantic", "-ffp-contract=off"]
    subprocess.run(
        ["cc", *flags, "-shared", "-fPIC", "-o", tmp_path / "f.so", *tmp_path.glob("*.c"), "-lm"], check=True
    )
    library = ctypes.CDLL(str(tmp_path / "f.so"))
    for function in (library.f, library.g):
        for numbers, expected in (
            ((3.0, 2.0), 0), ((10.0, 2.0), 1), ((math.nan, 2.0), 1), ((1.0, 2.0), 2), ((1.0, math.nan), 2), ((1.0, -0.0), 3),
            ((20.0, 30.0), 1),
        ):  # fmt: skip
            x, y, dy = (ctypes.c_double * 2)(*numbers), ctypes.c_double(), (ctypes.c_double * 2)()
            assert function(x, ctypes.byref(y), dy) == expected, numbers
            if expected == 0:
                assert (y.value, *dy) == (6.0, 2.0, 3.0)


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text.replace('"guards": [[', '"guards": [[99, true], ['),
        lambda text: text.replace('"guards": [[', '"guards": [[-1, true], ['),
        lambda text: text.replace('"guards": [[', '"guards": [["x", true], ['),
        lambda text: text.replace('"guards": [[', '"guards": [3, ['),
        lambda text: text.replace('"guards"', '"cards"'),
    ],
)
def test_a_file_with_damaged_guards_is_refused_by_name(tmp_path, damage):
    path = tmp_path / "tape.json"
    Tape.record(crossroads, 3.0, 1.0).save(path)
    text = path.read_text()
    assert damage(text) != text
    path.write_text(damage(text))
    with pytest.raises(ValueError, match="damaged tape") as error:
        Tape.load(path)
    assert str(path) in str(error.value)


def test_constants_that_are_no_numbers_are_printed_and_written():
    x = Value(1.0, label="x")
    for number, said, in_c in (
        (math.inf, "inf", "INFINITY"),
        (-math.inf, "-inf", "-INFINITY"),
        (math.nan, "nan", "NAN"),
    ):
        tape = Tape(x * number, x)
        assert f"s1 = {said}" in str(tape)
        assert f"s1 = {in_c};" in tape.to_c().replace("(", "").replace(")", "")
        names = {}
        exec(tape.to_python("g"), names)
        assert not differ(names["g"](2.0), tape(2.0))


# --- one arithmetic decides, wherever a row stands -------------------------------------------------------------------


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_what_decides_a_branch_has_the_bits_of_the_eager_engine(row):
    """In a batch and alone: vector functions may differ in a last digit, and a comparison would tell."""
    n, random = len(row.partials) or 4, np.random.default_rng(row.code)
    xs = random.normal(size=(n, 300)) * random.choice([1.0, 1e-3, 10.0, 30.0], size=(n, 300))
    xs[:, :60] = random.choice([0.0, -0.0, math.inf, -math.inf, math.nan, 0.5, 2.0, 1e300, -3.0, 5e-324], size=(n, 60))

    def f(*ys):
        return row(*ys) if ys[0] == ys[0] else ys[0]

    tape = Tape.record(f, *[1.0] * n) if not isinstance(row, Variadic) else Tape([row(*map(Value, [1.0] * n))])
    replay = Replay(tape.program)
    batches = [x.reshape(-1, 1) for x in xs]
    found = replay.run((True,) * n, [], batches, 300, guarded=True)[1][0]
    expected = [row.evaluate(column.tolist()) for column in xs.T]
    alone = [replay.run((False,) * n, column.tolist(), [], 1, guarded=True)[1][0][0] for column in xs.T]
    for x, y, z in zip(found, alone, expected, strict=True):
        assert not differ(x, z) or (x != x and z != z), row
        assert not differ(y, z) or (y != y and z != z), row
        assert str(float(x)) == str(float(y)) == str(float(z))


def test_a_row_does_not_depend_on_its_batch():
    def f(x):
        return -x if x**0.5 == math.sqrt(3.0) else x

    one, many = autograd.compile(f), autograd.compile(f, in_axes=0)
    assert one(3.0) == many(np.array([3.0]))[0] == -3.0
    assert many(np.array([3.0, 4.0])).tolist() == [-3.0, 4.0]
    for n in range(1, 20):
        assert many(np.array([3.0] * n + [5.0] * (n % 3))).tolist() == [-3.0] * n + [5.0] * (n % 3)


@pytest.mark.parametrize("x", [0.0, -0.0, math.inf, -math.inf, math.nan, 2.0, 3.0, -1.0, 5e-324, 1e300])
def test_roots_and_squares_are_powers_with_their_edges(x):
    for y in (0.5, 2.0):
        expected = x * x if y == 2.0 else math.pow(x, y) if x >= 0.0 else math.inf if x == -math.inf else math.nan
        f = autograd.compile(lambda x, y=y: x**y, in_axes=0)
        for found in (
            Value(x) ** y,
            f(np.array([x] * 9))[4],
            f(np.array([x]))[0],
            autograd.compile(lambda x, y=y: x**y)(x),
        ):
            assert format(found.data if isinstance(found, Value) else float(found)) == format(expected)


@pytest.mark.parametrize("reduce", ["sum", "mean"])
def test_sums_over_paths_do_not_depend_on_what_was_called_before(reduce):
    def f(x):
        y = autograd.exp(x) if x > 0.3 else autograd.sin(x) * 3.0 if x > -0.7 else x * 0.1
        return y * x if y > 0.5 else y - x

    random = np.random.default_rng(5)
    batches = [random.normal(size=n) for n in (40, 5, 1000, 6000, 40)]
    expected = [autograd.compile(f, in_axes=0, reduce=reduce).value_and_grad(x)[0] for x in batches]
    for order in ((0, 1, 2, 3, 4), (4, 3, 2, 1, 0), (1, 1, 3, 0, 2, 4)):
        fast = autograd.compile(f, in_axes=0, reduce=reduce)
        for i in (*order, *order):
            assert fast.value_and_grad(batches[i])[0] == expected[i]
            assert fast(batches[i]) == expected[i]
