"""What to train on.

    toy      points of the plane, made up: two moons
    names    first names, and the characters that they are written with
    digits   handwritten digits, some of them held out
    batches  samples cut into mini-batches

Each file uses only those above it. May import: checks.
"""
