"""Damaged and forged files: what comes out is valid, or one kind of error; never another, a hang or a crash."""

import copy
import json
import math
import pickle
from contextlib import nullcontext, suppress
from random import Random

import pytest

import autograd
from autograd import Tape, Value
from autograd.calculus.table import TABLE
from autograd.programs.steps import packed
from autograd.values.copying import assemble, rebuild
from nn import MLP

NUMBERS = (0.5, 2.0, -1.5)


def sample():
    """A tape with whatever a tape can have."""

    def function(x, y, z):
        if x < y:
            return autograd.dot([x, y], [z, 3.0]) + autograd.where(z > 0.0, x, y.exp() / math.inf), autograd.sum([x, z])
        return x, y

    return Tape.record(function, *NUMBERS)


def judge(path, data, thoroughly=True):
    """Whether a file of these bytes loads; what is loaded must be as good as any other tape."""
    path.unlink(missing_ok=True)  # to write over it may wait for the disk
    path.write_bytes(data)
    try:
        tape = Tape.load(path)
    except ValueError as error:
        said = str(error)
        assert said.startswith((f"{path} is not a tape", f"{path} is a damaged tape: ", f"{path} is of version "))
        assert len(said) < 400 + len(str(path))
        return False
    assert type(tape.single) is bool
    assert all(type(label) is str for label in tape.labels)
    numbers = [0.5 + k for k in range(len(tape.labels))]
    with suppress(ValueError) if tape.guards else nullcontext():  # a guard may refuse these numbers
        tape(*numbers)
    if not thoroughly:
        return True
    for write in (str, Tape.to_python, Tape.to_c, Tape.statistics, Tape.simplify):
        write(tape)
    tape.save(path)
    again = Tape.load(path)
    assert again.__getstate__() == tape.__getstate__() or any(x != x for row, x in tape.steps if row is None)
    return True


def nodes_of(data, path=()):
    """The place of every node in a JSON value."""
    yield path
    for key, item in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        yield from nodes_of(item, (*path, key))


def nested(depth):
    found = []
    for _ in range(depth):
        found = [found]
    return found


STRANGE = [
    None, True, False, 0, 1, 2, -1, 3, 10**9, 2**31, 2**63, 10**400, 0.0, 1.5, 1e308, math.nan, math.inf, "", "x", "10",
    "0x1p5000", "0x1p0", "0x1.0000000000000p+0", "-0x0.0p+0", "nan", "inf", "-nan", "infinity", "1_0", "mul", "tanh",
    "dot", "sum", "where", [], [[]], {}, {"x": 1}, ["mul"], ["0x1.8p1"], ["sum"], ["dot", 0], ["mul", 0, 0],
    ["mul", True, 0], ["mul", 0, 0.0], ["detach", 0], [0, True], [0, 1], ["leaf"], nested(900), "\ud800",
    "é" * 99, "\0",
]  # fmt: skip


INSERTED = [b"\xff", b"\xc3", b"9" * 5000, b"[" * 2000, b"\0", b",", b'"', b"\xef\xbb\xbf"]


def test_bytes_of_a_tape_file_changed(tmp_path):
    path, rng = tmp_path / "tape.json", Random(1)
    sample().save(path)
    whole = path.read_bytes()
    assert judge(path, whole)
    for k in range(1500):
        data = bytearray(whole)
        for _ in range(rng.choice([1, 1, 2, 5])):
            at, what = rng.randrange(len(data)), rng.randrange(5)
            if what == 0:
                data[at] = rng.randrange(256)
            elif what == 1:
                data[at] = rng.choice(b'0123456789[]{},:"-.eE\\x')
            elif what == 2:
                del data[at : at + rng.choice([1, 3, 30])]
            elif what == 3:
                data[at:at] = rng.choice(
                    [b"\xff", b"\xc3", b"9" * 5000, b"[" * 2000, b"\0", b",", b'"', b"\xef\xbb\xbf"]
                )
            else:
                data = data[:at] or bytearray(b"{}")
                break
        judge(path, bytes(data), k % 20 == 0)


