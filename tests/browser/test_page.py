"""The page in a real browser: keys, groups, samples, finding; how large, how quick, readable for everybody."""

from builtins import sum as total
from pathlib import Path

import pytest

from autograd import Value, draw, tanh
from autograd.browser.html import html_of
from autograd.scenes.text import short
from tests.browser.reading import count, folded, listed, load, number, step_table

pytestmark = pytest.mark.any_build


def chain(n):
    """A graph of so many nodes, each used twice."""
    x = [Value(0.1 * k, label=f"x{k}") for k in range(4)]
    while len(x) < n:
        x.append(x[-1].tanh() if len(x) % 3 == 0 else x[-1] * x[-3] if len(x) % 3 == 1 else x[-1] + x[-2])
    return x[-1]


# --- how large, how quick ---


def test_sizes(neuron, moons_page):
    assert len(html_of(draw(neuron).document()).encode()) <= 50_000
    loss = chain(200)
    loss.backward()
    assert len(html_of(draw(loss, fold=None).document()).encode()) <= 150_000
    assert len(moons_page[2].encode()) <= 400_000


def test_it_opens_offline_and_asks_for_nothing(chromium, tmp_path, neuron):
    path = draw(neuron).page(tmp_path / "deep" / "neuron.html")
    context = chromium.new_context(offline=True)
    tab = context.new_page()
    asked, said = [], []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("console", lambda message: said.append(message.text))
    tab.goto(Path(path).as_uri())
    assert tab.locator(".box").count() == 10
    assert len(asked) == 1
    assert said == []
    context.close()


def test_a_hundred_steps_through_200_nodes(tab):
    loss = chain(200)
    loss.backward()
    load(tab, html_of(draw(loss, fold=None).document(), step=0))
    for _ in range(10):
        tab.keyboard.press("Shift+ArrowRight")
    assert count(tab)[0] == 101


# --- steps ---


def test_steps_go_forward_and_then_backward(tab, neuron):
    load(tab, html_of(draw(neuron).document(), step=0))
    assert count(tab) == (1, 12)
    assert tab.locator(".say").text_content() == "Forward: x1 * w1 is −6"
    assert tab.locator(".box.ahead").count() == 4
    for _ in range(5):
        tab.keyboard.press("ArrowRight")
    assert tab.locator(".say").text_content() == "Backward begins: the gradient of o is 1"
    tab.keyboard.press("ArrowRight")
    assert tab.locator(".say").text_content() == "Backward through o = tanh(n), whose gradient is 1"
    assert step_table(tab) == [["n", "4 * sigmoid_slope(2 * n) = 0.5", "1", "0.5", "0", "0.5"]]
    assert tab.locator(".edge.hot").text_content() == "×0.5"
    tab.keyboard.press("Home")
    assert count(tab)[0] == 1
    tab.keyboard.press("End")
    tab.keyboard.press("Shift+ArrowLeft")
    assert count(tab)[0] == 2
    tab.keyboard.press("Space")
    assert tab.get_by_label("Pause").count() == 1
    tab.wait_for_timeout(900)
    assert count(tab)[0] == 3
    tab.keyboard.press("Space")
    tab.locator("input[type=range]").fill("5")
    assert count(tab)[0] == 6


FOCUSED = "document.activeElement.getAttribute('aria-label') || document.activeElement.textContent"


def test_everything_by_keyboard(tab):
    loss, _w, _b = folded()
    loss.backward()
    load(tab, html_of(draw(loss, max_boxes=5).document()))
    reachable = set()
    for _ in range(40):
        tab.keyboard.press("Tab")
        reachable.add(tab.evaluate(FOCUSED))
    assert {"First step", "Play", "Step", "Fit", "Table", "Digits", "Theme", "Help"} <= reachable
    tab.keyboard.press(".")
    assert tab.locator(".chosen p").text_content().startswith("Chosen: ")
    assert tab.locator(".box.chosen-box").count() == 1
    tab.keyboard.press("Escape")
    assert tab.locator(".box.chosen-box").count() == 0
    tab.keyboard.press("?")
    assert tab.get_by_role("dialog").is_visible()
    tab.keyboard.press("Escape")
    assert not tab.get_by_role("dialog").is_visible()
    tab.keyboard.press("d")
    assert tab.locator(".autograd-page").get_attribute("data-theme") == "dark"


