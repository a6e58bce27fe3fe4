"""The digits are all there."""

import pytest

import nn.checks
from nn import load_digits


def test_digits_are_complete_scaled_and_stratified():
    peer = pytest.importorskip("sklearn.datasets").load_digits()
    digits = load_digits()
    assert (len(digits.train_x), len(digits.test_x)) == (len(digits.train_y), len(digits.test_y)) == (1438, 359)
    everything = sorted(zip(digits.train_x + digits.test_x, digits.train_y + digits.test_y, strict=True))
    assert everything == sorted(zip((peer.data / 16).tolist(), peer.target.tolist(), strict=True))
    pixels = [p for image in digits.train_x for p in image]
    assert (min(pixels), max(pixels)) == (0.0, 1.0)
    assert type(digits.train_x[0][0]) is float
    assert type(digits.train_y[0]) is int
    for digit in range(10):
        held_out, kept = digits.test_y.count(digit), digits.train_y.count(digit)
        assert held_out == round(0.2 * (held_out + kept))
    assert digits.test_y != sorted(digits.test_y)


def test_digits_follow_their_seed():
    pytest.importorskip("sklearn")
    assert load_digits() == load_digits(rng=0)
    assert load_digits(rng=1) != load_digits(rng=0)
    assert len(load_digits(test_share=0.5).test_x) == pytest.approx(1797 / 2, abs=6)


@pytest.mark.parametrize("share", [0.0, 1.0, -0.2, 20])
def test_shares_that_are_refused(share):
    with pytest.raises(ValueError, match=f"test_share is {float(share)}; it lies between 0 and 1"):
        load_digits(share)


def test_a_missing_library_is_named_with_its_remedy(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "sklearn.datasets", None)
    with pytest.raises(
        ImportError, match=r"sklearn\.datasets cannot be imported \(.*\): pip install chainrule\[demo\]"
    ):
        load_digits()
    with pytest.raises(ImportError, match=r"pip install chainrule\[demo\]"):
        nn.checks.import_extra("no_such_library")
