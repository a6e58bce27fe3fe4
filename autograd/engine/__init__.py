"""A number that remembers how it was made, and the chain rule over such memories.

Whoever reads this for the first time reads `node`, then `sweep`: after the table of calculus, that is all of it.

    pausing    no_grad: the blocks in which operations leave no nodes
    refusals   RecordingError, and what it says where a function that is recorded would go wrong
    bounds     how many comparisons a function may make that is run for somebody
    listening  who hears of every node, comparison and reading while a function runs
    rules      how the gradient goes on where no row of the table says it
    memory     storage that C has and Python does by itself; blocks.h keeps what a sweep leaves for the next
    node       the node and its making; node.pxd has the C types it is compiled with, node.h what C lacks
    leaves     leaves of floats, one or many at once
    reading    what is read off a node, and where that is refused
    hooks      functions that see gradients as a sweep comes by
    sweep      the chain rule, from the roots of a graph to its leaves
    outside    what a call makes, what of outside that was made from, and a sweep that goes no further

Each file uses only those above it. May import: border, calculus.
"""
