"""How a gradient moves along a direction: the chain rule of second order over a graph, as numbers.

    walks  bent: a graph read off once, walked forward with tangents, and back with those of the adjoints

Each file uses only those above it. May import: calculus, engine.
"""
