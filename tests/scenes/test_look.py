"""What boxes show: roles, numbers, colours, marks, tooltips, legend."""

import itertools
import math

import pytest

import nn
from autograd import Value, dot, draw
from autograd.scenes.colours import DARK, LIGHT, Scale, contrast
from autograd.scenes.text import cut, short
from autograd.writers.reading import legend_of
from tests.drawing.pictures import box_of, lines_of

pytestmark = pytest.mark.any_build


def loss_of_a_network():
    model = nn.MLP(2, [2, 1])
    x, y = [Value(0.5, label="x0"), Value(-1.0, label="x1")], Value(1.0, label="y")
    loss = (model(x)[0] - y) ** 2 if isinstance(model(x), list) else (model(x) - y) ** 2
    loss.backward()
    return draw(loss)


# --- roles -----------------------------------------------------------------------------------------------------------


def test_roles_are_told_apart_by_shape_and_border():
    d = loss_of_a_network()
    roles = {box["name"]: box["role"] for box in d.scene["boxes"] if not box["formula"]}
    assert {role for name, role in roles.items() if name.startswith("model.")} == {"parameter"}
    assert {name: roles[name] for name in ("x0", "x1", "y")} == {"x0": "input", "x1": "input", "y": "target"}
    shapes = {box["role"]: box["shape"] for box in d.scene["boxes"]}
    assert shapes == {"parameter": "double", "input": "note", "target": "octagon", "operation": "box"}
    (root,) = [box for box in d.scene["boxes"] if box["root"]]
    assert root["border"]["width"] > max(box["border"]["width"] for box in d.scene["boxes"] if not box["root"])


def test_without_parameters_leaves_are_leaves(neuron):
    assert {box["role"] for box in draw(neuron).scene["boxes"]} == {"leaf", "operation"}


class Line:
    """A model of one's own."""

    def __init__(self):
        self.w, self.b = Value(2.0), Value(0.5)

    def named_parameters(self):
        return [("w", self.w), ("b", self.b)]


@pytest.mark.parametrize(
    ("loss", "roles"),
    [
        (lambda m, x, y, z: (m.w * x + m.b - y) ** 2, {"x": "input", "y": "target"}),
        (lambda m, x, y, z: (1 - y * (m.w * x + m.b)).relu(), {"x": "input", "y": "target"}),
        (lambda m, x, y, z: (1 + -y * (m.w * x + m.b)).relu(), {"x": "input", "y": "target"}),
        (lambda m, x, y, z: m.w * (x - 0.5) + m.b - y, {"x": "input", "y": "target"}),
        (lambda m, x, y, z: m.w * (x * z) + m.b - y, {"x": "input", "z": "input", "y": "target"}),
        (lambda m, x, y, z: -m.w * x + m.b + x, {"x": "input"}),
        (lambda m, x, y, z: (m.w * x + m.b - y) ** 2 + z.exp(), {"x": "input", "y": "target", "z": "target"}),
    ],
)
def test_inputs_and_targets(loss, roles):
    m = Line()
    x, y, z = Value(0.3), Value(1.0), Value(2.0)
    d = draw(loss(m, x, y, z))
    found = {box["name"]: box["role"] for box in d.scene["boxes"] if box["name"] in ("x", "y", "z")}
    assert found == roles


# --- numbers ---------------------------------------------------------------------------------------------------------


def test_numbers_of_any_size():
    numbers = (math.nan, math.inf, -1e-300, 123456789.0, 0.0, -0.5, 1e-4, 99999.96, 100.0, 5e-324, -1.0)
    texts = ("nan", "inf", "−1e−300", "1.235e8", "0", "−0.5", "0.0001", "100000", "100", "4.941e−324", "−1")
    assert [short(x) for x in numbers] == list(texts)
    assert [lines[0] for lines in lines_of(draw([Value(x) for x in numbers])).values()] == [f"data {t}" for t in texts]


