cimport cython
from cpython.object cimport PyObject
from autograd.values._methods cimport Elementary
from autograd.calculus.kernel cimport (
    OVER, CONSTANT, LEAF, CUSTOM, ADD, SUB, MUL, DIV, POW, NEG, ABS, FLOOR, DETACH, DOT,
    value1, value2, partial1, partial2, fold_value, fold_partials, selects, doubles, release, poll,
)

cdef extern from "autograd/engine/node.h":
    int give_lazy_dict(object type, PyObject *node, PyObject **field) except -1
    int give_signature(object type, const char *signature) except -1

cdef set _paused, _listeners
cdef int _pausing, _listening
cdef object count()

cdef class Value(Elementary):
    cdef double _data, _grad      # the number, and the adjoint that users see
    cdef double _dx, _dy          # partials towards x and y
    cdef Value _x, _y             # operands
    cdef Fold _fold               # the operands of a node that has more of them, or a user's rule
    cdef int _code                # which row of the table
    cdef unsigned int _slot       # its place in the sweep in progress
    cdef PyObject *_dict          # label, and whatever a user hangs on it; NULL until first used

    cdef Elementary _unary(self, int code)
    cdef Elementary _binary(self, int code, object other)

    @cython.locals(twin=Value)
    cpdef Value __copy__(self)

cdef class Fold:
    cdef readonly tuple operands
    cdef double *partials
    cdef object rule
    cdef Value shadow
    cdef double link              # 8 bytes for the list of the dying

# recording
cdef object heard(Value node)
cpdef object refuse(str what, object node=*)
cpdef object refuse_any(str what, list nodes)
cpdef object stamp(Value node)
cpdef bint is_stamped(Value node) noexcept
@cython.locals(i=Py_ssize_t, node=Value)
cpdef object finish(list nodes)
cpdef Value require_alive(Value x)
cdef int refuse_over() except -1
cdef unsigned int STAMP
cdef str show(Value v)
@cython.locals(i=Py_ssize_t)
cdef Value unrecorded(Value z, int code, tuple operands)
cpdef double data_of(Value x) except? -1
cpdef bint is_recording() except -1
@cython.locals(z=Value)
cdef Value unary(int code, Value x)
@cython.locals(z=Value)
cdef Value node2(int code, Value x, Value y)
cdef object binary(int code, Value x, object other)
cdef object reflected(int code, Value y, object other)
cdef object operate(int code, Value x, object other)
@cython.locals(z=Value)
cpdef Value constant(double data)
cdef void clear(Value node)
cdef object _operand(object x, int code)
cpdef object row_of(int code)
@cython.locals(y=Value)
cdef object compare(Value x, object other, int how)
cpdef Value record(object row, object operands)
cdef Value lift(object x, str what)
@cython.locals(n=Py_ssize_t, i=Py_ssize_t, xs="double *", f=Fold, z=Value, v=Value)
cpdef Value fold(int code, tuple operands)

cdef inline bint has_dict(Value node) noexcept:
    return node._dict != NULL

cpdef tuple all_operands(Value node)
cpdef object rule_of(Value node)

# Dropping a graph: what only a dying node held is put on a list, linked through 8 bytes that nobody reads again, and
# freed from there one by one. So a chain of any length takes a constant amount of stack and no memory.
cdef extern from "autograd/engine/node.h":
    void leave_x(Value node, PyObject **dying)
    void leave_y(Value node, PyObject **dying)
    void leave_fold(Value node, PyObject **dying)
    PyObject *take_value(Value node, PyObject **dying)
    PyObject *take_fold(Value node, PyObject **dying)
    void let_go "Py_DECREF" (PyObject *)

cdef PyObject *_dying_values
cdef PyObject *_dying_folds
cdef list _dying_attributes
cdef bint _draining

cdef inline void stop_draining() noexcept:  # in a forked process: the thread that was at it did not come along
    global _draining
    _draining = False

cdef inline void drop(Value node) noexcept:
    global _draining
    leave_x(node, &_dying_values)
    leave_y(node, &_dying_values)
    leave_fold(node, &_dying_folds)
    if node._dict != NULL:
        _dying_attributes.append(<object> node._dict)
        let_go(node._dict)
    if not _draining:
        _draining = True
        while True:
            if _dying_values != NULL:
                let_go(take_value(node, &_dying_values))
            elif _dying_folds != NULL:
                let_go(take_fold(node, &_dying_folds))
            elif _dying_attributes:
                _dying_attributes.pop()
            else:
                break
        _draining = False

cdef inline int hang_dict_on(object type, Value node) except -1:
    give_signature(
        type,
        b"Value(data, children=None, op='', label='', *, local_grads=None, _children=None, _op='')\n--\n\n",
    )
    return give_lazy_dict(type, <PyObject *> node, &node._dict)
