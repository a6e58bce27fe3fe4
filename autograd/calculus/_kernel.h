/* Generated from calculus/table.py by `python autograd/calculus/_generate.py`; do not edit. */
#ifndef CHAINRULE_KERNEL_H
#define CHAINRULE_KERNEL_H
#include <math.h>
#include "autograd/calculus/_codes.h"

/* Each node asks for two: a call would take longer than most of what it finds. */
#if defined(__GNUC__)
#define AT_ONCE static inline __attribute__((always_inline))
#else
#define AT_ONCE static inline
#endif

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
    ROW(DETACH, detach_value(x)) \
    ROW(CEIL, ceil(x)) \
    ROW(TRUNC, trunc(x)) \
    ROW(RINT, rint(x)) \
    ROW(DEGREES, degrees_value(x)) \
    ROW(RADIANS, radians_value(x)) \
    ROW(LGAMMA, lgamma_value(x)) \
    ROW(GAMMA, gamma_value(x)) \
    ROW(DIGAMMA, digamma_value(x)) \
    ROW(NORM_PDF, norm_pdf_value(x)) \
    ROW(NDTR, ndtr_value(x)) \
    ROW(LOG_NDTR, log_ndtr_value(x)) \
    ROW(NDTRI, ndtri_value(x)) \
    ROW(ERFINV, erfinv_value(x)) \
    ROW(ERFCX, erfcx_value(x)) \
    ROW(LOGIT, logit_value(x)) \
    ROW(SINC, sinc_value(x)) \
    ROW(SIGMOID_SLOPE, sigmoid_slope_value(x)) \
    ROW(ONE_LESS_SQUARE, one_less_square_value(x)) \
    ROW(ATAN_SLOPE, atan_slope_value(x)) \
    ROW(CBRT_SLOPE, cbrt_slope_value(x)) \
    ROW(J0, j0_value(x)) \
    ROW(J1, j1_value(x)) \
    ROW(I0, i0_value(x)) \
    ROW(I1, i1_value(x)) \
    ROW(I0E, i0e_value(x)) \
    ROW(I1E, i1e_value(x))

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
    ROW(BOTH, both_value(x, y)) \
    ROW(FMOD, fmod(x, y)) \
    ROW(FLOOR_DIVIDE, floor_divide_value(x, y)) \
    ROW(REMAINDER, remainder_value(x, y)) \
    ROW(COPYSIGN, copysign_value(x, y)) \
    ROW(POLYGAMMA, polygamma_value(x, y)) \
    ROW(BETALN, betaln_value(x, y)) \
    ROW(BETA, beta_value(x, y)) \
    ROW(ERFCX_DERIVATIVE, erfcx_derivative_value(x, y)) \
    ROW(XLOGY, xlogy_value(x, y)) \
    ROW(XLOG1PY, xlog1py_value(x, y)) \
    ROW(XDIVY, xdivy_value(x, y)) \
    ROW(SHARE, share_value(x, y)) \
    ROW(SINC_DERIVATIVE, sinc_derivative_value(x, y)) \
    ROW(DIRECTION, direction_value(x, y)) \
    ROW(INVERSION, inversion_value(x, y)) \
    ROW(POW_SLOPE, pow_slope_value(x, y)) \
    ROW(POW_LOG, pow_log_value(x, y)) \
    ROW(POW_CURVATURE, pow_curvature_value(x, y)) \
    ROW(POW_MIXED, pow_mixed_value(x, y)) \
    ROW(POW_LOG_SQUARED, pow_log_squared_value(x, y)) \
    ROW(JV, jv_value(x, y)) \
    ROW(IV, iv_value(x, y)) \
    ROW(I0E_DERIVATIVE, i0e_derivative_value(x, y)) \
    ROW(I1E_DERIVATIVE, i1e_derivative_value(x, y))

#define STEPPING_BINARY_ROWS(ROW) \
    ROW(ADD, (x + y)) \
    ROW(SUB, (x - y)) \
    ROW(MUL, (x * y)) \
    ROW(DIV, (x / y))

#define TERNARY_ROWS(ROW) \
    ROW(WHERE, (a ? b : c)) \
    ROW(POLYGAMMA_RISE, polygamma_rise_value(a, b, c))

enum { MOST_LOOPS = 3 };
#define FOLDED_ROWS(BEGIN, LOOP, END) \
    BEGIN(LOGSUMEXP) \
    LOOP(0, 1, -INFINITY, ((x > Z(0)) ? x : ((x != x) ? x : Z(0)))) \
    LOOP(1, 1, -1.0, ((x == Z(0)) ? (Z(1) + 1.0) : Z(1))) \
    LOOP(2, 1, 0.0, ((x == Z(0)) ? Z(2) : (Z(2) + exp((x - Z(0)))))) \
    END((((Z(0) - Z(0)) == 0.0) ? (Z(0) + log1p((Z(1) + Z(2)))) : Z(0))) \
    BEGIN(NORM) \
    LOOP(0, 1, 5e-324, ((fabs(x) > Z(0)) ? fabs(x) : ((fabs(x) != fabs(x)) ? fabs(x) : Z(0)))) \
    LOOP(1, 1, 0.0, (Z(1) + ((x / Z(0)) * (x / Z(0))))) \
    END((((Z(0) - Z(0)) == 0.0) ? (Z(0) * sqrt(Z(1))) : Z(0)))

#define EXACT_FOLDED_ROWS(BEGIN, LOOP, END) \
    BEGIN(EXACT + LOGSUMEXP) \
    LOOP(0, 1, -INFINITY, ((x > Z(0)) ? x : ((x != x) ? x : Z(0)))) \
    LOOP(1, 1, -1.0, ((x == Z(0)) ? (Z(1) + 1.0) : Z(1))) \
    LOOP(2, 1, 0.0, ((x == Z(0)) ? Z(2) : (Z(2) + exact1(EXP, (x - Z(0)))))) \
    END((((Z(0) - Z(0)) == 0.0) ? (Z(0) + exact1(LOG1P, (Z(1) + Z(2)))) : Z(0)))

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
    double z0 = -INFINITY, z1 = -1.0, z2 = 0.0;
    for (long i = 0; i < n; i++) {
        const double x = xs[i];
        z0 = ((x > z0) ? x : ((x != x) ? x : z0));
    }
    for (long i = 0; i < n; i++) {
        const double x = xs[i];
        z1 = ((x == z0) ? (z1 + 1.0) : z1);
    }
    for (long i = 0; i < n; i++) {
        const double x = xs[i];
        z2 = ((x == z0) ? z2 : (z2 + exp((x - z0))));
    }
    if (((z0 - z0) == 0.0)) {
        return (z0 + log1p((z1 + z2)));
    }
    return z0;
}

static inline double floor_divide_value(double x, double y) {
    double q = 0.0, r = 0.0;
    if ((y == 0.0)) {
        if (((x == 0.0) || (x != x))) {
            return NAN;
        }
        return (copysign(INFINITY, x) * copysign(1.0, y));
    }
    r = fmod(x, y);
    q = ((x - r) / y);
    if ((((r < 0.0) && (y > 0.0)) || ((r > 0.0) && (y < 0.0)))) {
        q = (q - 1.0);
    }
    if ((q == 0.0)) {
        return copysign(0.0, (x / y));
    }
    if (((q - floor(q)) > 0.5)) {
        return (floor(q) + 1.0);
    }
    return floor(q);
}

static inline double remainder_value(double x, double y) {
    double r = 0.0;
    r = fmod(x, y);
    if ((r == 0.0)) {
        return copysign(0.0, y);
    }
    if (((r < 0.0) && (y > 0.0))) {
        return (r + y);
    }
    if (((r > 0.0) && (y < 0.0))) {
        return (r + y);
    }
    return r;
}

static inline double copysign_value(double x, double y) {
    return ((y == y) ? copysign(x, y) : fabs(x));
}

static inline double degrees_value(double x) {
    return (x * 57.29577951308232);
}

