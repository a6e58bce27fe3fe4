"""From DOT to a picture, with whatever can do it on this machine.

    children   programs that are run: capped in time, memory and output, and gone afterwards
    formats    what Graphviz writes, and whether it is whole
    glyphs     marks in place of characters that no font can show
    rendering  from DOT to a picture, with Graphviz or without

Each file uses only those above it. May import: border.
"""
