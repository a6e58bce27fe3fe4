"""What a module is made of, found by going through it.

    buffers  numbers that a module keeps, and no optimiser moves
    anatomy  what a module is, but for the numbers of its parameters
    walk     the one way through a module: its parameters, and all else that it is
    tree     modules in modules: children, paths, the order in which they are applied to
    outline  a module as a tree: what holds what, and which parameters are whose
    columns  a module as columns of neurons, and as groups of parameters

Each file uses only those above it. May import: checks.
"""
