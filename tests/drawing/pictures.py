"""What was laid out, read from the picture; and graphs to be drawn."""

import random
import xml.etree.ElementTree as ET

import autograd
from autograd import Value

SVG = "{http://www.w3.org/2000/svg}"


def picture(d):
    """What was laid out: the classes and the lines of text of every node, and the edges, by SVG id."""
    root = ET.fromstring(d.pipe("svg"))
    nodes, edges = {}, set()
    for g in root.iter(f"{SVG}g"):
        if g.get("class", "").startswith("node"):
            nodes[g.get("id")] = (g.get("class").split()[1:], lines_in(g))
        elif g.get("class", "").startswith("edge"):
            edges.add((g.get("id"), g.find(f"{SVG}title").text))
    return nodes, edges


def lines_in(g):
    """The lines of text in a part of an SVG; what stands side by side is one line."""
    lines = {}
    for text in g.iter(f"{SVG}text"):
        lines.setdefault(text.get("y"), []).append(text.text.replace("\xa0", " "))
    return ["".join(parts) for _, parts in sorted(lines.items(), key=lambda line: float(line[0]))]


def tips(d):
    """Where the arrows of an SVG end, by the id of the edge; y downwards."""
    root = ET.fromstring(d.pipe("svg"))
    found = {}
    for g in root.iter(f"{SVG}g"):
        if g.get("class", "").startswith("edge"):
            points = g.find(f".//{SVG}polygon").get("points").split()
            found[g.get("id")] = tuple(map(float, points[1].split(",")))
    return found


def lines_of(d):
    """The text of each box of a scene, by the box's name, formula or id."""
    return {
        box["name"] or box["formula"] or box["id"]: [line["text"] for line in box["lines"]] for box in d.scene["boxes"]
    }


def box_of(d, name):
    """The box of a scene that has a name."""
    (found,) = [box for box in d.scene["boxes"] if box["name"] == name]
    return found


def chain(n):
    z = Value(1.0)
    for _ in range(n):
        z = z + Value(1.0)
    return z


def recurrence(n):
    """h = tanh(w * h + u * x + b), so many times."""
    w, u, b, h = Value(0.5, label="w"), Value(-0.7, label="u"), Value(0.1, label="b"), Value(0.0, label="h0")
    for i in range(n):
        x = Value(0.1 * i - 0.4, label=f"x{i}")
        h = (w * h + u * x + b).tanh()
    h.backward()
    return h


def random_graph(seed):
    """A small graph of operations whose operands must not be mixed up; one Value in both slots, constants on a side."""
    rng = random.Random(seed)
    values = [Value(rng.uniform(0.5, 2.0)) for _ in range(3)]
    for _ in range(rng.randint(2, 8)):
        a, b, c = (rng.choice(values) for _ in range(3))
        if rng.random() < 0.2:
            b = a
        if rng.random() < 0.3:
            a, b = rng.choice([(a, rng.choice([2.0, 0.5])), (rng.choice([2.0, 3.0]), b)])
        operation = rng.choice([
            lambda a, b, c: a - b, lambda a, b, c: a / b, lambda a, b, c: a**b, lambda a, b, c: autograd.atan2(a, b),
            lambda a, b, c: autograd.where(autograd.less(c, b), a, b), lambda a, b, c: autograd.where(c, a, b),
            lambda a, b, c: autograd.sum([x for x in (c, a, b, c) if isinstance(x, Value)]),
        ])  # fmt: skip
        values.append(operation(a, b, c))
    autograd.backward([value for value in values[3:] if not value.is_constant][-1:])
    return [value for value in values[3:] if not value.is_constant][-1]
