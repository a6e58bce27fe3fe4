"""What a graph is made of, and what a sweep over it does, in numbers that can be read one by one.

    statistics  how many nodes of which operation, how deep, how wide, how large
    steps       the sweep as data: at each node partials times adjoint, and what the operands had and have

Each file uses only those above it. May import: engine, values, graphs.
"""
