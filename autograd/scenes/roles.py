"""What the leaves of a network are: parameters, inputs, targets. Told from how the graph uses them."""

from __future__ import annotations

from typing import Literal

import numpy as np

from autograd.calculus._codes import CONSTANT
from autograd.graphs.graph import Graph
from autograd.graphs.names import Names

__all__ = ["Role", "roles_of"]

MANY = 64
"""What is made of more leaves than this stands for none of them."""

Role = Literal["leaf", "parameter", "input", "target", "constant", "operation", "operator", "group", "neuron", "title"]


def roles_of(graph: Graph, names: Names, wanted: list[int]) -> dict[int, Role]:
    """The role of each of the wanted leaves.

    An input is used beside a parameter, or beside another input; a target is used only beside what was computed from
    parameters. Where no parameter is known all leaves are just that.

    Cost: linear in the graph, if there are parameters and other leaves.
    """
    parameters = names.owners
    others = {i for i in wanted if i not in parameters and graph.columns.codes[i] != CONSTANT}
    roles: dict[int, Role] = {i: "parameter" for i in wanted if i in parameters}
    roles |= {i: "constant" for i in wanted if graph.columns.codes[i] == CONSTANT}
    roles |= dict.fromkeys(others, "leaf")
    if not parameters or not others:
        return roles
    beside = companions(graph, others, parameters)
    trained = from_parameters(graph, parameters)
    inputs = {i for i in others if any(j in parameters for j in beside[i])}
    while more := {i for i in others - inputs if any(j in inputs for j in beside[i])}:
        inputs |= more
    for i in others:
        if i in inputs:
            roles[i] = "input"
        elif beside[i] and all(trained[j] for j in beside[i]):
            roles[i] = "target"
    return roles


def companions(graph: Graph, leaves: set[int], parameters: dict[int, int]) -> dict[int, set[int]]:
    """For each of the leaves, what it is used beside; what is made of a leaf and constants alone stands for it."""
    starts, operands = graph.columns.starts.tolist(), graph.columns.operands.tolist()
    codes = graph.columns.codes
    stands_for = {i: {i} for i in (*leaves, *parameters)}
    found: dict[int, set[int]] = {i: set() for i in leaves}
    touched = np.zeros(len(graph), bool)
    touched[list(stands_for)] = True
    for i in range(len(graph)):
        own = operands[starts[i] : starts[i + 1]]
        if not any(touched[x] for x in own if x >= 0):
            continue
        variable = {x for x in own if x >= 0 and codes[x] != CONSTANT}
        if len(variable) == 1:
            (x,) = variable
            stands_for[i], touched[i] = stands_for[x], True
            continue
        if all(x in stands_for and stands_for[x] <= leaves for x in variable):  # of inputs alone, say
            together = set().union(*(stands_for[x] for x in variable))
            if len(together) <= MANY:
                stands_for[i], touched[i] = together, True
        for x in variable:
            for leaf in stands_for.get(x, set()) & leaves:
                for y in variable - {x}:
                    found[leaf] |= stands_for.get(y, {y}) - {leaf}
    return found


def from_parameters(graph: Graph, parameters: dict[int, int]) -> list[bool]:
    """For each node whether parameters go into it by at least one operation."""
    starts, operands = graph.columns.starts.tolist(), graph.columns.operands.tolist()
    found = [False] * len(graph)
    for i in range(len(graph)):
        found[i] = any(x in parameters or found[x] for x in operands[starts[i] : starts[i + 1]] if x >= 0)
    return found
