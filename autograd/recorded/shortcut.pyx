# cython: language_level=3
"""One point at a time: a call of a few floats, from the interpreter's stack through the program to the answer.

What a `Repetition` does for arguments of any structure is done here for plain floats given by position, and nothing else:
they are read where the interpreter has them, the program is run on the stack, and the answer is made of what it gives.
Every other call, and every float whose path is not known, goes the way that the method in Python goes.
"""

from inspect import Signature, signature

from cpython.float cimport PyFloat_AS_DOUBLE, PyFloat_CheckExact
from cpython.object cimport PyObject, PyTypeObject
from libc.string cimport memcpy

from autograd.recorded.repetition cimport NUMBER, Leaf, Repetition, filled
from autograd.derivatives.floats cimport is_differentiated
from autograd.engine.listening cimport _listening
from autograd.replay.machine cimport Machine, any_is_nan

from autograd.recorded.repetition import is_key
from autograd.derivatives.inlining import _ever, _how

cdef extern from "Python.h":
    ctypedef struct PyMethodDef:
        const char *ml_name
        void *ml_meth
        int ml_flags
        const char *ml_doc
    enum: METH_FASTCALL, METH_KEYWORDS
    object PyDescr_NewMethod(PyTypeObject *cls, PyMethodDef *method)
    object PyObject_Vectorcall(object called, PyObject **args, size_t n, PyObject *names)

cdef enum:
    STACK_ROOM = 2048  # so many numbers fit on the stack
    MOST_ARGUMENTS = 64
    MOST_QUESTIONS = 8  # of a function are remembered
    MOST_PATHS = 4  # are tried, one after the other

cdef enum:
    VALUE = 0, BOTH, SLOPES  # methods

cdef tuple KINDS = ("value", "gradient", "gradient")
cdef list slow = [None, None, None]  # the methods in Python
cdef list texts = []  # of the names and docstrings, which stay where they are
cdef PyMethodDef methods[3]


cdef class Known:
    """The repetitions that answer a question asked with so many floats.

    Args:
        kind, argnums: What is asked.
        n: How many floats are given.
        kept: Of the function's repetitions those of this question, when they were looked through.
    """

    cdef int kind
    cdef object argnums
    cdef Py_ssize_t n
    cdef tuple kept
    cdef list paths

    def __cinit__(self, int kind, object argnums, Py_ssize_t n, tuple kept):
        cdef Repetition each
        self.kind, self.argnums, self.n, self.kept, self.paths = kind, argnums, n, kept, []
        for each in kept:
            if len(self.paths) < MOST_PATHS and takes_numbers(each, n):
                self.paths.append(each)


cdef bint takes_numbers(Repetition repetition, Py_ssize_t n) except -1:
    """True, if its arguments are n numbers given by position, so is its answer, and all that it needs fits on the stack."""
    cdef Leaf leaf
    cdef Py_ssize_t room
    if repetition.fork is not None or len(repetition.leaves) != n or repetition.pattern != (tuple(range(n)), {}):
        return False
    for leaf in repetition.leaves:
        if leaf.kind != NUMBER:
            return False
    room = repetition.machine.template.shape[0] + repetition.machine.summed.shape[0]
    if repetition.guards is not None:
        room += repetition.guards.template.shape[0]
    return room <= STACK_ROOM and not repetition.machine.lane_outputs and not repetition.machine.sums


cdef class Hastened:
    """What a compiled function is, for such calls: where its repetitions are.

    Attributes:
        repetitions: Those of the function.
    """

    cdef object repetitions
    cdef list shortcuts

    def _hasten(self, repetitions):
        """Answer by these repetitions from now on."""
        self.repetitions, self.shortcuts = repetitions, repetitions.shortcuts


cdef bint same(object known, PyObject *given) noexcept:
    """True, if both are the same number or tuple of numbers; whatever is not seen at once is not."""
    cdef Py_ssize_t i
    cdef object other
    if <PyObject *> known == given:
        return True
    other = <object> given
    if type(other) is not tuple or type(known) is not tuple or len(<tuple> other) != len(<tuple> known):
        return False
    for i in range(len(<tuple> known)):
        if (<tuple> known)[i] is not (<tuple> other)[i]:  # small numbers are one object each
            return False
    return True


cdef object answer(Repetition repetition, PyObject *const *args, Py_ssize_t n):
    """The answer; None, if the floats take another path, or it needs more care."""
    cdef double numbers[STACK_ROOM]
    cdef Machine machine = repetition.machine
    cdef Py_ssize_t i, size = machine.template.shape[0], count = machine.summed.shape[0]
    cdef double *found = numbers + size
    memcpy(numbers, &machine.template[0], size * sizeof(double))
    for i in range(n):
        numbers[i] = PyFloat_AS_DOUBLE(<object> args[i])
    if repetition.captured:
        repetition.take_captured(numbers, n)
    if repetition.guards is not None and not repetition.on_path(numbers, found + count, NULL, 1):
        return None
    machine.start(numbers, 1)
    machine.finish(numbers)
    for i in range(count):
        found[i] = numbers[machine.summed[i]]
    if repetition.selects and any_is_nan(found, count):
        return None
    repetition.hits += 1
    return filled(repetition.form, found, None)


