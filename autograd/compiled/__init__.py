"""A function, its paths, and its calls: what `compile` gives.

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
    tangents     directions, in the structure of the arguments
    arguments    the arguments of a call, on which the function itself is run
    alone        rows that no path takes, by the eager engine
    rows         which row of a call takes which path, and running them
    call         one call, on numbers
    entries      the entries of a Jacobian or a Hessian along a path: where they are, and their values
    gradients    the gradient of a call, added to that of Values
    joining      a call among Values: its results in their graph
    checking     where somebody checks numbers: the rows of a call, run eagerly besides
    dispatch     which way a call is answered
    pieces       what answers for the pieces of a sweep
    mapping      a function over many chunks, on any executor; and in a pickle
    matrices     Jacobians and Hessians, sparse or too large for a tape of all their entries
    reports      what became of its branches, line by line
    compile      Compiled, what the user sees

Each file uses only those above it. A kind of derivative is added by a row of `kinds`, and a method in `compile`.
May import: border, calculus, engine, values, programs, sparsity, branches, tape, lowering, replay, building,
structures, sweeps, derivatives, sources.
"""
