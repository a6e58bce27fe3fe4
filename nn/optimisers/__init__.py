"""How parameters follow their gradients.

    optimiser  Optimiser, the base: parameters, a learning rate, a step to be written
    sgd        gradient descent, with momentum or without

A new one is named in `nn/__init__.py` too. Each file uses only those above it. May import: checks.
"""
