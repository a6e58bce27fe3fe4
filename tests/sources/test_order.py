"""A function that is rewritten, and merges nothing, does what the function does, in the same order."""

import collections
import linecache

import pytest

from autograd.branches.decisions import Decisions
from autograd.branches.surroundings import Surroundings
from tests.sources.logged_programs import LoggedWriter, Thing, Things, written

pytestmark = pytest.mark.any_build


def from_source(source, name):
    linecache.cache[name] = (len(source), None, source.splitlines(True), name)
    names = {}
    exec(compile(source, name, "exec"), names)
    return names["f"]


def done(f, rewritten, decisions=None):
    """The log of what a program does, and how it ends."""
    log = []
    args = [Thing(name, log) for name in "abc"]
    args.append(Things(Thing("it", log), 12))
    try:
        if rewritten:
            around = Surroundings(f, decisions)
            result = around.run(args, {})
        else:
            result = f(*args)
    except Exception as error:
        return log, (type(error).__name__, [x for x in str(error).split() if x[:1] == "'"])
    return log, written(result)


def check(seed):
    """Compare both; whether anything was done."""
    source = LoggedWriter(seed).write()
    f = from_source(source, f"<logged {seed}>")
    expected = done(f, False)
    for every in (False, True):
        found = done(f, True, Decisions(every))
        pairs = enumerate(zip(found[0], expected[0], strict=False))
        first = next((k for k, (x, y) in pairs if x != y), -1)
        assert found[0] == expected[0], (seed, found[0][first:][:3], expected[0][first:][:3], source)
        assert found[1] == expected[1], (seed, found[1], expected[1], source)
    return len(expected[0])


@pytest.mark.parametrize("start", range(4))
@pytest.mark.filterwarnings("ignore:.*:SyntaxWarning")
def test_whatever_a_rewritten_function_does_it_does_in_pythons_order(start):
    assert sum(check(seed) > 5 for seed in range(15 * start, 15 * start + 15)) > 5


if __name__ == "__main__":
    import sys
    import warnings

    warnings.simplefilter("ignore")
    ends = collections.Counter(check(seed) > 5 for seed in range(int(sys.argv[1])))
    print(ends)
