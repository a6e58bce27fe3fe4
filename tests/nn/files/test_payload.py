"""Arrays and plain data in files: exact, sealed, whole or not at all; and what other programs make of them."""

import errno
import json
import math
import os
import re
from hashlib import sha256

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nn.files.payload import place_of_seal, read_payload, write_payload
from nn.files.seal import UNSEALED
from nn.files.tensors import KINDS
from tests.sizes import some

pytestmark = pytest.mark.any_build
SUFFIXES = [".safetensors", ".json", ""]


def same(a, b):
    return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda x: st.lists(x, max_size=3) | st.dictionaries(st.text(), x, max_size=3),
    max_leaves=8,
)
ARRAYS = st.dictionaries(
    st.text(max_size=8).filter(lambda name: name != "__metadata__"),
    st.sampled_from(list(KINDS.values())).flatmap(
        lambda kind: hnp.arrays(np.dtype(kind), hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3))
    ),
    max_size=4,
)


@pytest.mark.parametrize("suffix", SUFFIXES)
@settings(max_examples=some(60), deadline=None)
@given(arrays=ARRAYS, about=st.dictionaries(st.text(max_size=8), PLAIN, max_size=3))
def test_what_is_written_comes_back_to_the_bit(tmp_path_factory, suffix, arrays, about):
    about = {key: x for key, x in about.items() if key not in ("format", "sha256", "arrays")}
    path = tmp_path_factory.getbasetemp() / f"any{suffix}"
    write_payload(path, arrays, about)
    found = read_payload(path)
    assert list(found.arrays) == list(arrays)
    for name, array in arrays.items():
        if suffix == ".json" and array.dtype.kind == "f":  # a nan has other bits, perhaps
            assert np.array_equal(found.arrays[name], array, equal_nan=True)
            assert np.array_equal(np.signbit(found.arrays[name]), np.signbit(array) & ~np.isnan(array))
            assert found.arrays[name].dtype == array.dtype
        else:
            assert same(found.arrays[name], array)
    assert found.about == about
    assert repr(found.about) == repr(about)  # 1 is not True, and -0.0 not 0.0


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_numbers_at_the_edges(tmp_path, suffix):
    numbers = np.array([0.0, -0.0, math.nan, math.inf, -math.inf, 5e-324, 1.7976931348623157e308, 0.1])
    about = {"losses": [0.1, math.nan, math.inf], "state": 2**127 + 1, "nothing": None, "deep": {"a": [[]]}}
    write_payload(tmp_path / f"x{suffix}", {"x": numbers, "none": np.zeros((0, 3))}, about)
    found = read_payload(tmp_path / f"x{suffix}")
    assert same(found.arrays["x"][[0, 1, 3, 4, 5, 6, 7]], numbers[[0, 1, 3, 4, 5, 6, 7]])
    assert math.isnan(found.arrays["x"][2])
    assert found.arrays["none"].shape == (0, 3)
    assert repr(found.about) == repr(about)
    found.arrays["x"][0] = 1.0  # it is nobody else's


def test_lists_tuples_and_numbers_of_numpy_become_plain(tmp_path):
    write_payload(
        tmp_path / "x", {"w": [[1, 2], [3, 4]]}, {"a": (1, np.float64(0.1)), "b": np.arange(2), "c": np.True_}
    )
    found = read_payload(tmp_path / "x")
    assert found.about == {"a": [1, 0.1], "b": [0, 1], "c": True}
    assert found.arrays["w"].dtype == np.int64


@pytest.mark.parametrize("suffix", [".safetensors", ".json"])
def test_the_digest_is_the_sha_256_of_the_file_with_zeros_in_its_place(tmp_path, suffix):
    path = tmp_path / f"x{suffix}"
    write_payload(path, {"w": np.arange(3.0)}, {"epoch": 3})
    data = path.read_bytes()
    digest = re.search(rb'"sha256": ?"([0-9a-f]{64})"', data)[1]
    assert sha256(data.replace(digest, UNSEALED)).hexdigest().encode() == digest
    assert data.index(digest) == place_of_seal(suffix[1:])


def test_the_library_of_safetensors_reads_it(tmp_path):
    safetensors = pytest.importorskip("safetensors")
    from safetensors.numpy import load_file

    arrays = {
        name: np.arange(6).reshape(2, 3).astype(kind) for name, kind in KINDS.items()
    } | {"one": np.array(0.5), "none": np.zeros((0, 2))}  # fmt: skip
    path = tmp_path / "x.safetensors"
    write_payload(path, arrays, {"labels": ["a", "b"]})
    found = load_file(path)
    assert all(same(found[name], array) for name, array in arrays.items())
    assert len(found) == len(arrays)
    with safetensors.safe_open(path, "numpy") as file:
        assert json.loads(file.metadata()["labels"]) == ["a", "b"]
        assert file.metadata()["format"] == "chainrule 1"