static inline double radians_value(double x) {
    return (x * 0.017453292519943295);
}

static const double correction_value_STIRLING[] = {0.17964437236883057, -0.029550653594771242, 0.00641025641025641, -0.0019175269175269176, 0.0008417508417508417, -0.0005952380952380953, 0.0007936507936507937, -0.002777777777777778, 0.08333333333333333};
static inline double correction_value(double x) {
    double c = 0.0, t = 0.0, total = 0.0;
    {
        const double next0 = 0.0;
        const double next1 = ((1.0 / x) * (1.0 / x));
        total = next0;
        t = next1;
    }
    for (int at_STIRLING = 0; at_STIRLING < 9; at_STIRLING++) {
        c = correction_value_STIRLING[at_STIRLING];
        total = ((total * t) + c);
    }
    return (total / x);
}

static const double log_gamma_about_two_value_ABOUT_TWO[] = {3.1044247747322276e-11, -6.4229645638381e-11, 1.330476437424449e-10, -2.7595228851242334e-10, 5.731367241678862e-10, -1.1921401405860912e-09, 2.4836745438024785e-09, -5.183475041970047e-09, 1.0838659214896955e-08, -2.2711094608943164e-08, 4.7698101693639804e-08, -1.0043224823968099e-07, 2.1207184805554665e-07, -4.492469198764566e-07, 9.55141213040742e-07, -2.039215753801366e-06, 4.374866789907488e-06, -9.439488275268397e-06, 2.050721277567069e-05, -4.492623673813314e-05, 9.945751278180853e-05, -0.00022315475845357939, 0.0005096695247430425, -0.001192753911703261, 0.0028905103307415234, -0.007385551028673986, 0.020580808427784546, -0.0673523010531981, 0.3224670334241132};
static inline double log_gamma_about_two_value(double t) {
    double c = 0.0, total = 0.0;
    total = 0.0;
    for (int at_ABOUT_TWO = 0; at_ABOUT_TWO < 29; at_ABOUT_TWO++) {
        c = log_gamma_about_two_value_ABOUT_TWO[at_ABOUT_TWO];
        total = ((total * t) + c);
    }
    return (t * (0.42278433509846713 + (t * total)));
}

static inline double sine_of_pi_value(double x) {
    double r = 0.0;
    r = (x - (2.0 * rint((0.5 * x))));
    if ((r > 0.5)) {
        r = (1.0 - r);
    } else {
        if ((r < (-0.5))) {
            r = ((-1.0) - r);
        }
    }
    return sin((3.141592653589793 * r));
}

static inline double lgamma_value(double x) {
    double product = 0.0;
    if ((x != x)) {
        return x;
    }
    if ((fabs(x) == INFINITY)) {
        return INFINITY;
    }
    if ((x <= 0.0)) {
        if ((x == floor(x))) {
            return INFINITY;
        }
        if ((x > (-1e-05))) {
            return (lgamma_value((1.0 + x)) - log((-x)));
        }
        return ((1.1447298858494002 - log(fabs(sine_of_pi_value(x)))) - (lgamma_value((-x)) + log((-x))));
    }
    if ((x < 0.5)) {
        return ((log_gamma_about_two_value(x) - log1p(x)) - log(x));
    }
    if ((x < 1.5)) {
        return (log_gamma_about_two_value((x - 1.0)) - log1p((x - 1.0)));
    }
    if ((x < 13.0)) {
        product = 1.0;
        while ((x > 2.5)) {
            x = (x - 1.0);
            product = (product * x);
        }
        return (log_gamma_about_two_value((x - 2.0)) + log(product));
    }
    if ((x > 1e+306)) {
        return (x * (log(x) - 1.0));
    }
    return ((((x - 0.5) * (log(x) - 1.0)) + (0.9189385332046728 - 0.5)) + correction_value(x));
}

static inline double root_of_gamma_value(double x) {
    return ((pow_value(x, ((0.5 * x) - 0.25)) * exp(((-0.5) * x))) * sqrt((2.5066282746310007 * exp(correction_value(x)))));
}

static inline double gamma_value(double x) {
    double product = 0.0, root = 0.0;
    if (((x != x) || (x == INFINITY))) {
        return x;
    }
    if ((x == 0.0)) {
        return copysign(INFINITY, x);
    }
    if (((x < 0.0) && (x == floor(x)))) {
        return NAN;
    }
    if ((x > 172.0)) {
        return INFINITY;
    }
    if ((x >= 10.0)) {
        root = root_of_gamma_value(x);
        return (root * root);
    }
    if ((x > (-10.0))) {
        product = 1.0;
        while ((x > 2.5)) {
            x = (x - 1.0);
            product = (product * x);
        }
        if ((x >= 1.5)) {
            return (product * exp(log_gamma_about_two_value((x - 2.0))));
        }
        while ((x < (-0.5))) {
            product = (product * x);
            x = (x + 1.0);
        }
        if ((x < 0.5)) {
            return ((exp(log_gamma_about_two_value(x)) / ((1.0 + x) * x)) / product);
        }
        return ((exp(log_gamma_about_two_value((x - 1.0))) / x) / product);
    }
    if ((x < (-190.0))) {
        return copysign(0.0, sine_of_pi_value(x));
    }
    root = root_of_gamma_value((-x));
    return ((((-3.141592653589793) / (x * sine_of_pi_value(x))) / root) / root);
}

static const double digamma_value_OF_DIGAMMA[] = {-26.456212121212122, 3.0539543302701198, -0.4432598039215686, 0.08333333333333333, -0.021092796092796094, 0.007575757575757576, -0.004166666666666667, 0.003968253968253968, -0.008333333333333333, 0.08333333333333333};
static inline double digamma_value(double x) {
    double c = 0.0, series = 0.0, t = 0.0, total = 0.0;
    if (((x != x) || (x == INFINITY))) {
        return x;
    }
    if ((x == 0.0)) {
        return copysign(INFINITY, (-x));
    }
    if ((x < 0.0)) {
        if (((x == floor(x)) || (x == (-INFINITY)))) {
            return NAN;
        }
        return (digamma_value((1.0 - x)) - (3.141592653589793 / tan((3.141592653589793 * (x - rint(x))))));
    }
    total = 0.0;
    while ((x < 10.0)) {
        total = (total - (1.0 / x));
        x = (x + 1.0);
    }
    {
        const double next0 = 0.0;
        const double next1 = ((1.0 / x) * (1.0 / x));
        series = next0;
        t = next1;
    }
    for (int at_OF_DIGAMMA = 0; at_OF_DIGAMMA < 10; at_OF_DIGAMMA++) {
        c = digamma_value_OF_DIGAMMA[at_OF_DIGAMMA];
        series = ((series * t) + c);
    }
    return (total + (log(x) - ((0.5 / x) + (t * series))));
}

static const double zeta_in_units_value_MACLAURIN[] = {0.08333333333333333, -0.001388888888888889, 3.306878306878307e-05, -8.267195767195768e-07, 2.08767569878681e-08, -5.284190138687493e-10, 1.3382536530684679e-11, -3.3896802963225827e-13, 8.586062056277845e-15, -2.174868698558062e-16, 5.5090028283602295e-18, -1.3954464685812522e-19, 3.534707039629467e-21};
static inline double zeta_in_units_value(double s, double x) {
    double a = 0.0, c = 0.0, k = 0.0, rising = 0.0, series = 0.0, term = 0.0, total = 0.0;
    {
        const double next0 = 1.0;
        const double next1 = (x + 12.0);
        total = next0;
        a = next1;
    }
    for (k = 1.0; k < 12.0; k = k + 1.0) {
        total = (total + pow_value((x / (x + k)), s));
    }
    {
        const double next0 = 0.0;
        const double next1 = (s / a);
        const double next2 = s;
        series = next0;
        term = next1;
        rising = next2;
    }
    for (int at_MACLAURIN = 0; at_MACLAURIN < 13; at_MACLAURIN++) {
        c = zeta_in_units_value_MACLAURIN[at_MACLAURIN];
        series = (series + (c * term));
        term = ((term * ((rising + 1.0) / a)) * ((rising + 2.0) / a));
        rising = (rising + 2.0);
    }
    return (total + (pow_value((x / a), s) * (((a / (s - 1.0)) + 0.5) + series)));
}

