/* A program over a block of lanes: every instruction is a loop over the lanes that the C compiler turns into vector code.

   A block has 64 lanes; of the last of a batch, whole eights are run, always all lanes of an eight, so that a row of
   the batch gives the same bits wherever it stands. A slot that varies over the batch is a row of 64 doubles,
   `at[row]`; one that does not is a single double in `numbers`, and an operand ~place. */
#ifndef CHAINRULE_LANES_H
#define CHAINRULE_LANES_H

#include "autograd/replay/vectors.h"
#if defined(__GNUC__)
#define INLINED static inline __attribute__((always_inline))
#else
#define INLINED static inline
#endif

/* Have a line of memory come nearer, of a row that an instruction so far ahead writes. */
enum { STEPS_AHEAD = 8 };
#if defined(__GNUC__)
#define SOON_WRITTEN(to) __builtin_prefetch(to, 1)
#else
#define SOON_WRITTEN(to) (void) (to)
#endif

#if defined(_MSC_VER) && !defined(__clang__)
#define APART static __declspec(noinline)
#else
#define APART static __attribute__((noinline))
#endif

#include <stddef.h>
#include "autograd/calculus/_kernel.h"

/* Codes are in calculus/codes.py. From EXACT on it is a row again, but by the functions of math.h, not by the vector
   functions, which may differ in a last digit: what decides a branch has the bits of the eager engine. They are
   called in functions of their own, so that no loop over lanes finds vector functions for them. */
APART double exact1(int code, double x) { return value1(code, x); }
APART double exact2(int code, double x, double y) { return value2(code, x, y); }
APART double exact3(int code, double x, double y, double w) { return value3(code, x, y, w); }

/* z becomes what a row of X(0), and up to X(2), gives by math.h; nan if there is no such row. */
#define SET_EXACTLY(z, code, count, X) \
    z = (count) == 1 ? exact1(code, X(0)) : (count) == 2 ? exact2(code, X(0), X(1)) : \
        (count) == 3 ? exact3(code, X(0), X(1), X(2)) : NAN;

/* `pow_value` with no branch, for lanes whose exponents differ. */
INLINED double pow_in_lanes(double x, double y) {
    const double power = pow(x, y), root = x == -INFINITY ? INFINITY : sqrt(x + 0.0);
    return y == 2.0 ? x * x : y == 0.5 ? root : power;
}

typedef struct {
    int code, target, first, count; /* a row of the table, the slot it fills, its operands in `operands` */
} Instruction;

#if defined(_MSC_VER) && !defined(__clang__)
#define VECTORS /* it has no _Pragma where macros are expanded as of old */
#else
#define VECTORS _Pragma("omp simd")
#endif
#define EACH_LANE VECTORS for (int lane = 0; lane < lanes; lane++)
#define ROW(i) at[operand[i]]
#define IN_LANE(i) at[operand[i]][lane]
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

#define ROW3(CODE, VALUE) case CODE: { \
    const double *as = ROW(0), *bs = ROW(1), *cs = ROW(2); \
    EACH_LANE { const double a = as[lane], b = bs[lane], c = cs[lane]; z[lane] = VALUE; } } break;
/* Rows of any number of operands, loop by loop: Z(k) is what the k-th loop has come to. */
#define Z(k) state[k][lane]
#define FOLD_ROWS(CODE) case CODE: { double state[MOST_LOOPS][LANES];
#define LOOP_OVER_ROWS(K, BY, START, STEP) \
    EACH_LANE Z(K) = START; \
    for (int i = 0; i < count; i += BY) { \
        const double *xs = ROW(i), *ys = ROW(i + BY - 1); \
        EACH_LANE { const double x = xs[lane], y = ys[lane]; (void) y; Z(K) = STEP; } \
    }
#define FOLDED_IN_LANES(VALUE) EACH_LANE z[lane] = VALUE; } break;

/* Two steps of arithmetic at once, the first's result being an operand of the second and read by nobody else. */
#define FUSED(INNER, OUTER_, A, B) \
    case FUSION + 4 * INNER + OUTER_: { \
        const double *as = ROW(0), *bs = ROW(1), *cs = ROW(2); \
        EACH_LANE { const double a = as[lane], b = bs[lane], c = cs[lane]; z[lane] = B((A(a, b)), c); } } break;
#define FUSED_WITH(INNER, A) \
    FUSED(INNER, TIMES, A, A_TIMES) FUSED(INNER, PLUS, A, A_PLUS) FUSED(INNER, MINUS, A, A_MINUS) FUSED(INNER, FROM, A, A_FROM)
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

/* --- a block of lanes, for the registers of each kind of processor: one build serves them all --- */

#if defined(MANY_PROCESSORS)
#include <immintrin.h>
#define WIDTH 8
#define RUN_BLOCK run_block_avx512
#define STEPPED_DOTS stepped_dots_avx512
#define FOR_PROCESSOR __attribute__((target("avx512f")))
#include "autograd/replay/lanes_of_width.h"
#define WIDTH 4
#define RUN_BLOCK run_block_avx2
#define STEPPED_DOTS stepped_dots_avx2
#define FOR_PROCESSOR __attribute__((target("avx2,fma")))
#include "autograd/replay/lanes_of_width.h"
#endif
#if defined(__GNUC__)
#define WIDTH 2
#else
#define WIDTH 1
#endif
#define RUN_BLOCK run_block_anywhere
#define STEPPED_DOTS stepped_dots_anywhere
#define FOR_PROCESSOR
#include "autograd/replay/lanes_of_width.h"

