/* A tape over a block of lanes: every instruction is a loop over the lanes that the C compiler turns into vector code.

   A block has 64 lanes, always all of them, so that a row of the batch gives the same bits wherever it stands. Slots are
   rows of 64 doubles in `rows`. Operands of `sum` and `dot` may be marked (by ~) as numbers shared by the whole batch,
   in `shared`: there may be thousands of them, and a row each would fall out of the cache. */
#ifndef CHAINRULE_LANES_H
#define CHAINRULE_LANES_H

#if defined(__linux__)
#include <features.h> /* says whether this is glibc, and which */
#endif
#if defined(__GLIBC__) && defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
/* One build for all processors: the loader picks the widest that this one has. */
#define FOR_EVERY_PROCESSOR __attribute__((target_clones("avx512f", "avx2", "default")))
/* Vector exp, log and the rest are in glibc's libmvec; it is to be had where the compiler is told of it. */
#if __GLIBC_PREREQ(2, 35)
#define VECTOR(name) _Pragma("omp declare simd notinbranch") extern double name(double);
VECTOR(acos) VECTOR(acosh) VECTOR(asin) VECTOR(asinh) VECTOR(atan) VECTOR(atanh) VECTOR(cbrt) VECTOR(cos) VECTOR(cosh)
VECTOR(erf) VECTOR(erfc) VECTOR(exp) VECTOR(exp2) VECTOR(expm1) VECTOR(log) VECTOR(log10) VECTOR(log1p) VECTOR(log2)
VECTOR(sin) VECTOR(sinh) VECTOR(tan) VECTOR(tanh)
_Pragma("omp declare simd notinbranch") extern double pow(double, double);
_Pragma("omp declare simd notinbranch") extern double atan2(double, double);
#endif
#else
#define FOR_EVERY_PROCESSOR
#endif

#include "_kernel.h"

enum { LANES = 64 };

typedef struct {
    int code, target, first, count; /* a row of the table, the slot it fills, its operands in `operands` */
} Instruction;

#define EACH_LANE _Pragma("omp simd") for (int lane = 0; lane < LANES; lane++)
#define ROW1(CODE, VALUE) case CODE: { \
    const double *xs = ROW(0); \
    EACH_LANE { const double x = xs[lane]; z[lane] = VALUE; } } break;
#define ROW2(CODE, VALUE) case CODE: { \
    const double *xs = ROW(0), *ys = ROW(1); \
    EACH_LANE { const double x = xs[lane], y = ys[lane]; z[lane] = VALUE; } } break;
#define ROW(i) (rows + (long)LANES * operand[i])

/* Run the program once for the 64 lanes in `rows`. */
FOR_EVERY_PROCESSOR
static void run_block(const Instruction *program, long n, const int *operands, double *rows, const double *shared) {
    for (const Instruction *step = program; step < program + n; step++) {
        const int *operand = operands + step->first;
        double *z = rows + (long)LANES * step->target;
        switch (step->code) {
        UNARY_ROWS(ROW1)
        BINARY_ROWS(ROW2)
        case WHERE: {
            const double *c = ROW(0), *x = ROW(1), *y = ROW(2);
            EACH_LANE z[lane] = c[lane] != 0.0 ? x[lane] : y[lane];
        } break;
        case SUM:
        case DOT:
            for (int from = 0; from < LANES; from += 16) { /* 16 sums in registers while the operands go by */
                double total[16] = {0};
                for (int i = 0; i < step->count; i += step->code == DOT ? 2 : 1) {
                    const int a = operand[i], b = step->code == DOT ? operand[i + 1] : 0;
                    const double *x = a < 0 ? shared + ~a : rows + (long)LANES * a + from;
                    const double *y = b < 0 ? shared + ~b : rows + (long)LANES * b + from;
                    double term[16];
                    if (step->code == SUM) for (int j = 0; j < 16; j++) term[j] = a < 0 ? *x : x[j];
                    else if (a < 0 && b < 0) for (int j = 0; j < 16; j++) term[j] = *x * *y;
                    else if (a < 0) for (int j = 0; j < 16; j++) term[j] = *x * y[j];
                    else if (b < 0) for (int j = 0; j < 16; j++) term[j] = x[j] * *y;
                    else for (int j = 0; j < 16; j++) term[j] = x[j] * y[j];
                    if (i == 0) for (int j = 0; j < 16; j++) total[j] = term[j];
                    else for (int j = 0; j < 16; j++) total[j] += term[j];
                }
                for (int j = 0; j < 16; j++) z[from + j] = total[j];
            }
            break;
        case LOGSUMEXP: {
            double top[LANES], total[LANES];
            EACH_LANE top[lane] = -INFINITY;
            for (int i = 0; i < step->count; i++) {
                const double *x = ROW(i);
                EACH_LANE top[lane] = x[lane] > top[lane] || x[lane] != x[lane] ? x[lane] : top[lane];
            }
            EACH_LANE total[lane] = 0.0;
            for (int i = 0; i < step->count; i++) {
                const double *x = ROW(i);
                EACH_LANE total[lane] += exp(x[lane] - top[lane]);
            }
            EACH_LANE z[lane] = top[lane] - top[lane] == 0.0 ? top[lane] + log(total[lane]) : top[lane];
        } break;
        }
    }
}
#endif
