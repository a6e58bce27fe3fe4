cdef extern from "autograd/calculus/_moving_kernel.h" nogil:
    bint bends(int code)
    void moved1(int code, double x, double z, double dx, double dz, double *found)
    void moved2(int code, int i, double x, double y, double z, double dx, double dy, double dz, double *found)
    void moved_fold(int code, Py_ssize_t i, const double *xs, const double *dxs, double z, double dz, double *found)
