"""Marks in pixels: what no font can show is told by its number."""

import pytest

from autograd import Value, draw
from autograd.rendering.glyphs import for_pixels
from autograd.rendering.rendering import render_dot

pytestmark = pytest.mark.any_build


def boxes(label):
    return f'digraph {{ a [label="{label}"] b [label=<<b>{label}</b>>] }}'


def test_graphviz_pure_marks_what_it_has_no_glyph_for_in_pixels_alone(engine):
    same = render_dot(boxes("中文 x"), "png") == render_dot(boxes("[U+4E2D 6587] x"), "png")
    assert same == (engine == "graphviz-pure")
    assert "中文 x" in render_dot(boxes("中文 x"), "svg").decode()


def test_an_override_that_is_graphviz_pure_is_known_as_such(engine, monkeypatch):
    from autograd.rendering import rendering

    (one,) = rendering.engines()
    monkeypatch.setattr(rendering, "engines", lambda: iter([one._replace(name=f"CHAINRULE_DOT={one.path}")]))
    same = render_dot(boxes("😀"), "png") == render_dot(boxes("[U+1F600]"), "png")
    assert same == (engine == "graphviz-pure")


def test_what_its_fonts_have_stays_and_so_do_bare_ids():
    known = 'digraph { é -> Ж [label="x₁ · ∂α ≤ −2 … – × √ שלום"] }'
    assert for_pixels(known) == known
    assert for_pixels('digraph { 中 -> b [label="中 \\" 文"] }') == (
        'digraph { 中 -> b [label="[U+4E2D] \\" [U+6587]"] }'
    )


def test_where_places_are_given_a_mark_takes_no_more_room():
    x = Value(2.0, label="梯度")
    source = for_pixels(draw(x.tanh(), partials=True).source)
    assert "��" in source
    assert "[U+" not in source
    assert "[U+68AF 5EA6]" in for_pixels(draw(x.tanh()).source)
