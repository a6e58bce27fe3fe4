"""Programs of `deciding.py` by hand, for arrays: with masks in NumPy, with `scan` and `where` in JAX.

    call = numpy_escape(x)          x has a row for each argument, and a column for each point
    value, gradient = call()

What is done here is what a user of that library does who knows it: points that are done are dropped in NumPy, loops are
`scan`, whatever is a vector is one.
"""

import functools

import numpy as np

# --- NumPy: derivatives carried along, by rules found on paper ---


def numpy_escape(x):
    """Points that are out drop out; the derivative by c is one complex number."""
    c = x[0] + 1j * x[1]

    def call():
        rounds, at, slope_at = np.full(len(c), 300), c.copy(), np.ones(len(c), dtype=complex)
        row, z, dz, here = np.arange(len(c)), c, np.ones(len(c), dtype=complex), c
        for k in range(300):
            out = z.real * z.real + z.imag * z.imag > 256.0
            if out.any():
                gone, stay = row[out], ~out
                rounds[gone], at[gone], slope_at[gone] = k, z[out], dz[out]
                row, z, dz, here = row[stay], z[stay], dz[stay], here[stay]
                if not len(row):
                    break
            dz = 2.0 * z * dz + 1.0
            z = z * z + here
        at[row], slope_at[row] = z, dz
        square = at.real * at.real + at.imag * at.imag
        half = 0.5 * np.log(square)
        value = rounds - np.log(half) / np.log(2.0)
        by_at = -1.0 / (np.log(2.0) * half * square)
        turned = np.conj(at) * slope_at  # d |z|² / 2 is the real part of it times dc
        return value, np.stack([by_at * turned.real, -by_at * turned.imag])

    return call


def numpy_bounce(x):
    """All points in step; four numbers and their derivatives by each of three arguments."""
    start, thrown, kept = x

    def call():
        n = len(start)
        height, speed, struck = start.copy(), thrown.copy(), np.zeros(n)
        slopes = np.zeros((3, 3, n))  # of height, speed and struck; by height, speed and kept
        d_height, d_speed, d_struck = slopes
        d_height[0] = 1.0
        d_speed[1] = 1.0
        for _ in range(200):
            speed -= 9.81 * 0.01
            height += speed * 0.01
            d_height += 0.01 * d_speed
            below = np.flatnonzero(height < 0.0)
            if len(below):
                height[below] *= -1.0
                d_height[:, below] *= -1.0
                d_speed[:, below] *= -kept[below]
                d_speed[2, below] -= speed[below]
                speed[below] *= -kept[below]
                struck[below] += speed[below]
                d_struck[:, below] += d_speed[:, below]
        return height + struck, d_height + d_struck

    return call


# --- JAX: one point, as a program of `scan` and `where`, and all of them by `vmap` ---


def jax_cliquet(np_, scan):
    def f(spot, rate, volatility, cap, floor, *shocks):
        dt, z = 1.0 / len(shocks), np_.stack(shocks)
        change = np_.exp((rate - 0.5 * volatility * volatility) * dt + volatility * dt**0.5 * z) - 1.0
        change = np_.where(change < floor, floor, change)
        total = np_.where(change > cap, cap, change).sum()
        return spot * np_.where(total < 0.0, 0.0, total) * np_.exp(-rate)

    return f


def jax_american(np_, scan, steps=20):
    """All levels of the tree are a vector as long as the last; what is beyond a level is not looked at."""

    def f(spot, strike, rate, volatility, years):
        dt = years / steps
        step = volatility * np_.sqrt(dt)
        up, discount = np_.exp(step), np_.exp(-rate * dt)
        p = (1.0 / discount - 1.0 / up) / (up - 1.0 / up)
        j = np_.arange(steps + 1)

        def exercised(i):
            return strike - spot * np_.exp(step * (i - 2.0 * j))

        def back(values, i):
            held = discount * (p * values + (1.0 - p) * np_.roll(values, -1))
            now = exercised(i)
            return np_.where(held > now, held, now), None

        last = exercised(steps)
        values, _ = scan(back, np_.where(last < 0.0, 0.0, last), np_.arange(steps - 1.0, -1.0, -1.0))
        return values[0]

    return f


def jax_bounce(np_, scan):
    def f(height, speed, kept):
        def step(carry, _):
            height, speed, struck = carry
            speed = speed - 9.81 * 0.01
            height = height + speed * 0.01
            below = height < 0.0
            height, speed = np_.where(below, -height, height), np_.where(below, -kept * speed, speed)
            return (height, speed, np_.where(below, struck + speed, struck)), None

        (height, _, struck), _ = scan(step, (height, speed, 0.0), None, length=200)
        return height + struck

    return f