#if defined(MANY_PROCESSORS)
#define ON_THIS_PROCESSOR(NAME, ...) \
    (__builtin_cpu_supports("avx512f") ? NAME##_avx512(__VA_ARGS__) \
     : __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? NAME##_avx2(__VA_ARGS__) : NAME##_anywhere(__VA_ARGS__))
#else
#define ON_THIS_PROCESSOR(NAME, ...) NAME##_anywhere(__VA_ARGS__)
#endif

/* Run the program once for the lanes of the rows, in the widest registers that this processor has. */
static void run_block(const Instruction *program, long n, const int *operands, double *const *at,
                      const double *numbers, double *sums, int size) {
    ON_THIS_PROCESSOR(run_block, program, n, operands, at, numbers, sums, size);
}

/* A group of dot products of single numbers. Operands more than one number apart go in the narrowest registers. */
static void stepped_dots(long count, long arity, const int *operand, const double *numbers, double *z) {
    int far = 0;
    for (long j = 0; j < arity; j++) far |= operand[2 * j + 1] < -1 || operand[2 * j + 1] > 1;
    if (far) stepped_dots_anywhere(count, arity, operand, numbers, z);
    else ON_THIS_PROCESSOR(stepped_dots, count, arity, operand, numbers, z);
}

enum { TOGETHER = 8 }; /* so many lanes are always run */
#include "autograd/replay/columns.h"

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

#define NUMBER3(CODE, VALUE) case CODE: \
    EACH_MEMBER { const double a = OPERAND(0), b = OPERAND(1), c = OPERAND(2); z[i] = VALUE; } break;
#define FOLD_NUMBERS(CODE) case CODE: EACH_MEMBER { double state[MOST_LOOPS];
#define LOOP_OVER_NUMBERS(K, BY, START, STEP) \
    state[K] = START; \
    for (long j = 0; j < arity; j += BY) { \
        const double x = OPERAND(j), y = OPERAND(j + BY - 1); \
        (void) y; \
        state[K] = STEP; \
    }
#define FOLDED_NUMBERS(VALUE) z[i] = VALUE; } break;

/* A group may step through its operands, from member to member by the same distance: then `operands` has the first place
   and the step of each. */
#define STEPPED(j) numbers[operand[2 * (j)] + i * operand[2 * (j) + 1]]
#define STEPPED1(CODE, VALUE) \
    case STEPS + CODE: \
        if (operand[1] == 1) { \
            const double *xs = numbers + operand[0]; \
            EACH_MEMBER { const double x = xs[i]; z[i] = VALUE; } \
        } else EACH_MEMBER { const double x = STEPPED(0); z[i] = VALUE; } \
        break;
#define STEPPED2(CODE, VALUE) \
    case STEPS + CODE: EACH_MEMBER { const double x = STEPPED(0), y = STEPPED(1); z[i] = VALUE; } break;

/* Some of a group's dot products at a time, since an addition waits for the one before. */
INLINED void dots_of(const int some, const int *operand, long count, long arity, const double *numbers, double *z) {
    double total[4];
    for (int i = 0; i < some; i++) total[i] = numbers[operand[i]] * numbers[operand[count + i]];
    for (long j = 2; j < arity; j += 2)
        for (int i = 0; i < some; i++)
            total[i] += numbers[operand[j * count + i]] * numbers[operand[(j + 1) * count + i]];
    for (int i = 0; i < some; i++) z[i] = total[i];
}

#undef Z
#define Z(k) state[k]
static void run_numbers(const Group *groups, long n, const int *operands, double *numbers) {
    for (const Group *group = groups; group < groups + n; group++) {
        const int *operand = operands + group->first;
        const long count = group->count, arity = group->arity;
        double *z = numbers + group->target;
        switch (group->code) {
        UNARY_ROWS(NUMBER1)
        BINARY_ROWS(NUMBER2)
        TERNARY_ROWS(NUMBER3)
        FOLDED_ROWS(FOLD_NUMBERS, LOOP_OVER_NUMBERS, FOLDED_NUMBERS)
        EXACT_FOLDED_ROWS(FOLD_NUMBERS, LOOP_OVER_NUMBERS, FOLDED_NUMBERS)
        STEPPING_UNARY_ROWS(STEPPED1)
        STEPPING_BINARY_ROWS(STEPPED2)
        case STEPS + SUM:
            EACH_MEMBER z[i] = STEPPED(0);
            for (long j = 1; j < arity; j++) EACH_MEMBER z[i] += STEPPED(j);
            break;
        case SUM:
            EACH_MEMBER z[i] = OPERAND(0);
            for (long j = 1; j < arity; j++) EACH_MEMBER z[i] += OPERAND(j);
            break;
        case DOT:
            for (long i = 0; i < count;) {
                const int some = count - i < 4 ? 1 : 4;
                if (some == 4) dots_of(4, operand + i, count, arity, numbers, z + i);
                else dots_of(1, operand + i, count, arity, numbers, z + i);
                i += some;
            }
            break;
        case STEPS + DOT: stepped_dots(count, arity, operand, numbers, z); break;
        default: EACH_MEMBER SET_EXACTLY(z[i], group->code - EXACT, arity, OPERAND); break;
        }
    }
}
#endif
