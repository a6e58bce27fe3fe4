"""Functions of numbers and their derivatives, one row each. No graph, no tape.

    ieee         C's math.h on Python floats: infinities and nan instead of exceptions
    elementary   what math.h lacks, accurate beside zeros and in tails
    gammas       the gamma function and its kin on floats
    normals      the normal distribution, the error function's kin and sinc on floats
    bessel       Bessel functions of whole orders on floats
    primitive    what a row of the table says of a function
    special      rows that are read less often: rounding, gamma, the normal distribution; in the same form
    table        the rows: a page of calculus, with its conventions at kinks; add one here, then `make format`
    homogeneous  slopes that depend on differences or ratios alone, right where one of them is nearly all
    composed     functions of a few numbers that are made of rows
    arithmetic   Python's operators and comparisons as rows, for any number type
    codes        numbers that Python and C must agree on, each once
    _codes       those, and the codes of the rows, for Python; _codes.h and _codes.pxd for C
    kernel       the table as the engine asks it; compiled, it is C generated from the table
    arrays       a row applied to arrays
    application  a row applied to operands of any number type
    symbols      the table's rows as expressions
    moving       how partials move when operands do, as formulas and as numbers
    translation  functions with loops, read and written in C
    notation     expressions as Python, C and LaTeX write them
    in_c         the rows as functions in C, traced from their Python
    moving_in_c  the same in C
    names        what a label or a function may be called in text, Python, C, LaTeX
    _generate    writes the C kernel, Value's named methods, the public functions

Each file uses only those above it. May import: border.
"""
