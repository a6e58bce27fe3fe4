"""A step of training, on its own."""

import pytest

from autograd import Value, topological_order
from nn import MLP, SGD, hinge, make_moons
from nn.training.passes import CompiledPasses, Passes
from nn.training.step import Step


@pytest.mark.parametrize("kind", [Passes, CompiledPasses])
def test_steps_are_forward_loss_backward_update(kind):
    points, labels = make_moons(12, rng=1)
    ours, by_hand = MLP(2, [4, 1], rng=2), MLP(2, [4, 1], rng=2)
    step = Step(kind(ours, points), hinge, SGD(ours.parameters(), lr=0.5))
    sgd = SGD(by_hand.parameters(), lr=0.5)
    for batch in ([0, 3, 5], [1, 2], [11, 0, 4]):
        objective, scores = step(batch, [labels[i] for i in batch])
        expected = hinge([by_hand(points[i]) for i in batch], [labels[i] for i in batch])
        sgd.zero_grad()
        expected.backward()
        sgd.step()
        assert objective.data == pytest.approx(expected.data, rel=1e-12)
        assert len(scores) == len(batch)
        assert list(ours.state_dict().values()) == pytest.approx(list(by_hand.state_dict().values()), rel=1e-12)


def test_nodes_are_those_of_the_first_loss():
    w = Value(3.0)
    step = Step(Passes(lambda x: w * x, [1.0, 2.0]), hinge, SGD([w], lr=0.1))
    assert step.nodes == 0
    objective, _ = step([0, 1], [1, -1])
    assert step.nodes == len(topological_order(objective))
    nodes = step.nodes
    step([0], [1])
    assert step.nodes == nodes


def test_a_loss_that_is_no_value_moves_nothing():
    w = Value(3.0)
    step = Step(Passes(lambda x: w * x, [1.0]), lambda scores, labels: 1.0, SGD([w], lr=0.1))
    with pytest.raises(TypeError, match=r"loss\(scores, labels\) gave a float; expected a Value"):
        step([0], [1])
    assert w.data == 3.0
