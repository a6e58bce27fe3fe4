"""The table of the demo."""

import pytest

from nn.demo.report import table

pytestmark = pytest.mark.any_build


def test_a_table_is_aligned():
    assert table([("task", "loss"), ("a long one", "0.5")]) == "task        loss\na long one   0.5"
