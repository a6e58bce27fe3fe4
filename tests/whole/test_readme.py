"""The README's figures are those of the measured tables."""

import re

import pytest

from tests.benchmarks.results import README, RESULTS, block_of, put, summary


def test_its_table_is_made_from_the_results():
    assert block_of(README, "summary").strip() == summary(), "run: python -m tests.benchmarks.results"


def test_the_summary_takes_the_least_of_the_others_and_nobody_that_is_no_engine():
    rows = summary().splitlines()
    assert len(rows) == 12
    option = next(row for row in rows if "1,000,000 options" in row)
    table = block_of(RESULTS, "compiled").partition("**The same of one option")[0]
    ratios = [float(found) for found in re.findall(r"^\| (?!NumPy|`).*?([\d.]+)x \|$", table, re.M)]
    assert f"ddx, compiled by LLVM {min(ratios):.2f}x" in option


def test_a_block_is_replaced_and_the_rest_left(tmp_path):
    file = tmp_path / "tables.md"
    file.write_text("a\n<!-- make bench: x -->\nold\n<!-- /make bench: x -->\nb\n")
    put(file, "x", "new\n")
    assert file.read_text() == "a\n<!-- make bench: x -->\nnew\n<!-- /make bench: x -->\nb\n"
    with pytest.raises(ValueError, match="no block 'y'"):
        put(file, "y", "new")
