"""Adam and its kin, step for step against torch."""

import pytest

import nn
from tests.nn.optimisers.oracle import together

CASES = [
    *[
        (name, options)
        for name in ("Adam", "AdamW")
        for options in (
            {},
            {"lr": 0.05},
            {"lr": 0.05, "amsgrad": True},
            {"lr": 0.02, "betas": (0.5, 0.8), "eps": 1e-3},
            {"lr": 0.05, "weight_decay": 0.1, "amsgrad": True},
            {"maximize": True, "weight_decay": 0.1},
        )
    ],
    ("Adam", {"lr": 0.05, "weight_decay": 0.3, "decoupled_weight_decay": True}),
    *[
        (name, options)
        for name in ("NAdam", "RAdam")
        for options in (
            {},
            {"lr": 0.05},
            {"lr": 0.02, "betas": (0.7, 0.9), "eps": 1e-2},  # with less, rounding grows like chaos
            {"lr": 0.05, "weight_decay": 0.1},
            {"lr": 0.05, "weight_decay": 0.3, "decoupled_weight_decay": True},
            {"maximize": True},
        )
    ],
    ("NAdam", {"lr": 0.05, "momentum_decay": 0.1}),
]


@pytest.mark.parametrize(("name", "options"), CASES)
def test_step_for_step_as_torch(name, options):
    torch = pytest.importorskip("torch")
    together(lambda ps: getattr(nn, name)(ps, **options), lambda qs: getattr(torch.optim, name)(qs, **options))