def test_nodes_of_a_tape_file_replaced(tmp_path):
    path, rng = tmp_path / "tape.json", Random(2)
    sample().save(path)
    whole = json.loads(path.read_text())
    places = [place for place in nodes_of(whole) if place]
    loaded = 0
    for k in range(2500):
        data = copy.deepcopy(whole)
        for _ in range(1 + k % 2):
            *way, last = rng.choice(places)
            holder = data
            try:
                for key in way:
                    holder = holder[key]
                if rng.random() < 0.1:
                    del holder[last]
                else:
                    holder[last] = rng.choice(STRANGE)
            except (LookupError, TypeError):
                pass  # the first change took the place away
        loaded += judge(path, json.dumps(data).encode(), k % 20 == 0)
    assert 0 < loaded < 1000


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('["0x1.8000000000000p+1"]', '["0x1p5000"]', "step 1 is '0x1p5000', which is neither a function nor a number"),
        ('["0x1.8000000000000p+1"]', '"10"', "step 1 is '10'"),
        ('["0x1.8000000000000p+1"]', '["10"]', "step 1 is '10', which is neither"),
        ('["0x1.8000000000000p+1"]', '["0x1.8p1"]', "step 1 is '0x1.8p1', which is neither"),
        ('["0x1.8000000000000p+1"]', "[]", r"step 1 is \[\]"),
        ('["0x1.8000000000000p+1"]', "[3.0]", r"step 1 is \[3.0\]"),
        ('["mul", 0, 1]', '["mul", 0, true]', r"step 2 applies mul to the slots \[0, True\]"),
        ('["mul", 0, 1]', '["mul", 0, 2]', r"step 2 applies mul to the slots \[0, 2\]"),
        ('"labels": ["x"]', '"labels": "x"', "labels 'x', no list"),
        ('"outputs": [2]', '"outputs": {}', "outputs {}, no list"),
        ('"outputs": [2]', '"outputs": [2], "outputs": [1]', "a key is there twice"),
        ('"single": true', '"double": true', "single is None"),
        ('"guards": []', '"guards": ["ab"]', "guards"),
    ],
)
def test_what_a_damaged_file_is_said_to_have(tmp_path, old, new, said):
    path = tmp_path / "tape.json"
    x = Value(2.0, label="x")
    Tape(x * 3.0, x).save(path)
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    with pytest.raises(ValueError, match=said):
        Tape.load(path)


@pytest.mark.parametrize("number", [0.0, -0.0, 5e-324, -1.7976931348623157e308, math.inf, -math.inf, math.nan, 0.1])
def test_every_constant_comes_back(tmp_path, number):
    x = Value(2.0)
    Tape([x, Value(number).detach()], x).save(tmp_path / "tape.json")
    found = Tape.load(tmp_path / "tape.json")(1.0)[1]
    assert found.hex() == number.hex()


# --- pickles ---


def saved_nodes():
    """The arguments of `rebuild` for nodes of each kind."""
    x, y, c = Value(2.0), Value(3.0), Value(0.5).detach()
    numbers = [0.25] * 6
    for row in TABLE:
        if row.partials:
            n = len(row.partials)
            yield row.name, 1.5, 0.0, n > 2, *[x, y, c][:n], *numbers[:n]
        else:
            yield row.name, 1.5, 0.0, True, x, 4.0, y, x, *numbers[:4]
    yield "leaf", 1.0, 2.0, False
    yield "constant", 1.0, 0.0, False
    yield "custom", 1.0, 0.0, True, x, y, 0.5, 0.25


def use(node):
    """Whatever walks over a graph."""
    if not node.is_constant:
        node.backward()
    assert len(node.operands) == len(node.partials)
    repr(node)
    copy.deepcopy(node)
    if node.primitive is not None and not node.is_constant:
        Tape(node)
    node + node


def test_a_forged_node_is_made_right_or_refused():
    rng = Random(3)
    alien = [None, True, 0, 1, 2.5, "mul", b"", [], {}, (), object(), math.nan, Value, 10**400, 1j, Value(7.0)]
    names = [row.name for row in TABLE] + ["leaf", "constant", "custom"]
    made = refused = 0
    for arguments in saved_nodes():
        use(rebuild(*arguments))
        for _ in range(60):
            forged = list(arguments)
            for _ in range(rng.choice([1, 1, 2])):
                at, what = rng.randrange(len(forged) + 1), rng.randrange(5)
                if what == 0 and at < len(forged):
                    del forged[at]
                elif what == 1:
                    forged.insert(at, rng.choice(alien))
                elif what == 2 and forged:
                    forged[0] = rng.choice(names)
                elif what == 3 and len(forged) > 3:
                    forged[3] = rng.choice([True, False])
                elif at < len(forged):
                    forged[at] = rng.choice(alien)
            try:
                node = rebuild(*forged)
            except (TypeError, ValueError):
                refused += 1
            else:
                made += 1
                use(node)
    assert made > 100
    assert refused > 1000


