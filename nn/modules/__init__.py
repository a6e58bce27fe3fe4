"""Anything that owns parameters, however nested.

    arguments  modules as arguments of compiled functions: taken apart, put together
    hooks      what is called whenever a module is called
    untouched  a model as it was, to come back to
    calls      what is called while a model computes
    table      tables, as text and as HTML
    summary    layers, shapes, parameters, nodes
    foldable   a module in a notebook: a tree to unfold
    naming     names of attributes: nearly right ones, and those of buffers
    state      what is loaded, entry by entry
    module     Module: parameters, their names and numbers

Each file uses only those above it. May import: checks, parts.
"""
