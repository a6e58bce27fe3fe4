"""The names are those of the file, and a vocabulary is read back as it was written."""

import json
import pickle
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
from nn import Vocabulary, load_names


def test_names_are_names():
    names = load_names()
    assert len(names) == len(set(names)) == 29_910
    assert set("".join(names)) == set("abcdefghijklmnopqrstuvwxyz")
    assert {min(map(len, names)), max(map(len, names))} == {2, 15}
    assert load_names(3) == names[:3] == ["emma", "liam", "olivia"]
    names.append("mine")
    assert len(load_names()) == 29_910  # a list of one's own each time


def test_the_file_is_small_and_its_source_lies_beside_it():
    folder = Path(nn.__file__).parent / "data"
    assert (folder / "names.txt").stat().st_size < 250_000
    source = (folder / "names_source.txt").read_text(encoding="utf-8")
    assert "Social Security Administration" in source
    assert "public domain" in source


@pytest.mark.parametrize(
    ("n", "error", "message"),
    [
        (0, ValueError, "n: expected 1 or more, got 0"),
        (30_000, ValueError, "30000 names were asked for; there are 29910"),
        ("5", TypeError, "n: expected a whole number, got str '5'"),
    ],
)
def test_numbers_of_names_that_are_refused(n, error, message):
    with pytest.raises(error, match=message):
        load_names(n)


@given(st.lists(st.text(max_size=8), min_size=1).filter(any))
def test_what_is_encoded_is_decoded(texts):
    vocabulary = Vocabulary(texts)
    assert list(vocabulary.characters) == sorted(set("".join(texts)))
    assert len(vocabulary) == vocabulary.bos + 1 == len(vocabulary.characters) + 1
    for text in texts:
        tokens = vocabulary.encode(text)
        assert tokens[0] == tokens[-1] == vocabulary.bos
        assert vocabulary.encode(text, marks=False) == tokens[1:-1]
        assert [vocabulary.characters[token] for token in tokens[1:-1]] == list(text)
        assert vocabulary.decode(tokens) == text
        assert vocabulary.decode(np.array(tokens)) == text
    assert Vocabulary.from_dict(json.loads(json.dumps(vocabulary.to_dict()))) == vocabulary
    assert pickle.loads(pickle.dumps(vocabulary)) == vocabulary


def test_the_vocabulary_of_the_names_is_that_of_microgpt():
    """Numbers as its script gives them: the place in the sorted characters, and BOS behind them."""
    names = load_names()
    vocabulary = Vocabulary(names)
    letters = sorted(set("".join(names)))
    assert (vocabulary.bos, len(vocabulary)) == (26, 27)
    assert vocabulary.encode("noah") == [26, *(letters.index(c) for c in "noah"), 26]
    assert "a" in vocabulary
    assert "A" not in vocabulary
    assert vocabulary != Vocabulary("ab")
    assert {vocabulary, Vocabulary(names)} == {vocabulary}
    assert repr(Vocabulary("ab")) == "Vocabulary('ab')"


def test_texts_that_are_refused():
    with pytest.raises(ValueError, match="no characters: give at least one text"):
        Vocabulary([])
    with pytest.raises(ValueError, match="no characters"):
        Vocabulary([""])
    with pytest.raises(TypeError, match="expected texts, got int 3 at place 1"):
        Vocabulary(["a", 3])
    vocabulary = Vocabulary("abc")
    with pytest.raises(ValueError, match="encode: 'd' at place 2 of 'bad' is none of the 3 characters 'abc'"):
        vocabulary.encode("bad")
    with pytest.raises(TypeError, match="encode: expected a text, got NoneType None"):
        vocabulary.encode(None)
    for number in (-1, 4):
        with pytest.raises(ValueError, match=f"decode: {number} is no character's number; they are 0 to 3"):
            vocabulary.decode([0, number])
    with pytest.raises(TypeError, match=r"decode: expected whole numbers, got float 1\.0"):
        vocabulary.decode([1.0])
    for data in ({}, [], {"kind": "Vocabulary"}, {"kind": "OneHot", "characters": "ab"}, None):
        with pytest.raises(ValueError, match="is no vocabulary: expected what to_dict gives"):
            Vocabulary.from_dict(data)
