"""Functions, options, and what makes arguments for them: calls that are repeated in C, and calls that are not."""

from collections import OrderedDict, deque, namedtuple
from fractions import Fraction

import numpy as np

import autograd
from autograd import Value, where
from autograd.replay.threads import smallest_share
from nn import MLP
from tests.compiled.long_way import given_, mixture

SHARE = smallest_share(1)  # of a short program
Pair = namedtuple("Pair", "left right")
rng = np.random.default_rng(0)


def branching(x, y):
    return x * y if x * x + y > 0.0 else x - y


w, v = Value(0.75), Value(-1.25)
normal = rng.normal
ALIKE = {  # a function, options, and what makes arguments for it
    "a number": (lambda x: x * x.exp(), {}, lambda: given_(normal())),
    "numbers": (mixture, {}, lambda: given_(normal(), np.float64(normal()), Value(normal()), int(10 * normal()))),
    "no path": (lambda x, y: x * 2.0 + y, {}, lambda: given_(normal(), normal())),
    "guards": (branching, {}, lambda: given_(normal(), 1.0)),
    "guards in lanes": (branching, {"in_axes": 0}, lambda: given_(normal(size=70), np.ones(70))),
    "guards of shared numbers": (branching, {"in_axes": (None, 0)}, lambda: given_(normal(), np.ones(5))),
    "an array": (mixture, {}, lambda: given_(normal(size=(2, 3)))),
    "an array without axes": (mixture, {}, lambda: given_(np.array(normal()), 1.0)),
    "arrays": (mixture, {}, lambda: given_(normal(size=3), normal(size=(2, 1, 2)).T)),
    "many axes": (lambda x: x * x.sum(), {}, lambda: given_(normal(size=(1,) * 20 + (2,) + (1,) * 9))),
    "a structure": (mixture, {}, lambda: given_({"b": [normal(), (normal(),)], "a": {}, "c": ((), normal(size=2))})),
    "keywords": (mixture, {}, lambda: given_(normal(), z=normal(), a=[normal(size=2)])),
    "keywords alone": (mixture, {}, lambda: given_(x=normal())),
    "batched keywords": (mixture, {"in_axes": 0}, lambda: given_(normal(size=5), z=normal(size=(5, 2)), a=normal())),
    "truth and nothing": (mixture, {}, lambda: given_(normal(), [True, None, normal()])),
    "statics": (lambda x, k, y, s: x**k * len(s) - y, {"static_argnames": ("k", "s")}, lambda: given_(normal(), 3, normal(), s="abc")),
    "captured": (lambda x: (x * w).sin() * v, {}, lambda: given_(normal())),
    "captured, in lanes": (lambda x: x * w if v < x * x else v, {"in_axes": 0}, lambda: given_(normal(size=66))),
    "a batch": (mixture, {"in_axes": 0}, lambda: given_(normal(size=(65, 3)), normal(size=65))),
    "batches of several axes": (mixture, {"in_axes": 0}, lambda: given_(normal(size=(7, 2, 2)), normal(size=(7, 1, 1, 2)))),
    "a batch in a structure": (mixture, {"in_axes": ({"a": None, "b": [0, None]}, None)}, lambda: given_({"a": normal(size=2), "b": [normal(size=9), normal()]}, 3.0)),
    "a sum": (mixture, {"in_axes": (None, 0, 0), "reduce": "sum"}, lambda: given_({"b": normal(size=3), "a": normal()}, normal(size=(70, 2)), normal(size=70))),
    "a mean": (mixture, {"in_axes": (None, 0, 0), "reduce": "mean"}, lambda: given_({"b": normal(size=3), "a": normal()}, normal(size=(70, 2)), normal(size=70))),
    "a mean of guarded rows": (branching, {"in_axes": (0, None), "reduce": "mean"}, lambda: given_(normal(size=100), 1.0)),
    "a mean without a batch": (mixture, {"reduce": "mean"}, lambda: given_(normal(size=3))),
    "steady rows": (lambda x, y: [x * x, y, x * 0.0 + y], {"in_axes": (None, 0)}, lambda: given_(normal(), normal(size=5))),
    "steady rows, in the mean": (lambda x, y: x * x + y, {"in_axes": (None, 0), "reduce": "mean"}, lambda: given_(normal(), normal(size=5))),
    "nothing varies": (lambda x, y: {"k": x * x}, {"in_axes": (None, 0)}, lambda: given_(normal(), normal(size=5))),
    "selections": (lambda x: where(x > 0.0, x.sqrt(), x.relu()) + autograd.maximum(x, 0.5), {"in_axes": 0}, lambda: given_(normal(size=8) + 5.0)),
    "results": (lambda x, y: {"z": (x * y, [2.0, x]), "a": np.array([[x, y], [y, 1.0]]), "m": np.array(x, dtype=object)}, {}, lambda: given_(normal(), normal())),
    "results in lanes": (lambda x, y: [x * y[0], (y * y, {"b": 7.0, "a": y[1:]})], {"in_axes": (None, 0)}, lambda: given_(normal(), normal(size=(67, 3)))),
    "results, summed": (lambda x, y: [x * y[0], (y * y, {"b": 7.0, "a": x})], {"in_axes": (None, 0), "reduce": "sum"}, lambda: given_(normal(), normal(size=(67, 3)))),
    "results without elements": (lambda x, y: [x * y, np.array([], dtype=object), np.empty((2, 0), dtype=object)], {}, lambda: given_(normal(), normal())),
    "results without elements, in lanes": (lambda x, y: [x * y, np.empty((2, 0), dtype=object)], {"in_axes": 0}, lambda: given_(normal(size=3), normal(size=3))),
    "results without elements, summed": (lambda x, y: [x * y, np.empty((2, 0), dtype=object)], {"in_axes": (None, 0), "reduce": "mean"}, lambda: given_(normal(), normal(size=3))),
    "several shares without sums": (lambda x, y: (x * y).sin() + x.exp(), {"in_axes": 0}, lambda: given_(*normal(size=(2, 2 * SHARE + 65)))),
    "several shares, by one thread": (lambda x, y: [x.sin() * y, y], {"in_axes": (None, 0), "threads": 1}, lambda: given_(normal(), normal(size=5 * SHARE + 1))),
    "several shares of guarded rows": (branching, {"in_axes": (0, None), "threads": 1}, lambda: given_(normal(size=2 * SHARE + 65), 1.0)),
    "a sum over several shares": (lambda x, y: (x * y).sin() - y, {"in_axes": 0, "reduce": "sum", "threads": 1}, lambda: given_(*normal(size=(2, 2 * SHARE + 65)))),
    "a mean over several shares": (lambda x, y: (x * y).sin(), {"in_axes": (0, None), "reduce": "mean"}, lambda: given_(normal(size=SHARE + 1), normal())),
    "a sum over several shares of guarded rows": (branching, {"in_axes": (0, None), "reduce": "sum", "threads": 1}, lambda: given_(normal(size=3 * SHARE + 65), 1.0)),
    "a full share": (lambda x, y: (x * y).sin(), {"in_axes": 0, "reduce": "sum"}, lambda: given_(*normal(size=(2, SHARE)))),
}  # fmt: skip
LONG = {  # of these no call is repeated
    "no arguments": (lambda: w * 2.0, {}, lambda: given_()),
    "another axis": (mixture, {"in_axes": -1}, lambda: given_(normal(size=(2, 5)))),
    "an axis in the middle": (mixture, {"in_axes": (1, 0), "reduce": "sum"}, lambda: given_(normal(size=(2, 5, 2)), normal(size=5))),
    "a pair": (lambda p: p.left * p.right, {}, lambda: given_(Pair(normal(), normal()))),
    "a pair that comes back": (lambda x, y: Pair(x, y * x), {}, lambda: given_(normal(), normal())),
    "an ordered dict": (mixture, {}, lambda: given_(OrderedDict(b=normal(), a=normal()))),
    "a deque": (lambda d: d[0] * d[1], {}, lambda: given_(deque([normal(), 2.0]))),
    "a module": (lambda m, x: m(x), {}, lambda: given_(MLP(2, [3, 1], rng=int(rng.integers(99))), normal(size=2))),
    "without elements": (mixture, {}, lambda: given_(normal(), normal(size=(2, 0)))),
    "a batch without elements": (mixture, {"in_axes": 0}, lambda: given_(normal(size=5), normal(size=(5, 0)))),
    "an empty batch": (mixture, {"in_axes": 0}, lambda: given_(normal(size=(0, 2)))),
    "an empty batch, in the mean": (mixture, {"in_axes": 0, "reduce": "mean"}, lambda: given_(normal(size=(0, 2)))),
    "Fractions": (mixture, {}, lambda: given_(Fraction(normal()))),
    "Values in an array": (mixture, {}, lambda: given_(np.array([Value(normal()), 2.0]))),
    "single precision": (mixture, {"in_axes": 0}, lambda: given_(normal(size=(3, 2)).astype(np.float32))),
}  # fmt: skip