@pytest.mark.parametrize(
    "arguments",
    [
        ("mul", 6.0, 0.0, False, Value(2.0), 3.0),  # one operand of two
        ("mul", 6.0, 0.0, False, None, None, 3.0, 2.0),
        ("mul", 6.0, 0.0, True, Value(2.0), Value(3.0), 3.0, 2.0),  # folded
        ("exp", 6.0, 0.0, False),
        ("dot", 6.0, 0.0, True, Value(2.0), 3.0),  # not in pairs
        ("sum", 0.0, 0.0, True),
        ("where", 6.0, 0.0, True, Value(2.0), Value(3.0), 3.0, 2.0),
        ("custom", 6.0, 0.0, True, 2.0, 3.0),
        ("leaf", 6.0, 0.0, False, Value(2.0), 1.0),
        ("leaf", 6, 0.0, False),
        ("leaf", 6.0, None, False),
        ("leaf", 6.0, 0.0, 0),
        (["leaf"], 6.0, 0.0, False),
    ],
)
def test_a_node_of_wrong_parts_is_refused(arguments):
    with pytest.raises((TypeError, ValueError), match=r"this graph|expected|must be|argument"):
        rebuild(*arguments)


def test_a_forged_graph_is_refused():
    x = Value(2.0)
    with pytest.raises(TypeError, match="it has a float in place of a Value"):
        assemble([x], [], 3.0)
    with pytest.raises(TypeError, match="it has a str in place of a Value"):
        assemble([x, "x"], [], x)
    with pytest.raises(TypeError, match="attributes"):
        assemble([x], [(x, {1: 2})], x)


@pytest.mark.parametrize(
    "change",
    [
        {"outputs": (9,)}, {"outputs": ()}, {"outputs": [2]}, {"labels": (1,)}, {"labels": ()}, {"single": 1},
        {"guards": ((0, 1),)}, {"guards": ((7, True),)}, {"guards": (0,)}, {"steps": []}, {"steps": None},
        {"steps": packed([(None, 3.0), (TABLE[2], (0, 2))])}, {"steps": packed([(None, 3.0), (TABLE[2], (0,))])},
    ],
)  # fmt: skip
def test_a_forged_tape_is_refused(change):
    x = Value(2.0)
    tape = Tape(x * 3.0, x)
    again = pickle.loads(pickle.dumps(tape))
    assert (again(5.0), again.steps, again.labels) == (15.0, tape.steps, tape.labels)
    with pytest.raises(ValueError, match=r"parts of a tape|outputs|labels|single|guards|step . applies"):
        Tape.__new__(Tape).__setstate__(tape.__getstate__() | change)


@pytest.mark.parametrize(
    "step", [(None, 3), (None, "3"), (TABLE[0], (0, True)), (TABLE[0], (0, -1)), (TABLE[0], (0, 1.0)), ("mul", (0, 0))]
)
def test_forged_steps_are_refused(step):
    with pytest.raises(ValueError, match="these are no steps of a tape"):
        packed([step])


# --- weights ---


def test_a_damaged_state_is_refused_and_nothing_is_loaded():
    model, rng = MLP(2, [2, 1], rng=1), Random(4)
    whole = json.dumps(model.state_dict())
    before, loaded = model.state_dict(), 0
    for _ in range(1500):
        if rng.random() < 0.5:
            data = bytearray(whole.encode())
            data[rng.randrange(len(data))] = rng.choice(b'0123456789[]{},:"-.eE\\x\xff')
            text = bytes(data)
        else:
            state = json.loads(whole)
            state[rng.choice(list(state))] = rng.choice(STRANGE)
            text = json.dumps(rng.choice([state, state, state, rng.choice(STRANGE)])).encode()
        try:
            model.load_state_dict(json.loads(text))
        except ValueError:
            assert model.state_dict() == before
        else:
            loaded += 1
            assert all(type(x) is float for x in model.state_dict().values())
            model.load_state_dict(before)
    assert 0 < loaded < 1200
