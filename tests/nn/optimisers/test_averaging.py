"""The running mean of weights against torch's, and what may go wrong with it."""

import json

import pytest

from autograd import Value
from nn import Adam, ExponentialMovingAverage
from tests.nn.optimisers.oracle import START, objective


def test_the_mean_is_that_of_torch():
    torch = pytest.importorskip("torch")
    ps = [Value(x) for x in START]
    ema, adam = ExponentialMovingAverage(ps, decay=0.9), Adam(ps, lr=0.05)
    model = torch.nn.ParameterList([torch.tensor(START, dtype=torch.float64)])
    other = torch.optim.swa_utils.AveragedModel(model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.9))
    for _ in range(50):
        adam.zero_grad()
        objective(ps).backward()
        adam.step()
        ema.update()
        with torch.no_grad():
            model[0].copy_(torch.tensor([p.data for p in ps], dtype=torch.float64))
        other.update_parameters(model)
        assert ema.average.tolist() == pytest.approx(other.module[0].tolist(), rel=1e-12)


def test_applied_and_put_back_also_after_an_error():
    ps = [Value(1.0), Value(2.0)]
    ema = ExponentialMovingAverage(ps, decay=0.5)
    ema.update([3.0, 5.0])
    with ema.applied():
        assert [p.data for p in ps] == [3.0, 5.0]
        with pytest.raises(ValueError, match="the average already"):
            ema.apply()
        with pytest.raises(ValueError, match=r"restore\(\) comes first"):
            ema.update()
    assert [p.data for p in ps] == [1.0, 2.0]
    with pytest.raises(ZeroDivisionError), ema.applied():
        1 / 0  # noqa: B018
    assert [p.data for p in ps] == [1.0, 2.0]
    with pytest.raises(ValueError, match="nothing to restore"):
        ema.restore()


def test_a_state_goes_on_elsewhere():
    a, b = [ExponentialMovingAverage([Value(1.0), Value(2.0)], decay) for decay in (0.9, 0.5)]
    a.update([3.0, 4.0])
    b.load_state_dict(json.loads(json.dumps(a.state_dict())))
    for ema in (a, b):
        ema.update([0.1, 0.2])
    assert a.state_dict() == b.state_dict()
    assert repr(a) == "ExponentialMovingAverage(2 parameters, decay=0.9, 2 updates)"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"decay": 2.0}, "damaged: decay 2.0"),
        ({"updates": None}, "damaged"),
        ({"average": [1.0]}, "neither a number nor a list of 2"),
        ({"average": 1.0}, "is no list of 2 numbers"),
    ],
)
def test_states_that_are_refused(change, message):
    ema = ExponentialMovingAverage([Value(1.0), Value(2.0)])
    before = ema.state_dict()
    with pytest.raises(ValueError, match=message):
        ema.load_state_dict(before | change)
    assert ema.state_dict() == before
    with pytest.raises(TypeError, match="got a list"):
        ema.load_state_dict([])


def test_what_is_refused():
    for decay in (-0.1, 1.1):
        with pytest.raises(ValueError, match="it is a share, from 0 to 1"):
            ExponentialMovingAverage([Value(1.0)], decay)
    with pytest.raises(ValueError, match="no parameters"):
        ExponentialMovingAverage([])
    with pytest.raises(ValueError, match="shape"):
        ExponentialMovingAverage([Value(1.0)]).update([1.0, 2.0])
