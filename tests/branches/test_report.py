"""What the report says of each line is true, and gives the reason; `source` shows what runs, or says why not."""

import importlib
import linecache
import sys

import numpy as np
import pytest

import autograd
from tests.branches.every_row import assert_eager

rng = np.random.default_rng(4)


def lines_of(f, n, branches="selects", rows=300):
    fast = autograd.compile(f, in_axes=0, branches=branches)
    assert_eager(f, fast, rng.uniform(-2.0, 2.0, size=(rows, n)))
    return {line.text: (line.kind, line.reason) for line in fast.report().lines}


def nearest(a, b):
    xs = [a, b, a * b, a - b, a + b, b - 0.3, a * a - b]
    near = [x for x in xs if abs(x - 0.3 * a) < abs(x + b)]
    return sum(near) + 0.1 * a


def asked(a, b):
    s = 0.0
    for x in (a, b, a * b, a - b, a + b, b - 0.3, a * a - b):
        above = x > 0.2
        s = s + x * (2.0 if bool(above) else 1.0)
    return s


def longest(*x):
    best = [1.0] * len(x)
    for i in range(len(x)):
        for j in range(i):
            if x[j] < x[i] and best[j] + 1.0 > best[i]:
                best[i] = best[j] + 1.0
    return max(best) * x[0]


def pooled(*x):
    blocks = []
    for v in x:
        blocks.append([v, 1.0])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            one, other = blocks.pop(), blocks.pop()
            n = one[1] + other[1]
            blocks.append([(one[0] * one[1] + other[0] * other[1]) / n, n])
    return sum(each[0] * each[0] * each[1] for each in blocks)


def two_ends(a, b):
    n = 0
    a = 3.0 + a
    while a > 0.5 and b < 30.0:
        a, b = a * 0.8, b + 0.1
        n += 1
        if a > b:
            break
    return a * n + b


@pytest.mark.parametrize("branches", ["auto", "selects"])
def test_a_filter_of_a_comprehension_is_a_guard_and_the_report_says_that_it_is_one(branches):
    kind, reason = lines_of(nearest, 2, branches, 60)["near = [x for x in xs if abs(x - 0.3 * a) < abs(x + b)]"]
    assert kind == "guard"
    assert reason == "it filters a comprehension, whose length would depend on it"


def test_what_is_needed_as_true_or_false_is_a_guard_where_that_is_so():
    lines = lines_of(asked, 2)
    assert lines == {
        "s = s + x * (2.0 if bool(above) else 1.0)": (
            "guard",
            "what a comparison gives is needed as True or False itself",
        )
    }
    lines = lines_of(asked, 2, "auto", 60)
    assert lines["above = x > 0.2"] == ("guard", "what a comparison gives is needed as True or False itself")


@pytest.mark.filterwarnings("ignore:.*another path on nearly every row:RuntimeWarning")
def test_a_line_of_which_a_part_is_a_guard_is_both():
    kind, reason = lines_of(longest, 6)["if x[j] < x[i] and best[j] + 1.0 > best[i]:"]
    assert kind == "select and guard"
    assert reason.startswith("it sets an item")


@pytest.mark.filterwarnings("ignore:.*another path on nearly every row:RuntimeWarning")
def test_a_loop_that_is_not_merged_is_a_guard():
    kind, reason = lines_of(pooled, 7)["while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:"]
    assert kind == "guard"
    assert reason


def test_a_loop_that_is_merged_is_a_loop_and_its_end_is_no_line_of_its_own():
    lines = lines_of(two_ends, 2)
    assert {text: kind for text, (kind, _) in lines.items()} == {
        "while a > 0.5 and b < 30.0:": "loop",
        "if a > b:": "select",
    }
    assert not any(reason for _, reason in lines.values())


def test_of_arguments_of_two_layouts_both_are_told():
    fast = autograd.compile(lambda xs: sum(x if x > 0.5 else -x for x in xs), in_axes=0)
    fast(rng.normal(size=(300, 8)))
    fast(np.array([[1.0, 0.0], [0.0, 1.0]]))
    assert [line.kind for line in fast.report().lines] == ["select and guard"]