def test_a_click_shows_neighbours_and_a_drag_moves(tab, neuron):
    load(tab, html_of(draw(neuron).document()))
    tab.locator(".box", has_text="x1 * w1").first.click()
    assert tab.locator(".box.operand").count() == 2
    assert tab.locator(".box.user").count() == 1
    assert tab.locator(".box.dim").count() > 3
    before = tab.locator(".graph").get_attribute("viewBox")
    tab.mouse.move(600, 200)
    tab.mouse.down()
    tab.mouse.move(650, 230, steps=4)
    tab.mouse.up()
    moved = tab.locator(".graph").get_attribute("viewBox")
    assert moved != before
    tab.keyboard.press("+")
    assert float(tab.locator(".graph").get_attribute("viewBox").split()[2]) < float(moved.split()[2])
    tab.keyboard.press("f")
    assert tab.locator(".graph").get_attribute("viewBox") == before


# --- groups, samples, finding ---


def test_a_group_opens_and_closes(tab, moons_page):
    model, _loss, page = moons_page
    load(tab, page)
    tab.locator(".box", has_text="layers.1").dblclick()
    assert tab.locator(".crumbs [aria-current]").text_content() == "model.layers.1"
    assert "model.layers.0" in tab.locator(".crumbs .near").first.text_content()
    assert tab.locator(".box").count() == 16
    tab.locator(".box", has_text="neurons.3").first.dblclick()
    assert tab.locator(".crumbs button").count() == 2
    tab.locator(".box", has_text="parameters").dblclick()
    shown = listed(tab)
    weights = [*model.layers[1].neurons[3].w, model.layers[1].neurons[3].b]
    assert sorted(number(row["grad"]) for row in shown.values()) == sorted(w.grad for w in weights)
    assert sorted(number(row["data"]) for row in shown.values()) == sorted(w.data for w in weights)
    for _ in range(3):
        tab.keyboard.press("Backspace")
    assert tab.locator(".crumbs").is_hidden()


def test_a_step_over_a_module_says_what_its_parameters_get(tab, moons_page):
    model, _loss, page = moons_page
    load(tab, page)
    tab.keyboard.press("x")
    tab.locator(".box", has_text="layers.0").click()
    tab.get_by_role("button", name="Go to its step").or_(tab.get_by_role("button", name="Open")).first.wait_for()
    tab.keyboard.press("End")
    tab.keyboard.press("Escape")
    while "model.layers.0:" not in tab.locator(".say").text_content():
        tab.keyboard.press("ArrowLeft")
    rows = {row[0]: row[1:] for row in step_table(tab)}
    neurons = model.layers[0].neurons
    assert [name for name in rows if "neurons" in name] == [f"model.layers.0.neurons.{k}" for k in range(16)]
    for k, unit in enumerate(neurons):
        own = [*unit.w, unit.b]
        expected = total(p.grad - 2e-4 * p.data for p in own)  # the penalty goes to them from elsewhere
        assert float(rows[f"model.layers.0.neurons.{k}"][-1]) == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_one_sample_of_many(tab):
    points = [0.1 * k for k in range(40)]
    w, b = Value(0.5, label="w"), Value(0.1, label="b")
    inner = [w * x + b for x in points]
    outer = [tanh(u) for u in inner]
    loss = total(outer)
    loss.backward()
    drawing = draw(loss, max_boxes=6, labels="given")
    load(tab, html_of(drawing.document()))
    tab.locator(".box", has_text="tanh ×40").click()
    assert "is done 40 times" in tab.locator(".chosen label").text_content()
    tab.locator(".chosen input").fill("8")
    tab.locator(".chosen input").press("Tab")
    texts = tab.locator(".box", has_text="tanh ×40").locator(".number").all_text_contents()
    assert texts == [f"data {short(outer[7].data)}", f"grad {short(outer[7].grad)}"]
    texts = tab.locator(".box", has_text="+ ×40").locator(".number").all_text_contents()
    assert texts == [f"data {short(inner[7].data)}", f"grad {short(inner[7].grad)}"]
    tab.locator(".graph").focus()
    tab.keyboard.press("Enter")
    slope = 1.0 - outer[7].data ** 2
    assert step_table(tab) == [["+", short(slope), "1", short(slope)]]
    tab.keyboard.press("]")
    assert f"data {short(outer[8].data)}" in tab.locator(".box", has_text="tanh ×40").text_content()
    tab.keyboard.press("0")
    assert "40 values" in tab.locator(".box", has_text="tanh ×40").text_content()


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("tanh", ["o"]),
        ("X1", ["x1", "x1 * w1"]),
        ("grad=0", ["w2"]),
        ("|grad| < 0.6", ["b", "n", "w2", "x1 * w1", "x2", "x2 * w2"]),
        ("data>=1", ["b", "w2", "x1"]),
        ("nan", []),
        ("no such thing", []),
        ("|grad|<", []),
    ],
)
def test_find(tab, neuron, asked, names):
    load(tab, html_of(draw(neuron).document()))
    tab.keyboard.press("/")
    tab.keyboard.type(asked)
    found = []
    said = tab.locator(".bar > .count").text_content()
    if names:
        assert said.startswith("1 of ")
        for _ in range(int(said.split()[-1])):
            chosen = tab.locator(".chosen p").text_content().removeprefix("Chosen: ")
            found.append(chosen.partition(",")[0].partition(" = ")[0])
            tab.keyboard.press("Enter")
        assert set(names) <= set(found)
    else:
        assert said == "0 found"


