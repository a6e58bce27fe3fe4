"""Programs in which each row decides for itself, written with Python's own `if`, `max` and `while`.

Nothing in them is written for this library but where `exp`, `log`, `sin` and `sqrt` are from.
"""

import math

import numpy as np

from autograd import exp, log, sin, sqrt

# --- finance ---


def american(steps):
    """A put that may be exercised early, by a binomial tree."""

    def put(spot, strike, rate, volatility, years):
        dt = years / steps
        up = exp(volatility * sqrt(dt))
        down, discount = 1.0 / up, exp(-rate * dt)
        p = (1.0 / discount - down) / (up - down)
        values = [max(strike - spot * up ** (steps - j) * down**j, 0.0) for j in range(steps + 1)]
        for i in range(steps - 1, -1, -1):
            values = [
                max(strike - spot * up ** (i - j) * down**j, discount * (p * values[j] + (1.0 - p) * values[j + 1]))
                for j in range(i + 1)
            ]
        return values[0]

    return put


def cliquet(spot, rate, volatility, cap, floor, *shocks):
    """An option on the sum of returns, each within a cap and a floor."""
    dt, total = 1.0 / len(shocks), 0.0
    for z in shocks:
        drift = (rate - 0.5 * volatility * volatility) * dt
        change = exp(drift + volatility * math.sqrt(dt) * z) - 1.0
        total = total + min(max(change, floor), cap)
    return spot * max(total, 0.0) * exp(-rate)


def barrier(spot, strike, level, rate, volatility, *shocks):
    """A call that is worth nothing once the spot was below a level."""
    dt = 1.0 / len(shocks)
    for z in shocks:
        spot = spot * exp((rate - 0.5 * volatility * volatility) * dt + volatility * math.sqrt(dt) * z)
        if spot < level:
            return 0.0 * spot
    return exp(-rate) * max(spot - strike, 0.0)


def internal_rate(*flows):
    """The rate at which the flows are worth nothing, by bisection."""
    low, high = -0.5, 1.0
    for _ in range(60):
        middle = (low + high) / 2.0
        if sum(flow / (1.0 + middle) ** k for k, flow in enumerate(flows)) > 0.0:
            low = middle
        else:
            high = middle
    return (low + high) / 2.0


def loan(balance, rate, payment, extra):
    """What a loan costs until it is paid back."""
    interest, months = 0.0, 0
    while balance > 0.0 and months < 600:
        due = balance * rate / 12.0
        interest = interest + due
        balance = balance + due - min(payment + extra, balance + due)
        months += 1
    return interest


# --- statistics ---

OBSERVED = [0, 1, 2, 1, 0, 2, 2, 1, 0, 1] * 3
REFERENCE = [math.sin(x) for x in np.linspace(0.0, 6.0, 8).tolist()]
TIMES = np.linspace(0.0, 1.0, 30).tolist()


def chain_of(stay, leave, a, b, c, d):
    """Logarithms of a hidden chain's two states: how they follow each other, and what is seen in each."""
    follow = [[stay, 1.0 - stay], [1.0 - leave, leave]]
    seen = [[a, b, 1.0 - a - b], [c, d, 1.0 - c - d]]
    return [[log(x) for x in row] for row in follow], [[log(x) for x in row] for row in seen]


def likelihood(*probabilities):
    """The logarithm of how likely what was observed is, with a logsumexp written by hand."""

    def total(logs):
        top = max(logs)
        return top + log(sum(exp(x - top) for x in logs))

    follow, seen = chain_of(*probabilities)
    states = [math.log(0.5) + seen[s][OBSERVED[0]] for s in range(2)]
    for k in OBSERVED[1:]:
        states = [total([states[p] + follow[p][s] for p in range(2)]) + seen[s][k] for s in range(2)]
    return total(states)


def viterbi(*probabilities):
    """The same of the likeliest path alone."""
    follow, seen = chain_of(*probabilities)
    states = [math.log(0.5) + seen[s][OBSERVED[0]] for s in range(2)]
    for k in OBSERVED[1:]:
        states = [max(states[p] + follow[p][s] for p in range(2)) + seen[s][k] for s in range(2)]
    return max(states)


