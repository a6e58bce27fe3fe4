"""A model and its loss, recorded: the loss of a batch and its gradient, at compiled speed.

    samples   samples and labels: one by one as they are, and in arrays of numbers
    settings  numbers, flags and text that a model and its loss go by
    feeding   what a model asks for while it computes, and is handed in a recording
    programs  a sample, or a whole batch, recorded with its loss
    task      a model, its loss, samples and labels; what the eager engine makes of them
    ways      by single samples, by rows, by whole batches, by scores
    stepper   the quickest way that agrees with the eager engine
    shares    a part of a step's samples, where others have the rest
    scorer    a model's scores over many samples

Each file uses only those above it. May import: checks, chance, parts, modules, losses.
"""
