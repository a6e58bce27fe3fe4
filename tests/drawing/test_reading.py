"""What all writers read from a scene: every shape, every format, and the legend in rows."""

from typing import get_args

import pytest

from autograd.drawing.paper import ENDINGS
from autograd.scenes import dot
from autograd.scenes.looks import Shape
from autograd.writers import mermaid, reading
from autograd.writers.reading import legend_of, outline_of, sizes
from tests.writers.scenes import network, neuron

pytestmark = pytest.mark.any_build


@pytest.mark.parametrize("shapes", [reading.OUTLINES, mermaid.SHAPES, dot.GRAPHVIZ_SHAPES])
def test_each_shape_has_a_look_in_each_output(shapes):
    assert set(shapes) == set(get_args(Shape))


def test_outlines_fill_their_frames_and_differ():
    found = {}
    for shape in get_args(Shape):
        outline = outline_of({"shape": shape, "position": [100.0, 50.0], "size": [60.0, 36.0]})
        if outline is not None and outline.corners:
            xs, ys = zip(*outline.corners, strict=True)
            assert (min(xs), max(xs), max(ys)) == (70.0, 130.0, 68.0)
            assert min(ys) == (28.0 if shape == "tab" else 32.0)
        found[shape] = outline
    assert found["plain"] is None
    assert found["circle"] == found["ellipse"]
    assert found["square"] == found["box"]
    assert len({repr(outline) for outline in found.values()}) == len(found) - 2


@pytest.mark.parametrize("picture", [network, neuron])
@pytest.mark.parametrize("ending", ENDINGS)
def test_it_is_saved_in_every_format(tmp_path, picture, ending):
    path = tmp_path / f"picture.{ending}"
    picture().save(path)
    assert path.stat().st_size > 100


def entries(*texts, kind="words"):
    return [{"kind": kind, "text": text, "fill": "#FFFFFF" * (kind == "sample"), "dashed": False} for text in texts]


def test_a_legend_takes_as_many_rows_as_it_needs_and_widens_no_picture_much():
    scene = neuron().scene | {"width": 100.0, "height": 50.0}
    samples = [*entries("fill: grad", kind="title"), *entries("−1", "1", kind="sample")]
    groups = [*entries("fill of groups: mean |grad|", kind="title"), *entries("0.001", "1", kind="sample")]
    words = entries(*(f"word {k}: thing" for k in range(9)))
    scene["legend"] = samples + groups + words
    found = legend_of(scene)
    assert found.samples == [samples, groups], "samples stay with their title"
    assert len(found.words) > 1
    assert " · ".join(found.words) == " · ".join(entry["text"] for entry in words)
    width, height = sizes(scene)
    assert 100.0 < width < 400.0
    assert height > 50.0 + reading.LEGEND * (2 + len(found.words))
    assert sizes(scene | {"legend": []}) == (100.0, 50.0)
    assert len(legend_of(scene | {"width": 2000.0}).words) == len(legend_of(scene | {"width": 2000.0}).samples) == 1
