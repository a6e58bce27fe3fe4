"""Modules that compute: neurons, layers, and layers of layers.

    activations  the table: a row per activation, its function, gain and spelling
    signals      what layers are called with: one sample, or a batch
    dense        Neuron, Layer, Linear, MLP
    init         starting points for the weights of neurons

Each file uses only those above it. May import: checks, chance, parts, modules.
"""
