cimport cython
from cpython.exc cimport PyErr_Fetch, PyErr_Restore
from cpython.object cimport PyObject, PyTypeObject
from autograd.calculus._codes cimport CONSTANT, DETACH
from autograd.calculus.kernel cimport fold_partials, fold_value, partial1, partial2, value1, value2
from autograd.engine.listening cimport _listening, refuse_over, tell_cut, tell_made
from autograd.engine.memory cimport Pile, doubles, release
from autograd.engine.pausing cimport _pausing, grad_enabled

cdef extern from "autograd/engine/node.h":
    int give_lazy_dict(object type, PyObject *node, PyObject **field) except -1
    int give_signature(object type, const char *name, const char *signature) except -1
    ctypedef void (*destructor)(PyObject *)
    void give_slots "take_slots" (object type, object base, destructor bury)
    object new_bare(PyTypeObject *type)
    void clear_fields(Node node)

@cython.no_gc                     # it must stand here too, or a node is made and freed with a collector in mind
cdef class Node:
    cdef int _code                # what a sweep asks an operand lies beside the head
    cdef unsigned int _slot
    cdef double _data, _grad
    cdef double _dx, _dy
    cdef Node _x, _y
    cdef Fold _fold
    cdef PyObject *_dict          # label, and whatever a user hangs on it; NULL until first used

@cython.no_gc
cdef class Fold:
    cdef readonly tuple operands
    cdef double *partials
    cdef object rule
    cdef double link              # 8 bytes for the list of the dying

@cython.locals(z=Node)
cdef Node unary(int code, Node x)
@cython.locals(z=Node)
cdef Node node2(int code, Node x, Node y)
@cython.locals(z=Node)
cpdef Node constant(double data)
@cython.locals(i=Py_ssize_t, x=Node)
cdef Node cut(Node z, int code, tuple operands)
cpdef object row_of(int code)
@cython.locals(n=Py_ssize_t, i=Py_ssize_t, xs="double *", f=Fold, z=Node, x=Node)
cpdef Node fold(int code, tuple operands)
cpdef Node node_of(object row, object operands)
cdef Node lifted(object x, str what)
cdef object operand(object x, int code)
cdef Node operate(int code, Node x, object other)

cdef type made
cpdef object made_of(type kind, str name, str signature)

cdef inline Node blank():
    cdef Node z = <Node> new_bare(<PyTypeObject *> made)
    clear_fields(z)
    return z

# Nodes out of lists and tuples that are known to hold nothing else: the type is not asked again.
cdef inline Node node_at(list nodes, Py_ssize_t i):
    return <Node> nodes[i]

cdef inline Node operand_at(tuple operands, Py_ssize_t i):
    return <Node> operands[i]

cdef inline Node node_in(Pile *pile, Py_ssize_t i):
    return <Node> pile.items[i]

cdef inline Node take(Pile *pile):
    pile.count -= 1
    return <Node> pile.items[pile.count]

cdef extern from "autograd/engine/node.h":
    Node take_kept(Pile *pile)  # with the reference of the pile

cdef inline bint is_numbered(Node node, Pile *order) noexcept:
    return node._slot < <size_t> order.count and order.items[node._slot] == <PyObject *> node

cdef inline bint has_dict(Node node) noexcept:
    return node._dict != NULL

# Dropping a graph: what only a dying node held is put on a list, linked through 8 bytes that nobody reads again, and
# freed from there one by one. So a chain of any length takes a constant amount of stack and no memory.
cdef extern from "autograd/engine/node.h":
    void leave_x(Node node, PyObject **dying)
    void leave_y(Node node, PyObject **dying)
    void leave_fold(Node node, PyObject **dying)
    PyObject *take_node(Node node, PyObject **dying)
    PyObject *take_fold(Node node, PyObject **dying)
    void let_go "Py_DECREF" (PyObject *)
    void give_storage_back(Node node)
    bint is_buried_by(PyObject *node, destructor bury)
    void keep_storage(PyObject *node)

cdef PyObject *_dying_nodes
cdef PyObject *_dying_folds
cdef list _dying_attributes
cdef bint _draining

cdef inline void stop_draining() noexcept:  # in a forked process: the thread that was at it did not come along
    global _draining
    _draining = False

cdef inline void leave_attributes(Node node) noexcept:
    cdef PyObject *kind  # of an exception in flight
    cdef PyObject *value
    cdef PyObject *traceback
    PyErr_Fetch(&kind, &value, &traceback)
    _dying_attributes.append(<object> node._dict)
    let_go(node._dict)
    PyErr_Restore(kind, value, traceback)

cdef inline void leave_all(Node node) noexcept:
    leave_x(node, &_dying_nodes)
    leave_y(node, &_dying_nodes)
    leave_fold(node, &_dying_folds)
    if node._dict != NULL:
        leave_attributes(node)

cdef inline void drop(Node node) noexcept:
    global _draining
    cdef PyObject *dead
    leave_all(node)
    if not _draining:
        _draining = True
        while True:
            if _dying_nodes != NULL:
                dead = take_node(node, &_dying_nodes)
                if is_buried_by(dead, <destructor> bury):  # not a class of a user's own
                    leave_all(<Node> dead)
                    keep_storage(dead)
                else:
                    let_go(dead)
            elif _dying_folds != NULL:
                let_go(take_fold(node, &_dying_folds))
            elif _dying_attributes:
                _dying_attributes.pop()
            else:
                break
        _draining = False

cdef inline void bury(Node node) noexcept:
    drop(node)
    give_storage_back(node)

cdef inline void take_slots(object type, object base):
    give_slots(type, base, <destructor> bury)

cdef inline int hang_dict_on(object type, Node node) except -1:
    return give_lazy_dict(type, <PyObject *> node, &node._dict)