def quantiles(*values):
    """A loss around the median, and the ninth decile."""
    ordered = sorted(values)
    middle, decile = ordered[len(values) // 2], ordered[int(0.9 * len(values))]
    return middle + 0.5 * decile + sum(max(0.3 * (x - middle), -0.7 * (x - middle)) for x in values)


def warping(*values):
    """The distance of two series whose times may be stretched."""
    n, m = len(values), len(REFERENCE)
    cost = [[math.inf] * (m + 1) for _ in range(n + 1)]
    cost[0][0] = 0.0
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            least = min(cost[i - 1][j], cost[i][j - 1], cost[i - 1][j - 1])
            cost[i][j] = abs(values[i - 1] - REFERENCE[j - 1]) + least
    return cost[n][m]


def breakpoints(first, second, before, between, after):
    """What a line that bends twice leaves of a parabola."""
    left = 0.0
    for t in TIMES:
        if t < first:
            height = before * t
        elif t < second:
            height = before * first + between * (t - first)
        else:
            height = before * first + between * (second - first) + after * (t - second)
        left = left + (t * t - height) ** 2
    return left


# --- physics ---


def bounce(height, speed, kept):
    """A ball on a floor, in 200 steps."""
    struck, dt = 0.0, 0.01
    for _ in range(200):
        speed = speed - 9.81 * dt
        height = height + speed * dt
        if height < 0.0:
            height, speed = -height, -kept * speed
            struck = struck + speed
    return height + struck


def pendulum(angle, turning, stiffness, damping):
    """A pendulum between two springs."""
    dt = 0.01
    for _ in range(150):
        torque = -9.81 * sin(angle)
        if angle > 0.6:
            torque = torque - stiffness * (angle - 0.6) - damping * turning
        elif angle < -0.6:
            torque = torque - stiffness * (angle + 0.6) - damping * turning
        turning = turning + dt * torque
        angle = angle + dt * turning
    return angle


def neuron(current, constant, threshold):
    """A neuron that leaks, and fires; what it has at the end, and how often it fired."""
    voltage, fired = 0.0, 0.0
    for _ in range(100):
        voltage = voltage + 0.1 * (current - voltage) / constant
        if voltage > threshold:
            voltage, fired = voltage - threshold, fired + 1.0
    return voltage + fired


def controller(proportional, integral, differential):
    """A PID controller whose output is clamped, and which stops integrating meanwhile."""
    dt, place, speed, whole, before, cost = 0.05, 0.0, 0.0, 0.0, 1.0, 0.0
    for _ in range(80):
        error = 1.0 - place
        force = proportional * error + integral * whole + differential * (error - before) / dt
        if force > 2.0:
            force = 2.0
        elif force < -2.0:
            force = -2.0
        else:
            whole = whole + error * dt
        speed = speed + dt * (force - 0.5 * speed)
        place, before = place + dt * speed, error
        cost = cost + abs(error) * dt
    return cost


def queue(*times):
    """How long customers wait in all; half of the times are services, half between arrivals."""
    waiting, total, n = 0.0, 0.0, len(times) // 2
    for service, gap in zip(times[:n], times[n:], strict=True):
        waiting = max(0.0, waiting + service - gap)
        total = total + waiting
    return total


def steering(*forces):
    """A cart moved by forces with a limit: where it ends, and what that took."""
    place, speed, cost = 1.0, 0.0, 0.0
    for force in forces:
        applied = min(max(force, -1.0), 1.0)
        speed = speed + 0.1 * applied
        place = place + 0.1 * speed
        cost = cost + 0.01 * applied * applied
    return cost + 10.0 * (place * place + speed * speed)


def ray(across, up, radius, box):
    """How far a ray goes until it meets a ball or a box, by steps as long as the next of them is away."""
    dx, dy, dz = (d / math.hypot(0.05, 0.02, 1.0) for d in (0.05, 0.02, 1.0))
    gone = 0.0
    for _ in range(60):
        x, y, z = across + gone * dx, up + gone * dy, -3.0 + gone * dz
        ball = sqrt(x * x + y * y + z * z) - radius
        a, b, c = abs(x - box) - 0.5, abs(y) - 0.5, abs(z - 1.0) - 0.5
        outside = sqrt(max(a, 0.0) ** 2 + max(b, 0.0) ** 2 + max(c, 0.0) ** 2)
        nearest = min(ball, outside + min(max(a, max(b, c)), 0.0))
        if nearest < 1e-4:
            return gone
        gone = gone + nearest
        if gone > 10.0:
            return 10.0 + 0.0 * across
    return gone


def adaptive(mu, x, v):
    """Van der Pol's oscillator at time 2, by Bogacki and Shampine's method with a step that fits the error."""
    t, h, rounds, end = 0.0, 0.1, 0, 2.0
    while t < end and rounds < 200:
        if t + h > end:
            h = end - t
        ax, av = v, mu * (1.0 - x * x) * v - x
        px, pv = x + h * 0.5 * ax, v + h * 0.5 * av
        bx, bv = pv, mu * (1.0 - px * px) * pv - px
        px, pv = x + h * 0.75 * bx, v + h * 0.75 * bv
        cx, cv = pv, mu * (1.0 - px * px) * pv - px
        nx, nv = x + h * (2 / 9 * ax + 1 / 3 * bx + 4 / 9 * cx), v + h * (2 / 9 * av + 1 / 3 * bv + 4 / 9 * cv)
        dx, dv = nv, mu * (1.0 - nx * nx) * nv - nx
        miss_x = h * (-5 / 72 * ax + 1 / 12 * bx + 1 / 9 * cx - 1 / 8 * dx)
        miss_v = h * (-5 / 72 * av + 1 / 12 * bv + 1 / 9 * cv - 1 / 8 * dv)
        error = sqrt(miss_x**2 + miss_v**2)
        if error < 1e-4:
            t, x, v = t + h, nx, nv
        h = h * min(2.0, max(0.3, 0.9 * (1e-4 / (error + 1e-30)) ** (1 / 3)))
        rounds = rounds + 1
    return x + v


def escape(across, up):
    """How soon z² + c leaves a circle of radius 16, from round to round without a jump: 2 to 300 rounds."""
    x, y, n = across, up, 0
    while x * x + y * y <= 256.0 and n < 300:
        x, y = x * x - y * y + across, 2.0 * x * y + up
        n = n + 1
    return n - log(0.5 * log(x * x + y * y)) / math.log(2.0)


# --- what is not merged ---


def pivoted(*entries):
    """A determinant by elimination, rows exchanged in place for the largest pivot: an index that a comparison chose."""
    n = math.isqrt(len(entries))
    a = [list(entries[n * k : n * k + n]) for k in range(n)]
    found = 1.0
    for k in range(n):
        best = k
        for i in range(k + 1, n):
            if abs(a[i][k]) > abs(a[best][k]):
                best = i
        if best != k:
            a[k], a[best] = a[best], a[k]
            found = -found
        found = found * a[k][k]
        for i in range(k + 1, n):
            factor = a[i][k] / a[k][k]
            for j in range(k + 1, n):
                a[i][j] = a[i][j] - factor * a[k][j]
    return found


def simpson(center, width):
    """The area under a peak from 0 to 1, by Simpson's rule, which calls itself where halves disagree."""

    def height(x):
        return exp(-(((x - center) / width) ** 2))

    def area(left, right, a, m, b, depth):
        middle = 0.5 * (left + right)
        c, d = height(0.5 * (left + middle)), height(0.5 * (middle + right))
        whole, halves = (
            (right - left) / 6.0 * (a + 4.0 * m + b),
            (right - left) / 12.0 * (a + 4.0 * (c + d) + 2.0 * m + b),
        )
        if depth == 0 or abs(halves - whole) < 1e-5:
            return halves
        return area(left, middle, a, c, m, depth - 1) + area(middle, right, m, d, b, depth - 1)

    return area(0.0, 1.0, height(0.0), height(0.5), height(1.0), 8)
