cimport cython

@cython.locals(found=list)
cpdef list squares_as_products(list steps, Py_ssize_t first)
@cython.locals(readers=list, k=Py_ssize_t, o=Py_ssize_t)
cpdef list count_readers(list steps, Py_ssize_t first, bytearray varies, bytearray absorbed, object others)
@cython.locals(
    k=Py_ssize_t, kind=int, inner_kind=int, outer_kind=int, side=Py_ssize_t, inner=Py_ssize_t, found=dict, operands=tuple,
    inner_operands=tuple,
)
cpdef dict fusions(
    list steps, Py_ssize_t first, bytearray varies, bytearray absorbed, list readers, Py_ssize_t minus_one
)