static inline double zeta_value(double s, double x) {
    return (pow_value(x, (1.0 - s)) * (zeta_in_units_value(s, x) / x));
}

static inline double polygamma_value(double n, double x) {
    double above = 0.0, below = 0.0, odd = 0.0, s = 0.0, sign = 0.0;
    if (((x != x) || (n != floor(n)) || (!(n >= 0.0)) || (n == INFINITY))) {
        return NAN;
    }
    if ((n == 0.0)) {
        return digamma_value(x);
    }
    odd = (n - (2.0 * floor((0.5 * n))));
    {
        const double next0 = ((2.0 * odd) - 1.0);
        const double next1 = (n + 1.0);
        sign = next0;
        s = next1;
    }
    if ((x == INFINITY)) {
        return (sign * 0.0);
    }
    if ((x > 0.0)) {
        if ((n <= 20.0)) {
            return (sign * (gamma_value(s) * zeta_value(s, x)));
        }
        return (sign * exp(((lgamma_value(s) - (s * log(x))) + log(zeta_in_units_value(s, x)))));
    }
    if ((x == (-INFINITY))) {
        return NAN;
    }
    if ((x == floor(x))) {
        return ((odd == 1.0) ? INFINITY : ((x == 0.0) ? copysign(INFINITY, (-x)) : NAN));
    }
    {
        const double next0 = zeta_value(s, (x - floor(x)));
        const double next1 = zeta_value(s, ((-x) - floor((-x))));
        below = next0;
        above = next1;
    }
    return ((sign * gamma_value(s)) * (below + (sign * (above - zeta_value(s, (1.0 - x))))));
}

static inline double power_rise_value(double a, double rise, double p) {
    return (pow_value(a, (-p)) * expm1(((-p) * rise)));
}

static const double digamma_rise_value_OF_DIGAMMA[] = {-26.456212121212122, 3.0539543302701198, -0.4432598039215686, 0.08333333333333333, -0.021092796092796094, 0.007575757575757576, -0.004166666666666667, 0.003968253968253968, -0.008333333333333333, 0.08333333333333333};
static inline double digamma_rise_value(double x, double y) {
    double c = 0.0, p = 0.0, rise = 0.0, series = 0.0, total = 0.0;
    total = 0.0;
    while ((x < 10.0)) {
        total = (total + ((y / (x + y)) / x));
        x = (x + 1.0);
    }
    rise = log1p((y / x));
    {
        const double next0 = 0.0;
        const double next1 = 20.0;
        series = next0;
        p = next1;
    }
    for (int at_OF_DIGAMMA = 0; at_OF_DIGAMMA < 10; at_OF_DIGAMMA++) {
        c = digamma_rise_value_OF_DIGAMMA[at_OF_DIGAMMA];
        series = (series - (c * power_rise_value(x, rise, p)));
        p = (p - 2.0);
    }
    return (total + (rise + ((0.5 * ((y / (x + y)) / x)) + series)));
}

static const double zeta_rise_value_MACLAURIN[] = {0.08333333333333333, -0.001388888888888889, 3.306878306878307e-05, -8.267195767195768e-07, 2.08767569878681e-08, -5.284190138687493e-10, 1.3382536530684679e-11, -3.3896802963225827e-13, 8.586062056277845e-15, -2.174868698558062e-16, 5.5090028283602295e-18, -1.3954464685812522e-19, 3.534707039629467e-21};
static inline double zeta_rise_value(double s, double x, double y) {
    double _k = 0.0, a = 0.0, c = 0.0, factor = 0.0, p = 0.0, rise = 0.0, series = 0.0, total = 0.0;
    {
        const double next0 = 0.0;
        const double next1 = x;
        total = next0;
        a = next1;
    }
    for (_k = 0.0; _k < 12.0; _k = _k + 1.0) {
        total = (total + power_rise_value(a, log1p((y / a)), s));
        a = (a + 1.0);
    }
    rise = log1p((y / a));
    {
        const double next0 = 0.0;
        const double next1 = s;
        const double next2 = (s + 1.0);
        series = next0;
        factor = next1;
        p = next2;
    }
    for (int at_MACLAURIN = 0; at_MACLAURIN < 13; at_MACLAURIN++) {
        c = zeta_rise_value_MACLAURIN[at_MACLAURIN];
        series = (series + ((c * factor) * power_rise_value(a, rise, p)));
        factor = ((factor * p) * (p + 1.0));
        p = (p + 2.0);
    }
    return (total + ((power_rise_value(a, rise, (s - 1.0)) / (s - 1.0)) + ((0.5 * power_rise_value(a, rise, s)) + series)));
}

static inline double polygamma_rise_value(double n, double x, double y) {
    double odd = 0.0, z = 0.0;
    z = (x + y);
    if (((n != floor(n)) || (!((x > 0.0) && (z > 0.0) && (z < INFINITY) && (n >= 0.0))))) {
        return (polygamma_value(n, z) - polygamma_value(n, x));
    }
    if ((y < 0.0)) {
        return (-polygamma_rise_value(n, z, (-y)));
    }
    if ((n == 0.0)) {
        return digamma_rise_value(x, y);
    }
    if ((n > 20.0)) {
        return (polygamma_value(n, z) - polygamma_value(n, x));
    }
    odd = (n - (2.0 * floor((0.5 * n))));
    return ((((2.0 * odd) - 1.0) * gamma_value((n + 1.0))) * zeta_rise_value((n + 1.0), x, y));
}

static inline double betaln_value(double x, double y) {
    double part = 0.0, ratio = 0.0;
    if ((x < y)) {
        {
            const double next0 = y;
            const double next1 = x;
            x = next0;
            y = next1;
        }
    }
    if ((!((y > 0.0) && (x < INFINITY)))) {
        if (((y > 0.0) || (x != x) || (y != y))) {
            return (((x == x) && (y == y)) ? (-INFINITY) : NAN);
        }
        return ((lgamma_value(x) + lgamma_value(y)) - lgamma_value((x + y)));
    }
    if ((x < 10.0)) {
        return ((lgamma_value(x) + lgamma_value(y)) - lgamma_value((x + y)));
    }
    ratio = (y / x);
    part = ((correction_value(x) - correction_value((x + y))) - ((x - 0.5) * log1p(ratio)));
    if ((y < 10.0)) {
        return (lgamma_value(y) + (part + (y * (1.0 - log((x + y))))));
    }
    return ((part + (0.9189385332046728 + correction_value(y))) + (((y - 0.5) * log((ratio / (1.0 + ratio)))) - (0.5 * log((x + y)))));
}

static inline double sign_of_gamma_value(double x) {
    if ((x > 0.0)) {
        return 1.0;
    }
    if ((x == 0.0)) {
        return copysign(1.0, x);
    }
    if (((x != x) || (x == floor(x)))) {
        return NAN;
    }
    return ((floor(x) == (2.0 * floor((0.5 * floor(x))))) ? 1.0 : (-1.0));
}

static inline double beta_value(double x, double y) {
    double z = 0.0;
    z = (x + y);
    if (((fabs(x) < 20.0) && (fabs(y) < 20.0))) {
        if (((z <= 0.0) && (z == floor(z)) && (x != floor(x)) && (y != floor(y)))) {
            return 0.0;
        }
        if ((z != 0.0)) {
            return ((gamma_value(x) / gamma_value(z)) * gamma_value(y));
        }
    }
    if (((x > 0.0) && (y > 0.0))) {
        return exp(betaln_value(x, y));
    }
    return (((sign_of_gamma_value(x) * sign_of_gamma_value(y)) * sign_of_gamma_value(z)) * exp(betaln_value(x, y)));
}

