"""What training makes small. Each is a mean over the samples, or a penalty; all are dimensionless.

    loss            what all have in common: pairs of numbers, reductions, a loss as a sum over samples (`terms`)
    regression      how far numbers are from their targets: mse
    classification  how little scores say what their labels say: hinge, squared_hinge, cross_entropy, nll
    probabilities   how far probabilities are from those wanted: binary_cross_entropy_with_logits
    penalties       what is added to keep a model simple: l2

A new one is named in `nn/__init__.py` too. Each file uses only those above it. May import: checks.
"""
