cimport cython
from autograd.calculus._codes cimport DIV
from autograd.calculus.kernel cimport value1, value2

cpdef double head1(int code, double x)
cpdef double head2(int code, double x, double y)
@cython.locals(k=int, at=int, n=int)
cpdef object run(int[::1] steps, double[::1] work, int[::1] degrees, int width)
@cython.locals(
    kind=int, row=int, curved=int, straight=int, first=int, total=double, x=int, y=int, i=int, j=int, low=int, high=int,
)
cdef void extend(int[::1] steps, int at, int n, double[::1] work, int[::1] degrees, int width) noexcept
@cython.locals(first=int, x=int, y=int, found=int, i=int)
cdef int degree_of(int[::1] steps, int at, int[::1] degrees, int width) noexcept
