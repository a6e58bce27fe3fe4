"""What a graph is made of, what a sweep over it does and why, in numbers and formulas that can be read.

    statistics   how many nodes of which operation, how deep, how wide, how large
    steps        the sweep as data: at each node partials times adjoint, and what the operands had and have
    expressions  the rows of the table over names and numbers, what is in common kept once
    algebra      expressions as one writes them by hand: like terms collected, powers for repeated factors
    latex        labels and operations in LaTeX's mathematics
    spelling     expressions written down, in Python and in LaTeX
    identifiers  labels as Python's names
    formula      a value, and a derivative, as one expression in the names of its leaves
    routes       the ways of a gradient from the root to one Value: how many, and the largest
    account      names for the nodes that are spoken of, and formulas of their partials
    telling      an explanation in words: text, Markdown, LaTeX
    explain      the chain rule for one Value of one graph, told

Each file uses only those above it. May import: border, calculus, engine, values, graphs.
"""
