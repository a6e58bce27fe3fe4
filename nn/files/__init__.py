"""What is learnt, in files: written whole, sealed, and read as if somebody had tampered with them.

    seal      a SHA-256 over all of a file but its own digits
    plain     plain data: what JSON can hold, and gives back as it was
    tensors   arrays as bytes: the layout of safetensors
    text      arrays as JSON, for people
    payload   arrays and plain data in a file, of either kind
    layout    a module's numbers as arrays under names that others know
    save      a model to a file
    load      a model from a file
    exchange  weights to PyTorch and from it

Nothing in a file is executed. Each file uses only those above it. May import: parts, modules, layers, data.
"""
