"""Functions run on the numbers of other libraries, each row of the table by a function of theirs.

    numbers  numbers of another library, and a function of Values run on them
    special  the rows of `special.py` by mpmath
    digits   the table by mpmath, in as many digits as wanted, also at complex numbers

Each file uses only those above it. May import: border, calculus, values, structures, derivatives.
"""