static inline double exp_of_square_value(double x, double factor) {
    double near = 0.0;
    if ((fabs(x) > 100.0)) {
        return exp(((factor * x) * x));
    }
    near = (rint((x * 16.0)) / 16.0);
    return (exp(((factor * near) * near)) * exp(((factor * (x - near)) * (x + near))));
}

static inline double norm_pdf_value(double x) {
    return (0.3989422804014327 * exp_of_square_value(x, (-0.5)));
}

static inline double erfcx_value(double x) {
    double k = 0.0, t = 0.0, total = 0.0;
    if ((x < 10.0)) {
        return ((x < (-27.0)) ? INFINITY : (exp_of_square_value(x, 1.0) * erfc(x)));
    }
    {
        const double next0 = 1.0;
        const double next1 = ((0.5 / x) / x);
        total = next0;
        t = next1;
    }
    for (k = 12.0; k > 0.0; k = k - 1.0) {
        total = (1.0 - ((((2.0 * k) - 1.0) * t) * total));
    }
    return ((total / x) / 1.772453850905516);
}

static inline double ndtr_value(double x) {
    if ((x < (-1.0))) {
        return ((0.5 * exp_of_square_value(x, (-0.5))) * erfcx_value(((-x) * 0.7071067811865476)));
    }
    return (0.5 * erfc(((-x) * 0.7071067811865476)));
}

static inline double log_ndtr_value(double x) {
    if ((x < (-1.0))) {
        return ((x > (-1e+150)) ? (log((0.5 * erfcx_value(((-x) * 0.7071067811865476)))) - ((0.5 * x) * x)) : (((-0.5) * x) * x));
    }
    return log1p(((-0.5) * erfc((x * 0.7071067811865476))));
}

static inline double outer_ndtri_value(double p) {
    double _k = 0.0, slope = 0.0, step = 0.0, t = 0.0, target = 0.0, x = 0.0;
    t = sqrt(((-2.0) * log(p)));
    x = (((2.515517 + (t * (0.802853 + (0.010328 * t)))) / (1.0 + (t * (1.432788 + (t * (0.189269 + (0.001308 * t))))))) - t);
    target = log(p);
    for (_k = 0.0; _k < 4.0; _k = _k + 1.0) {
        slope = (((2.0 * 0.7071067811865476) / 1.772453850905516) / erfcx_value(((-x) * 0.7071067811865476)));
        step = ((log_ndtr_value(x) - target) / slope);
        x = (x - (step / (1.0 + ((0.5 * step) * (x + slope)))));
    }
    return x;
}

static inline double inner_erfinv_value(double y) {
    double _k = 0.0, step = 0.0, x = 0.0;
    x = (((0.5 * 1.772453850905516) * y) * (1.0 + ((0.2617993877991494 * y) * y)));
    for (_k = 0.0; _k < 4.0; _k = _k + 1.0) {
        step = ((erf(x) - y) / (1.1283791670955126 * exp(((-x) * x))));
        x = (x - (step / (1.0 + (x * step))));
    }
    return x;
}

static inline double ndtri_value(double p) {
    if ((p <= 0.25)) {
        return ((p > 0.0) ? outer_ndtri_value(p) : ((p == 0.0) ? (-INFINITY) : NAN));
    }
    if ((p <= 0.75)) {
        return (1.4142135623730951 * inner_erfinv_value(((2.0 * p) - 1.0)));
    }
    return ((p < 1.0) ? (-outer_ndtri_value((1.0 - p))) : ((p == 1.0) ? INFINITY : NAN));
}

static inline double erfinv_value(double y) {
    double found = 0.0;
    if ((fabs(y) <= 0.5)) {
        return inner_erfinv_value(y);
    }
    if ((fabs(y) < 1.0)) {
        found = ((-0.7071067811865476) * outer_ndtri_value((0.5 - (0.5 * fabs(y)))));
        return ((y < 0.0) ? (-found) : found);
    }
    return ((y == 1.0) ? INFINITY : ((y == (-1.0)) ? (-INFINITY) : NAN));
}

static inline double erfcx_derivative_value(double n, double x) {
    double before = 0.0, k = 0.0, m = 0.0, now = 0.0, power = 0.0, product = 0.0, ratio = 0.0, total = 0.0;
    if (((x != x) || (n != floor(n)) || (!((n >= 0.0) && (n <= 100.0))))) {
        return NAN;
    }
    if ((n == 0.0)) {
        return erfcx_value(x);
    }
    if ((x < 0.0)) {
        {
            const double next0 = erfcx_value(x);
            const double next1 = (((2.0 * x) * erfcx_value(x)) - 1.1283791670955126);
            const double next2 = 1.0;
            before = next0;
            now = next1;
            k = next2;
        }
        while ((k < n)) {
            {
                const double next0 = now;
                const double next1 = (((2.0 * x) * now) + ((2.0 * k) * before));
                before = next0;
                now = next1;
            }
            k = (k + 1.0);
        }
        return now;
    }
    if ((x < 0.5)) {
        {
            const double next0 = 1.0;
            const double next1 = (-1.1283791670955126);
            const double next2 = 1.0;
            before = next0;
            now = next1;
            k = next2;
        }
        while ((k <= n)) {
            {
                const double next0 = now;
                const double next1 = ((2.0 * k) * before);
                before = next0;
                now = next1;
            }
            k = (k + 1.0);
        }
        {
            const double next0 = 0.0;
            const double next1 = 1.0;
            const double next2 = 0.0;
            total = next0;
            power = next1;
            m = next2;
        }
        while ((m < 60.0)) {
            total = (total + (before * power));
            {
                const double next0 = now;
                const double next1 = ((2.0 * ((n + m) + 1.0)) * before);
                before = next0;
                now = next1;
            }
            m = (m + 1.0);
            power = ((power * x) / m);
        }
        return total;
    }
    {
        const double next0 = 0.0;
        const double next1 = 1.1283791670955126;
        const double next2 = ((n + 30.0) + floor(((180.0 / x) / x)));
        ratio = next0;
        product = next1;
        k = next2;
    }
    while ((k >= 0.0)) {
        ratio = (1.0 / ((2.0 * x) + ((2.0 * (k + 1.0)) * ratio)));
        if ((k == 0.0)) {
            product = (product * ratio);
        } else {
            if ((k <= n)) {
                product = (product * (((-2.0) * k) * ratio));
            }
        }
        k = (k - 1.0);
    }
    return product;
}

static inline double xlogy_value(double x, double y) {
    double product = 0.0;
    product = (x * log(y));
    return (((x == 0.0) && (y == y)) ? 0.0 : product);
}

static inline double xlog1py_value(double x, double y) {
    double product = 0.0;
    product = (x * log1p(y));
    return (((x == 0.0) && (y == y)) ? 0.0 : product);
}

static inline double xdivy_value(double x, double y) {
    double quotient = 0.0;
    quotient = (x / y);
    return (((x == 0.0) && (y == y)) ? 0.0 : quotient);
}

static inline double logit_value(double x) {
    double far = 0.0, near = 0.0;
    {
        const double next0 = (2.0 * atanh(((2.0 * x) - 1.0)));
        const double next1 = (log(x) - log1p((-x)));
        near = next0;
        far = next1;
    }
    return (((x > 0.25) && (x < 0.75)) ? near : far);
}

static inline double share_value(double x, double z) {
    double e = 0.0;
    e = exp((x - z));
    return (((x == (-INFINITY)) && (z == z)) ? 0.0 : e);
}

static inline double cosine_of_pi_value(double x) {
    double r = 0.0;
    r = fabs((x - (2.0 * rint((0.5 * x)))));
    return (((r > 0.25) && (r < 0.75)) ? sin((3.141592653589793 * (0.5 - r))) : cos((3.141592653589793 * r)));
}

