"""What is seen of a view, and where: boxes, edges, colours, places; as plain data, and as DOT.

    text      short numbers, names that fit, no character that would undo the rest
    colours   a sign as a hue, a size as its strength
    roles     which leaves are parameters, inputs, targets
    marks     numbers that are none, and which came first
    looks     how boxes, edges and a legend look, as plain data
    look      what each box and edge of a view shows; the legend
    two       the same as micrograd draws it, operators apart
    places    where boxes and edges are
    curves    lines with rounded corners
    dot       a look as DOT, with a port for each operand
    layout    the places that an engine finds
    rows      which box is in which row of a picture that is too wide
    wrapping  such a picture put together from its rows
    network   a network as neurons in columns
    scene     the picture as plain data, from which every output is made
    sheet     a view on its way to paper: look, DOT and places, found when asked for

Each file uses only those above it. May import: border, calculus, graphs, folding, rendering.
"""
