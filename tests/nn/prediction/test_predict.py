"""A trained model is asked: what it decides, and how often it is right."""

import math

from autograd import Value
from nn import MLP, decide, evaluate, hinge, make_moons, predict


def test_predict_and_evaluate_build_no_graph_and_change_nothing():
    points, labels = make_moons(30, rng=1)
    model = MLP(2, [6, 1], rng=1)
    seen = []

    def watched(x):
        seen.append(model(x))
        return seen[-1]

    before = [(p.data, p.grad) for p in model.parameters()]
    decided = predict(watched, points)
    loss, accuracy = evaluate(watched, points, labels, hinge)
    assert all(v.is_constant and not v.operands for v in seen)
    assert [(p.data, p.grad) for p in model.parameters()] == before
    assert accuracy == sum(d == y for d, y in zip(decided, labels, strict=True)) / len(labels)
    assert type(loss) is float
    assert loss == hinge([model(p) for p in points], labels).data


def test_decisions():
    assert decide(Value(0.1)) == 1
    assert decide(0.0) == -1
    assert decide([Value(1.0), Value(3.0), Value(2.0)]) == 1
    assert decide((2.0, 2.0)) == decide([Value(-0.0), Value(0.0)]) == 0
    assert decide([Value(math.nan), Value(1.0)]) == decide([math.nan, 1.0]) == 0
    assert decide([Value(1.0), Value(math.nan), Value(2.0)]) == decide([1.0, math.nan, 2.0]) == 2
    assert decide(math.nan) == -1