def test_a_dash_before_any_sweep_and_a_zero_after():
    x, y = Value(2.0), Value(0.0)
    z, other = x * y, y.sin()
    assert [box["grad"] for box in draw(z).scene["boxes"]] == [None] * 3
    assert box_of(draw(z), "z")["lines"][-1]["text"] == "grad –"
    z.backward()
    assert [box["grad"] for box in draw(z).scene["boxes"]] == [0.0, 2.0, 1.0]
    assert box_of(draw([z, other]), "other")["grad"] is None
    assert "–: no backward() yet" in [swatch["text"] for swatch in draw([z, other]).scene["legend"]]
    assert "–: no backward() yet" not in [swatch["text"] for swatch in draw(z).scene["legend"]]


def test_constants_are_in_the_formula():
    e = Value(3.0, label="e")
    frozen = Value(0.25).detach()
    roots = [e - 1, 1 - e, e * frozen]
    assert list(lines_of(draw(roots, labels="given"))) == ["e", "e - 1", "1 - e", "e * 0.25"]


# --- colours ---------------------------------------------------------------------------------------------------------


def test_the_fill_is_the_sign_and_the_size_of_the_gradient():
    a, b, c, d, e = (Value(1.0, label=name) for name in "abcde")
    z = 1000 * a - 1000 * b + c - 1e-9 * d + 0 * e
    z.backward()
    fill = {box["name"]: box["fill"] for box in draw(z).scene["boxes"]}
    dashed = {box["name"] for box in draw(z).scene["boxes"] if box["border"]["dashed"]}
    scale = Scale(1000.0, LIGHT)
    assert [fill[name] for name in "abcde"] == [
        "#EAAE80", "#80B8D8", scale.colour(1.0), scale.colour(-1.0), "#FFFFFF"
    ]  # fmt: skip
    assert dashed & set("abcde") == {"b", "d"}


@pytest.mark.parametrize(
    ("color", "fills"),
    [
        ("grad", ["strong", "white"]), ("magnitude", ["strong", "white"]), ("data", ["white", "strong"]),
        (None, ["white", "white"]), (lambda value: value.data + value.grad, ["strong", "strong"]),
    ],
)  # fmt: skip
def test_what_is_filled_in(color, fills):
    x, y = Value(0.0, label="x"), Value(-4.0, label="y")
    (4 * x + 0 * y).backward()
    z = 4 * x + 0 * y
    d = draw([z, x, y], color=color)
    x.grad, y.grad = 4.0, 0.0
    found = [box_of(draw([x, y], color=color), name)["fill"] for name in "xy"]
    assert ["white" if fill == "#FFFFFF" else "strong" for fill in found] == fills
    assert (d.scene["legend"][0]["text"].startswith("fill: ")) == (color is not None)


def test_it_reads_in_greyscale():
    """Stronger is darker, for both signs; and the sign is in the border."""
    for palette in (LIGHT, DARK):
        for sign in (1.0, -1.0):
            steps = [contrast(Scale(1.0, palette).colour(sign * 10.0**-k), palette.box) for k in (3, 2, 1, 0)]
            assert all(b > a * 1.08 for a, b in itertools.pairwise(steps))


def test_every_text_can_be_read():
    for palette in (LIGHT, DARK):
        scale = Scale(1.0, palette)
        fills = [scale.colour(sign * 10.0 ** (-k / 4)) for k in range(13) for sign in (1.0, -1.0)]
        assert min(contrast(palette.ink, fill) for fill in [*fills, palette.box, palette.paper]) >= 4.5


def test_the_legend_says_what_occurs(neuron):
    legend = [swatch["text"] for swatch in draw(neuron).scene["legend"]]
    assert legend == ["fill: grad", "−1.5", "−0.0015", "0.0015", "1.5", "rounded: leaf", "thick border: root"]
    assert [swatch["dashed"] for swatch in draw(neuron).scene["legend"]][:5] == [False, True, True, False, False]
    words = [swatch["text"] for swatch in loss_of_a_network().scene["legend"]]
    assert {"double border: parameter", "dog-ear: input", "octagon: target"} <= set(words)
    assert "rounded: leaf" not in words


