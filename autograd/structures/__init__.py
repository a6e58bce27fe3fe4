"""Arguments and results of any structure (pytrees), as rows of numbers.

    trees    structures taken apart and put together; classes that are registered, arguments that stay objects
    plain    tuples, lists and dicts of numbers, by a pattern that is known
    layout   which inputs the leaves of arguments become, and their numbers
    results  the structure of what a function gave

Each file uses only those above it. May import: border, engine, values.
"""
