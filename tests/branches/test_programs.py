"""Programs that people write, with a path per row: what is merged is what the eager engine gives, on a few paths."""

import numpy as np
import pytest

import autograd
from tests.benchmarks.branching import PROGRAMS
from tests.random_graphs import value_and_slopes

GUARDED = {"pivoted"}  # rows are exchanged in place, by an index that comparisons chose
ROWS, LOOKED_AT = 150, 8


@pytest.mark.any_build
@pytest.mark.filterwarnings("ignore:.* takes more than", "ignore:.* through comparisons alone")
@pytest.mark.parametrize("name", PROGRAMS)
def test_rows_are_eager_and_paths_few(name):
    function = PROGRAMS[name].function
    rows = PROGRAMS[name].rows(np.random.default_rng(3), ROWS)
    fast = autograd.compile(function, in_axes=0)
    value, slopes = fast.value_and_grad(*np.ascontiguousarray(rows.T), argnums=tuple(range(rows.shape[1])))
    for k in range(0, ROWS, ROWS // LOOKED_AT):
        expected, *expected_slopes = value_and_slopes(function, rows[k].tolist())
        steep = 1.0 + np.abs(expected_slopes).sum()  # last digits of arguments count for so much
        assert value[k] == pytest.approx(expected, rel=1e-10, abs=1e-13 * steep)
        assert [s[k] for s in slopes] == pytest.approx(expected_slopes, rel=1e-10, abs=1e-12 * steep)
    assert len(fast.tapes) <= 4 or name in GUARDED
