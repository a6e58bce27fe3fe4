"""A program as a model of ONNX: doubles, a batch of rows at a time."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from autograd.exits.operators import apply
from autograd.exits.tensors import DOUBLE, Graph, Tensor
from autograd.programs.program import Program

__all__ = ["model"]

OPSET, FORMAT = 18, 8
"""Of 2022, and so known to what runs models today; there is nothing in later ones that is needed."""


def model(program: Program, stacked: bool) -> Any:
    """The model; see `Tape.to_onnx`."""
    try:
        onnx = import_module("onnx")
    except ImportError as error:
        raise ImportError(f"to_onnx: ONNX is not installed here ({error}): pip install onnx") from error
    if not program.labels:
        raise ValueError("to_onnx: this tape has no inputs, so there is no batch: its outputs are numbers already")
    graph, n = Graph(onnx, apply), len(program.labels)
    names = program.names()[:n]
    given = [Tensor(graph, column(graph, k) if stacked else names[k]) for k in range(n)]
    slots = list(given)
    for row, operands in program.listed:
        slots.append(graph.tensor(operands) if row is None else apply(graph, row, [slots[k] for k in operands]))
    size = graph.node("Shape", given[0].number)
    found = [graph.node("Expand", restricted(program, slots, slots[k]).number, size) for k in program.outputs]
    info, batch = onnx.helper.make_tensor_value_info, ["batch"]
    if stacked:
        inputs = [info("x", DOUBLE, [*batch, n])]
        columns = [graph.node("Unsqueeze", name, graph.whole(1)) for name in found]
        named = [("y", graph.node("Concat", *columns, axis=1))]
        outputs = [info("y", DOUBLE, [*batch, len(found)])]
    else:
        inputs = [info(name, DOUBLE, batch) for name in names]
        named = list(zip(names_of_outputs(program, names), found, strict=True))
        outputs = [info(name, DOUBLE, batch) for name, _ in named]
    ends = [onnx.helper.make_node("Identity", [source], [name]) for name, source in named]
    whole = onnx.helper.make_graph([*graph.nodes, *ends], "tape", inputs, outputs, graph.constants)
    opset = onnx.helper.make_opsetid("", OPSET)
    return onnx.helper.make_model(whole, producer_name="chainrule", ir_version=FORMAT, opset_imports=[opset])


def column(graph: Graph, k: int) -> str:
    """An input, of one tensor of all."""
    return graph.node("Squeeze", graph.node("Gather", "x", graph.whole(k), axis=1), graph.whole(1))


def restricted(program: Program, slots: list[Tensor], output: Tensor) -> Tensor:
    """An output where the guards hold, and elsewhere nan."""
    graph, found = output.graph, output
    for k, holds in program.guards:
        condition = slots[k].condition
        sides = (found.number, graph.constant(float("nan")))
        found = Tensor(graph, graph.node("Where", condition, *(sides if holds else sides[::-1])))
    return found


def names_of_outputs(program: Program, names: list[str]) -> list[str]:
    """`y`, or `y0`, `y1` and so on; with underscores where inputs have these names."""
    count = len(program.outputs)
    found = ["y"] if program.single else [f"y{k}" for k in range(count)]
    while set(found) & set(names):
        found = [f"_{name}" for name in found]
    return found
