"""Adam and its kin, step for step against torch."""

import pytest

import nn
from tests.nn.optimisers.oracle import together


@pytest.mark.parametrize("name", ["Adam", "AdamW"])
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"lr": 0.05},
        {"lr": 0.05, "amsgrad": True},
        {"lr": 0.05, "betas": (0.5, 0.8), "eps": 1e-3},
        {"lr": 0.05, "weight_decay": 0.1, "amsgrad": True},
        {"lr": 0.001, "maximize": True, "weight_decay": 0.1},
    ],
)
def test_step_for_step_as_torch(name, options):
    torch = pytest.importorskip("torch")
    together(lambda ps: getattr(nn, name)(ps, **options), lambda qs: getattr(torch.optim, name)(qs, **options))