static inline double sinc_derivative_value(double n, double x) {
    double cosine = 0.0, k = 0.0, m = 0.0, now = 0.0, odd = 0.0, order = 0.0, scale = 0.0, sine = 0.0, term = 0.0, total = 0.0, z = 0.0;
    if (((x != x) || (n != floor(n)) || (!((n >= 0.0) && (n <= 100.0))))) {
        return NAN;
    }
    if ((fabs(x) == INFINITY)) {
        return 0.0;
    }
    {
        const double next0 = (3.141592653589793 * x);
        const double next1 = 0.0;
        const double next2 = 1.0;
        z = next0;
        k = next1;
        scale = next2;
    }
    while ((k < n)) {
        k = (k + 1.0);
        scale = (scale * 3.141592653589793);
    }
    if (((fabs(z) > 1.0) && (fabs(z) > n))) {
        {
            const double next0 = sine_of_pi_value(x);
            const double next1 = cosine_of_pi_value(x);
            sine = next0;
            cosine = next1;
        }
        {
            const double next0 = (sine / z);
            const double next1 = 0.0;
            now = next0;
            k = next1;
        }
        while ((k < n)) {
            k = (k + 1.0);
            {
                const double next0 = cosine;
                const double next1 = (-sine);
                sine = next0;
                cosine = next1;
            }
            now = ((sine - (k * now)) / z);
        }
        return (scale * now);
    }
    order = (n - (4.0 * floor((0.25 * n))));
    term = (((order == 1.0) || (order == 2.0)) ? (-1.0) : 1.0);
    odd = (order - (2.0 * floor((0.5 * order))));
    term = ((term * ((odd == 1.0) ? z : 1.0)) / ((n + odd) + 1.0));
    {
        const double next0 = 0.0;
        const double next1 = odd;
        total = next0;
        m = next1;
    }
    while ((m < 80.0)) {
        total = (total + term);
        term = ((((-term) * (z / (m + 1.0))) * (z / (m + 2.0))) * (((n + m) + 1.0) / ((n + m) + 3.0)));
        m = (m + 2.0);
    }
    return (scale * total);
}

static inline double sinc_value(double x) {
    return sinc_derivative_value(0.0, x);
}

static inline double sigmoid_slope_value(double x) {
    double e = 0.0;
    e = exp((-fabs(x)));
    return (e / ((1.0 + e) * (1.0 + e)));
}

static inline double one_less_square_value(double x) {
    return ((1.0 - x) * (1.0 + x));
}

AT_ONCE double direction_value(double x, double y) {
    double a = 0.0, b = 0.0, found = 0.0, most = 0.0, scale = 0.0, size = 0.0;
    most = ((fabs(x) > fabs(y)) ? fabs(x) : fabs(y));
    scale = ((most > 3.3519519824856493e+153) ? 2.913414348125081e-157 : ((most < 3.4395525670743494e-136) ? 4.149515568880993e+180 : 1.0));
    {
        const double next0 = (x * scale);
        const double next1 = (y * scale);
        a = next0;
        b = next1;
    }
    size = (fabs(a) / sqrt(((a * a) + (b * b))));
    found = (((fabs(x) == INFINITY) && (fabs(y) < INFINITY)) ? 1.0 : size);
    return (((x == 0.0) && (y == 0.0)) ? 0.0 : copysign(found, x));
}

static inline double inversion_value(double x, double y) {
    double found = 0.0, size = 0.0;
    size = hypot_value(x, y);
    found = ((x / size) / size);
    return (((fabs(x) == INFINITY) && (y == y)) ? copysign(0.0, x) : found);
}

static inline double pow_slope_value(double x, double y) {
    return ((y == 0.0) ? 0.0 : (y * pow_value(x, (y - 1.0))));
}

static inline double pow_log_value(double x, double y) {
    return (((x == 0.0) && (y >= 0.0)) ? 0.0 : (pow_value(x, y) * log(x)));
}

static inline double pow_curvature_value(double x, double y) {
    return (((y == 0.0) || (y == 1.0)) ? 0.0 : ((y * (y - 1.0)) * pow_value(x, (y - 2.0))));
}

static inline double pow_mixed_value(double x, double y) {
    double power = 0.0;
    power = pow_value(x, (y - 1.0));
    if ((power == 0.0)) {
        return (power + (y * pow_log_value(x, (y - 1.0))));
    }
    return (((x == 0.0) && (y == 0.0)) ? power : (power * (1.0 + (y * log(x)))));
}

static inline double pow_log_squared_value(double x, double y) {
    return (((x == 0.0) && (y >= 0.0)) ? 0.0 : ((pow_value(x, y) * log(x)) * log(x)));
}

static inline double atan_slope_value(double x) {
    return (1.0 / (1.0 + (x * x)));
}

static inline double cbrt_slope_value(double x) {
    return (1.0 / (3.0 * (cbrt(x) * cbrt(x))));
}

static inline double parity_value(double n) {
    return (n - (2.0 * floor((0.5 * n))));
}

static inline double jv_series_value(double n, double x) {
    double k = 0.0, m = 0.0, t = 0.0, total = 0.0;
    {
        const double next0 = (((-0.25) * x) * x);
        const double next1 = 1.0;
        const double next2 = 20.0;
        t = next0;
        total = next1;
        m = next2;
    }
    while ((m >= 1.0)) {
        total = (1.0 + ((t / (m * (m + n))) * total));
        m = (m - 1.0);
    }
    k = 1.0;
    while ((k <= n)) {
        total = (total * ((0.5 * x) / k));
        k = (k + 1.0);
    }
    return total;
}

static inline double jv_backward_value(double n, double x) {
    double above = 0.0, found = 0.0, k = 0.0, now = 0.0, total = 0.0;
    k = ((n > x) ? n : floor(x));
    k = ((k + 20.0) + floor((15.0 * cbrt(k))));
    k = (k + parity_value(k));
    {
        const double next0 = 0.0;
        const double next1 = 1e-300;
        const double next2 = 0.0;
        const double next3 = 0.0;
        above = next0;
        now = next1;
        total = next2;
        found = next3;
    }
    while ((k > 0.0)) {
        if ((parity_value(k) == 0.0)) {
            total = (total + (2.0 * now));
        }
        if ((k == n)) {
            found = now;
        }
        {
            const double next0 = now;
            const double next1 = ((((2.0 * k) / x) * now) - above);
            above = next0;
            now = next1;
        }
        if ((fabs(now) > 1e+250)) {
            {
                const double next0 = (above / 1e+250);
                const double next1 = (now / 1e+250);
                const double next2 = (total / 1e+250);
                const double next3 = (found / 1e+250);
                above = next0;
                now = next1;
                total = next2;
                found = next3;
            }
        }
        k = (k - 1.0);
    }
    if ((n == 0.0)) {
        found = now;
    }
    return (found / (total + now));
}

static inline double jv_far_value(double n, double x) {
    double cosine = 0.0, even = 0.0, k = 0.0, odd = 0.0, sine = 0.0, term = 0.0;
    {
        const double next0 = 0.0;
        const double next1 = 0.0;
        const double next2 = 1.0;
        const double next3 = 0.0;
        even = next0;
        odd = next1;
        term = next2;
        k = next3;
    }
    while ((k < 40.0)) {
        even = (even + term);
        term = (term * (((4.0 * n) - (((2.0 * k) + 1.0) * ((2.0 * k) + 1.0))) / ((8.0 * (k + 1.0)) * x)));
        odd = (odd + term);
        term = ((-term) * (((4.0 * n) - (((2.0 * k) + 3.0) * ((2.0 * k) + 3.0))) / ((8.0 * (k + 2.0)) * x)));
        k = (k + 2.0);
    }
    {
        const double next0 = sin(x);
        const double next1 = cos(x);
        sine = next0;
        cosine = next1;
    }
    if ((n == 0.0)) {
        {
            const double next0 = (sine - cosine);
            const double next1 = (cosine + sine);
            sine = next0;
            cosine = next1;
        }
    } else {
        {
            const double next0 = (-(cosine + sine));
            const double next1 = (sine - cosine);
            sine = next0;
            cosine = next1;
        }
    }
    return ((0.5641895835477563 / sqrt(x)) * ((even * cosine) - (odd * sine)));
}

