"""Pictures of a graph: what is seen and where, as a `graphviz.Digraph`, as files, as data.

    children   programs that are run: capped in time, memory and output, and gone afterwards
    formats    what Graphviz writes, and whether it is whole
    rendering  from DOT to a picture, with Graphviz or without
    text       short numbers, names that fit, no character that would undo the rest
    colours    a sign as a hue, a size as its strength
    roles      which leaves are parameters, inputs, targets
    marks      numbers that are none, and which came first
    look       what each box and edge of a view shows; the legend
    two        the same as micrograd draws it, operators apart
    places     where boxes and edges are
    curves     lines with rounded corners
    dot        a look as DOT, with a port for each operand
    layout     the places that an engine finds
    rows       which box is in which row of a picture that is too wide
    wrapping   such a picture put together from its rows
    network    a network as neurons in columns
    scene      the picture as plain data, from which every output is made
    reading    what all writers read from it: outlines of shapes, rows of the legend
    tex        words in TeX
    tikz       a scene for pdflatex, and for a paper
    mermaid    a scene as text that others draw
    plot       a scene drawn by matplotlib
    writers    files made from a scene, by their ending
    sheet      a view on its way to paper: all of this, found when asked for
    bundle     what a notebook is given, and how much of it
    asked      what is asked for: parts of a graph, groups opened and closed
    calls      what a function computes of arguments
    saving     files on the disk
    drawing    Drawing: a picture as a `graphviz.Digraph`
    draw       draw, draw_dot: what can be drawn

Each file uses only those above it. May import: border, calculus, values, graphs.
"""
