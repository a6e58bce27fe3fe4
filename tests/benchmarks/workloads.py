"""What is timed: one Python function over scalars each, with its data, the same for every engine."""

import math
import random
from itertools import pairwise

SIZES = (2, 16, 16, 1)


def moons(n=100, seed=1337):
    """Two interleaving half circles: points and labels ±1."""
    rng = random.Random(seed)
    points, labels = [], []
    for i in range(n):
        t = math.pi * rng.random()
        upper = i % 2 == 0
        x, y = (math.cos(t), math.sin(t)) if upper else (1.0 - math.cos(t), 0.5 - math.sin(t))
        points.append((x + rng.gauss(0.0, 0.1), y + rng.gauss(0.0, 0.1)))
        labels.append(1.0 if upper else -1.0)
    return points, labels


def weights(make, sizes=SIZES, seed=7):
    """Layers of neurons: a list of weights and a bias each, made by `make` from floats."""
    rng = random.Random(seed)
    return [
        [([make(rng.uniform(-1.0, 1.0)) for _ in range(fan_in)], make(0.0)) for _ in range(fan_out)]
        for fan_in, fan_out in pairwise(sizes)
    ]


def parameters(layers):
    return [p for layer in layers for w, b in layer for p in (*w, b)]


def network(layers, x, relu):
    """The score of one point, operator by operator."""
    for k, layer in enumerate(layers):
        x = [sum((wi * xi for wi, xi in zip(w, x, strict=False)), b) for w, b in layer]
        if k < len(layers) - 1:
            x = [relu(z) for z in x]
    return x[0]


def max_margin_loss(layers, points, labels, relu):
    """The mean hinge loss of a batch plus a little L2."""
    losses = [relu(1.0 + -y * network(layers, x, relu)) for x, y in zip(points, labels, strict=False)]
    return sum(losses) * (1.0 / len(losses)) + 1e-4 * sum(p * p for p in parameters(layers))
