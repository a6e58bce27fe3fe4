"""What tests of calls share: which way a call goes, and that none is answered without a recording."""

import pytest

from autograd.compiled import arguments, dispatch, entries, matrices
from autograd.compiled.call import Call
from autograd.recorded import recordings
from autograd.recorded import traced as tracing


@pytest.fixture
def every_call_is_recorded(monkeypatch):
    """No call is answered by the eager engine at once, whose zero slopes may have other signs."""
    monkeypatch.setattr(tracing, "MOST_SKIPPED", 0)


@pytest.fixture
def long_ways(monkeypatch):
    """The calls that went the long way."""
    found = []

    class Watched(Call):
        def __init__(self, *args):
            found.append(args)
            super().__init__(*args)

    monkeypatch.setattr(dispatch, "Call", Watched)
    return found


@pytest.fixture(params=["rows", "directions"])
def way(request, monkeypatch):
    """Both ways to the values, whatever is quicker, and whatever is large."""
    monkeypatch.setattr(entries, "SHARED", 10**6 if request.param == "rows" else -1)
    monkeypatch.setattr(matrices, "LARGE", 1)
    return request.param


@pytest.fixture
def nothing_is_merged(monkeypatch):
    """However many paths there are, branches stay guards."""
    monkeypatch.setattr(recordings, "MOST_SPLITS", 10**9)
    monkeypatch.setattr(arguments, "crowded", lambda traced, layout, leaves, row, paths, place: paths)
