/* Generated from calculus/table.py by `python autograd/calculus/_generate.py`; do not edit. */
#ifndef CHAINRULE_KERNEL_H
#define CHAINRULE_KERNEL_H
#include <math.h>
#include "autograd/calculus/_codes.h"

#define UNARY_ROWS(ROW) \
    ROW(NEG, (-x)) \
    ROW(ABS, fabs(x)) \
    ROW(EXP, exp(x)) \
    ROW(EXPM1, expm1(x)) \
    ROW(EXP2, exp2(x)) \
    ROW(LOG, log(x)) \
    ROW(LOG1P, log1p(x)) \
    ROW(LOG2, log2(x)) \
    ROW(LOG10, log10(x)) \
    ROW(SQRT, sqrt(x)) \
    ROW(CBRT, cbrt(x)) \
    ROW(SIN, sin(x)) \
    ROW(COS, cos(x)) \
    ROW(TAN, tan(x)) \
    ROW(ASIN, asin(x)) \
    ROW(ACOS, acos(x)) \
    ROW(ATAN, atan(x)) \
    ROW(SINH, sinh(x)) \
    ROW(COSH, cosh(x)) \
    ROW(TANH, tanh(x)) \
    ROW(ASINH, asinh(x)) \
    ROW(ACOSH, acosh(x)) \
    ROW(ATANH, atanh(x)) \
    ROW(ERF, erf(x)) \
    ROW(ERFC, erfc(x)) \
    ROW(SIGMOID, sigmoid_value(x)) \
    ROW(SOFTPLUS, softplus_value(x)) \
    ROW(RELU, relu_value(x)) \
    ROW(STEP, step_value(x)) \
    ROW(SIGN, sign_value(x)) \
    ROW(FLOOR, floor(x)) \
    ROW(DETACH, detach_value(x))

#define STEPPING_UNARY_ROWS(ROW) \
    ROW(NEG, (-x)) \
    ROW(ABS, fabs(x)) \
    ROW(RELU, relu_value(x)) \
    ROW(STEP, step_value(x))

#define BINARY_ROWS(ROW) \
    ROW(ADD, (x + y)) \
    ROW(SUB, (x - y)) \
    ROW(MUL, (x * y)) \
    ROW(DIV, (x / y)) \
    ROW(POW, pow_value(x, y)) \
    ROW(ATAN2, atan2(x, y)) \
    ROW(HYPOT, hypot_value(x, y)) \
    ROW(MAXIMUM, maximum_value(x, y)) \
    ROW(MINIMUM, minimum_value(x, y)) \
    ROW(LESS, less_value(x, y)) \
    ROW(LESS_EQUAL, less_equal_value(x, y)) \
    ROW(EQUAL, equal_value(x, y)) \
    ROW(BOTH, both_value(x, y))

#define STEPPING_BINARY_ROWS(ROW) \
    ROW(ADD, (x + y)) \
    ROW(SUB, (x - y)) \
    ROW(MUL, (x * y)) \
    ROW(DIV, (x / y))

#define TERNARY_ROWS(ROW) \
    ROW(WHERE, (a ? b : c))

enum { MOST_LOOPS = 2 };
#define FOLDED_ROWS(BEGIN, LOOP, END) \
    BEGIN(LOGSUMEXP) \
    LOOP(0, 1, -INFINITY, ((x > Z(0)) ? x : ((x != x) ? x : Z(0)))) \
    LOOP(1, 1, 0.0, (Z(1) + exp((x - Z(0))))) \
    END((((Z(0) - Z(0)) == 0.0) ? (Z(0) + log(Z(1))) : Z(0)))

#define EXACT_FOLDED_ROWS(BEGIN, LOOP, END) \
    BEGIN(EXACT + LOGSUMEXP) \
    LOOP(0, 1, -INFINITY, ((x > Z(0)) ? x : ((x != x) ? x : Z(0)))) \
    LOOP(1, 1, 0.0, (Z(1) + exact1(EXP, (x - Z(0))))) \
    END((((Z(0) - Z(0)) == 0.0) ? (Z(0) + exact1(LOG, Z(1))) : Z(0)))

static inline double pow_value(double x, double y) {
    if (y == 2.0) return x * x;
    if (y == 0.5) return x == -INFINITY ? INFINITY : sqrt(x + 0.0);
    return pow(x, y);
}

