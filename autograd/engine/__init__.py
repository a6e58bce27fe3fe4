"""A number that remembers how it was made, and the chain rule over such memories.

    node   Value and the graph it makes; node.pxd has the C types it is compiled with
    sweep  the chain rule, from the roots of a graph to its leaves

Each file uses only those above it. May import: border, calculus.
"""
