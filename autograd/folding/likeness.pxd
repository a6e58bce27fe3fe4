cimport cython
from autograd.calculus._codes cimport ADD, CONSTANT, POW, SUM

cdef unsigned long long WHOLE, FACTOR, OTHER, START

@cython.locals(
    n=Py_ssize_t, i=Py_ssize_t, j=Py_ssize_t, at=Py_ssize_t, first=Py_ssize_t, last=Py_ssize_t, x=Py_ssize_t, code=int,
    codes="int[::1]", starts="long long[::1]", operands="int[::1]", data="double[::1]", inner="int[::1]",
    units="int[::1]", heights="int[::1]", same="unsigned long long[::1]", alike="unsigned long long[::1]",
    marks="int[::1]", height=int, added=bint, a="unsigned long long", b="unsigned long long", p="unsigned long long",
    q="unsigned long long",
)
cpdef object likeness_of(object columns, object leaves, object kept)
@cython.locals(
    n=Py_ssize_t, i=Py_ssize_t, at=Py_ssize_t, x=Py_ssize_t, uses="int[::1]", users="int[::1]", inner="int[::1]",
)
cdef int[::1] inner_sums(int[::1] codes, long long[::1] starts, int[::1] operands, int[::1] kept)
cdef unsigned long long mixed(unsigned long long h, unsigned long long x) noexcept
cdef unsigned long long digest_of(double x) except *
@cython.locals(
    read="unsigned long long[::1]", n=Py_ssize_t, size=Py_ssize_t, table="int[::1]", found="int[::1]",
    firsts="int[::1]", count=Py_ssize_t, i=Py_ssize_t, at=Py_ssize_t,
)
cpdef tuple numbered(object digests)
