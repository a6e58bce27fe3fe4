"""Mermaid: every box and edge of the scene, and no label that means anything."""

import os
import re
from itertools import pairwise
from pathlib import Path

import pytest

from autograd import Value, draw
from autograd.writers.mermaid import escaped, to_mermaid
from tests.browser.opening import listen
from tests.writers.scenes import HOSTILE, every_shape, hostile, network, neuron

pytestmark = pytest.mark.any_build

ROOT = Path(__file__).parents[2]
MERMAID = Path(os.environ.get("CHAINRULE_MERMAID") or ROOT / "node_modules/mermaid/dist/mermaid.min.js")


def decoded(label):
    return re.sub(r"#(\d+);", lambda found: chr(int(found[1])), re.sub("</?b>", "", label))


def parts(source):
    """Labels by node, and edges, as a reader of the text finds them."""
    before, *_ = source.partition("  subgraph")
    labels = re.findall(r'^  (n_\w+)\b(?! [-~])[^"\n]*"([^"\n]*)"', before, re.M)
    edges = re.findall(r'^  (n_\w+) --[->](?:\|"([^"\n]*)"\|)? (n_\w+)$', before, re.M)
    return {id: decoded(label.replace("<br>", "\n")).split("\n") for id, label in labels}, edges


@pytest.mark.parametrize("scene", [hostile().scene, every_shape(), neuron(direction="TB").scene, network().scene])
def test_boxes_edges_and_texts_are_those_of_the_scene(scene):
    source = to_mermaid(scene).decode("utf-8")
    nodes, edges = parts(source)
    assert list(nodes.values()) == [[x["text"] for x in box["lines"]] for box in scene["boxes"]]
    assert [(tail, decoded(text), head) for tail, text, head in edges] == [
        (f"n_{edge['tail']}", edge["text"], f"n_{edge['head']}") for edge in scene["edges"]
    ]
    assert source.startswith(f"flowchart {scene['direction']}\n")
    for entry in scene["legend"]:
        assert escaped(entry["text"].rpartition(": ")[2]) in source


@pytest.mark.parametrize("label", HOSTILE)
def test_a_label_has_no_character_with_a_meaning(label):
    found = escaped(label)
    assert re.fullmatch(r"(?:\w|[^\x00-\x7f]|#\d+;|<b></b>| )*", found)
    assert decoded(found).isprintable() or "\ufffd" in decoded(found) or not label.isascii()


def test_a_label_that_is_cut_is_whole_in_a_comment_that_is_no_directive():
    source = to_mermaid(draw(Value(1.0, label="%%{init: {}}%%" + 1_000 * "a")).scene).decode()
    assert source.count("a") > 1_000
    assert "%%{" not in source
    assert source.count("\n%% n_") == 1


def test_what_is_too_large_for_mermaid_says_what_to_do():
    scene = neuron().scene
    scene["edges"] *= 600
    with pytest.raises(ValueError, match=r"at most 500 edges.*this picture has [\d,]+: fold it.*or save it as \.svg"):
        to_mermaid(scene)
    scene = neuron().scene
    scene["boxes"] *= 400
    with pytest.raises(ValueError, match=r"at most 50,000 characters, and this picture takes [\d,]+: fold it"):
        to_mermaid(scene)


@pytest.fixture(scope="module")
def page(chromium):
    """A page of a real browser with Mermaid in it; what it says aloud is kept in `said`."""
    if not MERMAID.is_file():
        pytest.skip(f"CHAINRULE_MERMAID names no mermaid.min.js, nor is {MERMAID} there: Mermaid is not run")
    page = chromium.new_page()
    listen(page)
    page.set_content("<!doctype html><div id=here></div>")
    page.add_script_tag(path=MERMAID)
    page.evaluate("mermaid.initialize({startOnLoad: false})")
    yield page
    page.close()


DRAW = "async source => {here.innerHTML = (await mermaid.render('graph', source)).svg}"
TEXTS = "[...document.querySelectorAll('g.node')].map(node => node.textContent)"


@pytest.mark.parametrize(
    "scene", [hostile().scene, every_shape(), network().scene], ids=["hostile", "shapes", "network"]
)
def test_mermaid_draws_it(page, scene):
    source = to_mermaid(scene).decode("utf-8")
    assert page.evaluate("source => mermaid.parse(source)", source)["diagramType"].startswith("flowchart")
    page.evaluate(DRAW, source)
    shown = ["".join(text.split()) for text in page.evaluate(TEXTS)]
    for box in scene["boxes"]:
        assert "".join("".join(line["text"] for line in box["lines"]).split()) in shown
    entries = sum(entry["kind"] == "sample" for entry in scene["legend"])
    assert page.locator("g.node").count() >= len(scene["boxes"]) + entries
    assert page.locator(".edgePaths path[marker-end]").count() == sum(edge["arrow"] for edge in scene["edges"])
    assert page.said == []
    assert page.locator("#here script, #here img").count() == 0


def test_lines_of_a_network_have_their_looks_and_its_columns_their_order():
    scene = network().scene
    source = to_mermaid(scene).decode("utf-8")
    assert "-->" not in source
    looks = {}
    for numbers, look in re.findall(r"linkStyle ([\d,]+) (.*)", source):
        looks |= dict.fromkeys(map(int, numbers.split(",")), look)
    for k, edge in enumerate(scene["edges"]):
        assert f"stroke:{edge['color']},stroke-width:{edge['width']:.2f}px" in looks[k]
        assert ("dasharray" in looks[k]) == edge["dashed"]
    titles = [f"n_{box['id']}" for box in scene["boxes"] if box["role"] == "title"]
    for one, other in pairwise(titles):
        assert f"  {one} ~~~ {other}\n" in source


def test_a_backslash_before_an_n_ends_no_line():
    assert escaped("\\nabla \\\\n \\tau") == "#92;<b></b>nabla #92;#92;<b></b>n #92;tau"
