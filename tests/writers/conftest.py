"""What is drawn in more than one file, and the engines that draw."""

from tests.rendering.engines import engine, neuron, no_engine

__all__ = ["engine", "neuron", "no_engine"]
