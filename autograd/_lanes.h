/* A tape over a block of lanes: every instruction is a loop over the lanes that the C compiler turns into vector code.

   A block has 64 lanes, always all of them, so that a row of the batch gives the same bits wherever it stands. A slot
   that varies over the batch is a row of 64 doubles, `at[row]`; one that does not is a single double in `numbers`, and
   an operand ~place. */
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
#if defined(__GNUC__)
#define INLINED static inline __attribute__((always_inline))
#else
#define INLINED static inline
#endif

#include "_kernel.h"

enum { LANES = 64 };
enum { GUARD = 0, DOTS = 1, OUTER = 2, FUSION = 100 }; /* instructions that are no row of the table; its codes start above */

typedef struct {
    int code, target, first, count; /* a row of the table, the slot it fills, its operands in `operands` */
} Instruction;

/* Eight doubles that are worked on at once: in one register or several, as the processor has them. */
enum { WIDTH = 8 };
#if defined(__GNUC__)
typedef double Pack __attribute__((vector_size(64), aligned(8)));
#define LOAD(from) (*(const Pack *) (from))
#define TIMES(x, y) ((x) * (y))
#define SPREAD(x) ((Pack) {x, x, x, x, x, x, x, x})
#define PLUS(x, y) ((x) + (y))
#define STORE(to, x) (*(Pack *) (to) = (x))
#else
typedef struct { double of[WIDTH]; } Pack;
INLINED Pack LOAD(const double *from) { Pack z; for (int i = 0; i < WIDTH; i++) z.of[i] = from[i]; return z; }
INLINED Pack SPREAD(double x) { Pack z; for (int i = 0; i < WIDTH; i++) z.of[i] = x; return z; }
INLINED Pack TIMES(Pack x, Pack y) { for (int i = 0; i < WIDTH; i++) x.of[i] *= y.of[i]; return x; }
INLINED Pack PLUS(Pack x, Pack y) { for (int i = 0; i < WIDTH; i++) x.of[i] += y.of[i]; return x; }
INLINED void STORE(double *to, Pack x) { for (int i = 0; i < WIDTH; i++) to[i] = x.of[i]; }
#endif

/* Dot products of the same rows with shared numbers, `tile` of them at a time: a layer of neurons. Operands are the
   rows they fill, the numbers they start with, the rows they read, and for each the numbers to multiply these with.
   Two packs of sums for each stay in registers while the rows go by. */
INLINED void dots(const int tile, int j, int m, int n, const int *operand, double *const *at, const double *numbers) {
    const int *targets = operand, *starts = operand + m, *reads = operand + 2 * m, *weights = reads + n;
    for (int from = 0; from < LANES; from += 2 * WIDTH) {
        Pack low[4], high[4];
        for (int t = 0; t < tile; t++) low[t] = high[t] = SPREAD(numbers[~starts[j + t]]);
        for (int i = 0; i < n; i++) {
            const double *x = at[reads[i]] + from;
            const Pack x_low = LOAD(x), x_high = LOAD(x + WIDTH);
            for (int t = 0; t < tile; t++) {
                const Pack w = SPREAD(numbers[~weights[(j + t) * n + i]]);
                low[t] = PLUS(low[t], TIMES(w, x_low));
                high[t] = PLUS(high[t], TIMES(w, x_high));
            }
        }
        for (int t = 0; t < tile; t++) {
            STORE(at[targets[j + t]] + from, low[t]);
            STORE(at[targets[j + t]] + from + WIDTH, high[t]);
        }
    }
}

/* Sums over the lanes of the products of m rows with n rows, added to sums[targets]: adjoints of shared numbers. */
INLINED void outer(const int tile, int j, int m, int n, const int *operand, double *const *at, double *sums) {
    const int *left = operand, *right = operand + m, *targets = right + n;
    for (int i = 0; i < n; i += 4) {
        Pack total[2][4];
        const int some = n - i < 4 ? n - i : 4;
        const double *y[4];
        for (int k = 0; k < 4; k++) y[k] = at[right[i + (k < some ? k : 0)]];
        for (int t = 0; t < tile; t++)
            for (int k = 0; k < 4; k++) total[t][k] = SPREAD(0.0);
        for (int from = 0; from < LANES; from += WIDTH)
            for (int t = 0; t < tile; t++) {
                const Pack x = LOAD(at[left[j + t]] + from);
                for (int k = 0; k < 4; k++) total[t][k] = PLUS(total[t][k], TIMES(x, LOAD(y[k] + from)));
            }
        for (int t = 0; t < tile; t++) {
            double lanes[4][WIDTH];
            for (int k = 0; k < 4; k++) STORE(lanes[k], total[t][k]);
            for (int k = 0; k < some; k++) {
                const double *p = lanes[k];
                sums[targets[(j + t) * n + i + k]] += ((p[0] + p[4]) + (p[2] + p[6])) + ((p[1] + p[5]) + (p[3] + p[7]));
            }
        }
    }
}