static inline double hypot_value(double x, double y) {
    if ((fabs(x) == INFINITY)) {
        return INFINITY;
    }
    if ((fabs(y) == INFINITY)) {
        return INFINITY;
    }
    if ((fabs(x) < fabs(y))) {
        if ((fabs(y) == 0.0)) {
            return fabs(x);
        }
        double t0 = fabs(y);
        double t1 = fabs(x);
        double t2 = (t1 / t0);
        return (t0 * sqrt((1.0 + (t2 * t2))));
    }
    if ((fabs(x) == 0.0)) {
        return fabs(y);
    }
    double t0 = fabs(x);
    double t1 = fabs(y);
    double t2 = (t1 / t0);
    return (t0 * sqrt((1.0 + (t2 * t2))));
}

static inline double sigmoid_value(double x) {
    if ((x < 0.0)) {
        double t0 = exp(x);
        return (t0 / (1.0 + t0));
    }
    return (1.0 / (1.0 + exp((-x))));
}

static inline double softplus_value(double x) {
    if ((x > 0.0)) {
        return (x + log1p(exp((-x))));
    }
    return log1p(exp(x));
}

static inline double relu_value(double x) {
    if ((x <= 0.0)) {
        return 0.0;
    }
    return x;
}

static inline double maximum_value(double x, double y) {
    if ((x > y)) {
        return x;
    }
    if ((x != x)) {
        return x;
    }
    return y;
}

static inline double minimum_value(double x, double y) {
    if ((x < y)) {
        return x;
    }
    if ((x != x)) {
        return x;
    }
    return y;
}

static inline double where_value(double c, double x, double y) {
    if (c) {
        return x;
    }
    return y;
}

static inline double step_value(double x) {
    if ((x > 0.0)) {
        return 1.0;
    }
    if ((x <= 0.0)) {
        return 0.0;
    }
    return x;
}

static inline double sign_value(double x) {
    if ((x > 0.0)) {
        return 1.0;
    }
    if ((x < 0.0)) {
        return -1.0;
    }
    return x;
}

static inline double detach_value(double x) {
    return x;
}

static inline double less_value(double x, double y) {
    if ((x < y)) {
        return 1.0;
    }
    return 0.0;
}

static inline double less_equal_value(double x, double y) {
    if ((x <= y)) {
        return 1.0;
    }
    return 0.0;
}

static inline double equal_value(double x, double y) {
    if ((x == y)) {
        return 1.0;
    }
    return 0.0;
}

static inline double both_value(double x, double y) {
    if ((x != 0.0)) {
        if ((y != 0.0)) {
            return 1.0;
        }
        return 0.0;
    }
    return 0.0;
}

static inline double sum_value(const double *xs, long n) {
    double z0 = -0.0;
    for (long i = 0; i < n; i++) {
        const double x = xs[i];
        z0 = (z0 + x);
    }
    return z0;
}

static inline double dot_value(const double *xs, long n) {
    double z0 = -0.0;
    for (long i = 0; i < n; i += 2) {
        const double x = xs[i], y = xs[i + 1];
        z0 = (z0 + (x * y));
    }
    return z0;
}

static inline double logsumexp_value(const double *xs, long n) {
    double z0 = -INFINITY, z1 = 0.0;
    for (long i = 0; i < n; i++) {
        const double x = xs[i];
        z0 = ((x > z0) ? x : ((x != x) ? x : z0));
    }
    for (long i = 0; i < n; i++) {
        const double x = xs[i];
        z1 = (z1 + exp((x - z0)));
    }
    if (((z0 - z0) == 0.0)) {
        return (z0 + log(z1));
    }
    return z0;
}

