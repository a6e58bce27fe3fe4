"""A lowered program, and the arrays it runs over, for the compiled modules that run it."""

cdef struct Batch:
    const double *first
    Py_ssize_t columns, to_next_row, to_next_column  # steps in doubles


ctypedef void (*Uniform)(double *numbers) noexcept nogil
ctypedef int (*Work)(const double *numbers, const Batch *batches, Py_ssize_t n_batches, double *lanes, Py_ssize_t n,
                     double *sums, Py_ssize_t start, Py_ssize_t stop) noexcept nogil


cdef class Machine:
    cdef object library
    cdef Uniform before_in_c, after_in_c
    cdef Work work_in_c
    cdef const int[:, ::1] instructions, filled, direct, copied, steady, before, after, guards
    cdef const int[::1] operands, input_rows, number_operands, summed
    cdef const double[::1] template
    cdef Py_ssize_t rows, lane_outputs, inputs, first_sum, sums
    cdef int guard_row

    cdef void start(self, double *numbers, Py_ssize_t n) noexcept nogil
    cdef bint work(self, const double *numbers, const Batch *batches, Py_ssize_t n_batches, double *lanes, Py_ssize_t n,
                   double *failed, double *sums, Py_ssize_t start, Py_ssize_t stop) noexcept nogil
    cdef void finish(self, double *numbers) noexcept nogil
    cdef int failed_guard(self, const double *numbers) noexcept nogil


cdef int describe(list batches, Py_ssize_t row, Batch *sources) except -1
cdef bint any_is_nan(const double *numbers, Py_ssize_t n) noexcept nogil