static inline double jv_value(double n, double x) {
    double before = 0.0, k = 0.0, now = 0.0, odd = 0.0;
    if (((x != x) || (n != floor(n)) || (!(fabs(n) <= 1000.0)))) {
        return NAN;
    }
    odd = parity_value(n);
    if ((n < 0.0)) {
        return ((odd == 1.0) ? (-jv_value((-n), x)) : jv_value((-n), x));
    }
    if ((x < 0.0)) {
        return ((odd == 1.0) ? (-jv_value(n, (-x))) : jv_value(n, (-x)));
    }
    if ((x == INFINITY)) {
        return 0.0;
    }
    if ((x <= 2.0)) {
        return jv_series_value(n, x);
    }
    if (((x < 25.0) || (n > x))) {
        return jv_backward_value(n, x);
    }
    {
        const double next0 = jv_far_value(0.0, x);
        const double next1 = jv_far_value(1.0, x);
        const double next2 = 1.0;
        before = next0;
        now = next1;
        k = next2;
    }
    if ((n == 0.0)) {
        return before;
    }
    while ((k < n)) {
        {
            const double next0 = now;
            const double next1 = ((((2.0 * k) / x) * now) - before);
            before = next0;
            now = next1;
        }
        k = (k + 1.0);
    }
    return now;
}

static inline double j0_value(double x) {
    return jv_value(0.0, x);
}

static inline double j1_value(double x) {
    return jv_value(1.0, x);
}

static inline double scaled_far_value(double n, double z) {
    double k = 0.0, term = 0.0, total = 0.0;
    {
        const double next0 = 0.0;
        const double next1 = 1.0;
        const double next2 = 1.0;
        total = next0;
        term = next1;
        k = next2;
    }
    while (((fabs(term) > (1e-18 * total)) && (k < z))) {
        total = (total + term);
        term = ((-term) * (((((2.0 * n) - (2.0 * k)) + 1.0) * (((2.0 * n) + (2.0 * k)) - 1.0)) / ((4.0 * k) * z)));
        k = (k + 1.0);
    }
    return total;
}

static inline double iv_value(double n, double x) {
    double half = 0.0, k = 0.0, m = 0.0, t = 0.0, total = 0.0;
    if (((x != x) || (n != floor(n)) || (!(fabs(n) <= 1000.0)))) {
        return NAN;
    }
    n = fabs(n);
    if ((x < 0.0)) {
        return ((parity_value(n) == 1.0) ? (-iv_value(n, (-x))) : iv_value(n, (-x)));
    }
    if ((x > (720.0 + n))) {
        return INFINITY;
    }
    if ((x > (20.0 + (n * n)))) {
        half = exp((0.5 * x));
        return ((half * (scaled_far_value(n, (2.0 * x)) * (0.3989422804014327 / sqrt(x)))) * half);
    }
    {
        const double next0 = ((0.25 * x) * x);
        const double next1 = 1.0;
        const double next2 = (floor((1.5 * x)) + 20.0);
        t = next0;
        total = next1;
        m = next2;
    }
    while ((m >= 1.0)) {
        total = (1.0 + ((t / (m * (m + n))) * total));
        m = (m - 1.0);
    }
    k = 1.0;
    while ((k <= n)) {
        total = (total * ((0.5 * x) / k));
        k = (k + 1.0);
    }
    return total;
}

static inline double i0_value(double x) {
    return iv_value(0.0, x);
}

static inline double i1_value(double x) {
    return iv_value(1.0, x);
}

static inline double falling_value(double n, double x) {
    double factor = 0.0, k = 0.0, m = 0.0, term = 0.0, total = 0.0, z = 0.0;
    z = (2.0 * x);
    if ((z > (40.0 + (4.0 * n)))) {
        {
            const double next0 = 0.0;
            const double next1 = 1.0;
            const double next2 = 0.0;
            const double next3 = 1.0;
            total = next0;
            term = next1;
            k = next2;
            factor = next3;
        }
        while (((term > (1e-18 * total)) && (k < z))) {
            total = (total + term);
            term = (term * ((((n + k) + 0.5) * (k + 0.5)) / ((k + 1.0) * z)));
            k = (k + 1.0);
        }
        k = 0.0;
        while ((k < n)) {
            factor = (factor * (((2.0 * k) + 1.0) / z));
            k = (k + 1.0);
        }
        return ((factor * total) * (0.3989422804014327 / sqrt(x)));
    }
    {
        const double next0 = 1.0;
        const double next1 = (floor((z + (10.0 * sqrt(z)))) + 30.0);
        const double next2 = exp((-z));
        total = next0;
        m = next1;
        factor = next2;
    }
    while ((m >= 1.0)) {
        total = (1.0 + ((z * ((m - 0.5) / (m * (n + m)))) * total));
        m = (m - 1.0);
    }
    k = 0.0;
    while ((k < n)) {
        factor = (factor * (((2.0 * k) + 1.0) / (k + 1.0)));
        k = (k + 1.0);
    }
    return (factor * total);
}

static inline double i0e_derivative_value(double n, double x) {
    if (((x != x) || (n != floor(n)) || (!((n >= 0.0) && (n <= 100.0))))) {
        return NAN;
    }
    if ((parity_value(n) == 0.0)) {
        return falling_value(n, fabs(x));
    }
    return ((x == 0.0) ? 0.0 : copysign(falling_value(n, fabs(x)), (-x)));
}

static inline double i0e_value(double x) {
    return i0e_derivative_value(0.0, x);
}

static inline double i1e_derivative_value(double n, double x) {
    double k = 0.0, m = 0.0, odd = 0.0, total = 0.0, z = 0.0;
    if (((x != x) || (n != floor(n)) || (!((n >= 0.0) && (n <= 100.0))))) {
        return NAN;
    }
    {
        const double next0 = parity_value(n);
        const double next1 = (2.0 * fabs(x));
        odd = next0;
        z = next1;
    }
    if (((x == 0.0) && (odd == 0.0))) {
        return ((n == 0.0) ? x : 0.0);
    }
    if ((z > (40.0 + (4.0 * (n + 1.0))))) {
        total = (falling_value(n, fabs(x)) - falling_value((n + 1.0), fabs(x)));
    } else {
        {
            const double next0 = 0.0;
            const double next1 = ((floor((z + (10.0 * sqrt(z)))) + 30.0) + n);
            const double next2 = 0.0;
            total = next0;
            m = next1;
            k = next2;
        }
        while ((m >= 0.0)) {
            total = ((m - n) + ((z * ((m + 0.5) / ((m + 1.0) * ((n + 2.0) + m)))) * total));
            m = (m - 1.0);
        }
        total = (total * (exp((-z)) / (n + 1.0)));
        while ((k < n)) {
            total = (total * (((2.0 * k) + 1.0) / (k + 1.0)));
            k = (k + 1.0);
        }
    }
    return (((odd == 1.0) || (x < 0.0)) ? (-total) : total);
}

static inline double i1e_value(double x) {
    return i1e_derivative_value(0.0, x);
}

