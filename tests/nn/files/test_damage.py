"""Damaged, forged and foreign files: the very same model, or a ValueError with the reason and nothing changed."""

import json
import re
from hashlib import sha256
from random import Random

import numpy as np
import pytest

from nn import MLP, load, save
from nn.files.payload import place_of_seal, read_payload, write_payload
from nn.files.seal import DIGITS, UNSEALED, sealed

pytestmark = pytest.mark.any_build
SUFFIXES = [".safetensors", ".json"]


def model_of(seed):
    return MLP(2, [2, 1], rng=seed)


@pytest.fixture(params=SUFFIXES)
def whole(request, tmp_path):
    """A sound file, its path, and its state."""
    path, model = tmp_path / f"x{request.param}", model_of(1)
    save(model, path, labels=["no", "yes"], note="é")
    return path, path.read_bytes(), model.state_dict()


TWIN = model_of(2)
BEFORE = TWIN.state_dict()


def judge(path, data, state, forged=False):
    """Whether a file of these bytes loads: then it is the very same model, unless somebody sealed another one."""
    path.unlink(missing_ok=True)
    path.write_bytes(data)
    TWIN.load_state_dict(BEFORE)
    vars(TWIN).pop("labels", None)
    try:
        load(path, TWIN)
    except ValueError as error:
        said = str(error)
        assert said.startswith(str(path))
        assert len(said) < 500 + len(str(path))
        assert TWIN.state_dict() == BEFORE
        assert not hasattr(TWIN, "labels")
        return False
    assert forged or TWIN.state_dict() == state
    return True


