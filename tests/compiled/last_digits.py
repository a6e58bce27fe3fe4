"""Whether results agree as well as last digits let them."""

import math

import autograd
from autograd import Value
from autograd.tape.recording import Recording
from tests.compiled.branching_programs import function_of
from tests.random_graphs import value_and_slopes


def differ(found, expected):
    if math.isnan(found) or math.isnan(expected):
        return not (math.isnan(found) and math.isnan(expected))
    if math.isinf(found) or math.isinf(expected):
        return found != expected
    return abs(found - expected) > 1e-12 * max(abs(found), abs(expected)) + 1e-300


def sizes(f, row):
    """What rounding is measured by: a first-order bound of the value's error; of each slope, the terms it sums."""
    leaves = [Value(x) for x in row]
    y = f(*leaves)
    if not isinstance(y, Value) or y.is_constant:
        return [abs(y.data if isinstance(y, Value) else y), *([0.0] * len(row))]
    order = autograd.topological_order(y)
    bound, terms = {}, {y: 1.0}
    for v in order:
        bound[v] = abs(v.data)
        for x, d in zip(v.operands, v.partials, strict=True):
            bound[v] += abs(d) * bound.get(x, 0.0) if d else 0.0
    for v in reversed(order):
        for x, d in zip(v.operands, v.partials, strict=True):
            if d and v in terms:
                terms[x] = terms.get(x, 0.0) + abs(d) * terms[v]
    return [bound[y], *(terms.get(x, 0.0) for x in leaves)]


def summed_otherwise(f, row):
    """Value and gradient, the terms of each adjoint added in the order in which the nodes were made."""
    leaves = [Value(x) for x in row]
    recording = Recording(leaves)
    y = recording.run(f, leaves, {})
    adjoints = {id(y): 1.0}
    for v in reversed(recording.nodes):
        if id(v) in adjoints and not v.is_constant:
            selects = v.primitive is not None and v.primitive.selects
            for x, d in zip(v.operands, v.partials, strict=True):
                if not (x.is_constant or (selects and d == 0.0)):
                    adjoints[id(x)] = adjoints.get(id(x), 0.0) + d * adjoints[id(v)]
    return [y.data, *(adjoints.get(id(x), 0.0) for x in leaves)]


def shaken(source, w, row):
    """The results when inputs and elementary functions move by some last digits."""
    results = []
    for seed in range(12):
        # Equal numbers stay equal: whether a row lies on a kink is not a matter of last digits.
        def moved(x, seed=seed):
            return x * (1.0 + 2e-16 * (hash((x, seed)) % 31 - 15)) if math.isfinite(x) else x

        f = function_of(source, [Value(moved(v.data)) for v in w], seed)
        results.append(value_and_slopes(f, [moved(x) for x in row]))
    return results


def assert_same(f, w, row, found, source):
    """The compiled results of a row are those of the eager engine, to 1e-12 or as well as they are determined."""
    expected = value_and_slopes(f, row)
    if not any(map(differ, found, expected)):
        return
    near, measures = [expected, summed_otherwise(f, row), *shaken(source, w, row)], sizes(f, row)
    for k, (a, e) in enumerate(zip(found, expected, strict=True)):
        results = [r[k] for r in near]
        if all(differ(a, x) for x in results):
            said = f"\n{source}\nw = {[v.data for v in w]}, row = {row}\nresult {k}: compiled {a!r}, eager {e!r}"
            assert math.isfinite(a), said
            assert math.isfinite(e), said
            spread = max(results) - min(results) if all(map(math.isfinite, results)) else math.inf
            measure = 0.0 if math.isnan(measures[k]) else measures[k]
            assert abs(a - e) <= 50 * spread + 1e-14 * measure, said
