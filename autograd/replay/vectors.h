/* The vector functions of the platform: exp, log and the rest for all lanes of a register at once. glibc has them in its
   libmvec; they are to be had where the compiler is told of them, without -ffast-math. */
#if defined(__linux__)
#include <features.h> /* says whether this is glibc, and which */
#endif
#if defined(__GLIBC__) && defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define MANY_PROCESSORS
#if __GLIBC_PREREQ(2, 35)
#define VECTOR(name) _Pragma("omp declare simd notinbranch") extern double name(double);
VECTOR(acos) VECTOR(acosh) VECTOR(asin) VECTOR(asinh) VECTOR(atan) VECTOR(atanh) VECTOR(cbrt) VECTOR(cos) VECTOR(cosh)
VECTOR(erf) VECTOR(erfc) VECTOR(exp) VECTOR(exp2) VECTOR(expm1) VECTOR(log) VECTOR(log10) VECTOR(log1p) VECTOR(log2)
VECTOR(sin) VECTOR(sinh) VECTOR(tan) VECTOR(tanh)
_Pragma("omp declare simd notinbranch") extern double pow(double, double);
_Pragma("omp declare simd notinbranch") extern double atan2(double, double);
#endif
#endif
