"""The same loss here and in torch, in float64: value and every gradient."""

import pytest

from autograd import Value


def values(x):
    """Nested lists of numbers as Values."""
    return [values(y) for y in x] if isinstance(x, list) else Value(x)


def flat(x):
    """What is in nested lists."""
    return [z for y in x for z in flat(y)] if isinstance(x, list) else [x]


def tensor(x, grad=False):
    torch = pytest.importorskip("torch")
    return torch.tensor(x, dtype=torch.float64, requires_grad=grad)


def agree(ours, theirs, *operands, rel=1e-12, abs=1e-12, slopes=None):
    """Pass if both give the same number and slopes along the operands: nested lists of numbers, Values for `ours`.

    Args:
        ours, theirs: Of as many operands.
        slopes: How many operands, from the first on, torch differentiates along; None for all.
    """
    here = [values(x) for x in operands]
    there = [tensor(x, slopes is None or k < slopes) for k, x in enumerate(operands)]
    a, b = ours(*here), theirs(*there)
    assert a.data == pytest.approx(b.item(), rel=rel, abs=abs)
    a.backward()
    b.backward()
    for x, y in zip(here, there, strict=True):
        if y.grad is not None:
            scale = max(1.0, y.grad.abs().max().item())
            assert [v.grad for v in flat(x)] == pytest.approx(y.grad.flatten().tolist(), rel=rel, abs=abs * scale)
    plain = ours(*operands)
    assert type(plain) is float
    assert plain == pytest.approx(a.data, rel=1e-14, abs=1e-14)
