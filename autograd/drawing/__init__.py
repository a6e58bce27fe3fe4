"""Pictures of a graph.

    rendering  from DOT to a picture, with Graphviz or without
    drawing    draw: the graph in DOT

Each file uses only those above it. May import: border, calculus, engine, values, graphs.
"""
