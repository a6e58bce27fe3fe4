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


def black_scholes(s, k, r, sigma, t, m):
    """The price of a European call: spot, strike, rate, volatility, time; `m` has log, sqrt, exp and erf."""
    spread = sigma * m.sqrt(t)
    d1 = (m.log(s / k) + (r + 0.5 * sigma * sigma) * t) / spread
    d2 = d1 - spread
    return s * normal_cdf(d1, m) - k * m.exp(-r * t) * normal_cdf(d2, m)


def normal_cdf(x, m):
    return 0.5 * (1.0 + m.erf(x * math.sqrt(0.5)))


def height(speed, bounce, seconds=4.0, g=9.81):
    """How high a ball is that was thrown upwards and may have bounced, once or often, or lie still by then."""
    flight = 2.0 * speed / g
    while seconds > flight:
        seconds = seconds - flight
        speed = bounce * speed
        if speed < 0.5:
            return 0.0 * speed
        flight = 2.0 * speed / g
    return speed * seconds - g / 2.0 * seconds * seconds


def rosenbrock(x):
    """The banana-shaped valley through all of x, of which the floor is at x = 1."""
    return sum(100.0 * (b - a * a) ** 2 + (1.0 - a) ** 2 for a, b in pairwise(x))


def lotka_volterra(p, x, y):
    """The speeds of prey and predators: births, bites, feasts and deaths are the parameters."""
    births, bites, feasts, deaths = p
    meetings = x * y
    return births * x - bites * meetings, feasts * meetings - deaths * y


def runge_kutta(p, x, y, h):
    """The state after a step h of the classical fourth order."""
    a = lotka_volterra(p, x, y)
    b = lotka_volterra(p, x + 0.5 * h * a[0], y + 0.5 * h * a[1])
    c = lotka_volterra(p, x + 0.5 * h * b[0], y + 0.5 * h * b[1])
    d = lotka_volterra(p, x + h * c[0], y + h * c[1])
    return (
        x + h / 6.0 * (a[0] + 2.0 * (b[0] + c[0]) + d[0]),
        y + h / 6.0 * (a[1] + 2.0 * (b[1] + c[1]) + d[1]),
    )


def miss(x, y):
    """How far from the target the trajectory ends, squared."""
    return (x - 1.5) * (x - 1.5) + (y - 0.5) * (y - 0.5)


def trajectory_loss(p, steps=500, h=0.01):
    """The miss of the trajectory that starts at (1, 1)."""
    x = y = 1.0
    for _ in range(steps):
        x, y = runge_kutta(p, x, y, h)
    return miss(x, y)
