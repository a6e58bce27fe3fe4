"""Programs written for other tools: as C, as expressions of SymPy, as graphs of ONNX.

    c          C99, in functions that a compiler takes in its stride
    symbolic   expressions of SymPy
    tensors    numbers that write a graph of ONNX as they are computed with
    formulas   functions by formulas of others, for who has few
    operators  rows of the table in ONNX: by its operators, or by formulas of them
    onnx       the model

Each file uses only those above it. May import: calculus, programs.
"""
