"""Formulas, per engine: option prices over a batch, a long valley, a trajectory and a thousand of them.

    call = torch_prices(x)          x is a point of shape (n,), or a batch of shape (n, points)
    value, gradient = call()

The functions themselves are in workloads.py; what is here is vectorised, or differentiated by hand, the way each
library's users would.
"""

import math

import numpy as np

from tests.benchmarks.workloads import black_scholes, height, miss, rosenbrock, runge_kutta, trajectory_loss

STEPS, H = 500, 0.01


def options(points=None):
    """Spot, strike, rate, volatility and time: of one option, or of a batch of them."""
    rng = np.random.default_rng(0)
    ranges = ((50.0, 150.0), (50.0, 150.0), (0.0, 0.1), (0.1, 0.6), (0.1, 3.0))
    return np.stack([rng.uniform(low, high, points) for low, high in ranges])


def valley(n=1000):
    return np.random.default_rng(0).uniform(-1.5, 1.5, n)


def throws(points):
    """Speeds of balls, and how much of it is left after a bounce."""
    rng = np.random.default_rng(0)
    return np.stack([rng.uniform(2.0, 12.0, points), rng.uniform(0.5, 0.9, points)])


def animals(points=None):
    """Births, bites, feasts and deaths: one set, or a batch of them."""
    typical = np.array([1.5, 1.0, 1.0, 3.0])
    if points is None:
        return typical
    return typical[:, None] * np.random.default_rng(0).uniform(0.8, 1.2, (4, points))


def price(xs, m):
    return black_scholes(*xs, m)


def ball(xs, m):
    return height(*xs)


def banana(xs, m):
    return rosenbrock(xs)


def trajectory(xs, m):
    return trajectory_loss(xs, STEPS, H)


# --- chainrule ---


def chainrule_batch(f, threads=1, backend="lanes"):
    """A batch of points, each argument an array of its own."""

    def prepare(x):
        import autograd

        axes = (0,) * len(x)
        fast = autograd.compile(lambda *xs: f(xs, autograd), in_axes=axes, threads=threads, backend=backend)
        everything = tuple(range(len(x)))
        return lambda: fast.value_and_grad(*x, argnums=everything)

    return prepare


def chainrule_numbers(f, backend="lanes"):
    """One point of five numbers, written as arguments."""

    def prepare(x):
        import autograd

        fast = autograd.compile(lambda *xs: f(xs, autograd), threads=1, backend=backend)
        a, b, c, d, e = x.tolist()
        return lambda: fast.value_and_grad(a, b, c, d, e, argnums=(0, 1, 2, 3, 4))

    return prepare


def chainrule_eager(f):
    """One point, its graph built and swept anew."""

    def prepare(x):
        import autograd

        numbers = x.tolist()

        def call():
            xs = [autograd.Value(number) for number in numbers]
            value = f(xs, autograd)
            value.backward()
            return value.data, [v.grad for v in xs]

        return call

    return prepare


def chainrule_one(f):
    """One point, given as an array."""

    def prepare(x):
        import autograd

        fast = autograd.compile(lambda xs: f(xs, autograd), threads=1)
        return lambda: fast.value_and_grad(x)

    return prepare


# --- Black-Scholes ---


def numpy_prices(x):
    """The textbook's formulas for the price and its five derivatives, sharing what they can.

    For one option over Python's floats and `math`, which are faster there.
    """
    if x.ndim == 1:
        x, sqrt, log, exp, erf = x.tolist(), math.sqrt, math.log, math.exp, math.erf
    else:
        from scipy.special import erf

        sqrt, log, exp = np.sqrt, np.log, np.exp

    def call():
        s, k, r, sigma, t = x
        root = sqrt(t)
        spread = sigma * root
        d1 = (log(s / k) + (r + 0.5 * sigma * sigma) * t) / spread
        n1 = 0.5 * (1.0 + erf(d1 * math.sqrt(0.5)))
        n2 = 0.5 * (1.0 + erf((d1 - spread) * math.sqrt(0.5)))
        discounted = k * exp(-r * t)
        density = exp(-0.5 * d1 * d1) * (s / math.sqrt(2.0 * math.pi))
        strike = discounted * n2
        rho = strike * t
        vega = density * root
        theta = density * sigma / (2.0 * root) + r * strike
        return s * n1 - strike, (n1, -strike / k, rho, vega, theta)

    return call


def torch_prices(x):
    import torch

    leaves = [torch.tensor(row, requires_grad=True) for row in x]

    def call():
        values = black_scholes(*leaves, torch)
        return values.detach(), torch.autograd.grad(values.sum(), leaves)

    return call


def jax_prices(x):
    from types import SimpleNamespace

    import jax
    import jax.numpy as jnp

    m = SimpleNamespace(exp=jnp.exp, log=jnp.log, sqrt=jnp.sqrt, erf=jax.scipy.special.erf)

    def one(*xs):
        return black_scholes(*xs, m)

    differentiated = jax.value_and_grad(one, argnums=(0, 1, 2, 3, 4))
    step = jax.jit(jax.vmap(differentiated) if x.ndim == 2 else differentiated)
    rows = jax.device_put(tuple(x))
    return lambda: jax.block_until_ready(step(*rows))


# --- Rosenbrock ---