def test_what_is_said_of_a_module_is_said_of_its_parameters():
    model = nn.MLP(2, [2, 1], rng=1)
    loss = model([0.5, -1.0]) ** 2
    loss.backward()
    d = draw(loss, fold="module")
    parameters = model.parameters()
    mean = sum(abs(p.grad) for p in parameters) / len(parameters)
    texts = [line["text"] for line in box_of(d, "model")["lines"]]
    assert texts == ["model", f"{d.scene['boxes'][0]['count']} values", "9 parameters", f"mean |grad| {short(mean, 2)}"]
    assert f"9 parameters, mean |grad| {mean:.3g}" in d._repr_mimebundle_()["text/plain"]


def test_the_legend_says_which_samples_are_of_groups():
    """In one row with them, in the picture's legend and in that of the files."""
    w = Value(1.0, label="w")
    loss = sum((w * k).tanh() for k in range(100))
    loss.backward()
    d = draw(loss)
    entries = [entry for row in legend_of(d.scene).samples for entry in row]
    of_groups = [entry["text"] for entry in entries].index("fill of groups: mean |grad|")
    assert [entry["kind"] for entry in entries] == ["title", "sample", "sample"] * 2
    assert of_groups == 3
    first_row = next(line for line in d.source.splitlines() if "label=<" in line).partition("</table>")[0]
    assert first_row.count("bgcolor") == 4
    assert "fill of groups: mean |grad|" in first_row


# --- marks -----------------------------------------------------------------------------------------------------------


def test_the_first_that_is_not_finite_is_pointed_at():
    a, b = Value(0.0, label="a"), Value(2.0, label="b")
    z = a.log() * b
    z = z - z
    d = draw(z)
    marks = sorted((box["data"], box["mark"]) for box in d.scene["boxes"] if box["data"] == box["data"])
    assert marks == [(-math.inf, "first inf here"), (-math.inf, "inf"), (0.0, ""), (2.0, "")]
    assert box_of(d, "z")["mark"] == "first nan here"
    marked = [box for box in d.scene["boxes"] if box["mark"]]
    assert {box["border"]["color"] for box in marked} == {LIGHT.alarm}
    assert "thicker, red: nan or inf" in [swatch["text"] for swatch in d.scene["legend"]]


def test_of_gradients_the_first_that_the_sweep_met():
    x = Value(0.0, label="x")
    y = (x * 1.0).sqrt()
    z = y * 3
    z.backward()
    marks = [box["mark"] for box in draw(z).scene["boxes"]]
    assert marks == ["inf", "first inf gradient here", "", ""]


# --- tooltips and names ----------------------------------------------------------------------------------------------


def test_tooltips_have_all_digits_and_the_formulas():
    w, x = Value(1 / 3, label="w"), Value(0.1, label="x")
    z = w * x
    z.backward()
    lines = box_of(draw(z), "z")["tooltip"].splitlines()
    assert lines == [
        "z", "w * x", f"data {z.data!r}", "grad 1.0",
        f"∂/∂operand 0: x = {x.data!r}", f"∂/∂operand 1: w = {w.data!r}",
    ]  # fmt: skip
    assert "0.3333333333333333" in box_of(draw(z), "w")["tooltip"]


def test_the_tooltip_of_a_neuron_counts_no_constant_1_among_its_operands():
    w, x, b = Value(2.0, label="w"), Value(3.0, label="x"), Value(0.5, label="b")
    z = dot([w], [x], start=b)
    z.backward()
    assert box_of(draw(z), "z")["tooltip"].splitlines()[1:] == [
        "w * x + b", "data 6.5", "grad 1.0", "∂/∂operand 0: 1 = 1.0", "∂/∂operand 1: x = 3.0", "∂/∂operand 2: w = 2.0",
    ]  # fmt: skip


def test_the_tooltip_of_a_parameter_has_its_path():
    m = Line()
    assert "parameter of m (Line)" in box_of(draw(m.w * 2.0), "m.w")["tooltip"]


def test_a_long_name_is_cut_in_the_middle_and_whole_in_the_tooltip():
    name = "a" * 5000 + "b" * 5000
    (box,) = draw(Value(1.0, label=name)).scene["boxes"]
    assert box["lines"][0]["text"] == "a" * 11 + "…" + "b" * 12
    assert box["name"] == name
    assert name in box["tooltip"]
    assert cut("x" * 24) == "x" * 24
