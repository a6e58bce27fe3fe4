"""Whole models, made of layers.

    generation  which token comes next: chosen by its logit, or drawn
    gpt         GPT: a small language model, in the manner of microgpt

Each file uses only those above it. May import: checks, chance, modules, layers.
"""

from nn.models.gpt import GPT

__all__ = ["GPT"]