#define EACH_LANE _Pragma("omp simd") for (int lane = 0; lane < LANES; lane++)
#define ROW(i) at[operand[i]]
#define NUMBER(i) numbers[~operand[i]]
#define ROW1(CODE, VALUE) case CODE: { \
    const double *xs = ROW(0); \
    EACH_LANE { const double x = xs[lane]; z[lane] = VALUE; } } break;
#define ROW2(CODE, VALUE) case CODE: \
    if (operand[0] < 0) { \
        const double x = NUMBER(0), *ys = ROW(1); \
        EACH_LANE { const double y = ys[lane]; z[lane] = VALUE; } \
    } else if (operand[1] < 0) { \
        const double *xs = ROW(0), y = NUMBER(1); \
        EACH_LANE { const double x = xs[lane]; z[lane] = VALUE; } \
    } else { \
        const double *xs = ROW(0), *ys = ROW(1); \
        EACH_LANE { const double x = xs[lane], y = ys[lane]; z[lane] = VALUE; } \
    } break;

/* Two steps of arithmetic at once, the first's result being an operand of the second and read by nobody else. */
#define FUSED(INNER, OUTER_, A, B) \
    case FUSION + 4 * INNER + OUTER_: { \
        const double *as = ROW(0), *bs = ROW(1), *cs = ROW(2); \
        EACH_LANE { const double a = as[lane], b = bs[lane], c = cs[lane]; z[lane] = B((A(a, b)), c); } } break;
#define FUSED_WITH(INNER, A) \
    FUSED(INNER, 0, A, A_TIMES) FUSED(INNER, 1, A, A_PLUS) FUSED(INNER, 2, A, A_MINUS) FUSED(INNER, 3, A, A_FROM)
#define A_TIMES(x, y) x * y
#define A_PLUS(x, y) x + y
#define A_MINUS(x, y) x - y
#define A_FROM(x, y) y - x

/* A row of an operand that may be a shared number: then `spare` is filled with it. */
INLINED const double *row_or_number(int operand, double *const *at, const double *numbers, double *spare) {
    if (operand >= 0) return at[operand];
    for (int lane = 0; lane < LANES; lane++) spare[lane] = numbers[~operand];
    return spare;
}

/* Run the program once for the 64 lanes of the rows. Of a last block only `size` lanes are of the batch: the others may
   hold anything, so a sum over lanes sets them to 0 first; nobody misses them. */
FOR_EVERY_PROCESSOR
static void run_block(const Instruction *program, long n, const int *operands, double *const *at,
                      const double *numbers, double *sums, int size) {
    double spare[LANES];
    for (const Instruction *step = program; step < program + n; step++) {
        const int *operand = operands + step->first, count = step->count;
        double *z = step->target >= 0 ? at[step->target] : 0;
        switch (step->code) {
        UNARY_ROWS(ROW1)
        BINARY_ROWS(ROW2)
        FUSED_WITH(0, A_TIMES)
        FUSED_WITH(1, A_PLUS)
        FUSED_WITH(2, A_MINUS)
        case GUARD: { /* z becomes the number of the first guard that fails; operands: condition, holds, whether first */
            const double *c = ROW(0), number = count;
            const int holds = operand[1];
            if (operand[2]) EACH_LANE z[lane] = 0.0;
            EACH_LANE z[lane] = z[lane] != 0.0 || (c[lane] != 0.0) == holds ? z[lane] : number;
        } break;
        case DOTS: {
            const int m = operand[0];
            int j = 0;
            for (; j + 4 <= m; j += 4) dots(4, j, m, count, operand + 1, at, numbers);
            for (; j < m; j++) dots(1, j, m, count, operand + 1, at, numbers);
        } break;
        case OUTER: {
            const int m = operand[0];
            int j = 0;
            if (size < LANES)
                for (int i = 0; i < m + count; i++)
                    for (int lane = size; lane < LANES; lane++) at[operand[1 + i]][lane] = 0.0;
            for (; j + 2 <= m; j += 2) outer(2, j, m, count, operand + 1, at, sums);
            for (; j < m; j++) outer(1, j, m, count, operand + 1, at, sums);
        } break;
        case WHERE: {
            const double *c = ROW(0), *x = ROW(1), *y = ROW(2);
            EACH_LANE z[lane] = c[lane] != 0.0 ? x[lane] : y[lane];
        } break;
        case SUM: /* the first operand may be z itself */
            for (int i = 0; i < count; i++) {
                const double *x = row_or_number(operand[i], at, numbers, spare);
                if (i == 0) EACH_LANE z[lane] = x[lane];
                else EACH_LANE z[lane] += x[lane];
            }
            break;
        case DOT:
            if (count == 4 && operand[0] >= 0 && operand[1] >= 0 && operand[2] >= 0 && operand[3] >= 0) {
                const double *a = ROW(0), *b = ROW(1), *c = ROW(2), *d = ROW(3);
                EACH_LANE z[lane] = a[lane] * b[lane] + c[lane] * d[lane];
                break;
            }
            for (int i = 0; i < count; i += 2) {
                const int a = operand[i], b = operand[i + 1];
                if (a < 0 || b < 0) {
                    const double *x = row_or_number(a < 0 ? b : a, at, numbers, spare), y = numbers[~(a < 0 ? a : b)];
                    if (i == 0) EACH_LANE z[lane] = x[lane] * y;
                    else EACH_LANE z[lane] += x[lane] * y;
                } else {
                    const double *x = at[a], *y = at[b];
                    if (i == 0) EACH_LANE z[lane] = x[lane] * y[lane];
                    else EACH_LANE z[lane] += x[lane] * y[lane];
                }
            }
            break;
        case LOGSUMEXP: {
            double top[LANES], total[LANES];
            EACH_LANE top[lane] = -INFINITY;
            for (int i = 0; i < count; i++) {
                const double *x = ROW(i);
                EACH_LANE top[lane] = x[lane] > top[lane] || x[lane] != x[lane] ? x[lane] : top[lane];
            }
            EACH_LANE total[lane] = 0.0;
            for (int i = 0; i < count; i++) {
                const double *x = ROW(i);
                EACH_LANE total[lane] += exp(x[lane] - top[lane]);
            }
            EACH_LANE z[lane] = top[lane] - top[lane] == 0.0 ? top[lane] + log(total[lane]) : top[lane];
        } break;
        }
    }
}

