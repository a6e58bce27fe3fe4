"""Training's result does not depend on whether a progress bar can be shown."""

import gc
import io
import sys

import pytest

from nn import MLP, SGD, hinge, make_moons
from nn.training.train import train

pytest.importorskip("tqdm")

pytestmark = pytest.mark.any_build


class Terminal(io.StringIO):
    """A terminal that takes some writes and then fails."""

    def __init__(self, error, after):
        super().__init__()
        self.error, self.left = error, after

    def isatty(self):
        return True

    def write(self, text):
        self.left -= 1
        if self.left < 0:
            raise self.error
        return len(text)

    def flush(self):
        if self.left < 0:
            raise self.error


def trained(progress):
    points, labels = make_moons(10, rng=1)
    model = MLP(2, [1], rng=1)
    history = train(model, points, labels, hinge, SGD(model.parameters(), lr=0.1), epochs=4, progress=progress)
    return history.loss, history.accuracy, model.state_dict()


FAILURES = {
    "closed pipe": BrokenPipeError(32, "Broken pipe"),
    "full": OSError(28, "No space left on device"),
    "hung up": OSError(5, "Input/output error"),
    "closed": ValueError("I/O operation on closed file"),
    "another alphabet": UnicodeEncodeError("ascii", "ü", 0, 1, "ordinal not in range(128)"),
}


@pytest.mark.parametrize("after", [0, 1, 2, 3, 5])
@pytest.mark.parametrize("failure", FAILURES)
def test_a_bar_that_cannot_be_shown_changes_nothing(failure, after, monkeypatch):
    expected = trained("")
    monkeypatch.setattr(sys, "stderr", Terminal(FAILURES[failure], after))
    assert trained("moons") == expected
    gc.collect()  # what tqdm has to say when a bar is dropped


def test_no_standard_error_at_all(monkeypatch):
    expected = trained("")
    monkeypatch.setattr(sys, "stderr", None)  # as under pythonw, or after 2>&-
    assert trained("moons") == expected


def test_an_interrupt_while_the_bar_is_shown_ends_training_as_ever(monkeypatch):
    class Interrupted:
        def __init__(self, **options):
            pass

        def set_postfix_str(self, text, refresh):
            raise KeyboardInterrupt

        def close(self):
            pass

    monkeypatch.setattr("tqdm.tqdm", Interrupted)
    assert len(trained("moons")[0]) == 1
    assert len(trained("")[0]) == 4
