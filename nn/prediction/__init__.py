"""A trained model is asked: what its scores say, in the terms of the labels it was trained on.

    labels   what labels there are, what a loss is given for them, what a score says
    predict  what a model decides, and how often it is right

Each file uses only those above it. May import: checks, modules, files.
"""
