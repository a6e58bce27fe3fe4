"""How a learning rate changes from epoch to epoch, or from step to step.

    rates        learning rates as plain functions of the epoch
    schedule     Schedule, the base: an optimiser, and where in the schedule it is
    shapes       schedules as objects, a class for each of the plain functions
    composition  schedules one after the other, at once, or after a warm-up
    plateau      a rate that falls where nothing gets better

A new one is named in `nn/__init__.py` too. Each file uses only those above it. May import: checks, optimisers.
"""
