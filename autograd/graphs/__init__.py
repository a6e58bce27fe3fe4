"""The graph as data, and in words.

    columns   what each node is made by, its numbers, its operands, read off in one walk
    graph     the nodes below some Values; `__graph__`, by which things are drawn
    names     what Values are called: labels, places in modules, variables of the caller
    pieces    pieces of formulas: precedence, numbers, names in a few characters
    formula   an operation in these names
    likeness  which parts are computed in the same way
    view      what is to be seen: boxes for one node or many, and links between them
    listing   what is to be seen as text

Each file uses only those above it. May import: border, calculus, engine, values.
"""
