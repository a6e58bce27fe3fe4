"""Drawings: a scene in a notebook, as a `graphviz.Digraph`; and what can be drawn.

    sheet    what is drawn on its way to paper: look, DOT and places, found when asked for
    bundle   what a notebook is given, and how much of it
    request  which part of a graph, which groups opened and closed
    calls    what a function computes of arguments
    saving   files on the disk
    digraph  graphviz's own interface, on any engine
    drawing  Drawing: a picture as a `graphviz.Digraph`
    draw     draw, draw_dot: what can be drawn

Each file uses only those above it. May import: border, values, graphs, folding, rendering, scenes, writers.
"""
