"""How parameters follow their gradients.

    settings      a group of parameters and its settings: learning rate, momentum, ...
    remembering   what is remembered from step to step, as plain data
    optimiser     Optimiser, the base: groups of parameters, a step to be written
    sgd           gradient descent, with momentum or without
    adam          each parameter at a pace of its own, with momentum: Adam, AdamW
    rectified     Adam's first steps mended: NAdam, RAdam
    adaptive      each parameter at a pace of its own: RMSprop, Adagrad, Adadelta
    line_search   how far to go along a direction
    lbfgs         L-BFGS, which learns the curvature
    clipping      gradients held within bounds
    averaging     the running mean of weights
    accumulation  one step for several small batches

A new one is named in `nn/__init__.py` too. Each file uses only those above it. May import: checks.
"""
