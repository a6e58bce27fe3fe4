"""Straight-line programs without numbers: written, simplified, differentiated, run, printed, kept.

    collector        Python's collector, which rests while a program grows
    own              rows of a user's own: a function that says its derivatives itself
    steps            steps, packed into arrays
    program          a program as data: labels, steps, outputs, guards
    pruning          reachability: what depends on what, dead code, counts of readers
    needs            under which conditions a slot is needed at all
    ancestors        the slots that one was computed from
    builder          writes a program step by step: constant folding, common subexpressions
    slots            its slots as a number type, on which the table's partials become programs
    simplification   the same program with fewer steps, to the same bits
    inlining         programs without rows of a user's own: of each the value is left
    products         what slots receive in a sweep: products of two, to be added up
    written          what a sweep writes at once: rules of one's own, slopes to be differentiated again
    sweeps           the chain rule over its slots, back and forward
    differentiation  its derivatives, as another program
    evaluation       its run over any number type, and its guards
    source           programs as text, Python, C and LaTeX
    file             programs in files

Each file uses only those above it. May import: border, calculus.
"""
