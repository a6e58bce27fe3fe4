"""A stand-in for microgpt's Value, to compare with and to time: our own code, its representation."""

import math


class LocalGradients:
    """A number with microgpt's way of keeping a node: children and local gradients as tuples."""

    __slots__ = ("_children", "_local_grads", "data", "grad")

    def __init__(self, data, children=(), local_grads=()):
        self.data, self.grad, self._children, self._local_grads = data, 0, children, local_grads

    def __add__(self, other):
        other = other if isinstance(other, LocalGradients) else LocalGradients(other)
        return LocalGradients(self.data + other.data, (self, other), (1, 1))

    def __mul__(self, other):
        other = other if isinstance(other, LocalGradients) else LocalGradients(other)
        return LocalGradients(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, n):
        return LocalGradients(self.data**n, (self,), (n * self.data ** (n - 1),))

    def log(self):
        return LocalGradients(math.log(self.data), (self,), (1 / self.data,))

    def exp(self):
        return LocalGradients(math.exp(self.data), (self,), (math.exp(self.data),))

    def relu(self):
        return LocalGradients(max(0, self.data), (self,), (float(self.data > 0),))

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-other)

    def __truediv__(self, other):
        return self * other**-1

    __radd__, __rmul__ = __add__, __mul__

    def backward(self):
        order, seen = [], set()

        def visit(v):
            if v not in seen:
                seen.add(v)
                for c in v._children:
                    visit(c)
                order.append(v)

        visit(self)
        self.grad = 1
        for v in reversed(order):
            for c, g in zip(v._children, v._local_grads, strict=True):
                c.grad += g * v.grad
