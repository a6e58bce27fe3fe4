"""The scene: what its schema promises, in memory and in a file."""

import json
from importlib.resources import files

import jsonschema
import pytest

from autograd import Value, draw
from tests.drawing.pictures import chain, random_graph, recurrence

pytestmark = pytest.mark.any_build

SCHEMA = json.loads(files("autograd.scenes").joinpath("scene.schema.json").read_text("utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(
    "options",
    [{}, {"boxes": "two"}, {"partials": True}, {"direction": "TB", "theme": "dark"}, {"labels": None, "color": None}],
)
def test_scenes_are_as_the_schema_says(options, tmp_path):
    nan = Value(float("nan")) - Value(float("inf"))
    nan.backward()
    for root in (nan, chain(20), recurrence(4), [random_graph(seed) for seed in range(5)]):
        d = draw(root, **options)
        VALIDATOR.validate(d.scene)
        d.save(tmp_path / "scene.json")
        VALIDATOR.validate(json.loads((tmp_path / "scene.json").read_text()))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda scene: scene.update(version=2),
        lambda scene: scene.pop("boxes"),
        lambda scene: scene["boxes"][0].update(role="thing"),
        lambda scene: scene["boxes"][0].update(data="nan"),
        lambda scene: scene["boxes"][0].update(position=[1.0]),
        lambda scene: scene["boxes"][0].update(surprise=1),
        lambda scene: scene["edges"][0].update(operand=-1),
        lambda scene: scene["edges"][0].pop("entry"),
    ],
)
def test_the_schema_refuses_what_is_none(spoil):
    scene = draw(Value(2.0) * 3).scene
    spoil(scene)
    assert not VALIDATOR.is_valid(scene)


def test_y_goes_downwards_and_all_is_within(engine):
    scene = draw(recurrence(3), wrap=False).scene
    for box in scene["boxes"]:
        (x, y), (w, h) = box["position"], box["size"]
        assert x - w / 2 >= -1
        assert x + w / 2 <= scene["width"] + 1
        assert y - h / 2 >= -1
        assert y + h / 2 <= scene["height"] + 1
    x, y = Value(1.0), Value(2.0)
    first, second, _ = draw(x - y).scene["boxes"]
    assert first["position"][1] < second["position"][1]


def test_paths_begin_at_their_tails_and_end_at_their_heads(engine):
    scene = draw(recurrence(2), wrap=False, partials=True).scene
    boxes = {box["id"]: box for box in scene["boxes"]}
    for edge in scene["edges"]:
        assert len(edge["path"]) % 3 == 1
        (x, y), (w, h) = boxes[edge["tail"]]["position"], boxes[edge["tail"]]["size"]
        assert abs(edge["path"][0][0] - x) <= w / 2 + 2
        assert abs(edge["path"][0][1] - y) <= h / 2 + 2
        assert abs(edge["path"][-1][0] - edge["entry"][0]) < 12
        assert (edge["label"] is not None) == (edge["text"] != "")


def test_a_scene_is_plain_and_ones_own():
    d = draw(Value(2.0) * 3)
    d.scene["boxes"].clear()
    assert len(json.loads(json.dumps(d.scene))["boxes"]) == 2
