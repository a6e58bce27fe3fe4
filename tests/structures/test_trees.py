"""Structures taken apart: what is plain, and what tells static objects from others."""

import pytest

from autograd.structures.trees import Static, flatten, is_plain, register_structure, static_key


class Pair:
    def __init__(self, a, b):
        self.a, self.b = a, b


register_structure(Pair, lambda pair: ((pair.a, pair.b), None), lambda _, children: Pair(*children))


@pytest.mark.parametrize("structure", [1.0, None, [1.0, (2.0, {"a": 3.0})], {}, ()])
def test_lists_tuples_and_dicts_are_plain(structure):
    assert is_plain(flatten(structure)[1])


@pytest.mark.parametrize("structure", [Pair(1.0, 2.0), {"a": [Pair(1.0, 2.0)]}])
def test_other_classes_are_not(structure):
    leaves, treespec = flatten(structure)
    assert leaves == [1.0, 2.0]
    assert not is_plain(treespec)


def test_static_objects_are_leaves():
    leaves, treespec = flatten(([1.0], Static([2.0, 3.0])))
    assert leaves == [1.0, Static([2.0, 3.0])]
    assert treespec.num_leaves == 2


def test_equal_objects_of_other_types_or_signs_are_told_apart():
    keys = [static_key(x) for x in (1, 1.0, True, 0.0, -0.0, (1,), (1.0,), frozenset([1]), frozenset([1.0]))]
    assert len(set(keys)) == len(keys)
