"""Sweeps: a function of chunks of arguments, over whatever runs tasks.

    parcels    what goes to another process, as bytes; nothing of `__main__` by reference
    chunks     chunks and descriptions of them, which a worker makes arguments of
    pieces     a chunk in pieces, and their results put together in one order
    errors     a sweep that could not go on, with what it had done
    executors  whatever runs tasks
    pace       how long pieces take
    memory     memory that is kept from piece to piece
    workers    what a task is, and what a worker does with it
    progress   a bar
    running    a sweep from its first chunk to its last

Each file uses only those above it. May import: border.
"""
