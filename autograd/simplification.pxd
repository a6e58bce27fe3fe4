cimport cython

@cython.locals(wanted=bytearray, places=list, kept=list, operands=object, k=Py_ssize_t, o=Py_ssize_t)
cpdef tuple needed(list steps, Py_ssize_t first, object ends)
cdef tuple renumbered(tuple operands, list places)
@cython.locals(
    first=Py_ssize_t, steps=list, readers=list, k=Py_ssize_t, o=Py_ssize_t, left=Py_ssize_t, right=Py_ssize_t,
    product=Py_ssize_t, products=dict, starts=dict, absorbed=bytearray, places=list, written=list, factors=list,
)
cpdef object chained(object tape)
