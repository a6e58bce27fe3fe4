"""PyTorch beside ours: the same function from the same start, step for step."""

import pytest

from autograd import Value

START = [1.5, -2.0, 0.3, 0.7]


def objective(p):
    """A smooth function that is no quadratic, of Values or of tensors alike."""
    x, y, z, w = p
    return (x * y - 1.0) ** 2 + (y + z).tanh() + z * z + 0.5 * (w - x) ** 2 + w * w * w * w


def together(ours, theirs, steps=50, before=None, start=START, tolerance=1e-12):
    """Compare parameters after each step.

    Args:
        ours: Makes our optimiser from a list of Values.
        theirs: Makes PyTorch's from a list of tensors, one for each number, as many in a group as ours has.
        steps: How many.
        before: Called with the number of the step and both optimisers, and both lists of parameters.
    """
    torch = pytest.importorskip("torch")
    before_it = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)  # in which NAdam keeps its product of momenta too
    try:
        return compared(torch, ours, theirs, steps, before, start, tolerance)
    finally:
        torch.set_default_dtype(before_it)


def compared(torch, ours, theirs, steps, before, start, tolerance):
    """Both optimisers, after so many steps that were alike."""
    ps = [Value(x) for x in start]
    qs = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in start]
    a, b = ours(ps), theirs(qs)
    for k in range(steps):
        if before is not None:
            before(k, a, b, ps, qs)
        a.zero_grad()
        objective(ps).backward()
        a.step()
        b.zero_grad()
        objective(qs).backward()
        b.step()
        assert [p.data for p in ps] == pytest.approx([q.item() for q in qs], rel=tolerance, abs=tolerance), k
    return a, b
