"""Layouts of arguments: one for calls alike, whatever is asked; and batch axes of arguments by keyword."""

import numpy as np
import pytest

from autograd import compile


def layouts(f):
    return [layout for _, known in f._traced._layouts.values() for layout in known.values()]


@pytest.mark.parametrize("size", [2, (2, 3), "two", None])
def test_tangents_beside_a_static_argument_have_the_layout_of_the_arguments(size):
    f = compile(lambda x, size: x * x * (3.0 if size == 2 else 1.0), static_argnames="size")
    f(4.0, size)
    factor = 3.0 if size == 2 else 1.0
    assert f.jvp((4.0, size), (1.0, None)) == (16.0 * factor, 8.0 * factor)
    assert f.hvp((4.0, size), (1.0, None)) == 2.0 * factor
    assert len(layouts(f)) == 1


def test_a_direction_for_a_static_argument_changes_nothing():
    f = compile(lambda x, size: x * size, static_argnames="size")
    assert f.jvp((4.0, 2), (1.0, 2)) == (8.0, 2.0)
    assert len(layouts(f)) == 1


def test_arrays_by_keyword_are_batches_where_one_axis_is_for_all():
    x, w = np.arange(3.0), np.arange(3.0) + 1.0
    f = compile(lambda x, w, c: x * w + c, in_axes=0)
    assert f(x, w=w, c=1.0).tolist() == f(x=x, w=w, c=1.0).tolist() == [1.0, 3.0, 7.0]
    assert [leaf.axis for leaf in layouts(f)[0].leaves] == [0, None, 0]  # keywords by name


def test_nothing_by_keyword_is_a_batch_where_axes_go_by_position():
    f = compile(lambda x, w: x * w[0] + w[1], in_axes=(0,))
    assert f(np.arange(3.0), w=np.array([2.0, 1.0])).tolist() == [1.0, 3.0, 5.0]
    assert [leaf.axis for leaf in layouts(f)[0].leaves] == [0, None]
