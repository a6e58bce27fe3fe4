"""Losses by name."""

import pytest

import nn
from nn.losses.naming import ALSO, LOSSES, named


@pytest.mark.parametrize(
    ("names", "loss"),
    [
        (("mse", "MSE", "mse_loss", "MSELoss", "mean squared error", "l2"), nn.mse),
        (("mae", "l1_loss", "L1Loss", "L1"), nn.mae),
        (("HuberLoss", "huber"), nn.huber),
        (("SmoothL1Loss", "smooth-l1"), nn.smooth_l1),
        (("LogCosh", "log_cosh"), nn.log_cosh),
        (("CrossEntropyLoss", "cross-entropy", "cross_entropy", "ce"), nn.cross_entropy),
        (("NLLLoss", "nll_loss"), nn.nll),
        (("BCELoss", "bce", "binary_cross_entropy"), nn.binary_cross_entropy),
        (("BCEWithLogitsLoss", "bce_with_logits"), nn.binary_cross_entropy_with_logits),
        (("KLDivLoss", "kl_div"), nn.kl_divergence),
        (("PoissonNLLLoss",), nn.poisson_nll),
        (("GaussianNLLLoss",), nn.gaussian_nll),
        (("hinge", "Hinge Loss"), nn.hinge),
    ],
)
def test_a_loss_is_found_in_every_usual_spelling(names, loss):
    assert [named(name) for name in names] == [loss] * len(names)


def test_every_loss_is_found_by_its_own_name_and_is_public():
    for name, loss in LOSSES.items():
        assert named(name) is loss is getattr(nn, name)
    assert set(ALSO.values()) <= set(LOSSES)


def test_names_of_torchs_functions_are_the_same_losses():
    functional = pytest.importorskip("torch").nn.functional
    names = ["mse_loss", "l1_loss", "huber_loss", "smooth_l1_loss", "cross_entropy", "nll_loss", "kl_div",
             "binary_cross_entropy", "binary_cross_entropy_with_logits", "poisson_nll_loss",
             "gaussian_nll_loss"]  # fmt: skip
    for name in names:
        assert callable(getattr(functional, name))
        assert getattr(nn, name) is named(name)


@pytest.mark.parametrize(
    ("name", "error", "message"),
    [
        ("hing", ValueError, "loss: there is none called 'hing': did you mean 'hinge'"),
        ("crossentropi", ValueError, "did you mean 'cross_entropy'"),
        ("MSLE", ValueError, "did you mean 'mse'"),
        ("zzz", ValueError, r"there is none called 'zzz'\. There are mse, mae, "),
        ("", ValueError, "there is none called ''"),
        (3, TypeError, "loss: expected a name, got int 3"),
    ],
)
def test_what_is_refused(name, error, message):
    with pytest.raises(error, match=message):
        named(name)
