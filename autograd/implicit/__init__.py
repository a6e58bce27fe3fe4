"""Functions that an equation defines: roots and fixed points, differentiated by the theorem of implicit functions.

    rules       how a root is differentiated, in a graph and in a program
    rounding    what rounding leaves open of it
    searches    how it is found
    roots       root, fixed_point

Each file uses only those above it. May import: border, calculus, engine, values, linalg, programs, tape,
structures, derivatives, custom.
"""