cdef bint is_within() except -1:
    """True within a function that is run to be differentiated, or for another one."""
    if is_differentiated():
        return True
    if <list> _ever:
        if _how.get() != "":
            return True
    return False


cdef object called(int method, object self, PyObject *const *args, Py_ssize_t n, PyObject *names):
    """The answer to a call of a method of a compiled function."""
    cdef Known known
    cdef Repetition repetition
    cdef Py_ssize_t i
    cdef int kind = VALUE if method == VALUE else BOTH
    cdef object given = () if method == VALUE else 0
    if names != NULL and len(<tuple> names):
        if method == VALUE or len(<tuple> names) != 1 or (<tuple> names)[0] != "argnums":
            return slowly(method, self, args, n, names)
        given = <object> args[n]
    if n > MOST_ARGUMENTS or _listening or is_within():
        return slowly(method, self, args, n, names)
    for i in range(n):
        if not PyFloat_CheckExact(<object> args[i]):
            return slowly(method, self, args, n, names)
    cdef list shortcuts = (<Hastened> self).shortcuts
    for known in shortcuts:
        if known.kind == kind and known.n == n and same(known.argnums, <PyObject *> given):
            for repetition in known.paths:
                found = answer(repetition, args, n)
                if found is not None:
                    return found if method != SLOPES else (<tuple> found)[1]
            break
    found = slowly(method, self, args, n, names)
    learn(self, kind, given, n)
    return found


cdef object slowly(int method, object self, PyObject *const *args, Py_ssize_t n, PyObject *names):
    """The answer by the method in Python."""
    cdef PyObject *given[MOST_ARGUMENTS + 8]
    cdef Py_ssize_t i, more = 0 if names == NULL else len(<tuple> names)
    if n + more > MOST_ARGUMENTS:
        keywords = {} if names == NULL else {name: <object> args[n + i] for i, name in enumerate(<tuple> names)}
        return slow[method](self, *[<object> args[i] for i in range(n)], **keywords)
    given[0] = <PyObject *> self
    for i in range(n + more):
        given[1 + i] = args[i]
    return PyObject_Vectorcall(slow[method], given, n + 1, names)


cdef object learn(Hastened self, int kind, object argnums, Py_ssize_t n):
    """Remember which repetitions answer a question, if these are others by now."""
    cdef Known known
    cdef list shortcuts = self.shortcuts
    if not is_key(argnums):
        return None
    kept = (<dict> self.repetitions.kept).get((KINDS[kind], argnums))
    for known in shortcuts[:]:
        if known.kind == kind and known.n == n and known.argnums == argnums:
            if known.kept is kept:
                return None
            shortcuts.remove(known)
    if kept is not None:
        shortcuts.insert(0, Known(kind, argnums, n, kept))
        del shortcuts[MOST_QUESTIONS:]


cdef object call(object self, PyObject *const *args, Py_ssize_t n, PyObject *names):
    return called(VALUE, self, args, n, names)


cdef object value_and_grad(object self, PyObject *const *args, Py_ssize_t n, PyObject *names):
    return called(BOTH, self, args, n, names)


cdef object grad(object self, PyObject *const *args, Py_ssize_t n, PyObject *names):
    return called(SLOPES, self, args, n, names)


def hasten(cls):
    """The class, with a quick way laid over the methods that a call of floats may go by; they keep their texts."""
    cdef int method
    cdef dict names = {VALUE: "__call__", BOTH: "value_and_grad", SLOPES: "grad"}
    methods[VALUE].ml_meth, methods[BOTH].ml_meth = <void *> call, <void *> value_and_grad
    methods[SLOPES].ml_meth = <void *> grad
    for method, name in names.items():
        slow[method] = function = vars(cls)[name]
        bare = [x.replace(annotation=x.empty) for x in signature(function).parameters.values()]
        written = str(Signature(bare)).replace("(self", "($self, /", 1)
        text = name.encode(), f"{name}{written}\n--\n\n{function.__doc__}".encode()
        texts.append(text)
        methods[method].ml_name, methods[method].ml_doc = <bytes> text[0], <bytes> text[1]
        methods[method].ml_flags = METH_FASTCALL | METH_KEYWORDS
        setattr(cls, name, PyDescr_NewMethod(<PyTypeObject *> cls, &methods[method]))
    return cls
