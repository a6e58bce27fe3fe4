"""The graph as data, and in words.

    graph    nodes and edges, as plain data: what every renderer starts from; `__graph__`, by which things are drawn
    listing  the graph as text

Each file uses only those above it. May import: border, calculus, engine, values.
"""