def test_every_single_bit(whole):
    path, data, state = whole
    assert judge(path, data, state)
    rng = Random(3)
    places = range(8 * len(data)) if len(data) < 120 else rng.sample(range(8 * len(data)), 900)
    for k in places:
        flipped = bytearray(data)
        flipped[k // 8] ^= 1 << (k % 8)
        assert not judge(path, bytes(flipped), state), f"bit {k}"


def test_every_length(whole):
    path, data, state = whole
    for n in [*range(0, len(data), 17), len(data) - 1]:
        assert not judge(path, data[:n], state)
    assert not judge(path, data + b"\0", state)
    assert not judge(path, data + b"\n", state)


INSERTED = [b"\xff", b"\xc3", b"9" * 5000, b"[" * 100_000, b"\0", b",", b'"', b"\xef\xbb\xbf", b"NaN", b"-1", b"1e999"]


def mutated(data, rng):
    """The bytes with a few changed, inserted or removed."""
    found = bytearray(data)
    for _ in range(rng.choice([1, 1, 2, 5])):
        at = rng.randrange(len(found))
        match rng.randrange(6):
            case 0:
                found[at] = rng.randrange(256)
            case 1:
                found[at] = rng.choice(b'0123456789[]{},:"-.eE\\x')
            case 2:
                del found[at : at + rng.choice([1, 3, 30])]
            case 3:
                found[at:at] = rng.choice(INSERTED)
            case 4:
                other = rng.randrange(len(found))
                found[at : at + 8] = found[other : other + 8]
            case 5:
                return bytes(found[:at] or b"{}")
        if not found:
            return b"{}"
    return bytes(found)


def test_a_thousand_mutated_files_of_each_kind(whole):
    path, data, state = whole
    rng = Random(1)
    for _ in range(1000):
        judge(path, mutated(data, rng), state)


def test_a_thousand_that_were_sealed_again(whole):
    """Whoever can seal a file can make a model of it, but a whole one, and nothing but a model."""
    path, data, state = whole
    kind, rng = path.suffix[1:], Random(2)
    at = place_of_seal(kind)
    loaded = 0
    for _ in range(1000):
        head = data[:at] if kind == "json" else data[8:at]
        rest = mutated(data[at + DIGITS :], rng)
        if kind == "json":
            forged = head + UNSEALED + rest
        else:  # so that the header ends where it did
            gained = len(rest) - len(data[at + DIGITS :])
            length = int.from_bytes(data[:8], "little") + (gained if rng.random() < 0.7 else 0)
            forged = max(0, length).to_bytes(8, "little") + head + UNSEALED + rest
        loaded += judge(path, sealed(forged, at), state, forged=True)
    assert 0 < loaded < 500  # some numbers were changed for others


STRANGE = [
    None, True, False, 0, 1, -1, 2**31, 2**63, 10**400, 0.5, float("nan"), float("inf"), "", "x", "nan", "F64", "F32",
    "U8", "BOOL", [], [[]], {}, [2, 2], [0, 8], [2.0, 2], [True, 2], [-1, -4], [10**30, 10**30], [0, 10**30],
    [10**9, 10**9], [0] * 70, "\ud800", "é" * 9999,
]  # fmt: skip


def nodes_of(data, path=()):
    yield path
    for key, item in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        yield from nodes_of(item, (*path, key))


def test_values_in_the_header_or_the_json_replaced_and_sealed(whole):
    path, data, state = whole
    kind, rng = path.suffix[1:], Random(4)
    begins = 8 + int.from_bytes(data[:8], "little") if kind == "safetensors" else len(data)
    header = json.loads(data[8 if kind == "safetensors" else 0 : begins])
    places = [place for place in nodes_of(header) if place]
    loaded = 0
    for _ in range(700):
        changed = json.loads(json.dumps(header))
        *way, last = rng.choice(places)
        holder = changed
        for key in way:
            holder = holder[key]
        holder[last] = rng.choice(STRANGE)
        loaded += judge(path, forged_of(kind, changed, data[begins:]), state, forged=True)
    assert 0 < loaded < 200  # a number in the place of another


def forged_of(kind, header, numbers=b""):
    """A sealed file of any header."""
    separators = (",", ":") if kind == "safetensors" else (",\n ", ": ")
    text = json.dumps(header, separators=separators).encode()
    if kind == "safetensors":
        text = len(text).to_bytes(8, "little") + text + numbers
    at = place_of_seal(kind)
    return sealed(text[:at] + UNSEALED + text[at + DIGITS :], at)


HEAD = {"format": "chainrule 1", "sha256": UNSEALED.decode()}
W = {"dtype": "F64", "shape": [1], "data_offsets": [0, 8]}
N = {"dtype": "F64", "shape": [1], "numbers": [0.5]}


@pytest.mark.parametrize(
    ("header", "numbers", "said"),
    [
        ({"w": {**W, "shape": [float("nan")]}}, 8, "'w' is of shape [nan]"),
        ({"w": {**W, "shape": [-1]}}, 8, "'w' is of shape [-1]"),
        ({"w": {**W, "shape": [True]}}, 8, "'w' is of shape [True]"),
        ({"w": {**W, "shape": 1}}, 8, "'w' is of shape 1"),
        ({"w": {**W, "shape": [10**12]}}, 8, "'w' lies at [0, 8], where [0, 8000000000000] is its place"),
        (
            {"w": {**W, "shape": [10**12], "data_offsets": [0, 8 * 10**12]}},
            8,
            "it ends too early: 'w' lies at [0, 8000",
        ),
        ({"w": {**W, "shape": [0, 10**30], "data_offsets": [0, 0]}}, 0, "'w' is of shape [0, 1000000000000000000000"),
        ({"w": {**W, "shape": [1] * 99}}, 8, "'w' is of shape [1, 1, 1"),
        ({"w": {**W, "data_offsets": [0, float("nan")]}}, 8, "'w' lies at [0, nan], where [0, 8] is its place"),
        ({"w": {**W, "data_offsets": [False, 8]}}, 8, "'w' lies at [False, 8]"),
        ({"w": {**W, "data_offsets": [8, 16]}}, 16, "'w' lies at [8, 16], where [0, 8] is its place"),
        ({"w": W, "v": W}, 8, "'v' lies at [0, 8], where [8, 16] is its place"),
        ({"w": W}, 16, "bytes, but should have"),
        ({"w": {**W, "dtype": "F8"}}, 8, "'w' is of kind 'F8', which is none of F64, F32"),
        ({"w": {**W, "dtype": []}}, 8, "'w' is of kind [], which is none of"),
        ({"w": {**W, "more": 1}}, 8, "the entry of 'w' is {"),
        ({"w": None}, 0, "the entry of 'w' is None"),
        ({"w": {"dtype": "BOOL", "shape": [8], "data_offsets": [0, 8]}}, 8, "'w' holds bytes that are no bools"),
        ({"__metadata__": {**HEAD, "x": "[" * 100_000}}, 0, "it is nested too deeply"),
        ({"__metadata__": {**HEAD, "x": '{"a":1,"a":2}'}}, 0, "the key 'a' is there twice"),
        ({"__metadata__": {**HEAD, "x": "9" * 5000}}, 0, "Exceeds the limit"),
        ({"__metadata__": {**HEAD, "x": "no"}}, 0, "Expecting value"),
        ({"__metadata__": {**HEAD, "x": 3}}, 0, "its notes are {'format': 'chainrule 1'"),
    ],
)
def test_forged_headers(tmp_path, header, numbers, said):
    path = tmp_path / "x"
    path.write_bytes(forged_of("safetensors", {"__metadata__": HEAD, **header}, b"\2" * numbers))
    with pytest.raises(ValueError, match=f"^{re.escape(f'{path} is damaged: ')}.*{re.escape(said)}"):
        read_payload(path)


@pytest.mark.parametrize(
    ("arrays", "said"),
    [
        (None, "its arrays are None"),
        ([], "its arrays are []"),
        ({"w": 3}, "the entry of 'w' is 3"),
        ({"w": {**N, "shape": [2]}}, "'w' has not the shape [2]"),
        ({"w": {**N, "shape": [1, 1]}}, "'w' has not the shape [1, 1]"),
        ({"w": {**N, "shape": []}}, "'w' holds something else than numbers of kind F64"),
        ({"w": {**N, "shape": [0, 10**30], "numbers": []}}, "'w' is of shape [0, 1000000"),
        ({"w": {**N, "numbers": [None]}}, "'w' holds something else than numbers of kind F64"),
        ({"w": {**N, "numbers": [True]}}, "'w' holds something else than numbers of kind F64"),
        ({"w": {**N, "numbers": ["0.5"]}}, "'w' holds something else than numbers of kind F64"),
        ({"w": {**N, "numbers": [float("nan")]}}, "'w' holds something else than numbers of kind F64"),
        ({"w": {**N, "numbers": [10**400]}}, "'w' holds something else than numbers of kind F64"),
        ({"w": {**N, "numbers": [2**53 + 1]}}, "'w' holds something else than numbers of kind F64"),
        ({"w": {**N, "dtype": "F32", "numbers": [0.1]}}, "'w' holds something else than numbers of kind F32"),
        ({"w": {**N, "dtype": "F16", "numbers": [1e300]}}, "'w' holds something else than numbers of kind F16"),
        ({"w": {**N, "dtype": "U8", "numbers": [256]}}, "'w' holds something else than numbers of kind U8"),
        ({"w": {**N, "dtype": "U64", "numbers": [-1]}}, "'w' holds something else than numbers of kind U64"),
        ({"w": {**N, "dtype": "I64", "numbers": [1.0]}}, "'w' holds something else than numbers of kind I64"),
        ({"w": {**N, "dtype": "BOOL", "numbers": [1]}}, "'w' holds something else than numbers of kind BOOL"),
    ],
)
def test_forged_json(tmp_path, arrays, said):
    path = tmp_path / "x.json"
    path.write_bytes(forged_of("json", {**HEAD, "arrays": arrays}))
    with pytest.raises(ValueError, match=f"^{re.escape(f'{path} is damaged: {said}')}"):
        read_payload(path)


@pytest.mark.parametrize("number", [1, 0, -3])
def test_a_whole_number_is_a_float_too(tmp_path, number):
    path = tmp_path / "x.json"
    path.write_bytes(forged_of("json", {**HEAD, "arrays": {"w": {**N, "numbers": [number]}}}))
    assert read_payload(path).arrays["w"].tolist() == [float(number)]


def test_a_key_twice_and_depth(tmp_path):
    path, at = tmp_path / "x.json", place_of_seal("json")
    head = json.dumps(HEAD, separators=(",\n ", ": ")).encode()[:-1]
    for rest, said in (
        (b', "arrays": {}, "arrays": {}}', "the key 'arrays' is there twice"),
        (b', "arrays": {}, "x": ' + b"[" * 200_000, "it is nested too deeply"),
        (b', "arrays": {}, "x": \xff}', "'utf-8' codec can't decode byte 0xff"),
    ):
        path.write_bytes(sealed(head + rest, at))
        with pytest.raises(ValueError, match=f"^{re.escape(f'{path} is damaged: {said}')}"):
            read_payload(path)


def test_a_header_that_claims_too_much(tmp_path):
    path = tmp_path / "x"
    write_payload(path, {"w": np.zeros(2)}, {})
    data = path.read_bytes()
    for length in (2**63, 2**64 - 1, 10**9, len(data)):
        path.write_bytes(length.to_bytes(8, "little") + data[8:])
        with pytest.raises(ValueError, match=rf"is damaged: it has {len(data)} bytes, of which {length} should be"):
            read_payload(path)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is not a file of chainrule's: it is empty"),
        (b"{}", r"is not a file of chainrule's: it begins with b'{}'"),
        (b"PK\x03\x04" + b"x" * 50, "is not a file of chainrule's: it begins with b'PK"),
        (b'{"format": "chainrule tape", "version": 1}', "is of the format 'chainrule tape'; this version reads"),
        (
            b'{"format": "chainrule 2",\n "sha256": "',
            "is of the format 'chainrule 2'; this version reads 'chainrule 1'",
        ),
        (b"\0" * 8 + b'{"__metadata__":{"format":"chainrule \xff', "is of the format 'chainrule \ufffd'"),
    ],
)
def test_foreign_files(tmp_path, data, said):
    (tmp_path / "x").write_bytes(data)
    with pytest.raises(ValueError, match=f"x {said}"):
        read_payload(tmp_path / "x")


def test_safetensors_of_another_program(tmp_path):
    numpy = pytest.importorskip("safetensors.numpy")
    numpy.save_file({"w": np.zeros(2)}, tmp_path / "x", {"format": "pt"})
    with pytest.raises(ValueError, match="x is not a file of chainrule's: safetensors of another program"):
        read_payload(tmp_path / "x")


def test_a_file_that_was_edited_says_so(tmp_path):
    path = tmp_path / "x.json"
    save(model_of(1), path)
    path.write_bytes(path.read_bytes().replace(b'"F64"', b'"F64" ', 1))
    with pytest.raises(
        ValueError, match=r"x\.json is damaged: its content is not what its SHA-256 was taken of: it was"
    ):
        load(path, model_of(2))


def test_the_seal_is_plain_sha_256():
    assert sealed(b"a" + UNSEALED, 1) == b"a" + sha256(b"a" + UNSEALED).hexdigest().encode()
