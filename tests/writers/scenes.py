"""Scenes of every kind, for the tests of what is made from them."""

from typing import get_args

from autograd import Value, draw
from autograd.scenes.looks import Shape
from nn import MLP

HOSTILE = [
    "\\input{/etc/passwd}", "\\write18{ls} ^^5c ^^M", "{}}{%$#^~_&", "%", "\\", "$\\alpha$ $$x$$", "[U] * \\\\[3cm]",
    "</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "]]>", "&amp; &lt; #lt; #35;", "<b>bold</b>",
    "\x00\x01\x7f", "\ud800x", "\u202eabc\u2066", "中文 😀", "مرحبا שלום", "é ñ ß α Ω Å ı ģ", "a" * 10_000,
    "a\nb\nc\nd", "end", "graph TD; a-->b", "style a:#35;", "`code` **b** _i_", "# head", "1. item", "- item",
    "\"quoted\" 's'", "%%{init: {}}%%", "|x| click n href", 'a|b"|c', "fa:fa-car :::x", "---> ,, `` '' ?`", "--", "",
    "\\nabla f",
]  # fmt: skip


def hostile():
    """A picture of all that a label may be."""
    return draw([Value(1.0 + k, label=label).tanh() for k, label in enumerate(HOSTILE)], labels="given", fold=None)


def neuron(**options):
    """A picture of a neuron with names that are mathematics, and a negative gradient."""
    x, w, b = Value(2.0, label="x_1"), Value(-3.0, label="layers.0.w.3"), Value(6.88, label="theta")
    out = ((x * w + b).tanh() * 1e-9).exp()
    out.label = "out"
    out.backward()
    return draw(out, labels="given", **options)


def every_shape():
    """A scene in which every shape and a dashed border of each occurs, as folding and modules bring them."""
    x, w, b = Value(2.0, label="x_1"), Value(-3.0, label="layers.0.w.3"), Value(6.88, label="theta")
    out = (((x * w + b).tanh() * 1e-9).exp() + x).sin() / w
    out.backward()
    scene = draw(out, labels="given", partials=True).scene
    shapes = get_args(Shape)
    for k, box in enumerate(scene["boxes"]):
        box["shape"] = shapes[k % len(shapes)]
    assert {box["shape"] for box in scene["boxes"]} == set(shapes)
    return scene


def network():
    """A picture of neurons: lines without arrows, of many widths, some dashed; grey and rings."""
    model = MLP(2, [4, 1], rng=1)
    model([1.0, -2.0]).backward()
    return draw(model)
