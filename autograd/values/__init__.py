"""What a user holds: Value, and what is done with many of them.

    _methods    the named rows as methods of Value (generated)
    copying     copies and pickles without recursion
    closures    rules that a user writes: `_backward` closures, local gradients; nodes with other rules
    comparing   comparisons, by number
    freezing    leaves that are constants for now
    misspelt    names that are nearly right, refused
    showing     how a Value is printed
    value       Value: operators, comparisons, properties, micrograd's names
    roots       where a sweep begins: backward, topological_order
    folds       sum, dot; a row applied to numbers, Values and arrays
    _functions  the named rows as functions (generated)
    pointwise   functions of a few numbers that are made of rows: round, clip, isclose
    series      functions of many numbers that are made of rows: mean, std, softmax
    tables      a number looked up in a table, and between its points
    vectors     the numbers of many Values as one array

Each file uses only those above it. May import: border, calculus, engine.
"""
