"""A function as it was recorded: its paths, what may be asked along them, and calls that are answered at once.

    answers      answers put together, in the structure of arguments and results
    kinds        the kinds of derivatives, a row each
    questions    what is asked of a function: a kind of derivative, and the answer made of it
    forks        rows of a batch sent along their paths, in C
    absent       in place of a function that did not come along
    paths        a tape for each way the guards come out
    inputs       the order of a path's inputs, and the numbers of a call for them
    repetition   a call like one before, from its arguments to its answer in C
    shortcut     a call of a few floats, answered with as little around the arithmetic as possible
    repetitions  the cache of these
    randomness   whether a function drew random numbers
    options      the options of `compile`, checked
    traced       a function and its recordings
    reasons      why a line is a guard still
    travelling   a function with its recordings as data
    watching     what a merged recording gives and compares, on its own row and replayed for others
    counting     how often loops go round, in some rows
    agreement    whether rows get along a merged recording what the function gives them itself
    recordings   a function recorded on a row, and with branches merged where paths multiply
    sampling     whether rows have paths in common, found out on some

Each file uses only those above it. A kind of derivative is added by a row of `kinds`. May import: border, calculus,
engine, values, programs, sparsity, branches, tape, lowering, replay, building, structures, sweeps, derivatives,
sources.
"""
