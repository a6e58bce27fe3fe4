"""Pictures of a graph: renderers over `graphs.graph`, a file each.

    rendering  from DOT to a picture, with Graphviz or without
    drawing    draw: the graph in DOT

Each file uses only those above it. May import: border, values, graphs.
"""