static inline double norm_value(const double *xs, long n) {
    double z0 = 5e-324, z1 = 0.0;
    for (long i = 0; i < n; i++) {
        const double x = xs[i];
        z0 = ((fabs(x) > z0) ? fabs(x) : ((fabs(x) != fabs(x)) ? fabs(x) : z0));
    }
    for (long i = 0; i < n; i++) {
        const double x = xs[i];
        z1 = (z1 + ((x / z0) * (x / z0)));
    }
    if (((z0 - z0) == 0.0)) {
        return (z0 * sqrt(z1));
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
    case 52: /* ceil */ return ceil(x);
    case 53: /* trunc */ return trunc(x);
    case 54: /* rint */ return rint(x);
    case 59: /* degrees */ return degrees_value(x);
    case 60: /* radians */ return radians_value(x);
    case 61: /* lgamma */ return lgamma_value(x);
    case 62: /* gamma */ return gamma_value(x);
    case 63: /* digamma */ return digamma_value(x);
    case 68: /* norm_pdf */ return norm_pdf_value(x);
    case 69: /* ndtr */ return ndtr_value(x);
    case 70: /* log_ndtr */ return log_ndtr_value(x);
    case 71: /* ndtri */ return ndtri_value(x);
    case 72: /* erfinv */ return erfinv_value(x);
    case 73: /* erfcx */ return erfcx_value(x);
    case 78: /* logit */ return logit_value(x);
    case 80: /* sinc */ return sinc_value(x);
    case 82: /* sigmoid_slope */ return sigmoid_slope_value(x);
    case 83: /* one_less_square */ return one_less_square_value(x);
    case 91: /* atan_slope */ return atan_slope_value(x);
    case 92: /* cbrt_slope */ return cbrt_slope_value(x);
    case 93: /* j0 */ return j0_value(x);
    case 94: /* j1 */ return j1_value(x);
    case 96: /* i0 */ return i0_value(x);
    case 97: /* i1 */ return i1_value(x);
    case 99: /* i0e */ return i0e_value(x);
    case 100: /* i1e */ return i1e_value(x);
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
    case 55: /* fmod */ return fmod(x, y);
    case 56: /* floor_divide */ return floor_divide_value(x, y);
    case 57: /* remainder */ return remainder_value(x, y);
    case 58: /* copysign */ return copysign_value(x, y);
    case 64: /* polygamma */ return polygamma_value(x, y);
    case 66: /* betaln */ return betaln_value(x, y);
    case 67: /* beta */ return beta_value(x, y);
    case 74: /* erfcx_derivative */ return erfcx_derivative_value(x, y);
    case 75: /* xlogy */ return xlogy_value(x, y);
    case 76: /* xlog1py */ return xlog1py_value(x, y);
    case 77: /* xdivy */ return xdivy_value(x, y);
    case 79: /* share */ return share_value(x, y);
    case 81: /* sinc_derivative */ return sinc_derivative_value(x, y);
    case 84: /* direction */ return direction_value(x, y);
    case 85: /* inversion */ return inversion_value(x, y);
    case 86: /* pow_slope */ return pow_slope_value(x, y);
    case 87: /* pow_log */ return pow_log_value(x, y);
    case 88: /* pow_curvature */ return pow_curvature_value(x, y);
    case 89: /* pow_mixed */ return pow_mixed_value(x, y);
    case 90: /* pow_log_squared */ return pow_log_squared_value(x, y);
    case 95: /* jv */ return jv_value(x, y);
    case 98: /* iv */ return iv_value(x, y);
    case 101: /* i0e_derivative */ return i0e_derivative_value(x, y);
    case 102: /* i1e_derivative */ return i1e_derivative_value(x, y);
    default: return NAN;
    }
}

static inline double value3(int code, double a, double b, double c) {
    switch (code) {
    case 40: /* where */ return (a ? b : c);
    case 65: /* polygamma_rise */ return polygamma_rise_value(a, b, c);
    default: return NAN;
    }
}

AT_ONCE double partial1(int code, double x, double z) {
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
    case 18: /* cbrt */ return cbrt_slope_value(x);
    case 19: /* sin */ return cos(x);
    case 20: /* cos */ return (-sin(x));
    case 21: /* tan */ return (1.0 + (z * z));
    case 22: /* asin */ return (1.0 / sqrt(one_less_square_value(x)));
    case 23: /* acos */ return (-1.0 / sqrt(one_less_square_value(x)));
    case 24: /* atan */ return atan_slope_value(x);
    case 25: /* sinh */ return cosh(x);
    case 26: /* cosh */ return sinh(x);
    case 27: /* tanh */ return (4.0 * sigmoid_slope_value((2.0 * x)));
    case 28: /* asinh */ return (1.0 / hypot_value(x, 1.0));
    case 29: /* acosh */ return ((1.0 / sqrt((x - 1.0))) / sqrt((x + 1.0)));
    case 30: /* atanh */ return (1.0 / one_less_square_value(x));
    case 33: /* erf */ return (1.1283791670955126 * exp((-(x * x))));
    case 34: /* erfc */ return (-1.1283791670955126 * exp((-(x * x))));
    case 35: /* sigmoid */ return sigmoid_slope_value(x);
    case 36: /* softplus */ return sigmoid_value(x);
    case 37: /* relu */ return step_value(x);
    case 41: /* step */ return 0.0;
    case 42: /* sign */ return 0.0;
    case 43: /* floor */ return 0.0;
    case 44: /* detach */ return 0.0;
    case 52: /* ceil */ return 0.0;
    case 53: /* trunc */ return 0.0;
    case 54: /* rint */ return 0.0;
    case 59: /* degrees */ return 57.29577951308232;
    case 60: /* radians */ return 0.017453292519943295;
    case 61: /* lgamma */ return digamma_value(x);
    case 62: /* gamma */ return (z * ((x > 172.0) ? 1.0 : digamma_value(x)));
    case 63: /* digamma */ return polygamma_value(1.0, x);
    case 68: /* norm_pdf */ return ((z == 0.0) ? 0.0 : ((-x) * z));
    case 69: /* ndtr */ return norm_pdf_value(x);
    case 70: /* log_ndtr */ {
        double t0 = (-x);
        double t1 = (1.0 / x);
        double t2 = (t1 * t1);
        double t3 = (x * -0.7071067811865476);
        double t4 = minimum_value(t3, 1e+100);
        return ((x < -100000.0) ? (t0 - (t1 * (1.0 - ((2.0 * t2) * (1.0 - (5.0 * t2)))))) : ((x < 0.0) ? (t0 - (0.7071067811865476 * (erfcx_derivative_value(1.0, t4) / erfcx_value(t4)))) : (norm_pdf_value(x) / ndtr_value(x))));
    }
    case 71: /* ndtri */ return (2.5066282746310002 * exp(((0.5 * z) * z)));
    case 72: /* erfinv */ return (0.8862269254527579 * exp((z * z)));
    case 73: /* erfcx */ return erfcx_derivative_value(1.0, x);
    case 78: /* logit */ return (1.0 / sigmoid_slope_value(z));
    case 80: /* sinc */ return sinc_derivative_value(1.0, x);
    case 82: /* sigmoid_slope */ return ((-tanh((0.5 * x))) * z);
    case 83: /* one_less_square */ return (-2.0 * x);
    case 91: /* atan_slope */ return ((z == 0.0) ? 0.0 : ((-2.0 * (z * x)) * z));
    case 92: /* cbrt_slope */ return (-0.6666666666666666 * (z / x));
    case 93: /* j0 */ return (-j1_value(x));
    case 94: /* j1 */ return (0.5 * (j0_value(x) - jv_value(2.0, x)));
    case 96: /* i0 */ return i1_value(x);
    case 97: /* i1 */ return (0.5 * (i0_value(x) + iv_value(2.0, x)));
    case 99: /* i0e */ return i0e_derivative_value(1.0, x);
    case 100: /* i1e */ return i1e_derivative_value(1.0, x);
    default: return NAN;
    }
}

