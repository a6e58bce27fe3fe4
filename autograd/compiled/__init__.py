"""A function, its paths, and its calls: what `compile` gives.

    forks        which rows of a batch go which way, and there
    paths        a tape for each way the guards come out
    questions    what is asked of a function, and the structure of the answer
    traced       a function and its recordings
    tangents     directions, in the structure of the arguments
    repetition   a call like one before, from its arguments to its answer in C
    repetitions  what is kept for that
    call         one call, on numbers
    gradients    the gradient of a call, added to that of Values
    joining      a call among Values: its results in their graph
    dispatch     which way a call is answered
    compile      Compiled, what the user sees

Each file uses only those above it.
May import: border, calculus, engine, values, programs, tape, lowering, replay, structures, derivatives.
"""
