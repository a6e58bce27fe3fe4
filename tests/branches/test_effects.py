"""What has an effect where both sides of a branch run is a guard: each row is the eager engine's in every mode."""

import collections
from dataclasses import dataclass

import numpy as np
import pytest

import autograd
from autograd.recorded import recordings
from tests.branches.every_row import assert_eager

rng = np.random.default_rng(7)
ROWS = [tuple(map(float, row)) for row in np.round(rng.uniform(-2, 2, (30, 2)), 1)]


class Counting:
    """Counts what is asked of it, and whatever asks for a number gets one."""

    def __init__(self):
        self.k = 0

    def count(self, *_):
        self.k = self.k + 1
        return self.k

    def __iter__(self):
        return iter([float(self.count())])

    now = property(count)
    __getitem__ = __add__ = __radd__ = __mul__ = __len__ = __neg__ = __lt__ = __float__ = __abs__ = count

    def __contains__(self, _):
        return self.count() > 0

    def __bool__(self):
        return self.count() > 0

    def __format__(self, _):
        return "x" * self.count()


TEXTS = {
    "item": "{t}[2] * x", "property": "{t}.now * x", "added": "({t} + x) * x", "added_right": "(x + {t}) * x",
    "length": "len({t}) * x", "iteration": "sum({t}) * x", "unpacked": "sum([*{t}]) * x", "negative": "-{t} * x",
    "contained": "x if 3 in {t} else y", "compared": "x if {t} < 3 else y", "truth": "x if {t} else y",
    "read": "getattr({t}, 'now') * x", "text": "len(f'{{{t}}}') * x", "size": "abs({t}) * x",
    "given": "max([x, y], key={t}.count)",
    "handed": "sum(map({t}.count, [x])) * x", "in_a_list": "sum([{t}], 0.0) * x", "among": "({t} in [3, {t}]) * x",
    "put": "len([*map(xs.append, [1, 2])]) * x", "popped": "sum(iter(xs.pop, 1.0)) * x", "taken": "sum(it) * x",
    "zipped": "sum(a * b for a, b in zip(it, [x, y]))", "looked": "(2.0 in it) * x", "starred": "len([*it]) * x",
    "nested": "sum(k * a for k, a in enumerate(it)) * x", "missing": "seen['new'] * x + x",
    "filtered": "len([*filter(None, it)]) * x",
    "sorted_by": "sorted([x, y], key=t.count)[0]", "filled": "np.add(grid, 1.0, grid)[0] * x",
    "summed": "np.sum(grid, None, None, out)",
    "later": "(lambda z: (w := t.count()) * z)(x)",
}  # fmt: skip

START = """
def f(x, y):
    t, xs, it, seen = Counting(), [1.0, 2.0, 1.0, 3.0], iter([1.0, 2.0, 3.0]), collections.defaultdict(float)
    grid, out = np.array([1.0, 2.0]), np.array(0.0)
    r = y
    if x < y:
        r = {text}
    return r + t.k + len(xs) * x + sum(it) * y + len(seen) + sum(grid) + out
"""


def from_source(source, name):
    import linecache

    linecache.cache[name] = (len(source), None, source.splitlines(True), name)
    names = {"Counting": Counting, "collections": collections, "np": np}
    exec(compile(source, name, "exec"), names)
    return names["f"]


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("branches", ["selects", "auto"])
def test_what_has_an_effect_in_a_branch_is_not_merged(name, branches, monkeypatch):
    monkeypatch.setattr(recordings, "MOST_SPLITS", 0)
    f = from_source(START.format(text=TEXTS[name].format(t="t")), f"<effects {name}>")
    fast = autograd.compile(f, in_axes=0, branches=branches)
    assert_eager(f, fast, ROWS)
    assert len(fast.tapes) == 2


def left(x, y):
    it = iter([0.1 * k - 1.0 for k in range(15)])
    s = 0.0 * x
    for k in it:
        if k > x:
            break
        s = s + y * k
    return s + sum(it)


def left_of_two(x, y):
    it = iter([0.1 * k - 1.0 for k in range(15)])
    s = 0.0 * x
    for _, k in zip(range(12), it, strict=False):
        if k > x:
            return s + sum(it)
        s = s + y * k
    return s


def left_of_a_generator(x, y):
    t = Counting()
    s = 0.0 * x
    for k in (t.count() * 0.3 - 1.0 for _ in range(8)):
        if k > x:
            break
        s = s + y * k
    return s + t.k


def beyond_floats(x, y):
    k = 2**52
    if x < y:
        k = 2**51
    k = k * 4 + 1
    return x if k == 2**54 else y * 2


@pytest.mark.parametrize("f", [left, left_of_two, left_of_a_generator, beyond_floats])
@pytest.mark.parametrize("branches", ["selects", "auto"])
def test_rows_that_have_left_a_loop_take_no_more(f, branches, monkeypatch):
    monkeypatch.setattr(recordings, "MOST_SPLITS", 1)
    assert_eager(f, autograd.compile(f, in_axes=0, branches=branches), ROWS)


def test_a_rare_row_finds_what_it_would_find_eagerly():
    def rest(a, b):
        it = iter([0.1 * k for k in range(20)])
        s = 0.0
        for x in it:
            if x > a:
                break
            s = s + b * x
        return s + sum(it) if b > 1.9 else s

    some = np.random.default_rng(0).uniform(-2, 1.8, (300, 2))
    some[-2:, 1] = 1.95
    for branches in ("auto", "selects"):
        assert_eager(rest, autograd.compile(rest, in_axes=0, branches=branches), some.tolist())


@dataclass
class Terms:
    rate: float
    strikes: list

    @property
    def doubled(self):
        return self.rate * 2.0

    def paid(self, x):
        return x * self.rate


class Holder:
    __slots__ = ("table",)
    scale = 0.5

    def __init__(self):
        self.table = {"a": 1.5, "b": [0.5, 0.25]}


def plain_things(x, y):
    terms, holder, pairs = Terms(0.5, [1.0, 2.0]), Holder(), [(0, (1.0, 2.0)), (1, (3.0, 4.0))]
    grid, total = np.array([x, y]), 0.0
    if x < y:
        for k, strike in enumerate(terms.strikes):
            total = total + terms.paid(x) * strike + holder.table["b"][k] * holder.scale
        total = total + sum(a * b for _, (a, b) in pairs) + terms.doubled * grid[0] + sum(z * y for z in reversed(grid))
        total += max((a for a, _ in zip(grid, range(2), strict=True)), key=lambda z: z * y) if x > 0.5 else len(pairs)
    elif "a" in holder.table and not terms.strikes[0] < 0.5:
        total = sorted([x, y * 2.0])[0] + sum(map(abs, grid))
    return total * y


def test_what_has_none_is_merged():
    fast = autograd.compile(plain_things, in_axes=0, branches="selects")
    assert_eager(plain_things, fast, ROWS)
    assert len(fast.tapes) <= 2, str(fast.report())


def test_the_report_says_why():
    f = from_source(START.format(text="t[2] * x"), "<effects told>")
    fast = autograd.compile(f, in_axes=0, branches="selects")
    fast(np.array([0.0, 1.0]), np.array([1.0, 0.0]))
    assert "it uses what a Counting does for __" in str(fast.report())
