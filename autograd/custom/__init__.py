"""Functions of a user's own, with derivatives that their author writes.

    naming      what is said of a user's function: its name, its place, its arguments
    arguments   arguments taken apart: the Values among them, and all else
    calls       a call of such a function: a node with its rule in a graph, a step for each result in a program
    functions   custom_vjp, custom_jvp: whole functions, by JAX's conventions
    primitives  primitive: a function by its value and a partial derivative per operand

Each file uses only those above it. May import: border, calculus, engine, values, programs, tape, structures,
derivatives.
"""