/* --- a single evaluation: numbers only --- */

/* `count` instructions of one kind that do not depend on one another. They fill numbers[target...]; operand j of the
   i-th is operands[first + j*count + i]. */
typedef struct {
    int code, target, first, count, arity;
} Group;

#define OPERAND(j) numbers[operand[(long)(j) * count + i]]
#define EACH_MEMBER for (long i = 0; i < count; i++)
#define NUMBER1(CODE, VALUE) case CODE: EACH_MEMBER { const double x = OPERAND(0); z[i] = VALUE; } break;
#define NUMBER2(CODE, VALUE) case CODE: EACH_MEMBER { const double x = OPERAND(0), y = OPERAND(1); z[i] = VALUE; } break;

static void run_numbers(const Group *groups, long n, const int *operands, double *numbers) {
    for (const Group *group = groups; group < groups + n; group++) {
        const int *operand = operands + group->first;
        const long count = group->count, arity = group->arity;
        double *z = numbers + group->target;
        switch (group->code) {
        UNARY_ROWS(NUMBER1)
        BINARY_ROWS(NUMBER2)
        case WHERE: EACH_MEMBER z[i] = OPERAND(0) != 0.0 ? OPERAND(1) : OPERAND(2); break;
        case SUM:
            EACH_MEMBER z[i] = OPERAND(0);
            for (long j = 1; j < arity; j++) EACH_MEMBER z[i] += OPERAND(j);
            break;
        case DOT:
            for (long from = 0; from < count; from += 4) { /* four sums at a time, since an addition waits for the last */
                const long some = count - from < 4 ? count - from : 4;
                double total[4] = {0.0};
                if (some == 4)
                    for (long j = 0; j < arity; j += 2)
                        for (long i = from; i < from + 4; i++) {
                            const double term = OPERAND(j) * OPERAND(j + 1);
                            total[i - from] = j ? total[i - from] + term : term;
                        }
                else
                    for (long i = from; i < from + some; i++)
                        for (long j = 0; j < arity; j += 2) {
                            const double term = OPERAND(j) * OPERAND(j + 1);
                            total[i - from] = j ? total[i - from] + term : term;
                        }
                for (long i = 0; i < some; i++) z[from + i] = total[i];
            }
            break;
        case LOGSUMEXP:
            EACH_MEMBER {
                double top = -INFINITY, total = 0.0;
                for (long j = 0; j < arity; j++)
                    if (OPERAND(j) > top || OPERAND(j) != OPERAND(j)) top = OPERAND(j);
                if (isfinite(top)) {
                    for (long j = 0; j < arity; j++) total += exp(OPERAND(j) - top);
                    top += log(total);
                }
                z[i] = top;
            }
            break;
        }
    }
}
#endif
