"""Anything that owns parameters, however nested.

    anatomy    what a module is, but for the numbers of its parameters
    walk       the one way through a module: its parameters, and all else that it is
    arguments  modules as arguments of compiled functions: taken apart, put together
    module     Module: parameters, their names and numbers

Each file uses only those above it. May import: nothing of this package.
"""
