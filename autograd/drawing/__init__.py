"""Drawings: a scene in a notebook, as a `graphviz.Digraph`; and what can be drawn.

    bundle   what a notebook is given, and how much of it
    request  which part of a graph, which groups opened and closed
    calls    what a function computes of arguments
    saving   files on the disk
    digraph  graphviz's own interface, on any engine
    paper    a picture as a `graphviz.Digraph`: its DOT, its scene, its files
    drawing  Drawing: a picture whose groups open and close, and what a notebook shows of it
    draw     draw, draw_dot: what can be drawn

Each file uses only those above it. May import: border, values, graphs, folding, rendering, scenes, writers,
pages, browser.
"""
