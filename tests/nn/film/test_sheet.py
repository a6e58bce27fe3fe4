"""What a page shows, as data, and the page around it."""

import json
import math
import re
from base64 import b85decode
from html.parser import HTMLParser

import numpy as np
import pytest

import nn
from nn.film import sheet as module
from nn.film.page import page_of
from nn.film.plane import packed, shades
from nn.film.sheet import sheet_of
from tests.nn.film.runs import MOONS, fitted, looped, network

pytestmark = pytest.mark.any_build


def unpacked(text):
    return b85decode(text.translate(str.maketrans(".,:/", "<>&`")))


def sheet(recorder):
    return sheet_of(recorder.frames, recorder.losses)


def test_each_frame_has_what_was_recorded():
    model = network([3, 2, 1], "relu")
    adam = nn.Adam(model.parameters(), lr=0.05)
    recorder, _ = fitted(model, 11, optimizer=adam)
    found = sheet(recorder)
    assert json.loads(json.dumps(found, allow_nan=False)) == json.loads(json.dumps(found))
    assert found["layers"] == ["layers.0", "layers.1", "layers.2"]
    assert found["states"] == ["m (exp_avg)", "v (exp_avg_sq)"]
    assert found["losses"] == [[step, float(f"{loss:.8g}")] for step, loss in recorder.losses]
    for shown, frame in zip(found["frames"], recorder.frames, strict=True):
        assert (shown["step"], shown["epoch"], shown["lr"]) == (frame.step, frame.step, 0.05)
        assert shown["says"] == [[v.kind, f"{v.says} {v.remedy}"] for v in frame.verdicts()] or shown["says"][0][0] == (
            "healthy"
        )
        for cell, layer in zip(shown["layers"], frame.measure()["layers"], strict=True):
            assert cell[1] == pytest.approx(40 * layer["gradient"], rel=1e-3)  # of a sample, of a mean over 40
            assert cell[0] == pytest.approx(math.log10(40 * layer["gradient"]), rel=1e-3)
            assert cell[3:5] == [layer["dead"], layer["saturated"]]
            assert cell[5] == pytest.approx(frame.ratios()[layer["name"]], rel=1e-3)
        assert len(shown["rows"]) == len(frame.weights) == 20
        m, v = (frame.state["state"][0][key] for key in ("exp_avg", "exp_avg_sq"))
        for k, (name, value, grad, *state, update) in enumerate(shown["rows"]):
            assert found["names"][name] == frame.names[k]
            wanted = [frame.weights[k], frame.grads[k], m[k], v[k], frame.update[k]]
            assert [value, grad, *state, update] == pytest.approx(wanted, rel=1e-3)


def test_the_table_has_those_that_moved_most():
    recorder, _ = fitted(network([30, 1]), 6)
    found = sheet(recorder)
    assert found["some"] == "The 50 of 121 parameters that moved most in each step."
    for shown, frame in zip(found["frames"], recorder.frames, strict=True):
        assert len(shown["rows"]) == 50
        least = np.sort(np.abs(frame.update))[-50]
        assert all(abs(row[-1]) >= least * 0.999 for row in shown["rows"])


def test_lines_of_the_network_have_the_weights_of_the_frame():
    recorder, model = fitted(network([3, 1]), 6)
    found = sheet(recorder)
    (net,) = found["networks"]
    assert [(c["name"], c["size"]) for c in net["columns"]] == [("inputs", 2), ("layers.0", 3), ("layers.1", 1)]
    last = found["frames"][-1]["weights"]
    for (column, i, j), weight in zip(net["lines"], last, strict=True):
        assert weight == pytest.approx(model.layers[column - 1].neurons[i].w[j].data, rel=1e-2)
    assert len(last) == 9


def test_the_boundary_is_a_byte_for_each_point_in_two_kilobytes():
    recorder, model = fitted(network([8, 1]), 41, every=20)
    found = sheet(recorder)
    (x0, y0), (x1, y1) = found["plane"]["low"], found["plane"]["high"]
    assert found["plane"]["classes"] == ["label -1", "label +1"]
    assert len(found["plane"]["points"]) == 40
    for shown in found["frames"]:
        assert len(shown["plane"].encode()) == 2000
        assert not set(shown["plane"]) & set("<>&\"\\'`")
    grid = np.frombuffer(unpacked(found["frames"][-1]["plane"]), np.uint8).reshape(40, 40)
    for row in range(0, 40, 7):
        for column in range(0, 40, 7):
            point = [x0 + (x1 - x0) * column / 39, y1 - (y1 - y0) * row / 39]
            score = model(point).data
            if abs(score) > 1e-3:
                assert (grid[row, column] >> 4) == (2 if score > 0.0 else 1)


