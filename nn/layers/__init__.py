"""Modules that compute: neurons, layers, and layers of layers.

    activations  the table: a row per activation, its function, gain and spelling
    signals      what layers are called with: one sample, or a batch
    dense        Neuron, Layer, Linear, MLP
    norm         LayerNorm, RMSNorm, BatchNorm
    sequential   Sequential: modules, functions and activations in a row
    dropout      Dropout
    embedding    Embedding
    recurrent    cells, RNN, LSTM, GRU, and layers that go through a sequence with them
    attention    CausalSelfAttention, and what it keeps of places it has seen
    tables       tables of weights, found in a module, and drawn anew
    init         starting points for weights

Each file uses only those above it. May import: checks, chance, parts, modules.
"""