def test_find_goes_into_groups(tab, moons_page):
    load(tab, moons_page[2])
    tab.keyboard.press("/")
    tab.keyboard.type("layers.2.neurons.0.b")
    assert tab.locator(".crumbs [aria-current]").text_content() != ""
    assert "layers.2.neurons.0.b" in tab.locator(".chosen p").text_content()


def test_find_looks_into_groups(tab):
    w = Value(0.5, label="w")
    points = [0.1 * k for k in range(40)]
    points[7] = float("nan")
    loss = total((w * x).tanh() for x in points)
    loss.backward()
    load(tab, html_of(draw(loss, max_boxes=6, labels="given").document()))
    assert tab.locator(".box.bad").count() > 1
    for asked, many in (("nan", 3), ("data=0.5", 1)):
        tab.keyboard.press("/")
        tab.locator("input[type=search]").fill(asked)
        assert int(tab.locator(".bar > .count").text_content().split()[-1]) >= many
        tab.keyboard.press("Escape")


def test_the_focus_stays_with_what_is_made_anew(tab):
    loss, _w, _b = folded(40)
    loss.backward()
    load(tab, html_of(draw(loss, max_boxes=5).document()))
    tab.locator(".box", has_text="tanh ×40").click()
    tab.locator(".chosen button", has_text="Next").focus()
    for _ in range(3):
        tab.keyboard.press("Enter")
    assert tab.locator(".chosen input").input_value() == "3"
    tab.locator(".chosen button", has_text="All").focus()
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement !== document.body")
    tab.keyboard.press("ArrowLeft")
    assert count(tab)[0] < count(tab)[1]


def test_help_closes_in_a_frame_and_a_table_is_changed_in_place(tab, neuron):
    tab.set_content(draw(neuron)._repr_mimebundle_()["text/html"])
    frame = tab.frame_locator("iframe")
    frame.get_by_role("button", name="Help").click()
    frame.get_by_role("button", name="Close").click()
    assert frame.get_by_role("dialog").is_hidden()
    load(tab, html_of(draw(neuron).document()))
    tab.keyboard.press("t")
    tab.evaluate("window.kept = document.querySelector('.list tr:last-child')")
    tab.keyboard.press("ArrowLeft")
    assert tab.evaluate("kept === document.querySelector('.list tr:last-child')")


TWO_FINGERS = """() => {
    const svg = document.querySelector(".graph"), r = svg.getBoundingClientRect()
    const send = (kind, pointerId, dx) => {
        const where = { clientX: r.x + r.width / 2 + dx, clientY: r.y + r.height / 2 }
        svg.dispatchEvent(new PointerEvent(kind, { pointerId, ...where, buttons: 1, bubbles: true }))
    }
    send("pointerdown", 1, -20)
    send("pointerdown", 2, 20)
    for (const d of [40, 60, 80]) { send("pointermove", 1, -d); send("pointermove", 2, d) }
    send("pointerup", 1, -80)
    send("pointerup", 2, 80)
}"""


def test_two_fingers_zoom(chromium, neuron):
    context = chromium.new_context(has_touch=True, viewport={"width": 400, "height": 700})
    tab = context.new_page()
    load(tab, html_of(draw(neuron).document()))
    width = float(tab.locator(".graph").get_attribute("viewBox").split()[2])
    tab.evaluate(TWO_FINGERS)
    assert float(tab.locator(".graph").get_attribute("viewBox").split()[2]) == pytest.approx(width / 4, rel=0.01)
    tab.get_by_role("button", name="Zoom out").click()
    assert float(tab.locator(".graph").get_attribute("viewBox").split()[2]) > width / 4
    context.close()
