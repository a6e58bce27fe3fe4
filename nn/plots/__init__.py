"""Pictures with matplotlib: each draws on the axes it is given, or on new ones, and gives the axes back.

    axes         where pictures are drawn, and in which colours
    description  what a picture shows, in words; and a picture that carries them
    points       points of the plane and their labels
    boundary     the plane as a model sees it
    curves       training, epoch by epoch
    confusion    which class was taken for which
    network      a network as neurons in columns
    histograms   how large weights and gradients are, layer by layer
    gradients    how large gradients are, layer by layer, epoch by epoch

Each file uses only those above it. May import: checks, parts, prediction.
"""
