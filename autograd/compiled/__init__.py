"""A compiled function and its calls: what `compile` gives.

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

Each file uses only those above it. A kind of derivative is a method in `compile`, and a row of `recorded/kinds.py`.
May import: border, engine, values, programs, sparsity, branches, tape, replay, structures, sweeps, derivatives,
sources, recorded.
"""
