"""What a model is made of, layer by layer: what each gives, how many numbers it has, how many nodes it makes."""

from collections.abc import Callable, Iterator
from typing import Any

from autograd import Value
from autograd.border.wording import brief
from nn.checks import as_label
from nn.modules.calls import Call, calls_of, is_neuron, modules_in, vectors_in
from nn.modules.table import as_html, as_text
from nn.modules.untouched import Untouched
from nn.parts.outline import Part, outline
from nn.parts.walk import Structured, Walk

__all__ = ["Summary", "summary"]

MOST_ROWS = 60
"""How many rows are shown; of more, the first and the last."""

HEAD = ("layer", "kind", "output", "parameters", "frozen", "buffers", "nodes")


class Summary:
    """Layers of a model, as a table: `print` it, or end a cell of a notebook with it.

    Attributes:
        rows: A dict for each module, those that hold others before them. "name" is its path; "kind" its class;
            "depth" how many modules hold it; "output" the shape of what it gave, () for a single number, a list of
            shapes for several things, None where it was not called; "calls" how often it was; "parameters" how many
            there are in it, "frozen" how many of them are; "buffers"; "nodes" how many of the graph it made. Neurons
            side by side are no rows of their own.
        total: The same of the whole model: "parameters", "trainable", "frozen", "buffers", "nodes".

    >>> from nn import MLP
    >>> summary(MLP(2, [3, 1])).total
    {'parameters': 13, 'trainable': 13, 'frozen': 0, 'buffers': 0, 'nodes': 7}
    """

    def __init__(self, rows: list[dict[str, Any]], total: dict[str, int]) -> None:
        self.rows, self.total = rows, total

    def __str__(self) -> str:
        return f"{as_text(HEAD, self._cells())}\n{self._said()}"

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return f"{as_html(HEAD, self._cells())}<p>{self._said()}</p>"

    def _said(self) -> str:
        total = self.total
        texts = [f"{counted(total['parameters'], 'parameter')}, {total['trainable']:,} to be trained"]
        if total["frozen"]:
            texts.append(f"{total['frozen']:,} frozen")
        if total["buffers"]:
            texts.append(counted(total["buffers"], "buffer"))
        return f"{', '.join(texts)}; {counted(total['nodes'], 'node')} per sample"

    def _cells(self) -> list[list[str]]:
        found = []
        half = MOST_ROWS // 2
        rows: list[Any] = self.rows
        if len(rows) > MOST_ROWS:
            rows = [*rows[:half], None, *rows[-half:]]
        for row in rows:
            if row is None:
                found.append([f"… {len(self.rows) - 2 * half:,} more …", *[""] * (len(HEAD) - 1)])
                continue
            times = f" ×{row['calls']:,}" if row["calls"] > 1 else ""
            name = "  " * row["depth"] + as_label(row["name"] or "model", 40)
            numbers = [f"{row[key]:,}" for key in ("parameters", "frozen", "buffers", "nodes")]
            found.append([name, as_label(row["kind"], 40), in_words(row["output"]) + times, *numbers])
        return found


