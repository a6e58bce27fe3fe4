"""The graph seen from afar: what is alike, what belongs together, what of it is shown.

    likeness   which parts are computed in the same way
    belonging  which module each node belongs to
    loops      boxes that make no loop
    islands    what has nothing to do with each other
    rounds     what repeats in a sequence
    sequence   the parts of a group in order
    folding    the graph as a tree of groups
    view       what is to be seen: boxes for one node or many, and links between them
    listing    a view as text

Each file uses only those above it. May import: border, calculus, engine, values, graphs.
"""
