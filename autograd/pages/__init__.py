"""What a page shows that steps through a graph, as data: pictures with their places, and every step with its numbers.

    room      a look with room for every number that a step may bring
    sweep     what the sweep does at each node and on each edge, as columns
    rows      what one step says: partial times adjoint, what an operand had and has; of a group, how much on average
    samples   what is done alike many times: the numbers of each, to choose from
    picture   a view as the page shows it: boxes, edges, the steps through them
    insides   a group looked into, and what is in there: each kind laid out once
    document  all pictures of a page, and what is said about it

Each file uses only those above it. May import: calculus, graphs, explanations, folding, scenes.
"""