def jax_neuron(np_, scan):
    def f(current, constant, threshold):
        def step(carry, _):
            voltage, fired = carry
            voltage = voltage + 0.1 * (current - voltage) / constant
            above = voltage > threshold
            return (np_.where(above, voltage - threshold, voltage), np_.where(above, fired + 1.0, fired)), None

        (voltage, fired), _ = scan(step, (0.0, 0.0), None, length=100)
        return voltage + fired

    return f


def jax_controller(np_, scan):
    dt = 0.05

    def f(proportional, integral, differential):
        def step(carry, _):
            place, speed, whole, before, cost = carry
            error = 1.0 - place
            force = proportional * error + integral * whole + differential * (error - before) / dt
            high, low = force > 2.0, force < -2.0
            whole = np_.where(high | low, whole, whole + error * dt)
            force = np_.where(high, 2.0, np_.where(low, -2.0, force))
            speed = speed + dt * (force - 0.5 * speed)
            return (place + dt * speed, speed, whole, error, cost + np_.abs(error) * dt), None

        return scan(step, (0.0, 0.0, 0.0, 1.0, 0.0), None, length=80)[0][4]

    return f


def jax_queue(np_, scan):
    def f(*times):
        n = len(times) // 2

        def step(carry, each):
            waiting, total = carry
            waiting = waiting + each[0] - each[1]
            waiting = np_.where(waiting > 0.0, waiting, 0.0)
            return (waiting, total + waiting), None

        return scan(step, (0.0, 0.0), (np_.stack(times[:n]), np_.stack(times[n:])))[0][1]

    return f


def jax_adaptive(np_, scan):
    """As many rounds as the longest row needs, which one has to know."""

    def f(mu, x, v):
        def slope(x, v):
            return v, mu * (1.0 - x * x) * v - x

        def round_(carry, _):
            t, h, x, v = carry
            on = t < 2.0
            h = np_.where(on & (t + h > 2.0), 2.0 - t, h)
            ax, av = slope(x, v)
            bx, bv = slope(x + h * 0.5 * ax, v + h * 0.5 * av)
            cx, cv = slope(x + h * 0.75 * bx, v + h * 0.75 * bv)
            nx, nv = x + h * (2 / 9 * ax + 1 / 3 * bx + 4 / 9 * cx), v + h * (2 / 9 * av + 1 / 3 * bv + 4 / 9 * cv)
            dx, dv = slope(nx, nv)
            miss_x = h * (-5 / 72 * ax + 1 / 12 * bx + 1 / 9 * cx - 1 / 8 * dx)
            miss_v = h * (-5 / 72 * av + 1 / 12 * bv + 1 / 9 * cv - 1 / 8 * dv)
            error = np_.sqrt(np_.where(on, miss_x**2 + miss_v**2, 1.0))
            factor = 0.9 * (1e-4 / (error + 1e-30)) ** (1 / 3)
            factor = np_.where(factor > 0.3, factor, 0.3)
            factor = np_.where(factor < 2.0, factor, 2.0)
            good = on & (error < 1e-4)
            moved = np_.where(good, t + h, t), np_.where(good, nx, x), np_.where(good, nv, v)
            return (moved[0], np_.where(on, h * factor, h), moved[1], moved[2]), None

        _, _, x, v = scan(round_, (0.0, 0.1, x, v), None, length=64)[0]
        return x + v

    return f


BY_NUMPY = {"escape": numpy_escape, "bounce": numpy_bounce}
BY_JAX = {
    "american_20": jax_american, "cliquet": jax_cliquet, "bounce": jax_bounce, "neuron": jax_neuron,
    "controller": jax_controller, "queue": jax_queue, "adaptive": jax_adaptive,
}  # fmt: skip


def jax_call(make, x, unroll):
    """A call for all points, with so many rounds of a loop as one."""
    import jax

    scan = functools.partial(jax.lax.scan, unroll=unroll)
    columns = [jax.numpy.asarray(column) for column in x]
    one = jax.value_and_grad(make(jax.numpy, scan), argnums=tuple(range(len(columns))))
    function = jax.jit(jax.vmap(one))

    def call():
        value, gradient = function(*columns)
        value.block_until_ready()
        return value, gradient

    return call
