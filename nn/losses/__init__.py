"""What training makes small. Each is a mean over the samples, or a penalty; all are dimensionless.

    loss            what all have in common: pairs of numbers, reductions, a loss as a sum over samples (`terms`)
    regression      how far numbers are from their targets: mse, mae, huber, smooth_l1, log_cosh
    classification  how little scores say what their labels say: hinge, squared_hinge, cross_entropy, nll
    probabilities   how far probabilities are from those wanted: binary cross-entropies, kl_divergence
    likelihoods     how unlikely targets are, of a model that says how they scatter: poisson_nll, gaussian_nll
    penalties       what is added to keep a model simple: l1, l2, elastic_net
    naming          losses by their names

A new one is named in `naming.py` and in `nn/__init__.py` too. Each file uses only those above it. May import: checks.
"""