def summary(model: Callable[[Any], Any], sample: Any = None) -> Summary:
    """Layers of a model: shapes of what they give, parameters, buffers, nodes of the graph of one sample.

    The model is called on a sample; it is left as it was, and so are sources of random numbers.

    Args:
        model: A module; or another function of a sample, whose modules are those it refers to.
        sample: What the model is called on. None takes one made up, where the first layer says how large it is.

    Raises:
        TypeError: `model` is no function.
        ValueError: what a sample looks like cannot be guessed.

    Cost: a call of the model, and a walk over the graph.

    >>> from nn import MLP
    >>> print(summary(MLP(2, [16, 1])))
    layer       kind   output  parameters  frozen  buffers  nodes
    ─────────────────────────────────────────────────────────────
    model       MLP    number          65       0        0     33
      layers.0  Layer  16              48       0        0     32
      layers.1  Layer  number          17       0        0      1
    65 parameters, 65 to be trained; 33 nodes per sample
    """
    modules = modules_in(model)
    with Untouched(modules) as before:
        if sample is not None:
            top, samples = called(model, modules, [sample], before)
        else:
            top, samples = called_on_a_guess(model, modules, before)
    nodes, leaves = nodes_of(top)
    calls: dict[int, list[Call]] = {}
    for call in top.all():
        if call.part is not None:
            calls.setdefault(id(call.part.thing), []).append(call)
    whole, parameters = outline(modules)
    rows: list[dict[str, Any]] = []
    for parts, depth in listed(whole, {key for key, found in calls.items() if is_neuron(found[0])}):
        mine = [call for part in parts for call in calls.get(id(part.thing), ())]
        some = parameters[parts[0].begin : parts[-1].end]
        rows.append({
            "name": parts[0].path if len(parts) == 1 else parts[0].path.rpartition(".")[0],
            "kind": type(parts[0].thing).__name__ + (f" ×{len(parts):,}" if len(parts) > 1 else ""),
            "depth": depth,
            "output": None if not mine else (len(parts),) if len(parts) > 1 else shape_of(mine[0], samples),
            "calls": max(1, len(mine) // (len(parts) * samples)) if mine else 0,
            "parameters": len(some),
            "frozen": sum(p.is_frozen for p in some),
            "buffers": sum(len(Walk(part.thing).buffers) for part in parts),
            "nodes": sum(nodes[id(call)] for call in mine) // samples,
        })  # fmt: skip
    known = set(map(id, parameters))
    parameters = [*parameters, *[leaf for leaf in leaves if id(leaf) not in known]]
    frozen = sum(p.is_frozen for p in parameters)
    total = {
        "parameters": len(parameters), "trainable": len(parameters) - frozen, "frozen": frozen,
        "buffers": len(Walk(modules).buffers), "nodes": nodes[id(top)] // samples,
    }  # fmt: skip
    if not isinstance(model, Structured):
        name = getattr(model, "__name__", type(model).__name__)
        counts = {key: total[key] for key in ("parameters", "frozen", "buffers", "nodes")}
        rows = [{**row, "depth": row["depth"] + 1} for row in rows]
        output = shape_of(top, samples)
        rows.insert(0, {"name": "", "kind": name, "depth": 0, "output": output, "calls": 1, **counts})
    return Summary(rows, total)


def called(model: Any, modules: Any, samples: list[Any], before: Untouched) -> tuple[Call, int]:
    """The calls while a model computes one of some samples, or two alike, where it takes batches alone; and how many.

    Raises:
        Exception: what the model raised at the first, if it takes none.
    """
    first: Exception | None = None
    for n in (1, 2):  # batch norm, for example, has no mean over one
        for sample in samples:
            x = sample if n == 1 else [sample] * n
            try:
                return calls_of(modules, lambda x=x: model(x)), n  # type: ignore[misc]
            except Exception as error:
                first = first or error
                before.restore()
    if first is None:
        raise ValueError("nothing to guess by")
    raise first


def called_on_a_guess(model: Any, modules: Any, before: Untouched) -> tuple[Call, int]:
    """The same, of a sample made up.

    Raises:
        ValueError: none of those that come to mind is one.
    """
    try:
        return called(model, modules, list(guesses(modules)), before)
    except Exception:
        pass
    name = getattr(model, "__name__", type(model).__name__)
    hint = "model.summary(sample)" if isinstance(model, Structured) else "nn.summary(model, sample)"
    raise ValueError(f"summary: what a sample of {brief(name)} looks like cannot be guessed: give one, {hint}")


def guesses(modules: Any) -> Iterator[Any]:
    """What a sample may look like: as large as the first module says that has a size."""
    for part in outline(modules)[0].modules():
        thing = part.thing
        if isinstance(getattr(thing, "table", None), list):
            yield from (0, [0, 0])
            return
        for size in (getattr(thing, "nin", None), getattr(thing, "size", None), getattr(thing, "w", None)):
            n = len(size) if isinstance(size, list) else size
            if isinstance(n, int) and n > 0:
                yield [0.5] * n
                if not any(getattr(x, "whole_batch", False) for x in Walk(modules).containers):
                    yield [[0.5] * n] * 2  # a sequence; where a batch is asked for, this would be one
                return


def listed(whole: Part, neurons: set[int]) -> list[tuple[list[Part], int]]:
    """The rows: each a module, or some side by side, and how many rows are above it.

    Neurons are not listed where they are all that their layer has.
    """
    found: list[tuple[list[Part], int]] = []
    waiting = [([whole], 0)]
    while waiting:
        parts, depth = waiting.pop()
        if parts[0].kind == "module":
            found.append((parts, depth))
        if len(parts) > 1:
            continue
        below: list[list[Part]] = []
        for part in nearest_modules(parts[0]):
            side_by_side = is_side_by_side(part, neurons) and below and is_side_by_side(below[-1][0], neurons)
            if side_by_side and below[-1][0].holder is part.holder:
                below[-1].append(part)
            else:
                below.append([part])
        if len(below) == 1 and is_side_by_side(below[0][0], neurons) and parts[0].kind == "module":
            continue
        deeper = depth + (parts[0].kind == "module")
        waiting += [(group, deeper) for group in reversed(below)]
    return found


def nearest_modules(part: Part) -> list[Part]:
    """The modules that a part holds, but for those in them."""
    found, waiting = [], part.parts[::-1]
    while waiting:
        x = waiting.pop()
        if x.kind == "module":
            found.append(x)
        else:
            waiting += reversed(x.parts)
    return found


def is_side_by_side(part: Part, neurons: set[int]) -> bool:
    """Whether a module is a neuron in a list."""
    thing = part.thing
    is_one = id(thing) in neurons or (isinstance(getattr(thing, "w", None), list) and not part.holds_modules())
    return is_one and part.name.isdigit()


def nodes_of(top: Call) -> tuple[dict[int, int], list[Value]]:
    """How many nodes each call made, with those made meanwhile; and the leaves that were used."""
    counts: dict[int, int] = {}
    leaves: list[Value] = []
    seen: set[int] = set()

    def new_in(things: Any) -> int:
        found = 0
        waiting = [v for vector in vectors_in(things) for v in vector if isinstance(v, Value)]
        while waiting:
            node = waiting.pop()
            if id(node) in seen:
                continue
            seen.add(id(node))
            operands = node.operands
            if operands:
                found += 1
                waiting += operands
            elif not node.is_constant or node.is_frozen:
                leaves.append(node)
        return found

    waiting: list[tuple[Call, Call | None, bool]] = [(top, None, False)]
    while waiting:
        call, holder, is_over = waiting.pop()
        if not is_over:  # what it is called with was made before it
            counts[id(call)] = 0
            if holder is not None:
                counts[id(holder)] += new_in(call.args)
            waiting.append((call, holder, True))
            waiting += [(other, call, False) for other in reversed(call.calls)]
        else:
            counts[id(call)] += new_in(call.output)
            if holder is not None:
                counts[id(holder)] += counts[id(call)]
    return counts, leaves


def shape_of(call: Call, samples: int) -> Any:
    """The shape of what a call gave, of one sample."""
    output = call.output
    if samples > 1 and isinstance(output, (list, tuple)) and len(output) == samples and len(vectors_in(call.args)) > 1:
        output = output[0]
    return shape(output)


def shape(x: Any) -> Any:
    """The shape of nested lists: sizes from outside to inside; -1 where they differ; a list of shapes for a tuple.

    >>> shape([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), shape(1.0), shape([[1.0], []]), shape(([1.0], 2.0))
    ((3, 2), (), (2, -1), [(1,), ()])
    """
    if isinstance(x, tuple):
        shapes = [shape(part) for part in x]
        return shapes if shapes and any(s != () for s in shapes) else (len(x),)
    if not isinstance(x, list):
        return tuple(getattr(x, "shape", ()))
    inner = {s if isinstance(s, tuple) else () for s in map(shape, x)}
    if len(inner) > 1:
        return (len(x), -1)
    return (len(x), *(inner.pop() if inner else ()))


def in_words(output: Any) -> str:
    """A shape as it is shown.

    >>> in_words((3, 2)), in_words(()), in_words(None), in_words([(2,), ()])
    ('3×2', 'number', '–', '2, number')
    """
    if output is None:
        return "–"
    if isinstance(output, list):
        return ", ".join(map(in_words, output))
    return "×".join("…" if n < 0 else f"{n:,}" for n in output) or "number"


def counted(n: int, what: str) -> str:
    """A number of things.

    >>> counted(1, "node"), counted(2000, "node")
    ('1 node', '2,000 nodes')
    """
    return f"{n:,} {what}{'s' * (n != 1)}"