static inline double value1(int code, double x) {
    switch (code) {
    case 8: /* neg */ return (-x);
    case 9: /* abs */ return fabs(x);
    case 10: /* exp */ return exp(x);
    case 11: /* expm1 */ return expm1(x);
    case 12: /* exp2 */ return exp2(x);
    case 13: /* log */ return log(x);
    case 14: /* log1p */ return log1p(x);
    case 15: /* log2 */ return log2(x);
    case 16: /* log10 */ return log10(x);
    case 17: /* sqrt */ return sqrt(x);
    case 18: /* cbrt */ return cbrt(x);
    case 19: /* sin */ return sin(x);
    case 20: /* cos */ return cos(x);
    case 21: /* tan */ return tan(x);
    case 22: /* asin */ return asin(x);
    case 23: /* acos */ return acos(x);
    case 24: /* atan */ return atan(x);
    case 25: /* sinh */ return sinh(x);
    case 26: /* cosh */ return cosh(x);
    case 27: /* tanh */ return tanh(x);
    case 28: /* asinh */ return asinh(x);
    case 29: /* acosh */ return acosh(x);
    case 30: /* atanh */ return atanh(x);
    case 33: /* erf */ return erf(x);
    case 34: /* erfc */ return erfc(x);
    case 35: /* sigmoid */ return sigmoid_value(x);
    case 36: /* softplus */ return softplus_value(x);
    case 37: /* relu */ return relu_value(x);
    case 41: /* step */ return step_value(x);
    case 42: /* sign */ return sign_value(x);
    case 43: /* floor */ return floor(x);
    case 44: /* detach */ return detach_value(x);
    default: return NAN;
    }
}

static inline double value2(int code, double x, double y) {
    switch (code) {
    case 3: /* add */ return (x + y);
    case 4: /* sub */ return (x - y);
    case 5: /* mul */ return (x * y);
    case 6: /* div */ return (x / y);
    case 7: /* pow */ return pow_value(x, y);
    case 31: /* atan2 */ return atan2(x, y);
    case 32: /* hypot */ return hypot_value(x, y);
    case 38: /* maximum */ return maximum_value(x, y);
    case 39: /* minimum */ return minimum_value(x, y);
    case 45: /* less */ return less_value(x, y);
    case 46: /* less_equal */ return less_equal_value(x, y);
    case 47: /* equal */ return equal_value(x, y);
    case 48: /* both */ return both_value(x, y);
    default: return NAN;
    }
}

static inline double value3(int code, double a, double b, double c) {
    switch (code) {
    case 40: /* where */ return (a ? b : c);
    default: return NAN;
    }
}

static inline double partial1(int code, double x, double z) {
    switch (code) {
    case 8: /* neg */ return -1.0;
    case 9: /* abs */ return sign_value(x);
    case 10: /* exp */ return z;
    case 11: /* expm1 */ return exp(x);
    case 12: /* exp2 */ return (z * 0.6931471805599453);
    case 13: /* log */ return (1.0 / x);
    case 14: /* log1p */ return (1.0 / (1.0 + x));
    case 15: /* log2 */ return (1.0 / (x * 0.6931471805599453));
    case 16: /* log10 */ return (1.0 / (x * 2.302585092994046));
    case 17: /* sqrt */ return (0.5 / z);
    case 18: /* cbrt */ return (1.0 / (3.0 * (z * z)));
    case 19: /* sin */ return cos(x);
    case 20: /* cos */ return (-sin(x));
    case 21: /* tan */ return (1.0 + (z * z));
    case 22: /* asin */ return (1.0 / sqrt(((1.0 - x) * (1.0 + x))));
    case 23: /* acos */ return (-1.0 / sqrt(((1.0 - x) * (1.0 + x))));
    case 24: /* atan */ return (1.0 / (1.0 + (x * x)));
    case 25: /* sinh */ return cosh(x);
    case 26: /* cosh */ return sinh(x);
    case 27: /* tanh */ return (4.0 * (sigmoid_value((2.0 * x)) * sigmoid_value((-2.0 * x))));
    case 28: /* asinh */ return (1.0 / hypot_value(x, 1.0));
    case 29: /* acosh */ return (1.0 / (sqrt((x - 1.0)) * sqrt((x + 1.0))));
    case 30: /* atanh */ return (1.0 / ((1.0 - x) * (1.0 + x)));
    case 33: /* erf */ return (1.1283791670955126 * exp((-(x * x))));
    case 34: /* erfc */ return (-1.1283791670955126 * exp((-(x * x))));
    case 35: /* sigmoid */ return (z * sigmoid_value((-x)));
    case 36: /* softplus */ return sigmoid_value(x);
    case 37: /* relu */ return step_value(x);
    case 41: /* step */ return 0.0;
    case 42: /* sign */ return 0.0;
    case 43: /* floor */ return 0.0;
    case 44: /* detach */ return 0.0;
    default: return NAN;
    }
}

