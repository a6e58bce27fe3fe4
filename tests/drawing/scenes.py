"""Scenes of every kind, for the tests of what is made from them."""

from autograd import Value, draw

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
    scene = neuron(partials=True).scene
    shapes = ["box", "rounded", "double", "note", "octagon", "tab", "ellipse"]
    for k, box in enumerate(scene["boxes"]):
        box["shape"] = shapes[k % len(shapes)]
    assert len(scene["boxes"]) >= len(shapes)
    return scene
