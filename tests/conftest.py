"""What all tests share: which engine runs is said at the top of the report."""

import gc
import os
import re
import tempfile

import pytest
from hypothesis import settings

import autograd
from autograd._build import is_set
from tests.browser.opening import chromium, tab
from tests.sizes import some

__all__ = ["chromium", "tab"]

os.environ.setdefault("MPLBACKEND", "Agg")
os.environ.setdefault(
    "CHAINRULE_CACHE", os.path.join(tempfile.gettempdir(), f"chainrule-tests-{getattr(os, 'getuid', int)()}")
)
# A machine may be busy, so tests are not timed.
settings.register_profile("untimed", max_examples=some(100), deadline=None)
settings.load_profile("untimed")
INTERPRETED = is_set("CHAINRULE_INTERPRETED")
OF_ANY_BUILD = re.compile(r"^pytestmark = (\[\s*)?pytest\.mark\.any_build\b", re.M)
LONG = {"whole", "browser", "random_programs"}
"""Folders of tests that start processes, browsers and kernels, and wait for them."""


def pytest_ignore_collect(collection_path):
    """Where the interpreted engine is asked for, files that do not depend on the build are not even imported."""
    if INTERPRETED and collection_path.suffix == ".py":
        return True if OF_ANY_BUILD.search(collection_path.read_text(encoding="utf-8")) else None
    return None


@pytest.hookimpl(trylast=True)  # what `-k` and `-m` leave out is left out by then
def pytest_collection_modifyitems(config, items):
    """Nor are single tests that do not depend on it run. Those of many seconds come first, so that none comes last."""
    left = [item for item in items if INTERPRETED and item.get_closest_marker("any_build")]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if not item.get_closest_marker("any_build")]
    items.sort(key=lambda item: item.path.parent.name not in LONG)


def pytest_collection_finish():
    """What has been imported stays: a collection in a test looks at what tests have made, and takes no 0.2 s."""
    gc.collect()
    gc.freeze()


def pytest_report_header(config):
    return f"engine: {'compiled' if autograd.native else 'interpreted'}"


def pytest_terminal_summary(terminalreporter):
    if INTERPRETED:
        terminalreporter.write_line("left to a run of the compiled engine: what does not depend on the build")


@pytest.fixture
def no_collector():
    """The cyclic collector switched off: what is freed is freed by counting."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.fixture
def no_collector_callbacks():
    """Nobody is told of collections: an exception of a signal handler that strikes in such a call is lost.

    hypothesis counts the collector's time in one, from the first test of its own to the end of the process. It is lost
    in a weak reference's callback too, so what other tests have left behind is collected before.
    """
    gc.collect()
    callbacks, gc.callbacks[:] = gc.callbacks[:], []
    yield
    gc.callbacks[:] = callbacks
