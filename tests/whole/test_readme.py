"""The README's figures are those of the measured tables, and its pictures are drawn as it says."""

import re
from html import unescape

import pytest

from tests.benchmarks.pictures import DRAWINGS, FOLDER
from tests.benchmarks.results import README, RESULTS, block_of, number, put, summary, tables_of, training

pytestmark = pytest.mark.any_build


def test_its_table_is_made_from_the_results():
    assert block_of(README, "summary").strip() == summary(), "run: python -m tests.benchmarks.results"
    assert block_of(README, "training summary").strip() == training(), "run: python -m tests.benchmarks.results"


def test_the_summary_takes_the_least_of_the_others_and_nobody_that_is_no_engine():
    rows = summary().splitlines()
    assert len(rows) == 12
    option = next(row for row in rows if "1,000,000 options" in row)
    tables = tables_of(block_of(RESULTS, "compiled"))
    _, measured = next(table for title, table in tables.items() if title.endswith("1,000,000 options"))
    ratios = {name: number(ratio) for name, *_, ratio in measured if ratio}
    least = min(ratio for name, ratio in ratios.items() if name.startswith(("CasADi", "JAX", "PyTorch", "ddx")))
    assert f"ddx, compiled by LLVM {least:.2f}x" in option
    assert min(ratios.values()) < least, "no loop by hand in C is faster: nothing here is left out"


def test_a_block_is_replaced_and_the_rest_left(tmp_path):
    file = tmp_path / "tables.md"
    file.write_text("a\n<!-- make bench: x -->\nold\n<!-- /make bench: x -->\nb\n")
    put(file, "x", "new\n")
    assert file.read_text() == "a\n<!-- make bench: x -->\nnew\n<!-- /make bench: x -->\nb\n"
    with pytest.raises(ValueError, match="no block 'y'"):
        put(file, "y", "new")


@pytest.mark.parametrize("name", DRAWINGS)
def test_its_pictures_of_graphs_are_as_they_would_be_drawn_now(name):
    """Word for word; where things are is up to the engine."""
    kept, drawn = (FOLDER / name).read_text(), DRAWINGS[name]().pipe("svg", encoding="utf-8")
    assert words_of(kept) == words_of(drawn), "run: python -m tests.benchmarks.pictures"
    assert len(words_of(kept)) > 20


def words_of(svg):
    texts = (unescape(text).replace("\xa0", " ").strip() for text in re.findall(r"<text [^>]*>(.*?)</text>", svg))
    return sorted(filter(None, texts))


def test_its_pictures_are_small_and_told_in_words():
    pictures = re.findall(r"!\[([^]]*)\]\((notebooks/pictures/[\w.]+)\)", README.read_text())
    assert {f"notebooks/pictures/{name}" for name in DRAWINGS} < {path for _, path in pictures}
    for words, path in pictures:
        assert len(words) > 60
        assert (README.parent / path).stat().st_size <= 150_000
