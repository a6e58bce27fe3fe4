"""Parts hold each sample once, and each class its share."""

import random
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn import Parts, Split, split


@given(
    st.lists(st.sampled_from("abc"), min_size=5, max_size=60),
    st.floats(0, 0.3),
    st.floats(0, 0.3),
    st.booleans(),
    st.integers(0, 5),
)
def test_parts_hold_each_sample_once_with_its_label(labels, validation, test, stratified, seed):
    n = len(labels)
    options = {"validation": validation, "test": test, "stratified": stratified}
    parts = split(range(n), labels, **options, rng=seed)
    pairs = [pair for xs, ys in parts for pair in zip(xs, ys, strict=True)]
    assert sorted(pairs) == list(enumerate(labels))
    assert parts == split(range(n), labels, **options, rng=seed)
    assert parts.train[0]
    if not stratified:
        assert len(parts.test[0]) == round(test * n)
        assert len(parts.validation[0]) == round(validation * n)


@given(st.lists(st.integers(0, 4), min_size=5, max_size=80), st.floats(0, 0.9), st.integers(0, 5))
def test_every_class_has_its_share_to_one_sample(labels, test, seed):
    parts = split(range(len(labels)), labels, test=test, stratified=True, rng=seed)
    counts, kept, out = Counter(labels), Counter(parts.train[1]), Counter(parts.test[1])
    share = round(test * len(labels)) / len(labels)
    for kind, count in counts.items():
        assert kept[kind] >= 1
        assert abs(out[kind] - share * count) < 1.0 or (kept[kind] == 1 and out[kind] < share * count)
    if min(counts.values()) * (1 - share) >= 1:  # no class is so small that it would be gone
        assert sum(out.values()) == round(test * len(labels))


def test_three_parts_are_stratified_alike():
    labels = [0] * 100 + [1] * 50 + [2] * 10
    parts = split(range(160), labels, validation=0.1, test=0.2, stratified=True, rng=1)
    assert [Counter(ys) for _, ys in parts] == [{0: 70, 1: 35, 2: 7}, {0: 10, 1: 5, 2: 1}, {0: 20, 1: 10, 2: 2}]
    assert all(ys != sorted(ys) for _, ys in parts)


def test_sizes_are_numbers_of_samples_too():
    parts = split(range(10), range(10), validation=1, test=np.int64(3))
    assert [len(xs) for xs, _ in parts] == [6, 1, 3]
    assert [len(xs) for xs, _ in split(range(10), range(10), test=0)] == [10, 0, 0]


@pytest.mark.parametrize("rng", [5, np.int64(5), lambda: random.Random(5), lambda: np.random.default_rng(5)])
def test_the_order_follows_its_seed(rng):
    def make():
        return split(range(30), rng=rng() if callable(rng) else rng)

    assert make() == make()
    assert make() != split(range(30), rng=6)
    random.seed(5)
    assert split(range(30)) == split(range(30), rng=5)


def test_whatever_holds_samples_is_parted():
    pd, pl = pytest.importorskip("pandas"), pytest.importorskip("polars")
    columns = {"a": [1.0, 2.0, 3.0, 4.0], "b": [5.0, 6.0, 7.0, 8.0]}
    rows = [[1.0, 5.0], [2.0, 6.0], [3.0, 7.0], [4.0, 8.0]]
    wanted = split(rows, [0, 1, 0, 1], test=0.5, rng=1)
    assert isinstance(wanted, Parts)
    for xs in (np.array(rows), pd.DataFrame(columns), pl.DataFrame(columns)):
        assert split(xs, np.array([0, 1, 0, 1]), test=0.5, rng=1) == wanted
    frame = pd.DataFrame(columns).set_index(pd.Index([7, 7, 8, 9]))  # an index that is not 0 to n
    assert split(frame, frame["a"], test=0.5, rng=1).train == (wanted.train[0], [row[0] for row in wanted.train[0]])


def test_samples_without_labels_are_parted_alone():
    train, validation, test = split(["ann", "bob", "cid", "dan"], validation=1, test=1, rng=2)
    assert sorted(train + validation + test) == ["ann", "bob", "cid", "dan"]
    assert (len(train), len(validation)) == (2, 1)


def test_labels_that_cannot_be_sorted_are_parted_too():
    parts = split(range(8), ["a", 1, None, "a", 1, None, "a", 1], test=0.4, stratified=True, rng=1)
    assert Counter(parts.test[1]) == {"a": 1, 1: 1, None: 1}


def test_a_split_gives_its_halves_as_fit_takes_them():
    halves = Split([[0.0]], [1], [[0.5]], [0])
    assert (halves.train, halves.test) == (([[0.0]], [1]), ([[0.5]], [0]))
    a, b, c, d = halves
    assert (a, b, c, d) == ([[0.0]], [1], [[0.5]], [0])


@pytest.mark.parametrize(
    ("arguments", "options", "error", "message"),
    [
        (([], []), {}, ValueError, "split: no samples"),
        (([],), {}, ValueError, "split: no samples"),
        (([1, 2], [1]), {}, ValueError, "split: 2 samples but 1 labels"),
        (([1],), {"test": 1}, ValueError, "0 for validation and 1 held out of 1 samples leave none to train on"),
        (([1, 2],), {"validation": 1, "test": 1}, ValueError, "leave none to train on"),
        (([1, 2],), {"test": 30}, ValueError, "30 held out of 2 samples leave none"),
        (([1, 2],), {"test": 1.0}, ValueError, r"test is 1\.0; a share lies from 0 to below 1, and a number .* an int"),
        (([1, 2],), {"validation": -0.1}, ValueError, r"validation is -0\.1; a share lies"),
        (([1, 2],), {"validation": -1}, ValueError, "validation: expected 0 or more, got -1"),
        (([1, 2],), {"test": float("nan")}, ValueError, "test: expected a finite number, got nan"),
        (([1, 2],), {"test": "half"}, TypeError, "test: expected a real number, got str 'half'"),
        (([1, 2],), {"stratified": True}, TypeError, "stratified=True needs labels: give ys"),
        (([1, 2],), {"rng": "x"}, TypeError, "rng: expected None"),
        ((5,), {}, TypeError, "split: xs: expected a list, got int"),
    ],
)
def test_splits_that_are_refused(arguments, options, error, message):
    with pytest.raises(error, match=message):
        split(*arguments, **options)


def test_reprs_say_how_many_and_not_which():
    assert repr(Split([[0.0]] * 1437, [1] * 1437, [], [])) == "Split of 1,437 samples to train on, 0 held out"
    for ys in ([0] * 10, None):
        parts = split([[0.0]] * 10, ys, validation=2, test=3, rng=1)
        assert repr(parts) == "Parts of 5 samples to train on, 2 to validate by, 3 held out"
