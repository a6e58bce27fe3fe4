"""How results and gradients move along a direction: the chain rule forward, and of second order, as numbers.

    pushing  moved: the tangents of results, by a walk over the graph
    walks    bent: a graph read off once, walked forward with tangents, and back with those of the adjoints

Each file uses only those above it. May import: calculus, engine.
"""
