cdef class Elementary:
    cdef Elementary _unary(self, int code)
    cdef Elementary _binary(self, int code, object other)
