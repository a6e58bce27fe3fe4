"""The bridge: what a function did with Values, as a program.

    transcription  from a graph to steps
    recording      a function's run: its nodes, and its comparisons as guards
    tape           Tape, what a user holds

Each file uses only those above it. May import: calculus, engine, values, programs, exits, branches.
"""
