"""What was laid out, read from the picture."""

import json
import xml.etree.ElementTree as ET

from autograd import Value

SVG = "{http://www.w3.org/2000/svg}"


def picture(d):
    """What was laid out: the classes and the lines of text of every node, and the edges, by SVG id."""
    root = ET.fromstring(d.pipe("svg"))
    nodes, edges = {}, set()
    for g in root.iter(f"{SVG}g"):
        if g.get("class", "").startswith("node"):
            nodes[g.get("id")] = (
                g.get("class").split()[1],
                [t.text.replace("\xa0", " ") for t in g.iter(f"{SVG}text")],
            )
        elif g.get("class", "").startswith("edge"):
            edges.add((g.get("id"), g.find(f"{SVG}title").text))
    return nodes, edges


def layout(d):
    """Node names and edges as the engine's JSON has them."""
    found = json.loads(d.pipe("json"))
    names = [thing["name"] for thing in found["objects"]]
    return names, [(names[edge["tail"]], names[edge["head"]]) for edge in found.get("edges", [])]


def chain(n):
    z = Value(1.0)
    for _ in range(n):
        z = z + Value(1.0)
    return z
