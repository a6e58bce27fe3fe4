"""Surroundings: what this machine has that chainrule makes use of, and how to come by the rest.

    processor  its name, its cores, and how wide its vectors are
    parts      libraries and programs that are not required: which are here, what for, how to get them
    report     all of it in lines, for `python -m autograd`

Each file uses only those above it. May import: replay, rendering.
"""
