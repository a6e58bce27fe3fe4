"""RMSprop, Adagrad and Adadelta, step for step against torch."""

import pytest

import nn
from tests.nn.optimisers.oracle import together

CASES = [
    *[
        ("RMSprop", options)
        for options in (
            {},
            {"lr": 0.005, "alpha": 0.9, "eps": 1e-4},
            {"lr": 0.005, "momentum": 0.9},
            {"lr": 0.005, "weight_decay": 0.1, "maximize": True},
            {"lr": 0.002, "centered": True, "eps": 1e-3},
            {"lr": 0.002, "centered": True, "momentum": 0.5, "eps": 1e-3},
        )
    ],
    *[
        ("Adagrad", options)
        for options in (
            {},
            {"lr": 0.3, "lr_decay": 0.1},
            {"lr": 0.1, "weight_decay": 0.1, "initial_accumulator_value": 0.5},
            {"eps": 0.1, "maximize": True},
        )
    ],
    *[
        ("Adadelta", options)
        for options in ({}, {"lr": 0.5, "rho": 0.5}, {"eps": 1e-3, "weight_decay": 0.1}, {"maximize": True})
    ],
]


@pytest.mark.parametrize(("name", "options"), CASES)
def test_step_for_step_as_torch(name, options):
    torch = pytest.importorskip("torch")
    together(lambda ps: getattr(nn, name)(ps, **options), lambda qs: getattr(torch.optim, name)(qs, **options))
