"""Plots of a model itself: its neurons, and how large its numbers are.

    columns     a module as columns of neurons, and as groups of parameters
    network     a network as neurons in columns
    histograms  how large weights and gradients are, layer by layer

Each file uses only those above it. May import: checks, parts, modules, layers, plots.
"""
