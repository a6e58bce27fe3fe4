"""Anything that owns parameters, however nested.

    arguments  modules as arguments of compiled functions: taken apart, put together
    hooks      what is called whenever a module is called
    foldable   a module in a notebook: a tree to unfold
    module     Module: parameters, their names and numbers

Each file uses only those above it. May import: checks, parts.
"""