def test_a_reason_that_is_cut_says_so():
    def appends(a, b):
        kept = []
        if a > b:
            kept.append((a, "a longer thing", [1.0, 2.0, 3.0], {"key": "another"}))
        return a * b + len(kept)

    ((_, reason),) = lines_of(appends, 2).values()
    assert "kept.append((a, 'a longer thing', ... (line" in reason


TEXT = """def f(a, b):
    s = 0.0
    for x in (a, b, a * b, a - b, a + b, b - 0.3, a * a - b):
        if x > 0.2:
            s = s + x
        else:
            s = s - 0.5 * x
    return s
"""


@pytest.mark.parametrize("branches", ["auto", "selects"])
def test_a_file_that_has_changed_is_told_of_and_its_new_text_is_not_shown(tmp_path, monkeypatch, branches):
    path = tmp_path / f"changed_{branches}.py"
    path.write_text(TEXT)
    monkeypatch.syspath_prepend(tmp_path)
    f = importlib.import_module(path.stem).f
    try:
        fast = autograd.compile(f, in_axes=0, branches=branches)
        linecache.checkcache()
        assert fast.source() == TEXT
        path.write_text(TEXT.replace("0.5", "0.75"))
        linecache.checkcache()
        for rows in (3, 100):
            assert_eager(f, fast, rng.uniform(-2.0, 2.0, size=(rows, 2)))
            assert "0.75" not in fast.source()
            assert "has changed since it was imported" in fast.source()
            (line,) = fast.report().lines
            assert (line.kind, line.text) == ("guard", "")
            assert "has changed since it was imported" in line.reason
    finally:
        del sys.modules[path.stem]


def test_a_file_that_changes_later_is_shown_as_it_was_when_it_was_rewritten(tmp_path, monkeypatch):
    path = tmp_path / "changed_later.py"
    path.write_text(TEXT)
    monkeypatch.syspath_prepend(tmp_path)
    fast = autograd.compile(importlib.import_module("changed_later").f, in_axes=0, branches="selects")
    fast(*rng.normal(size=(2, 10)))
    path.write_text(TEXT.replace("0.5", "0.75"))
    linecache.checkcache()
    assert "0.5 * x" in fast.source()
    assert "0.75" not in fast.source()
    del sys.modules["changed_later"]


@pytest.mark.parametrize("branches", ["auto", "selects"])
@pytest.mark.parametrize("rows", [3, 100])
def test_of_a_function_without_a_source_the_report_says_so(branches, rows):
    names = {}
    exec(TEXT, names)
    fast = autograd.compile(names["f"], in_axes=0, branches=branches)
    assert fast.source() == "# f: its source cannot be read"
    assert_eager(names["f"], fast, rng.uniform(-2.0, 2.0, size=(rows, 2)))
    (line,) = fast.report().lines
    assert (line.kind, line.text, line.reason) == ("guard", "", "its source cannot be read")
    assert fast.source() == "# f: its source cannot be read"


class Called:
    """One that is called."""

    def __call__(self, x):
        return x * x if x > 0.0 else -x

    def method(self, x):
        return self(x)


def test_sources_of_what_is_called_in_other_ways_are_shown():
    assert autograd.compile(Called()).source().startswith("def __call__(self, x):\n    return x * x")
    assert autograd.compile(Called().method).source().startswith("def method(self, x):")
    f = lambda x: -x  # noqa: E731
    assert autograd.compile(f).source() == "f = lambda x: -x  # noqa: E731\n"
    assert autograd.compile(max).source() == "# max: its source cannot be read"


def test_what_is_run_as_it_is_is_told_of_beside_what_was_rewritten():
    names = {}
    exec("def inner(x):\n    return x * 2.0 if x < 1.0 else x\n", names)
    inner = names["inner"]

    def outer(a, b):
        a = inner(a)
        if a > b:
            a = b * b
        return a

    fast = autograd.compile(outer, in_axes=0, branches="selects")
    assert_eager(outer, fast, rng.uniform(-2.0, 2.0, size=(20, 2)))
    assert fast.source().endswith("# inner is run as it is: its source cannot be read")
    assert "not merged: inner, its source cannot be read" in str(fast.report())
