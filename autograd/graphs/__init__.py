"""The graph as data: nodes, names, formulas.

    roots      what to start from; `__graph__`, by which things are drawn
    columns    what each node is made by, its numbers, its operands, read off in one walk
    selection  a part of a graph: what is near, what is on the way
    graph      the nodes below some Values
    names      what Values are called: labels, places in modules, variables of the caller
    pieces     pieces of formulas: precedence, numbers, names in a few characters
    formula    an operation in these names

Each file uses only those above it. May import: border, calculus, engine, values.
"""
