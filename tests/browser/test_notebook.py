"""A notebook with the page in it: exported, and in a real JupyterLab, trusted or not, dark on a light system."""

import importlib.util

import pytest

from autograd import Value, draw
from autograd._build import is_set
from autograd.border import console
from tests.browser.notebook import jupyterlab, notebook, opened, run_all, trust
from tests.browser.opening import listen

pytestmark = pytest.mark.any_build


def require(module):
    """A module that shows notebooks."""
    if importlib.util.find_spec(module) is None:
        if is_set("CHAINRULE_BROWSER"):
            pytest.fail(f"CHAINRULE_BROWSER is set, and there is no {module}")
        pytest.skip(f"{module} is not installed: no notebook is opened")


def steps_to_the_gradient_of_w(frame):
    """Go back to where w gets its gradient, and read it: in PyTorch's words, w.grad == -20."""
    frame.locator(".say").wait_for(timeout=30_000)
    assert "Backward ends" in frame.locator(".say").text_content()
    rows = [row.split("\n") for row in frame.locator(".now tbody tr").all_inner_texts()]
    assert ["w", "0", "−20", "−20"] in [row[0].split("\t") for row in rows]
    frame.locator(".graph").focus()
    frame.locator(".graph").press("ArrowLeft")
    assert frame.locator(".say").text_content() == "Backward through w * x, whose gradient is −4"
    assert frame.locator(".now tbody tr").first.inner_text().split("\t") == ["w", "x = 5", "−4", "−20", "0", "−20"]
    frame.locator("input[type=range]").fill("0")
    assert frame.locator(".say").text_content() == "Forward: w * x is 10"


def test_an_exported_notebook_is_live_without_a_network(chromium, tmp_path):
    require("nbconvert")
    from nbconvert import HTMLExporter

    html, _ = HTMLExporter().from_notebook_node(notebook(tmp_path / "page.ipynb"))
    (tmp_path / "page.html").write_text(html, "utf-8")
    context = chromium.new_context(offline=True)
    tab = context.new_page()
    tab.goto((tmp_path / "page.html").as_uri())
    steps_to_the_gradient_of_w(tab.frame_locator("iframe").first)
    context.close()


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A JupyterLab, and the folder that it serves: one notebook signed, and one not."""
    require("jupyterlab")
    folder = tmp_path_factory.mktemp("lab")
    dark = '{"theme": "JupyterLab Dark"}'
    news = '{"fetchNews": "false", "checkForUpdates": false}'
    settings = {
        "@jupyterlab/apputils-extension/themes.jupyterlab-settings": dark,
        "@jupyterlab/apputils-extension/notification.jupyterlab-settings": news,
    }
    notebook(folder / "untrusted.ipynb")
    with jupyterlab(folder, settings) as address:
        notebook(folder / "trusted.ipynb")
        trust(folder, folder / "trusted.ipynb")
        yield address


@pytest.fixture
def wide(chromium):
    """A tab on a light system; JupyterLab asks its own server only."""
    context = chromium.new_context(viewport={"width": 1400, "height": 1800}, color_scheme="light")
    tab = context.new_page()
    listen(tab)
    yield tab
    context.close()


def test_a_notebook_that_is_not_trusted_shows_the_picture(lab, wide):
    opened(wide, lab, "untrusted.ipynb")
    first = wide.locator(".jp-OutputArea-output").first
    first.locator("img").wait_for(timeout=30_000)
    assert first.locator("iframe").count() == 0
    assert first.locator("img").bounding_box()["height"] > 50
    assert "Computation graph" in first.locator("img").get_attribute("alt")


def test_a_trusted_notebook_steps(lab, wide):
    opened(wide, lab, "trusted.ipynb")
    steps_to_the_gradient_of_w(wide.frame_locator(".jp-OutputArea-output iframe").first)


def test_a_widget_steps_and_python_sees_it_in_a_dark_lab_on_a_light_system(lab, wide):
    require("anywidget")
    opened(wide, lab, "trusted.ipynb")
    run_all(wide, lab)
    widget = wide.locator(".jp-OutputArea-output .autograd-page")
    widget.locator(".say").wait_for(timeout=30_000)
    steps_to_the_gradient_of_w(widget)
    paper, ink = widget.evaluate("el => [getComputedStyle(el).backgroundColor, getComputedStyle(el).color]")
    assert sum(map(int, paper[4:-1].split(","))) < 200 < sum(map(int, ink.rstrip(")").partition("(")[2].split(",")[:3]))
    widget.locator(".graph").press("ArrowRight")
    widget.locator(".graph").press(".")
    wide.locator(".jp-CodeCell .cm-content").nth(2).click()
    wide.keyboard.press("Control+Enter")
    wide.get_by_text("step 1 selected 'leaf0'").wait_for(timeout=30_000)


def test_without_anywidget_there_is_a_line_and_the_page(monkeypatch, capsys):
    import builtins

    asked = builtins.__import__

    def without(name, *args, **kwargs):
        if name.startswith(("anywidget", "autograd.browser.widget")):
            raise ImportError(name)
        return asked(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    drawing = draw(Value(3.0).exp())
    assert drawing.widget() is drawing
    assert "pip install 'chainrule[notebook]'" in capsys.readouterr().err
    assert console


def test_the_widget_has_the_page_and_its_state():
    require("anywidget")
    view = draw(Value(3.0, label="x").exp()).widget()
    assert (view.step, view.selected, view.opened) == (-1, "", "")
    assert view.document["pictures"][0]["boxes"][0]["lines"][0] == ["x", "name"]
    assert "export default" in view._esm
