"""Derivatives of a graph as results: numbers, or Values to be differentiated again.

    reverse     the reverse sweep over Values
    forward     tangents pushed forward, as numbers and as Values
    inlining    whether compiled functions are run as they stand
    arguments   arguments of any structure as a row of numbers
    floats      functions called on floats, of which no more has to be asked: in few steps, compiled
    calls       a call of a function that is to be differentiated
    grad        the gradient of a graph or of a function, of any order
    checkpoint  parts of a graph that are not kept, and computed again
    transforms  the Jacobian of a plain function, and products with it
    second      its Hessian, and products with that

Each file uses only those above it. May import: border, calculus, engine, curvature, values,
structures.
"""
