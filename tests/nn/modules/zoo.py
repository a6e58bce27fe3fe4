"""Modules that hold one of everything that a module may hold."""

import math
from collections import OrderedDict, defaultdict
from typing import NamedTuple

import numpy as np

from autograd import Value
from nn import Module


class Pair(NamedTuple):
    left: object
    right: object


class Stack(list):
    """A list of a class of its own, with something besides."""


class Part(Module):
    def __init__(self, scale):
        self.scale = Value(scale)

    def __call__(self, x):
        return self.scale * x


class Zoo(Module):
    """One of everything that a module may hold."""

    def __init__(self):
        self.p = Value(1.0)
        self.part = Part(2.0)
        self.again = self.part
        self.pair = (Value(3.0), [self.p, {"deep": Pair(Value(4.0), self.part)}])
        self.keyed = OrderedDict([(2, Value(5.0)), ("two", Value(6.0)), ("once more", self.pair[0])])
        self.lazy = defaultdict(list, more=[Value(7.0)])
        self.array = np.array([[Value(8.0), Value(9.0)], [self.p, 0.5]])
        self.stack = Stack([Value(10.0)])
        self.stack.name = "stack"
        self.me = self
        self.act = self.work
        self.constant = Value(11.0).detach()
        self.computed = self.p * 2.0
        self.weights = np.array([[1.0, 2.0]])
        self.empty = ((), [], {}, set(), np.zeros((0, 2)), Module())
        self.fixed = (1, -0.0, math.nan, 2 + 3j, "text", b"bytes", None, True, np.float32(0.1), math.sin, Zoo)
        self.names = {"a", "b"}

    def work(self, x):
        return self.p * x


def data_of(module):
    return [p.data for p in module.parameters()]
