"""Functions by their Taylor expansions: along a line to any order, of uncertain numbers to the second.

    recurrences   power series coefficient by coefficient, over numbers
    power_series  power series whose functions are those of the table
    routines      such series, done: over numbers as a routine that is kept, or over Values
    taylor        the coefficients of a function along a line
    uncertainty   mean and covariance of a function of uncertain numbers

Each file uses only those above it. May import: border, calculus, engine, values, structures, derivatives.
"""