def numpy_heights(x):
    """Rows that are still bouncing, fewer each time, with the slopes of their speed and of the time that is left."""
    g = 9.81

    def call():
        speed, bounce = x
        n = len(speed)
        level, by_speed, by_bounce = np.zeros((3, n))
        left, row = np.full(n, 4.0), np.arange(n)
        v_s, v_b, t_s, t_b = np.ones(n), *np.zeros((3, n))
        while len(row):
            flight = 2.0 * speed / g
            up = left <= flight
            v, t, at = speed[up], left[up], row[up]
            level[at] = v * t - g / 2.0 * t * t
            by_speed[at] = v_s[up] * t + (v - g * t) * t_s[up]
            by_bounce[at] = v_b[up] * t + (v - g * t) * t_b[up]
            left, t_s, t_b = left - flight, t_s - 2.0 / g * v_s, t_b - 2.0 / g * v_b
            slower, v_s, v_b = bounce * speed, bounce * v_s, speed + bounce * v_b
            on = ~up & (slower >= 0.5)
            row, speed, bounce, left, v_s, v_b, t_s, t_b = (
                z[on] for z in (row, slower, bounce, left, v_s, v_b, t_s, t_b)
            )
        return level, (by_speed, by_bounce)

    return call


def valley_of(x):
    """The same function over a vector, for libraries of vectors."""
    a, b = x[:-1], x[1:]
    return (100.0 * (b - a * a) ** 2 + (1.0 - a) ** 2).sum()


def numpy_valley(x):
    """The gradient by hand."""

    def call():
        a, b = x[:-1], x[1:]
        height, distance = b - a * a, 1.0 - a
        gradient = np.zeros_like(x)
        gradient[1:] = 200.0 * height
        gradient[:-1] -= 400.0 * height * a + 2.0 * distance
        return 100.0 * (height @ height) + distance @ distance, gradient

    return call


def torch_valley(x):
    import torch

    leaf = torch.tensor(x, requires_grad=True)

    def call():
        value = valley_of(leaf)
        return value.detach(), torch.autograd.grad(value, leaf)[0]

    return call


def jax_valley(x):
    import jax

    step, vector = jax.jit(jax.value_and_grad(valley_of)), jax.device_put(x)
    return lambda: jax.block_until_ready(step(vector))


# --- the trajectory ---


def numpy_trajectory(x):
    """The adjoint of every stage by hand; for one set of parameters over Python's floats, which are faster there."""
    p = x.tolist() if x.ndim == 1 else list(x)

    def call():
        births, bites, feasts, deaths = p
        prey = predators = 1.0 if x.ndim == 1 else np.ones(x.shape[1])
        stages = []

        def speed(u, v):
            stages.append((u, v))
            meetings = u * v
            return births * u - bites * meetings, feasts * meetings - deaths * v

        for _ in range(STEPS):
            a, e = speed(prey, predators)
            b, f = speed(prey + 0.5 * H * a, predators + 0.5 * H * e)
            c, g = speed(prey + 0.5 * H * b, predators + 0.5 * H * f)
            d, h = speed(prey + H * c, predators + H * g)
            prey = prey + H / 6.0 * (a + 2.0 * (b + c) + d)
            predators = predators + H / 6.0 * (e + 2.0 * (f + g) + h)

        d_births = d_bites = d_feasts = d_deaths = 0.0
        u_bar, v_bar = 2.0 * (prey - 1.5), 2.0 * (predators - 0.5)
        for _ in range(STEPS):
            u_before, v_before = u_bar, v_bar
            du = dv = 0.0
            # Each stage's speed has a share of the step, and moves the next stage's state by `reach`.
            for share, reach in ((H / 6.0, 0.0), (H / 3.0, H), (H / 3.0, 0.5 * H), (H / 6.0, 0.5 * H)):
                a_bar, e_bar = share * u_before + reach * du, share * v_before + reach * dv
                u, v = stages.pop()
                meetings = u * v
                d_births = d_births + a_bar * u
                d_bites = d_bites - a_bar * meetings
                d_feasts = d_feasts + e_bar * meetings
                d_deaths = d_deaths - e_bar * v
                share_of_meetings = e_bar * feasts - a_bar * bites
                du, dv = a_bar * births + share_of_meetings * v, share_of_meetings * u - e_bar * deaths
                u_bar, v_bar = u_bar + du, v_bar + dv
        return miss(prey, predators), (d_births, d_bites, d_feasts, d_deaths)

    return call


def torch_trajectory(x):
    import torch

    leaves = [torch.tensor(row, requires_grad=True) for row in x]

    def call():
        values = trajectory_loss(leaves, STEPS, H)
        return values.detach(), torch.autograd.grad(values.sum(), leaves)

    return call


def jax_trajectory(x):
    """`lax.scan` over the steps; `vmap` over a batch."""
    import jax

    def loss_of(*p):
        def step(state, _):
            return runge_kutta(p, *state, H), None

        (u, v), _ = jax.lax.scan(step, (1.0, 1.0), None, length=STEPS)
        return miss(u, v)

    differentiated = jax.value_and_grad(loss_of, argnums=(0, 1, 2, 3))
    step = jax.jit(jax.vmap(differentiated) if x.ndim == 2 else differentiated)
    rows = jax.device_put(tuple(x))
    return lambda: jax.block_until_ready(step(*rows))
