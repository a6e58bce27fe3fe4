"""What all tests share: which engine runs is said at the top of the report."""

import os

import pytest

import autograd

os.environ.setdefault("MPLBACKEND", "Agg")


def pytest_report_header(config):
    return f"engine: {'compiled' if autograd.native else 'interpreted'}"


@pytest.fixture
def no_collector():
    """The cyclic collector switched off: what is freed is freed by counting."""
    import gc

    gc.collect()
    gc.disable()
    yield
    gc.enable()
