"""How parameters follow their gradients.

    optimiser  Optimiser, the base: parameters, a learning rate, a step to be written
    sgd        gradient descent, with momentum or without

Each file uses only those above it. May import: checks.
"""
