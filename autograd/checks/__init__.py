"""Whether it is right, and where it went wrong.

    anomaly      the first operation that made nan or inf out of finite numbers, forward or backward
    differences  slopes by differences, with an estimate of their error
    exactly      slopes by mpmath in many digits, of differences or complex steps
    report       what a check of derivatives found
    blame        which operation has a wrong derivative, and the line that applied it
    gradcheck    the derivatives of a function against differences or mpmath, to second order

Each file uses only those above it. May import: border, calculus, engine, values, structures, derivatives, custom,
foreign.
"""
