"""What training makes small. Each is a mean over the samples, or a penalty; all are dimensionless.

    regression      how far numbers are from their targets: mse
    classification  how little scores say what their labels say: hinge, cross_entropy
    penalties       what is added to keep a model simple: l2

A new one is named in `nn/__init__.py` too. Each file uses only those above it. May import: checks.
"""
