cimport cython
from autograd.programs.steps cimport Ints, Steps

@cython.locals(order=Ints, others=list, special=bytearray, done=bytearray, k=Py_ssize_t)
cpdef tuple scheduled(
    Steps steps, Py_ssize_t first, bytearray varies, bytearray absorbed, object given, dict dots, list outers
)