AT_ONCE double partial2(int code, int i, double x, double y, double z) {
    switch (code * 2 + i) {
    case 6: /* add, x */ return 1.0;
    case 7: /* add, y */ return 1.0;
    case 8: /* sub, x */ return 1.0;
    case 9: /* sub, y */ return -1.0;
    case 10: /* mul, x */ return y;
    case 11: /* mul, y */ return x;
    case 12: /* div, x */ return (1.0 / y);
    case 13: /* div, y */ return ((-z) / y);
    case 14: /* pow, x */ return ((y == 0.0) ? 0.0 : (y * pow_value(x, (y - 1.0))));
    case 15: /* pow, y */ return (((x == 0.0) && (y >= 0.0)) ? 0.0 : (z * log(x)));
    case 62: /* atan2, x */ return inversion_value(y, x);
    case 63: /* atan2, y */ return (-inversion_value(x, y));
    case 64: /* hypot, x */ return direction_value(x, y);
    case 65: /* hypot, y */ return direction_value(y, x);
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
    case 110: /* fmod, x */ return 1.0;
    case 111: /* fmod, y */ return (-rint(((x - z) / y)));
    case 112: /* floor_divide, x */ return 0.0;
    case 113: /* floor_divide, y */ return 0.0;
    case 114: /* remainder, x */ return 1.0;
    case 115: /* remainder, y */ return (-floor_divide_value(x, y));
    case 116: /* copysign, x */ return (sign_value(x) * copysign_value(1.0, y));
    case 117: /* copysign, y */ return 0.0;
    case 128: /* polygamma, x */ return 0.0;
    case 129: /* polygamma, y */ return polygamma_value((x + 1.0), y);
    case 132: /* betaln, x */ return (-polygamma_rise_value(0.0, x, y));
    case 133: /* betaln, y */ return (-polygamma_rise_value(0.0, y, x));
    case 134: /* beta, x */ return ((-z) * polygamma_rise_value(0.0, x, y));
    case 135: /* beta, y */ return ((-z) * polygamma_rise_value(0.0, y, x));
    case 148: /* erfcx_derivative, x */ return 0.0;
    case 149: /* erfcx_derivative, y */ return erfcx_derivative_value((x + 1.0), y);
    case 150: /* xlogy, x */ return log(y);
    case 151: /* xlogy, y */ return xdivy_value(x, y);
    case 152: /* xlog1py, x */ return log1p(y);
    case 153: /* xlog1py, y */ return xdivy_value(x, (1.0 + y));
    case 154: /* xdivy, x */ return (1.0 / y);
    case 155: /* xdivy, y */ return (-xdivy_value(z, y));
    case 158: /* share, x */ return z;
    case 159: /* share, y */ return (-z);
    case 162: /* sinc_derivative, x */ return 0.0;
    case 163: /* sinc_derivative, y */ return sinc_derivative_value((x + 1.0), y);
    case 168: /* direction, x */ {
        double t0 = direction_value(y, x);
        return (((x == 0.0) && (y == 0.0)) ? 0.0 : ((t0 * t0) / hypot_value(x, y)));
    }
    case 169: /* direction, y */ return (((x == 0.0) && (y == 0.0)) ? 0.0 : (((-z) * direction_value(y, x)) / hypot_value(x, y)));
    case 170: /* inversion, x */ {
        double t0 = inversion_value(y, x);
        return ((t0 * t0) - (z * z));
    }
    case 171: /* inversion, y */ return (-2.0 * (z * inversion_value(y, x)));
    case 172: /* pow_slope, x */ return pow_curvature_value(x, y);
    case 173: /* pow_slope, y */ return pow_mixed_value(x, y);
    case 174: /* pow_log, x */ return pow_mixed_value(x, y);
    case 175: /* pow_log, y */ return pow_log_squared_value(x, y);
    case 176: /* pow_curvature, x */ {
        double t0 = (y - 1.0);
        return ((y == 0.0) ? xdivy_value(((y * t0) * (y - 2.0)), pow_value(x, (3.0 - y))) : (y * pow_curvature_value(x, t0)));
    }
    case 177: /* pow_curvature, y */ {
        double t0 = (y - 1.0);
        double t1 = (y * t0);
        double t2 = (2.0 * y);
        double t3 = (t2 - 1.0);
        double t4 = log(x);
        double t5 = (t1 * t4);
        return ((x == 0.0) ? ((y > 2.0) ? 0.0 : ((t1 == 0.0) ? ((-t3) * t4) : t5)) : (pow_value(x, (y - 2.0)) * (t3 + t5)));
    }
    case 178: /* pow_mixed, x */ {
        double t0 = (y - 1.0);
        double t1 = (y * t0);
        double t2 = (2.0 * y);
        double t3 = (t2 - 1.0);
        double t4 = log(x);
        double t5 = (t1 * t4);
        return ((x == 0.0) ? ((y > 2.0) ? 0.0 : ((t1 == 0.0) ? ((-t3) * t4) : t5)) : (pow_value(x, (y - 2.0)) * (t3 + t5)));
    }
    case 179: /* pow_mixed, y */ {
        double t0 = log(x);
        return ((x == 0.0) ? ((y > 1.0) ? 0.0 : ((y > 0.0) ? (-t0) : t0)) : ((pow_value(x, (y - 1.0)) * t0) * (2.0 + (y * t0))));
    }
    case 180: /* pow_log_squared, x */ {
        double t0 = log(x);
        return ((x == 0.0) ? ((y > 1.0) ? 0.0 : ((y > 0.0) ? (-t0) : t0)) : ((pow_value(x, (y - 1.0)) * t0) * (2.0 + (y * t0))));
    }
    case 181: /* pow_log_squared, y */ return (((x == 0.0) && (y >= 0.0)) ? 0.0 : (z * log(x)));
    case 190: /* jv, x */ return 0.0;
    case 191: /* jv, y */ return (0.5 * (jv_value((x - 1.0), y) - jv_value((x + 1.0), y)));
    case 196: /* iv, x */ return 0.0;
    case 197: /* iv, y */ return (0.5 * (iv_value((x - 1.0), y) + iv_value((x + 1.0), y)));
    case 202: /* i0e_derivative, x */ return 0.0;
    case 203: /* i0e_derivative, y */ return i0e_derivative_value((x + 1.0), y);
    case 204: /* i1e_derivative, x */ return 0.0;
    case 205: /* i1e_derivative, y */ return i1e_derivative_value((x + 1.0), y);
    default: return NAN;
    }
}

static inline double fold_value(int code, const double *xs, long n) {
    switch (code) {
    case 40: return where_value(xs[0], xs[1], xs[2]);
    case 49: return sum_value(xs, n);
    case 50: return dot_value(xs, n);
    case 51: return logsumexp_value(xs, n);
    case 65: return polygamma_rise_value(xs[0], xs[1], xs[2]);
    case 103: return norm_value(xs, n);
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
        for (long i = 0; i < n; i++) partials[i] = share_value(xs[i], z);
        break;
    case 65: /* polygamma_rise */
        partials[0] = 0.0;
        partials[1] = polygamma_rise_value((xs[0] + 1.0), xs[1], xs[2]);
        partials[2] = polygamma_value((xs[0] + 1.0), (xs[1] + xs[2]));
        break;
    case 103: /* norm */
        for (long i = 0; i < n; i++) partials[i] = ((z == 0.0) ? 0.0 : (xs[i] / z));
        break;
    default: for (long i = 0; i < n; i++) partials[i] = NAN;
    }
    (void)z;
}

static inline int selects(int code) {
    switch (code) {
    case 37: case 38: case 39: case 40: case 41: case 42: case 43: case 44: case 45: case 46: case 47: case 48: case 52: case 53: case 54: case 56: case 58: return 1;
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
    case 7: case 10: case 11: case 12: case 13: case 14: case 15: case 16: case 18: case 19: case 20: case 21: case 22: case 23: case 24: case 25: case 26: case 27: case 28: case 29: case 30: case 31: case 33: case 34: case 35: case 36: case 51: case 61: case 62: case 63: case 64: case 65: case 66: case 67: case 68: case 69: case 70: case 71: case 72: case 73: case 74: case 75: case 76: case 78: case 79: case 80: case 81: case 82: case 86: case 87: case 88: case 89: case 90: case 92: case 93: case 94: case 95: case 96: case 97: case 98: case 99: case 100: case 101: case 102: return 1;
    default: return 0;
    }
}

static inline int wants_lanes(int code) {
    switch (code) {
    case 40: case 51: case 65: case 103: return 1;
    default: return 0;
    }
}

#endif
