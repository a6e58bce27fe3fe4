"""`python -m nn`: two tasks trained, told of and drawn.

    report   what it leaves behind: pictures in a folder, and a table
    timing   how long a step takes, compiled and eager
    moons    the first task: two moons
    neuron   a picture in between: one neuron
    digits   the second task: handwritten digits
    command  options, messages, exit codes

Each file uses only those above it. May import: checks, layers, losses, optimisers, data,
prediction, plots, training.
"""