def test_bytes_go_into_text_and_back():
    numbers = bytes(np.random.default_rng(1).integers(0, 256, 1600, dtype=np.uint8))
    assert unpacked(packed(numbers)) == numbers


def test_what_is_of_no_class_is_nought():
    margins = [np.array([1.0, math.nan, -math.inf]), np.array([-1.0, math.nan, math.inf])]
    assert list(shades(margins, 1.0)) == [31, 0, 47]


@pytest.mark.parametrize(
    ("data", "model", "options", "why"),
    [
        (([[1.0, 2.0, 3.0]] * 4, [0, 1, 0, 1]), network(nin=3), {}, "samples have 3 numbers: a boundary is drawn"),
        (([[1.0, 2.0], [2.0, 1.0]], [0.25, 0.75]), network(), {"loss": "mse"}, "label 0 is 0.25, which is no class"),
        ((MOONS[0], [0.5 * k for k in range(40)]), network(), {"loss": "mse"}, "which is no class"),
        (([1.0, 2.0], [0, 1]), lambda x: network().layers[0]([x, x])[0], None, "samples have another shape"),
    ],
)  # fmt: skip
def test_where_there_is_no_boundary_it_says_why(data, model, options, why):
    if options is None:
        recorder = nn.Recorder()
        recorder(model=model, batch=data, loss=nn.hinge, optimizer=None)
    else:
        recorder, _ = fitted(model, 1, data=data, **{"loss": "hinge", **options})
    found = sheet(recorder)
    assert why in found["plane"]["why"]
    assert found["plane"]["why"].startswith("There is no boundary: ")
    assert {frame["plane"] for frame in found["frames"]} == {None}


def test_samples_without_labels_have_no_boundary():
    recorder = nn.Recorder()
    recorder(model=network(), batch=[[1.0, 2.0], [3.0, 4.0]], loss=0.5, optimizer=None)
    assert "no labels" in sheet(recorder)["plane"]["why"]


def test_of_many_frames_some_are_shown_and_that_is_said(monkeypatch):
    monkeypatch.setattr(module, "MOST_FRAMES", 10)
    recorder, _ = fitted(network([1]), 30, every=1)
    found = sheet(recorder)
    assert len(found["frames"]) == 10
    assert found["frames"][-1]["step"] == 29
    assert "30 steps recorded, from 0 to 29; 10 of them, evenly chosen, are on this page." in found["about"]


def test_numbers_that_json_has_not_are_text():
    recorder, _ = looped(network([2, 1]), 2, every=1, given=lambda value: value * float("inf"), lr=1e308)
    found = sheet(recorder)
    text = json.dumps(found, allow_nan=False)
    assert '"inf"' in text
    assert '"nan"' in text


class Tags(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.tags, self.given = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.given += attrs


def test_the_page_stands_by_itself(tmp_path):
    recorder, _ = fitted(epochs=3)
    recorder.save(tmp_path / "run.html")
    page = (tmp_path / "run.html").read_text(encoding="utf-8")
    found = Tags(page)
    assert [(name, x) for name, x in found.given if name in ("href", "src", "style") or name.startswith("on")] == [
        ("href", "data:,")
    ]
    policy = next(x for name, x in found.given if x and x.startswith("default-src"))
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"
    for word in ("fetch(", "XMLHttpRequest", "innerHTML", "import(", "eval(", "document.write", "@import", "url("):
        assert word not in page
    assert set(re.findall(r"https?://[^\s\"'`]+", page)) == {"http://www.w3.org/2000/svg"}
    assert found.tags.count("h1") == 1


def test_no_name_ends_the_data():
    name = "</script><script>alert(1)</script><!--"
    page = page_of({"names": [name]})
    assert Tags(page).tags.count("script") == 2
    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', page)[1]
    assert json.loads(data) == {"names": [name]}
    assert "<" not in data
