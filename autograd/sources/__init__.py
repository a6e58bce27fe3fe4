"""Sources of functions, found and rewritten, so that what is decided in them can be decided in another way.

    definitions  the source of a function, as a syntax tree
    safety       whether a branch may be run for rows that do not take it
    flow         break, continue and return as flags
    expressions  comparisons, `and`, `or`, `not`, calls, as what is asked there
    rewriting    a function's source with a question wherever something is decided

Each file uses only those above it. May import: border.
"""
