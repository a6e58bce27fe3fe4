"""What is kept of a call that is repeated, and what it gives away."""

import gc
import sys
import tracemalloc
from contextlib import suppress
from itertools import combinations
from mmap import PAGESIZE
from pathlib import Path

import numpy as np
import pytest

import autograd
from autograd import Value, compile, no_grad
from tests.compiled.cases_of_calls import ALIKE, LONG, SHARE, normal
from tests.compiled.long_way import KINDS, ask, leaves_of, seen

if not autograd.native:
    pytest.skip("calls are repeated in C alone", allow_module_level=True)
# Random programs step up and down: that is told of elsewhere.
pytestmark = [
    pytest.mark.usefixtures("every_call_is_recorded"),
    pytest.mark.filterwarnings("ignore:.*through comparisons alone:RuntimeWarning"),
]
MANY = 100_000
STATM = Path("/proc/self/statm")


def arrays_of(x):
    if isinstance(x, dict):
        x = [*x.values()]
    if isinstance(x, (list, tuple)):
        return [array for part in x for array in arrays_of(part)]
    return [x] if isinstance(x, np.ndarray) else []


@pytest.mark.parametrize("name", ALIKE)
def test_an_answer_belongs_to_who_asked(name):
    f, options, arguments = ALIKE[name]
    fast, (args, kwargs) = compile(f, **options), arguments()
    for kind, method in KINDS.items():
        expected = ask(fast, kind, args, kwargs, 0)
        if expected[0] in (TypeError, ValueError):  # many results have no gradient, keywords no number
            continue
        with no_grad():
            answers = [getattr(fast, method)(*args, **kwargs) for _ in range(3)]
        for a, b in combinations([*answers, [args, kwargs]], 2):
            assert not any(np.shares_memory(x, y) for x in arrays_of(a) for y in arrays_of(b))
        for answer in answers:
            assert seen(answer) == expected
            assert not any(np.shares_memory(x, y) for x, y in combinations(arrays_of(answer), 2))
            for array in arrays_of(answer):
                array[...] = np.nan
            if isinstance(answer, (dict, list)):
                answer.clear()
        assert ask(fast, kind, args, kwargs, 0) == expected


def test_large_answers_are_not_written_over():
    """Their memory is used again, but not while somebody looks into it."""
    fast = compile(lambda x: np.outer(x, x), in_axes=0)
    xs = normal(size=(SHARE, 12))
    first = fast(xs)
    assert first.nbytes >= 2**22
    corner, expected = first[5, 3:, 7], np.outer(xs[5], xs[5])[3:, 7]
    del first
    for k in range(1, 5):
        later = fast(k * xs)
        assert later[5].tolist() == np.outer(k * xs[5], k * xs[5]).tolist()
        assert not np.shares_memory(later, corner)
    assert corner.tolist() == expected.tolist()


@pytest.mark.parametrize("name", [*ALIKE, *LONG])
def test_arguments_are_let_go(name):
    f, options, arguments = (ALIKE | LONG)[name]
    fast, (args, kwargs) = compile(f, **options), arguments()
    things = [*args, *kwargs.values(), *leaves_of([list(args), kwargs])]
    things = [x for x in things if type(x) in (np.ndarray, dict, list, Value, float)]
    before = [sys.getrefcount(x) for x in things]
    for kind in KINDS:
        for _ in range(3):
            ask(fast, kind, args, kwargs, 0)
    gc.collect()
    assert [sys.getrefcount(x) for x in things] == before


LEAKS = {  # first and second arguments: of calls that are repeated, and of calls that turn out otherwise
    "repeated": (lambda p, x: p["a"] * x[0], (2.0, (2, 3)), (3.0, (2, 3))),
    "many numbers": (lambda p, x: p["a"] * x.sum(), (2.0, (2, MANY // 100)), (3.0, (2, MANY // 100))),
    "off the path": (lambda p, x: p["a"] * x[0] if p["a"] > 0 else x[1], (2.0, (2, 3)), (-3.0, (2, 3))),
    "nan at a kink": (lambda p, x: (p["a"] * x[0]).relu().sqrt(), (2.0, (2, 3)), (-1.0, (2, 3))),
    "another length": (lambda p, x: p["a"] * x[0], (2.0, (2, 3)), (3.0, (3, 3))),
    "another shape": (lambda p, x: p["a"] * x[0], (2.0, (2, 3)), (3.0, (2, 2))),
    "another type": (lambda p, x: p["a"] * x[0], (2.0, (2, 3)), (np.float32(3.0), (2, 3))),
    "refused": (lambda p, x: p["a"] * x[0], (2.0, (2, 3)), ("3.0", (2, 3))),
}


def pages():
    """How many pages of memory are in use now."""
    return int(STATM.read_text().split()[1])


@pytest.mark.parametrize("name", LEAKS)
def test_memory_stays_where_it_is(name):
    if not STATM.exists():
        pytest.skip("nobody says how much memory is in use here")
    f, *pair = LEAKS[name]
    fast = compile(f, in_axes=(None, 0))
    p, other = ({"a": a} for a, _ in pair)
    x, y = (np.ones(shape) for _, shape in pair)

    def work(n):
        for _ in range(n):
            for arguments in ((p, x), (other, y)):
                with suppress(TypeError):
                    fast.value_and_grad(*arguments, argnums=(0, 1))

    work(100)
    gc.collect()
    tracemalloc.start()
    work(200)
    before = tracemalloc.get_traced_memory()[0]
    work(300)
    gc.collect()
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert grown < 3000
    before = pages()
    work(MANY if name == "repeated" else MANY // 20)
    assert (pages() - before) * PAGESIZE < 4_000_000
