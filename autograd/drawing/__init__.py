"""Pictures of a graph: renderers over `graphs.graph`, a file each.

    children   programs that are run: capped in time, memory and output, and gone afterwards
    formats    what Graphviz writes, and whether it is whole
    rendering  from DOT to a picture, with Graphviz or without
    drawing    draw: the graph in DOT

Each file uses only those above it. May import: border, values, graphs.
"""
