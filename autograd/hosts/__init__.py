"""Compiled functions inside other libraries, which differentiate through them: PyTorch and JAX.

    weighing  a compiled function's results, weighed and added up: of that the gradient is a pullback
    torch     as a function of PyTorch's tensors
    jax       as a function of JAX's arrays

Each file uses only those above it. May import: border, engine, values, structures, compiled.
"""
