"""Modules that compute: neurons, layers, and layers of layers.

    activations  the table: a row per activation, its function, gain and spelling
    dense        Neuron, Layer, MLP
    init         starting points for the weights of neurons

Each file uses only those above it. May import: checks, parts, modules.
"""
