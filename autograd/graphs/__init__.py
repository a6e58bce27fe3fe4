"""The graph as data, and in words.

    roots      what to start from; `__graph__`, by which things are drawn
    columns    what each node is made by, its numbers, its operands, read off in one walk
    selection  a part of a graph: what is near, what is on the way
    graph      the nodes below some Values
    names      what Values are called: labels, places in modules, variables of the caller
    pieces     pieces of formulas: precedence, numbers, names in a few characters
    formula    an operation in these names
    likeness   which parts are computed in the same way
    belonging  which module each node belongs to
    loops      boxes that make no loop
    rounds     what repeats in a sequence
    sequence   the parts of a group in order
    folding    the graph as a tree of groups
    view       what is to be seen: boxes for one node or many, and links between them
    listing    a view as text

Each file uses only those above it. May import: border, calculus, engine, values.
"""
