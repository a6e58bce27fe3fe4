"""Functions of all kinds whose sources are read, and others."""

import functools
import linecache

import autograd
from tests.branches.every_row import assert_eager
from tests.branches.test_merging import clamp


def merges(f, some=None):
    """Whether a function of one number is merged, and right."""
    fast = autograd.compile(f, in_axes=0, branches="selects")
    assert_eager(f, fast, some or [(0.5,), (-2.0,), (3.0,), (1.0,)])
    return len(fast.tapes) == 1, fast


def doubled(f):
    @functools.wraps(f)
    def wrapper(*args):
        return f(*args) * 2.0

    return wrapper


@doubled
def decorated(x):
    if x < 1.0:
        x = x * x
    return x


def power(x, n=3):
    if n == 0 or x > 2.5:
        return x
    return 0.5 * power(x, n - 1)


class Model:
    def __init__(self):
        self.__cap = 1.0

    def run(self, x):
        return self.cut(x) if x < 2.0 else x * 3.0

    def cut(self, x):
        if x < self.__cap + 0.0 * len(Model.__name__):
            return x * x
        return x

    def __call__(self, x):
        return self.run(x)


def test_functions_of_all_kinds_are_read():
    low = 0.25
    first, second = (lambda x: x if x < 1.0 else x * x), (lambda x: x if x < 1.0 else x * 2.0)

    def closure(x):
        def within(y):
            return y if y > low else low * y

        return within(x) + first(x)

    for f in (decorated, power, Model().run, Model(), closure, first, second, functools.partial(clamp, low=0.25)):
        assert merges(f)[0], f
    model = Model()
    assert merges(lambda x: model.run(x) + model(x))[0]


def from_source(text, name):
    linecache.cache[name] = (len(text), None, text.splitlines(True), name)
    names = {}
    exec(compile(text, name, "exec"), names)
    return names["f"]


SOURCE = "def f(x):\n    if x < 1.0:\n        x = x * x\n    return x + 1.0\n"


def test_a_cell_of_a_notebook_is_read():
    assert merges(from_source(SOURCE, "<ipython-input-1-abc>"))[0]


def test_without_a_source_and_with_another_one_there_are_guards():
    names = {}
    exec(compile(SOURCE, "<nowhere>", "exec"), names)
    one, fast = merges(names["f"])
    assert not one
    assert "not merged: f, its source cannot be read" in str(fast.report())
    f = from_source(SOURCE, "<changed>")
    text = SOURCE.replace("x * x", "x * 3.0")
    linecache.cache["<changed>"] = (len(text), None, text.splitlines(True), "<changed>")
    one, fast = merges(f)
    assert not one
    assert "has changed" in str(fast.report())
