"""A model, a loss and an optimiser at work, in the open; and the trained model asked.

    history     what happened, epoch by epoch
    prediction  what a model decides, and how often it is right
    progress    a bar that nothing depends on
    passes      a model's way over a batch and back, as it stands or compiled
    step        forward, loss, backward, update
    train       epochs of batches, a step on each

Each file uses only those above it. May import: checks, optimisers, data.
"""
