"""Ranks: processes that do the same together, and what they say to each other, over whatever can add up arrays.

    saying    what is said, as numbers that can be added up
    comms     what is asked of a `comm`; how many threads each of its ranks has
    watching  a watch on ranks that wait for each other after a loss
    ranks     frames of such numbers; how all end together, and how the others go on when one is lost
    rows      scores of samples that are spread over ranks, put together

Each file uses only those above it. May import: checks.
"""
