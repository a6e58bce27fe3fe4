"""Whether it is right, and where it went wrong.

    anomaly  the first operation that made nan or inf out of finite numbers, forward or backward

May import: border, calculus, engine.
"""
