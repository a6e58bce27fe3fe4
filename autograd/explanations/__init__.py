"""What a graph is made of, what a sweep over it does and why, in numbers and formulas that can be read.

    statistics  how many nodes of which operation, how deep, how wide, how large
    steps       the sweep as data: at each node partials times adjoint, and what the operands had and have
    routes      the ways of a gradient from the root to one Value: how many, and the largest
    account     names for the nodes that are spoken of, and formulas of their partials
    telling     an explanation in words: text, Markdown, LaTeX
    explain     the chain rule for one Value of one graph, told

Each file uses only those above it. May import: border, calculus, engine, values, graphs, algebra.
"""
