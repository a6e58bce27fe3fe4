"""Compiled methods: bound as functions are, recorded for each object, copied and pickled with it."""

import copy
import functools
import gc
import pickle
import weakref

import numpy as np

from autograd import Compiled, Value, compile
from tests.random_graphs import value_and_slopes


class Model:
    def __init__(self, w):
        self.w = Value(w)

    @compile(in_axes=0, reduce="sum")
    def loss(self, x):
        return self.w * x * x if x > 0 else self.w - x

    @compile(static_argnames=("self", "power"))
    def single(self, x, k=1.0, power=1):
        return self.w * x**power * k

    def plain(self, x):
        return self.w * x

    quick = compile(plain)
    other = compile(lambda self, x: self.w - x)

    @staticmethod
    @compile
    def double(x):
        return x * 2.0

    @functools.cached_property
    def fast(self):
        return compile(lambda x: self.w * x)


def test_methods():
    a, b = Model(2.0), Model(10.0)
    xs = np.array([1.0, -3.0])
    for _ in range(2):
        assert (a.loss(xs), b.loss(xs)) == (7.0, 23.0)
        assert a.loss.grad(xs).tolist() == [4.0, -1.0]
        assert b.loss.hessian(xs).tolist() == [[[20.0]], [[0.0]]]
        assert b.loss.jvp((xs,), (np.ones(2),)) == (23.0, 19.0)
        assert (a.single(2.0), b.single(2.0, 3.0), b.single(2.0, k=3.0), b.single(2.0, power=2)) == (
            4.0,
            60.0,
            60.0,
            40.0,
        )
        assert (a.single.grad(2.0, 3.0), b.single.grad(2.0, 3.0, argnums=1)) == (6.0, 20.0)
        assert (a.quick(3.0), b.quick.grad(3.0), a.other(3.0), b.other(3.0)) == (6.0, 10.0, -1.0, 7.0)
    assert a.loss.backward(xs) == 7.0
    assert (a.w.grad, b.w.grad) == (2.0, 0.0)
    a.w.data = 3.0
    assert a.loss(xs) == 9.0
    assert (a.double(4.0), Model.double(4.0), a.fast(5.0), b.fast.grad(5.0)) == (8.0, 8.0, 15.0, 10.0)


def test_a_compiled_method_leaves_the_object_as_it_was():
    a = Model(2.0)
    assert (a.quick(3.0), a.single(3.0)) == (6.0, 6.0)
    y = a.plain(Value(3.0))
    assert isinstance(y, Value)
    assert list(vars(a)) == ["w"]
    twin, deep = copy.copy(a), pickle.loads(pickle.dumps(copy.deepcopy(a)))
    twin.w, deep.w = Value(5.0), Value(7.0)
    assert (a.single(3.0), twin.single(3.0), deep.single(3.0)) == (6.0, 15.0, 21.0)
    assert (a.quick(3.0), twin.quick(3.0), deep.quick(3.0)) == (6.0, 15.0, 21.0)


def test_compiled_methods_and_inheritance():
    class Twice(Model):
        def single(self, x):
            return 2.0 * super().single(x)

        @compile
        def quick(self, x):
            return super().plain(x) * 3.0

    t = Twice(2.0)
    for _ in range(3):
        assert t.single(3.0) == 12.0
        assert t.quick(3.0) == 18.0
        assert t.plain(3.0).data == 6.0
        assert Model.single.__get__(t)(3.0) == 6.0


def test_compiled_methods_record_once_for_each_object_and_die_with_it():
    calls = []

    class Counting:
        def __init__(self, k):
            self.k = k

        @compile
        def f(self, x):
            calls.append(1)
            return x * self.k

        g = compile(lambda self, x: calls.append(1) or x - self.k)

    objects = [Counting(float(k)) for k in range(3)]
    for _ in range(4):
        assert [c.f(2.0) for c in objects] == [0.0, 2.0, 4.0]
        assert [c.g(2.0) for c in objects] == [2.0, 1.0, 0.0]
    assert len(calls) == 6
    alive = weakref.ref(objects.pop())
    gc.collect()
    assert alive() is None

    class Slotted:
        __slots__ = ("k",)

        @compile
        def f(self, x):
            return x * self.k

    s = Slotted()
    for k in (2.0, 3.0):
        s.k = Value(k)
        assert Slotted.f.__get__(s)(5.0) == s.f(5.0) == 5.0 * k


def squared_plus(k, x):
    return x * x + k


def test_what_binds_no_object_as_a_class_attribute_binds_none_compiled():
    class Holder:
        bound = compile(Model(2.0).plain)
        partial = compile(functools.partial(squared_plus, 1.0))
        builtin = compile(abs)

        @classmethod
        @compile
        def of_class(cls, x):
            return x * len(cls.__name__)

    h = Holder()
    assert (h.bound(3.0), h.partial(3.0), h.builtin(-3.0), h.of_class(1.0), Holder.of_class(2.0)) == (
        6.0,
        10.0,
        3.0,
        6.0,
        12.0,
    )
    assert (h.bound.grad(3.0), h.partial.grad(3.0), h.builtin.grad(-3.0)) == (2.0, 6.0, -1.0)


def test_compiled_functions_are_copied_as_functions_are():
    w = Value(2.0)
    fast = compile(lambda x: w * x)
    assert fast(3.0) == 6.0
    assert copy.copy(fast)(3.0) == 6.0
    twin = copy.deepcopy({"fast": fast, "w": w})
    assert twin["fast"](3.0) == 6.0
    a = Model(2.0)
    assert a.fast(3.0) == 6.0  # a compiled function among the attributes
    assert copy.deepcopy(a).single(3.0) == 6.0


@compile
def decorated(x):
    return x * x if x > 0.0 else -x


class Holder:
    @compile
    def method(self, x):
        return x * 3.0


def test_a_decorated_function_is_pickled_as_what_its_name_stands_for():
    assert pickle.loads(pickle.dumps(decorated)) is decorated
    assert pickle.loads(pickle.dumps(Holder.method)) is Holder.method
    other = pickle.loads(pickle.dumps(compile(value_and_slopes)))
    assert isinstance(other, Compiled)
