"""The graph as data, and in words.

    graph    nodes and edges, as plain data
    listing  the graph as text

Each file uses only those above it. May import: border, calculus, engine, values.
"""