static inline double partial2(int code, int i, double x, double y, double z) {
    switch (code * 2 + i) {
    case 6: /* add, x */ return 1.0;
    case 7: /* add, y */ return 1.0;
    case 8: /* sub, x */ return 1.0;
    case 9: /* sub, y */ return -1.0;
    case 10: /* mul, x */ return y;
    case 11: /* mul, y */ return x;
    case 12: /* div, x */ return (1.0 / y);
    case 13: /* div, y */ return ((-z) / y);
    case 14: /* pow, x */ return (((fabs(x) < 1e-300) && (y == 0.0)) ? 0.0 : (y * pow_value(x, (y - 1.0))));
    case 15: /* pow, y */ return (((x == 0.0) && (y >= 0.0)) ? 0.0 : (z * log(x)));
    case 62: /* atan2, x */ {
        double t0 = hypot_value(y, x);
        return ((y / t0) / t0);
    }
    case 63: /* atan2, y */ {
        double t0 = hypot_value(y, x);
        return (((-x) / t0) / t0);
    }
    case 64: /* hypot, x */ return ((z == 0.0) ? 0.0 : (x / z));
    case 65: /* hypot, y */ return ((z == 0.0) ? 0.0 : (y / z));
    case 76: /* maximum, x */ return ((x > y) ? 1.0 : ((x < y) ? 0.0 : 0.5));
    case 77: /* maximum, y */ return ((y > x) ? 1.0 : ((y < x) ? 0.0 : 0.5));
    case 78: /* minimum, x */ return ((x < y) ? 1.0 : ((x > y) ? 0.0 : 0.5));
    case 79: /* minimum, y */ return ((y < x) ? 1.0 : ((y > x) ? 0.0 : 0.5));
    case 90: /* less, x */ return 0.0;
    case 91: /* less, y */ return 0.0;
    case 92: /* less_equal, x */ return 0.0;
    case 93: /* less_equal, y */ return 0.0;
    case 94: /* equal, x */ return 0.0;
    case 95: /* equal, y */ return 0.0;
    case 96: /* both, x */ return 0.0;
    case 97: /* both, y */ return 0.0;
    default: return NAN;
    }
}

static inline double fold_value(int code, const double *xs, long n) {
    switch (code) {
    case 40: return where_value(xs[0], xs[1], xs[2]);
    case 49: return sum_value(xs, n);
    case 50: return dot_value(xs, n);
    case 51: return logsumexp_value(xs, n);
    default: return NAN;
    }
}

static inline void fold_partials(int code, const double *xs, long n, double z, double *partials) {
    switch (code) {
    case 40: /* where */
        partials[0] = 0.0;
        partials[1] = (xs[0] ? 1.0 : 0.0);
        partials[2] = (xs[0] ? 0.0 : 1.0);
        break;
    case 49: /* sum */
        for (long i = 0; i < n; i++) partials[i] = 1.0;
        break;
    case 50: /* dot */
        for (long i = 0; i < n; i++) partials[i] = xs[i ^ 1];
        break;
    case 51: /* logsumexp */
        for (long i = 0; i < n; i++) partials[i] = exp((xs[i] - z));
        break;
    default: for (long i = 0; i < n; i++) partials[i] = NAN;
    }
    (void)z;
}

static inline int selects(int code) {
    switch (code) {
    case 37: case 38: case 39: case 40: case 41: case 42: case 43: case 44: case 45: case 46: case 47: case 48: return 1;
    default: return 0;
    }
}

static inline int commutes(int code) {
    switch (code) {
    case 3: case 5: return 1;
    default: return 0;
    }
}

static inline int is_vectorised(int code) {
    switch (code) {
    case 7: case 10: case 11: case 12: case 13: case 14: case 15: case 16: case 18: case 19: case 20: case 21: case 22: case 23: case 24: case 25: case 26: case 27: case 28: case 29: case 30: case 31: case 33: case 34: case 35: case 36: case 51: return 1;
    default: return 0;
    }
}

static inline int wants_lanes(int code) {
    switch (code) {
    case 40: case 51: return 1;
    default: return 0;
    }
}

#endif