def test_other_programs_read_the_json(tmp_path):
    path = tmp_path / "x.json"
    write_payload(path, {"w": np.array([[0.5, math.inf], [0.1, -0.0]])}, {"by": "hand"})
    found = json.loads(path.read_text(), parse_constant=lambda x: pytest.fail(f"{x} is not JSON"))
    assert found["arrays"]["w"] == {"dtype": "F64", "shape": [2, 2], "numbers": [[0.5, "inf"], [0.1, -0.0]]}
    assert found["by"] == "hand"


@pytest.mark.parametrize(
    ("arrays", "about", "error", "said"),
    [
        ({"w": np.array([1j])}, {}, TypeError, "array 'w' is of complex128: files hold whole numbers, floats"),
        ({"w": np.array([None])}, {}, TypeError, "array 'w' is of object"),
        ({"w": np.array(["x"])}, {}, TypeError, "array 'w' is of <U1"),
        ({1: np.zeros(1)}, {}, TypeError, "an array is named 1, a int; names in files are text"),
        ({"__metadata__": np.zeros(1)}, {}, ValueError, "no array may be named '__metadata__'"),
        ({}, {"sha256": 1}, ValueError, "about['sha256']: a file has an entry of its own of that name"),
        ({}, {"model": object}, TypeError, "about['model']: <class 'object'> is a type: files hold None, bools"),
        ({}, {"a": [{"b": {1, 2}}]}, TypeError, "about['a'][0]['b']: {1, 2} is a set"),
        ({}, {"a": {1: 2}}, TypeError, "about['a']: a key is 1, a int; keys in files are text"),
        ({}, {"a": b"x"}, TypeError, "about['a']: b'x' is a bytes"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_what_no_file_can_hold_is_refused_before_one_is_touched(tmp_path, suffix, arrays, about, error, said):
    path = tmp_path / f"x{suffix}"
    path.write_bytes(b"before")
    with pytest.raises(error, match=f"^{re.escape(said)}"):
        write_payload(path, arrays, about)
    assert path.read_bytes() == b"before"
    assert os.listdir(tmp_path) == [path.name]


def test_data_in_a_circle(tmp_path):
    x = []
    x.append(x)
    with pytest.raises(ValueError, match=r"^about.*: nested too deeply to be written"):
        write_payload(tmp_path / "x", {}, {"x": x})


def test_a_folder_that_is_not_there_and_a_path_that_is_no_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        write_payload(tmp_path / "no" / "x", {}, {})
    with pytest.raises(FileNotFoundError):
        read_payload(tmp_path / "x")
    with pytest.raises(OSError, match="is no file"):
        read_payload(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_pipe_that_nobody_writes_to_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="is no file"):
        read_payload(tmp_path / "pipe")


def test_a_full_disk_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "x"
    write_payload(path, {}, {"epoch": 1})

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_payload(path, {}, {"epoch": 2})
    monkeypatch.undo()
    assert read_payload(path).about == {"epoch": 1}
    assert os.listdir(tmp_path) == ["x"]


def test_file_and_folder_are_on_the_disk_in_that_order(tmp_path, monkeypatch):
    synced, sync = [], os.fsync

    def noted(descriptor):
        synced.append(os.path.isdir(f"/proc/self/fd/{descriptor}"))
        sync(descriptor)

    if not os.path.isdir("/proc/self/fd"):
        pytest.skip("what a descriptor is cannot be seen here")
    monkeypatch.setattr(os, "fsync", noted)
    write_payload(tmp_path / "x", {}, {})
    assert synced == [False, True]


@pytest.mark.parametrize("ending", ["safetensors", "json"])
def test_errors_name_the_path_that_was_given(tmp_path, ending, monkeypatch):
    path = tmp_path / "none" / f"state.{ending}"
    with pytest.raises(FileNotFoundError, match=re.escape(f"there is no folder {path.parent}: '{path}'")) as caught:
        write_payload(path, {}, {})
    assert caught.value.filename == str(path)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileNotFoundError, match=f": 'none/state.{ending}'$"):
        write_payload(f"none/state.{ending}", {}, {})

    def full(path, contents):
        raise OSError(errno.ENOSPC, "No space left on device", f"{tmp_path}/.0123456789abcdef.part")

    monkeypatch.setattr("nn.files.payload.write_file", full)
    with pytest.raises(OSError, match=r"^\[Errno 28\] No space left on device: 'state\.json'$"):
        write_payload("state.json", {}, {})
    assert not list(tmp_path.iterdir())
