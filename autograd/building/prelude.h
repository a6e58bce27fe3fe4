/* What stands at the beginning of the C of a program: the vector functions of the platform, and how wide its registers
   are. Nothing here asks for -ffast-math: glibc's vector functions are to be had where the compiler is told of them. */
#define _GNU_SOURCE
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#define EXPORTED __attribute__((visibility("default")))
#define INLINED static inline __attribute__((always_inline))
#define PART static __attribute__((noinline))
#define FOR_PROCESSOR
#define EACH_LANE _Pragma("omp simd") for (long i = 0; i < lanes; i++)
#if defined(__AVX512F__)
#define WIDTH 8
#elif defined(__AVX2__) && defined(__FMA__)
#define WIDTH 4
#else
#define WIDTH 2
#endif

/* Each step of a loop is done for CHAINS registers of lanes: the innermost loop is one vector of the compiler's. Meanwhile
   the lines that the next registers come from, or go to, are fetched: what is computed of these is too long for a
   processor to see the end of. */
#define EACH_STRETCH for (long j = 0; j < lanes; j += CHAINS * WIDTH)
#define TO_BE_READ(row) __builtin_prefetch(row + j + 2 * CHAINS * WIDTH, 0);
#define TO_BE_WRITTEN(row) __builtin_prefetch(row + j + 2 * CHAINS * WIDTH, 1);
#define EACH_OF_CHAINS _Pragma("omp simd") for (long i = j; i < j + WIDTH; i++)
enum { TOGETHER = CHAINS * WIDTH < 8 ? 8 : CHAINS * WIDTH }; /* so many lanes are always run */

/* `pow_value` with no branch, for lanes whose exponents differ. */
INLINED double pow_in_lanes(double x, double y) {
    const double power = pow(x, y), root = x == -INFINITY ? INFINITY : sqrt(x + 0.0);
    return y == 2.0 ? x * x : y == 0.5 ? root : power;
}

/* Rounded once, as in replay/tiles.h, without a header that takes longer to compile than most programs. */
#if WIDTH > 2
#define PRODUCT_PLUS(x, y, z) __extension__({ \
    const Pack x_ = (x), y_ = (y); \
    Pack z_ = (z); \
    for (int k_ = 0; k_ < WIDTH; k_++) z_[k_] = __builtin_fma(x_[k_], y_[k_], z_[k_]); \
    z_; \
})
#endif

/* A row of an operand that may be a shared number: then `spare` is filled with it. */
INLINED const double *row_or_number(int operand, double *const *at, const double *numbers, double *spare) {
    if (operand >= 0) return at[operand];
    for (int lane = 0; lane < LANES; lane++) spare[lane] = numbers[~operand];
    return spare;
}
