"""A trained model is asked: what its scores say, in the terms of the labels it was trained on.

    labels   what labels there are, what a loss is given for them, what a score says
    predict  what a model decides, and how often it is right
    plane    what a model of two inputs says all over the plane, and where its decision changes

Each file uses only those above it. May import: checks, losses, modules, files.
"""
