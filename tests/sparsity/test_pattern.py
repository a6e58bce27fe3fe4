"""Patterns and their colours: entries can be told apart in the products they give."""

import re
from base64 import b64decode

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd.sparsity.pattern import Pattern

RNG = np.random.default_rng(0)


def matrices(height, width):
    """Random sparse matrices, some with full rows and columns."""

    def build(seed, share, rows, columns):
        rng = np.random.default_rng(seed)
        found = np.where(rng.random((height, width)) < share, rng.normal(size=(height, width)), 0.0)
        for i in rows:
            found[i % height if height else 0 :][:1] = 2.0
        for j in columns:
            found[:, j % width if width else 0 :][:, :1] = 3.0
        return found

    few = st.lists(st.integers(0, 100), max_size=2)
    return st.builds(build, st.integers(0, 2**32), st.floats(0.0, 0.4), few, few)


sizes = st.tuples(st.integers(0, 25), st.integers(0, 25))


def products(pattern, matrix):
    """What directions give: columns, or rows, of a colour added up."""
    if pattern.by_rows:
        matrix = matrix.T
    colours = pattern.colours
    found = np.zeros((len(matrix), pattern.colouring.count))
    for j, colour in enumerate(colours):
        found[:, colour] += matrix[:, j]
    return found


@given(sizes.flatmap(lambda size: matrices(*size)))
def test_entries_are_told_apart(matrix):
    pattern = Pattern.of(matrix)
    assert pattern.shape == matrix.shape
    found = np.zeros(matrix.shape)
    found[pattern.rows, pattern.columns] = pattern.colouring.values(products(pattern, matrix))
    assert found.tolist() == matrix.tolist()
    assert pattern.nnz == np.count_nonzero(matrix)
    assert [*map(tuple, np.argwhere(matrix))] == [*zip(pattern.rows, pattern.columns, strict=True)]


@given(st.integers(0, 25).flatmap(lambda n: matrices(n, n)))
def test_entries_of_symmetric_matrices_are_told_apart(matrix):
    matrix = matrix + matrix.T
    pattern = Pattern.of(matrix, symmetric=True)
    assert not pattern.by_rows
    found = np.zeros(matrix.shape)
    found[pattern.rows, pattern.columns] = pattern.colouring.values(products(pattern, matrix))
    assert found.tolist() == matrix.tolist()


def test_colours_are_few():
    band = np.tri(40, k=1) - np.tri(40, k=-2)
    assert Pattern.of(band, symmetric=True).colouring.count == 3
    assert Pattern.of(np.tri(40, k=0) - np.tri(40, k=-2)).colouring.count == 2
    arrow = np.eye(40)
    arrow[7] = arrow[:, 7] = 1.0
    assert Pattern.of(arrow, symmetric=True).colouring.count == 2
    assert Pattern.of(np.eye(40)).colouring.count == 1
    assert Pattern.of(np.ones((40, 40)), symmetric=True).colouring.count == 40
    wide = Pattern.of(np.ones((3, 40)))
    assert (wide.by_rows, wide.colouring.count, wide.colours.tolist()) == (True, 3, [0, 1, 2])
    tall = Pattern.of(np.ones((40, 3)))
    assert (tall.by_rows, tall.colouring.count) == (False, 3)
    none = Pattern.of(np.zeros((4, 5)))
    assert (none.nnz, none.colouring.count) == (0, 1)
    assert Pattern.of(np.zeros((0, 0))).colouring.count == 0


def test_it_can_be_seen():
    pattern = Pattern.of(np.eye(3), symmetric=True)
    assert repr(pattern) == "<pattern of 3 x 3: 3 entries, 0.33 of all; 1 colour of columns>"
    assert str(pattern) == "x . .\n. x .\n. . x"
    page = pattern._repr_html_()
    assert "pattern of 3 x 3: 3 entries" in page
    svg = b64decode(re.search(r"base64,([^\"]+)", page)[1]).decode()
    assert re.findall(r"M(\d+) (\d+)h1v1h-1z", svg) == [("0", "0"), ("1", "1"), ("2", "2")]
    large = Pattern.of(np.eye(1000, 2000))
    assert np.array(large.picture()).shape == (64, 64)
    assert np.array(large.picture())[:, 40:].sum() == 0
    assert str(Pattern.of(np.zeros((0, 4)))) == ""
    assert "pattern of 0 x 4" in Pattern.of(np.zeros((0, 4)))._repr_html_()


def test_nobody_changes_it():
    pattern = Pattern.of(np.eye(3))
    for array in (pattern.rows, pattern.columns, pattern.begins, pattern.colours):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1
