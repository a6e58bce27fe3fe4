"""What is cut off in mid-step leaves the model as after the last step that was completed; gradients for callbacks."""

import pytest

import nn
from autograd import Value
from tests.nn.training.test_refusals import BITS, POINTS


def normed():
    return nn.Sequential(nn.Linear(2, 3, rng=1), nn.BatchNorm(3), "tanh", nn.Linear(3, 1, rng=2))


@pytest.mark.parametrize("after", [0, 2, 3])
def test_a_loss_that_is_interrupted_leaves_no_half_of_a_step_in_buffers(after):
    calls = []

    def loss(scores, labels):
        if len(calls) == after:
            raise KeyboardInterrupt
        calls.append(1)
        return nn.mse(scores, labels)

    cut, whole = normed(), normed()
    history = nn.fit(cut, (POINTS, BITS), loss=loss, epochs=9, compiled=False, progress=False)
    assert (history.interrupted, history.steps, history.epochs) == (True, after, after)
    if after:
        nn.fit(whole, (POINTS, BITS), loss=nn.mse, epochs=after, compiled=False, progress=False)
    assert cut.state_dict() == whole.state_dict()


@pytest.mark.parametrize("compiled", [False, True])
def test_a_callback_of_steps_sees_the_gradient(compiled):
    w, seen = Value(3.0), []
    nn.fit(
        lambda x: w * x, ([1.0, 2.0], [0.0, 0.0]), loss=nn.mse, optimizer=nn.SGD([w], lr=0.1), epochs=2,
        compiled=compiled, callbacks=lambda record: seen.append((w.grad, record.gradient_norm)), progress=False,
    )  # fmt: skip
    assert seen[0] == (15.0, 15.0)
    assert seen[1][0] == pytest.approx(7.5)
