"""Derivatives of a graph as results: numbers, or Values to be differentiated again.

    grad  the gradient of a graph, of any order

Each file uses only those above it. May import: border, calculus, engine, values, structures, programs, tape.
"""
