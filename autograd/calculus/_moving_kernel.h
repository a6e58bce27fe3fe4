/* Generated from calculus/table.py by `python autograd/calculus/_generate.py`; do not edit. */
#ifndef CHAINRULE_MOVING_KERNEL_H
#define CHAINRULE_MOVING_KERNEL_H
#include "autograd/calculus/_kernel.h"

static inline int bends(int code) {
    switch (code) {
    case 5: case 6: case 7: case 10: case 11: case 12: case 13: case 14: case 15: case 16: case 17: case 18: case 19: case 20: case 21: case 22: case 23: case 24: case 25: case 26: case 27: case 28: case 29: case 30: case 31: case 32: case 33: case 34: case 35: case 36: case 50: case 51: case 61: case 62: case 63: case 64: case 65: case 66: case 67: case 68: case 69: case 70: case 71: case 72: case 73: case 74: case 75: case 76: case 77: case 78: case 79: case 80: case 81: case 82: case 83: case 84: case 85: case 86: case 87: case 88: case 89: case 90: case 91: case 92: case 93: case 94: case 95: case 96: case 97: case 98: case 99: case 100: case 101: case 102: case 103: return 1;
    default: return 0;
    }
}

static inline void moved1(int code, double x, double z, double dx, double dz, double *found) {
    switch (code) {
    case 10: { /* exp */
        found[0] = z;
        found[1] = dz;
        break;
    }
    case 11: { /* expm1 */
        const double t0 = exp(x);
        found[0] = t0;
        found[1] = (t0 * dx);
        break;
    }
    case 12: { /* exp2 */
        found[0] = (z * 0.6931471805599453);
        found[1] = (0.6931471805599453 * dz);
        break;
    }
    case 13: { /* log */
        const double t0 = (1.0 / x);
        found[0] = t0;
        found[1] = (((-t0) / x) * dx);
        break;
    }
    case 14: { /* log1p */
        const double t0 = (1.0 + x);
        const double t1 = (1.0 / t0);
        found[0] = t1;
        found[1] = (((-t1) / t0) * dx);
        break;
    }
    case 15: { /* log2 */
        const double t0 = (x * 0.6931471805599453);
        const double t1 = (1.0 / t0);
        found[0] = t1;
        found[1] = (((-t1) / t0) * (0.6931471805599453 * dx));
        break;
    }
    case 16: { /* log10 */
        const double t0 = (x * 2.302585092994046);
        const double t1 = (1.0 / t0);
        found[0] = t1;
        found[1] = (((-t1) / t0) * (2.302585092994046 * dx));
        break;
    }
    case 17: { /* sqrt */
        const double t0 = (0.5 / z);
        found[0] = t0;
        found[1] = (((-t0) / z) * dz);
        break;
    }
    case 18: { /* cbrt */
        const double t0 = cbrt_slope_value(x);
        found[0] = t0;
        found[1] = ((-0.6666666666666666 * (t0 / x)) * dx);
        break;
    }
    case 19: { /* sin */
        found[0] = cos(x);
        found[1] = ((-sin(x)) * dx);
        break;
    }
    case 20: { /* cos */
        found[0] = (-sin(x));
        found[1] = (-(cos(x) * dx));
        break;
    }
    case 21: { /* tan */
        const double t0 = (z * dz);
        found[0] = (1.0 + (z * z));
        found[1] = (t0 + t0);
        break;
    }
    case 22: { /* asin */
        const double t0 = one_less_square_value(x);
        const double t1 = sqrt(t0);
        const double t2 = (1.0 / t1);
        found[0] = t2;
        found[1] = (((-t2) / t1) * ((0.5 / t1) * ((-2.0 * x) * dx)));
        break;
    }
    case 23: { /* acos */
        const double t0 = one_less_square_value(x);
        const double t1 = sqrt(t0);
        const double t2 = (-1.0 / t1);
        found[0] = t2;
        found[1] = (((-t2) / t1) * ((0.5 / t1) * ((-2.0 * x) * dx)));
        break;
    }
    case 24: { /* atan */
        const double t0 = atan_slope_value(x);
        found[0] = t0;
        found[1] = (((t0 == 0.0) ? 0.0 : ((-2.0 * (t0 * x)) * t0)) * dx);
        break;
    }
    case 25: { /* sinh */
        found[0] = cosh(x);
        found[1] = (sinh(x) * dx);
        break;
    }
    case 26: { /* cosh */
        found[0] = sinh(x);
        found[1] = (cosh(x) * dx);
        break;
    }
    case 27: { /* tanh */
        const double t0 = (2.0 * x);
        const double t1 = sigmoid_slope_value(t0);
        found[0] = (4.0 * t1);
        found[1] = (4.0 * (((-tanh((0.5 * t0))) * t1) * (2.0 * dx)));
        break;
    }
    case 28: { /* asinh */
        const double t0 = hypot_value(x, 1.0);
        const double t1 = (1.0 / t0);
        found[0] = t1;
        found[1] = (((-t1) / t0) * (direction_value(x, 1.0) * dx));
        break;
    }
    case 29: { /* acosh */
        const double t0 = (x - 1.0);
        const double t1 = sqrt(t0);
        const double t2 = (1.0 / t1);
        const double t3 = (x + 1.0);
        const double t4 = sqrt(t3);
        const double t5 = (t2 / t4);
        found[0] = t5;
        found[1] = (((1.0 / t4) * (((-t2) / t1) * ((0.5 / t1) * dx))) + (((-t5) / t4) * ((0.5 / t4) * dx)));
        break;
    }
    case 30: { /* atanh */
        const double t0 = one_less_square_value(x);
        const double t1 = (1.0 / t0);
        found[0] = t1;
        found[1] = (((-t1) / t0) * ((-2.0 * x) * dx));
        break;
    }
    case 33: { /* erf */
        const double t0 = (x * x);
        const double t1 = (-t0);
        const double t2 = exp(t1);
        const double t3 = (x * dx);
        found[0] = (1.1283791670955126 * t2);
        found[1] = (1.1283791670955126 * (t2 * (-(t3 + t3))));
        break;
    }
    case 34: { /* erfc */
        const double t0 = (x * x);
        const double t1 = (-t0);
        const double t2 = exp(t1);
        const double t3 = (x * dx);
        found[0] = (-1.1283791670955126 * t2);
        found[1] = (-1.1283791670955126 * (t2 * (-(t3 + t3))));
        break;
    }
    case 35: { /* sigmoid */
        const double t0 = sigmoid_slope_value(x);
        found[0] = t0;
        found[1] = (((-tanh((0.5 * x))) * t0) * dx);
        break;
    }
    case 36: { /* softplus */
        found[0] = sigmoid_value(x);
        found[1] = (sigmoid_slope_value(x) * dx);
        break;
    }
    case 61: { /* lgamma */
        found[0] = digamma_value(x);
        found[1] = (polygamma_value(1.0, x) * dx);
        break;
    }
    case 62: { /* gamma */
        const int t0 = (x > 172.0);
        const double t1 = digamma_value(x);
        const double t2 = (t0 ? 1.0 : t1);
        found[0] = (z * t2);
        found[1] = ((t2 * dz) + (t0 ? 0.0 : (z * (polygamma_value(1.0, x) * dx))));
        break;
    }
    case 63: { /* digamma */
        found[0] = polygamma_value(1.0, x);
        found[1] = (polygamma_value((1.0 + 1.0), x) * dx);
        break;
    }
    case 68: { /* norm_pdf */
        const int t0 = (z == 0.0);
        const double t1 = (-x);
        found[0] = (t0 ? 0.0 : (t1 * z));
        found[1] = (t0 ? 0.0 : ((z * (-dx)) + (t1 * dz)));
        break;
    }
    case 69: { /* ndtr */
        const double t0 = norm_pdf_value(x);
        found[0] = t0;
        found[1] = (((t0 == 0.0) ? 0.0 : ((-x) * t0)) * dx);
        break;
    }
    case 70: { /* log_ndtr */
        const int t0 = (x < -100000.0);
        const double t1 = (-x);
        const double t2 = (1.0 / x);
        const double t3 = (t2 * t2);
        const double t4 = (2.0 * t3);
        const double t5 = (5.0 * t3);
        const double t6 = (1.0 - t5);
        const double t7 = (t4 * t6);
        const double t8 = (1.0 - t7);
        const int t9 = (x < 0.0);
        const double t10 = (x * -0.7071067811865476);
        const double t11 = minimum_value(t10, 1e+100);
        const double t12 = erfcx_derivative_value(1.0, t11);
        const double t13 = erfcx_value(t11);
        const double t14 = (t12 / t13);
        const double t15 = norm_pdf_value(x);
        const double t16 = ndtr_value(x);
        const double t17 = (t15 / t16);
        const double t18 = (-dx);
        const double t19 = (-t2);
        const double t20 = (t19 / x);
        const double t21 = (t20 * dx);
        const double t22 = (t2 * t21);
        const double t23 = (t22 + t22);
        const int t24 = (t10 < 1e+100);
        const int t25 = (t10 > 1e+100);
        const double t26 = (t25 ? 0.0 : 0.5);
        const double t27 = (t24 ? 1.0 : t26);
        const double t28 = (-0.7071067811865476 * dx);
        const double t29 = (t27 * t28);
        found[0] = (t0 ? (t1 - (t2 * t8)) : (t9 ? (t1 - (0.7071067811865476 * t14)) : t17));
        found[1] = (t0 ? (t18 + (-((t8 * t21) + (t2 * (-((t6 * (2.0 * t23)) + (t4 * (-(5.0 * t23))))))))) : (t9 ? (t18 + (-(0.7071067811865476 * (((1.0 / t13) * (erfcx_derivative_value((1.0 + 1.0), t11) * t29)) + (((-t14) / t13) * (t12 * t29)))))) : (((1.0 / t16) * (((t15 == 0.0) ? 0.0 : (t1 * t15)) * dx)) + (((-t17) / t16) * (t15 * dx)))));
        break;
    }
    case 71: { /* ndtri */
        const double t0 = (0.5 * z);
        const double t1 = (t0 * z);
        const double t2 = exp(t1);
        found[0] = (2.5066282746310002 * t2);
        found[1] = (2.5066282746310002 * (t2 * ((z * (0.5 * dz)) + (t0 * dz))));
        break;
    }
    case 72: { /* erfinv */
        const double t0 = (z * z);
        const double t1 = exp(t0);
        const double t2 = (z * dz);
        found[0] = (0.8862269254527579 * t1);
        found[1] = (0.8862269254527579 * (t1 * (t2 + t2)));
        break;
    }
    case 73: { /* erfcx */
        found[0] = erfcx_derivative_value(1.0, x);
        found[1] = (erfcx_derivative_value((1.0 + 1.0), x) * dx);
        break;
    }
    case 78: { /* logit */
        const double t0 = sigmoid_slope_value(z);
        const double t1 = (1.0 / t0);
        found[0] = t1;
        found[1] = (((-t1) / t0) * (((-tanh((0.5 * z))) * t0) * dz));
        break;
    }
    case 80: { /* sinc */
        found[0] = sinc_derivative_value(1.0, x);
        found[1] = (sinc_derivative_value((1.0 + 1.0), x) * dx);
        break;
    }
    case 82: { /* sigmoid_slope */
        const double t0 = (0.5 * x);
        const double t1 = tanh(t0);
        const double t2 = (-t1);
        found[0] = (t2 * z);
        found[1] = ((z * (-((4.0 * sigmoid_slope_value((2.0 * t0))) * (0.5 * dx)))) + (t2 * dz));
        break;
    }
    case 83: { /* one_less_square */
        found[0] = (-2.0 * x);
        found[1] = (-2.0 * dx);
        break;
    }
    case 91: { /* atan_slope */
        const int t0 = (z == 0.0);
        const double t1 = (z * x);
        const double t2 = (-2.0 * t1);
        found[0] = (t0 ? 0.0 : (t2 * z));
        found[1] = (t0 ? 0.0 : ((z * (-2.0 * ((x * dz) + (z * dx)))) + (t2 * dz)));
        break;
    }
    case 92: { /* cbrt_slope */
        const double t0 = (z / x);
        found[0] = (-0.6666666666666666 * t0);
        found[1] = (-0.6666666666666666 * (((1.0 / x) * dz) + (((-t0) / x) * dx)));
        break;
    }
    case 93: { /* j0 */
        found[0] = (-j1_value(x));
        found[1] = (-((0.5 * (j0_value(x) - jv_value(2.0, x))) * dx));
        break;
    }
    case 94: { /* j1 */
        found[0] = (0.5 * (j0_value(x) - jv_value(2.0, x)));
        found[1] = (0.5 * (((-j1_value(x)) * dx) + (-((0.5 * (jv_value((2.0 - 1.0), x) - jv_value((2.0 + 1.0), x))) * dx))));
        break;
    }
    case 96: { /* i0 */
        found[0] = i1_value(x);
        found[1] = ((0.5 * (i0_value(x) + iv_value(2.0, x))) * dx);
        break;
    }
    case 97: { /* i1 */
        found[0] = (0.5 * (i0_value(x) + iv_value(2.0, x)));
        found[1] = (0.5 * ((i1_value(x) * dx) + ((0.5 * (iv_value((2.0 - 1.0), x) + iv_value((2.0 + 1.0), x))) * dx)));
        break;
    }
    case 99: { /* i0e */
        found[0] = i0e_derivative_value(1.0, x);
        found[1] = (i0e_derivative_value((1.0 + 1.0), x) * dx);
        break;
    }
    case 100: { /* i1e */
        found[0] = i1e_derivative_value(1.0, x);
        found[1] = (i1e_derivative_value((1.0 + 1.0), x) * dx);
        break;
    }
    default: found[0] = found[1] = NAN;
    }
}

static inline void moved2(int code, int i, double x, double y, double z, double dx, double dy, double dz,
                          double *found) {
    switch ((code * 2 + i) * 4 + (dx != 0.0) + 2 * (dy != 0.0)) {
    case 41: { /* mul */
        found[0] = y;
        found[1] = 0.0;
        break;
    }
    case 42: case 43: { /* mul */
        found[0] = y;
        found[1] = dy;
        break;
    }
    case 45: case 47: { /* mul */
        found[0] = x;
        found[1] = dx;
        break;
    }
    case 46: { /* mul */
        found[0] = x;
        found[1] = 0.0;
        break;
    }
    case 49: { /* div */
        found[0] = (1.0 / y);
        found[1] = 0.0;
        break;
    }
    case 50: case 51: { /* div */
        const double t0 = (1.0 / y);
        found[0] = t0;
        found[1] = (((-t0) / y) * dy);
        break;
    }
    case 53: { /* div */
        found[0] = ((-z) / y);
        found[1] = ((1.0 / y) * (-dz));
        break;
    }
    case 54: case 55: { /* div */
        const double t0 = (-z);
        const double t1 = (t0 / y);
        found[0] = t1;
        found[1] = (((1.0 / y) * (-dz)) + (((-t1) / y) * dy));
        break;
    }
    case 57: { /* pow */
        const int t0 = (y == 0.0);
        const double t1 = (y - 1.0);
        found[0] = (t0 ? 0.0 : (y * pow_value(x, t1)));
        found[1] = (t0 ? 0.0 : (y * (((t1 == 0.0) ? 0.0 : (t1 * pow_value(x, (t1 - 1.0)))) * dx)));
        break;
    }
    case 58: { /* pow */
        found[0] = pow_slope_value(x, y);
        found[1] = (pow_mixed_value(x, y) * dy);
        break;
    }
    case 59: { /* pow */
        found[0] = pow_slope_value(x, y);
        found[1] = ((pow_curvature_value(x, y) * dx) + (pow_mixed_value(x, y) * dy));
        break;
    }
    case 61: { /* pow */
        found[0] = pow_log_value(x, y);
        found[1] = (pow_mixed_value(x, y) * dx);
        break;
    }
    case 62: { /* pow */
        const int t0 = (x == 0.0);
        const int t1 = (y >= 0.0);
        const int t2 = (t0 && t1);
        const double t3 = log(x);
        found[0] = (t2 ? 0.0 : (z * t3));
        found[1] = (t2 ? 0.0 : (t3 * dz));
        break;
    }
    case 63: { /* pow */
        found[0] = pow_log_value(x, y);
        found[1] = ((pow_mixed_value(x, y) * dx) + (pow_log_squared_value(x, y) * dy));
        break;
    }
    case 249: { /* atan2 */
        const double t0 = inversion_value(y, x);
        found[0] = t0;
        found[1] = ((-2.0 * (t0 * inversion_value(x, y))) * dx);
        break;
    }
    case 250: { /* atan2 */
        const double t0 = inversion_value(y, x);
        const double t1 = inversion_value(x, y);
        found[0] = t0;
        found[1] = (((t1 * t1) - (t0 * t0)) * dy);
        break;
    }
    case 251: { /* atan2 */
        const double t0 = inversion_value(y, x);
        const double t1 = inversion_value(x, y);
        found[0] = t0;
        found[1] = ((((t1 * t1) - (t0 * t0)) * dy) + ((-2.0 * (t0 * t1)) * dx));
        break;
    }
    case 253: { /* atan2 */
        const double t0 = inversion_value(x, y);
        const double t1 = inversion_value(y, x);
        found[0] = (-t0);
        found[1] = (-(((t1 * t1) - (t0 * t0)) * dx));
        break;
    }
    case 254: { /* atan2 */
        const double t0 = inversion_value(x, y);
        found[0] = (-t0);
        found[1] = (-((-2.0 * (t0 * inversion_value(y, x))) * dy));
        break;
    }
    case 255: { /* atan2 */
        const double t0 = inversion_value(x, y);
        const double t1 = inversion_value(y, x);
        found[0] = (-t0);
        found[1] = (-((((t1 * t1) - (t0 * t0)) * dx) + ((-2.0 * (t0 * t1)) * dy)));
        break;
    }
    case 257: { /* hypot */
        const double t0 = direction_value(y, x);
        found[0] = direction_value(x, y);
        found[1] = ((((x == 0.0) && (y == 0.0)) ? 0.0 : ((t0 * t0) / hypot_value(x, y))) * dx);
        break;
    }
    case 258: { /* hypot */
        const double t0 = direction_value(x, y);
        found[0] = t0;
        found[1] = ((((x == 0.0) && (y == 0.0)) ? 0.0 : (((-t0) * direction_value(y, x)) / hypot_value(x, y))) * dy);
        break;
    }
    case 259: { /* hypot */
        const double t0 = direction_value(x, y);
        const int t1 = (x == 0.0);
        const int t2 = (y == 0.0);
        const int t3 = (t1 && t2);
        const double t4 = direction_value(y, x);
        const double t5 = hypot_value(x, y);
        found[0] = t0;
        found[1] = (((t3 ? 0.0 : ((t4 * t4) / t5)) * dx) + ((t3 ? 0.0 : (((-t0) * t4) / t5)) * dy));
        break;
    }
    case 261: { /* hypot */
        const double t0 = direction_value(y, x);
        found[0] = t0;
        found[1] = ((((y == 0.0) && (x == 0.0)) ? 0.0 : (((-t0) * direction_value(x, y)) / hypot_value(y, x))) * dx);
        break;
    }
    case 262: { /* hypot */
        const double t0 = direction_value(x, y);
        found[0] = direction_value(y, x);
        found[1] = ((((y == 0.0) && (x == 0.0)) ? 0.0 : ((t0 * t0) / hypot_value(y, x))) * dy);
        break;
    }
    case 263: { /* hypot */
        const double t0 = direction_value(y, x);
        const int t1 = (y == 0.0);
        const int t2 = (x == 0.0);
        const int t3 = (t1 && t2);
        const double t4 = direction_value(x, y);
        const double t5 = hypot_value(y, x);
        found[0] = t0;
        found[1] = (((t3 ? 0.0 : ((t4 * t4) / t5)) * dy) + ((t3 ? 0.0 : (((-t0) * t4) / t5)) * dx));
        break;
    }
    case 513: case 514: case 515: { /* polygamma */
        found[0] = 0.0;
        found[1] = 0.0;
        break;
    }
    case 517: { /* polygamma */
        found[0] = polygamma_value((x + 1.0), y);
        found[1] = 0.0;
        break;
    }
    case 518: case 519: { /* polygamma */
        const double t0 = (x + 1.0);
        found[0] = polygamma_value(t0, y);
        found[1] = (polygamma_value((t0 + 1.0), y) * dy);
        break;
    }
    case 529: { /* betaln */
        found[0] = (-polygamma_rise_value(0.0, x, y));
        found[1] = (-(polygamma_rise_value((0.0 + 1.0), x, y) * dx));
        break;
    }
    case 530: { /* betaln */
        found[0] = (-polygamma_rise_value(0.0, x, y));
        found[1] = (-(polygamma_value((0.0 + 1.0), (x + y)) * dy));
        break;
    }
    case 531: { /* betaln */
        const double t0 = (0.0 + 1.0);
        found[0] = (-polygamma_rise_value(0.0, x, y));
        found[1] = (-((polygamma_rise_value(t0, x, y) * dx) + (polygamma_value(t0, (x + y)) * dy)));
        break;
    }
    case 533: { /* betaln */
        found[0] = (-polygamma_rise_value(0.0, y, x));
        found[1] = (-(polygamma_value((0.0 + 1.0), (y + x)) * dx));
        break;
    }
    case 534: { /* betaln */
        found[0] = (-polygamma_rise_value(0.0, y, x));
        found[1] = (-(polygamma_rise_value((0.0 + 1.0), y, x) * dy));
        break;
    }
    case 535: { /* betaln */
        const double t0 = (0.0 + 1.0);
        found[0] = (-polygamma_rise_value(0.0, y, x));
        found[1] = (-((polygamma_rise_value(t0, y, x) * dy) + (polygamma_value(t0, (y + x)) * dx)));
        break;
    }
    case 537: { /* beta */
        const double t0 = (-z);
        const double t1 = polygamma_rise_value(0.0, x, y);
        found[0] = (t0 * t1);
        found[1] = ((t1 * (-dz)) + (t0 * (polygamma_rise_value((0.0 + 1.0), x, y) * dx)));
        break;
    }
    case 538: { /* beta */
        const double t0 = (-z);
        const double t1 = polygamma_rise_value(0.0, x, y);
        found[0] = (t0 * t1);
        found[1] = ((t1 * (-dz)) + (t0 * (polygamma_value((0.0 + 1.0), (x + y)) * dy)));
        break;
    }
    case 539: { /* beta */
        const double t0 = (-z);
        const double t1 = polygamma_rise_value(0.0, x, y);
        const double t2 = (0.0 + 1.0);
        found[0] = (t0 * t1);
        found[1] = ((t1 * (-dz)) + (t0 * ((polygamma_rise_value(t2, x, y) * dx) + (polygamma_value(t2, (x + y)) * dy))));
        break;
    }
    case 541: { /* beta */
        const double t0 = (-z);
        const double t1 = polygamma_rise_value(0.0, y, x);
        found[0] = (t0 * t1);
        found[1] = ((t1 * (-dz)) + (t0 * (polygamma_value((0.0 + 1.0), (y + x)) * dx)));
        break;
    }
    case 542: { /* beta */
        const double t0 = (-z);
        const double t1 = polygamma_rise_value(0.0, y, x);
        found[0] = (t0 * t1);
        found[1] = ((t1 * (-dz)) + (t0 * (polygamma_rise_value((0.0 + 1.0), y, x) * dy)));
        break;
    }
    case 543: { /* beta */
        const double t0 = (-z);
        const double t1 = polygamma_rise_value(0.0, y, x);
        const double t2 = (0.0 + 1.0);
        found[0] = (t0 * t1);
        found[1] = ((t1 * (-dz)) + (t0 * ((polygamma_rise_value(t2, y, x) * dy) + (polygamma_value(t2, (y + x)) * dx))));
        break;
    }
    case 593: case 594: case 595: { /* erfcx_derivative */
        found[0] = 0.0;
        found[1] = 0.0;
        break;
    }
    case 597: { /* erfcx_derivative */
        found[0] = erfcx_derivative_value((x + 1.0), y);
        found[1] = 0.0;
        break;
    }
    case 598: case 599: { /* erfcx_derivative */
        const double t0 = (x + 1.0);
        found[0] = erfcx_derivative_value(t0, y);
        found[1] = (erfcx_derivative_value((t0 + 1.0), y) * dy);
        break;
    }
    case 601: { /* xlogy */
        found[0] = log(y);
        found[1] = 0.0;
        break;
    }
    case 602: case 603: { /* xlogy */
        found[0] = log(y);
        found[1] = ((1.0 / y) * dy);
        break;
    }
    case 605: { /* xlogy */
        found[0] = xdivy_value(x, y);
        found[1] = ((1.0 / y) * dx);
        break;
    }
    case 606: { /* xlogy */
        const double t0 = xdivy_value(x, y);
        found[0] = t0;
        found[1] = ((-xdivy_value(t0, y)) * dy);
        break;
    }
    case 607: { /* xlogy */
        const double t0 = xdivy_value(x, y);
        found[0] = t0;
        found[1] = (((1.0 / y) * dx) + ((-xdivy_value(t0, y)) * dy));
        break;
    }
    case 609: { /* xlog1py */
        found[0] = log1p(y);
        found[1] = 0.0;
        break;
    }
    case 610: case 611: { /* xlog1py */
        found[0] = log1p(y);
        found[1] = ((1.0 / (1.0 + y)) * dy);
        break;
    }
    case 613: { /* xlog1py */
        const double t0 = (1.0 + y);
        found[0] = xdivy_value(x, t0);
        found[1] = ((1.0 / t0) * dx);
        break;
    }
    case 614: { /* xlog1py */
        const double t0 = (1.0 + y);
        const double t1 = xdivy_value(x, t0);
        found[0] = t1;
        found[1] = ((-xdivy_value(t1, t0)) * dy);
        break;
    }
    case 615: { /* xlog1py */
        const double t0 = (1.0 + y);
        const double t1 = xdivy_value(x, t0);
        found[0] = t1;
        found[1] = (((1.0 / t0) * dx) + ((-xdivy_value(t1, t0)) * dy));
        break;
    }
    case 617: { /* xdivy */
        found[0] = (1.0 / y);
        found[1] = 0.0;
        break;
    }
    case 618: case 619: { /* xdivy */
        const double t0 = (1.0 / y);
        found[0] = t0;
        found[1] = (((-t0) / y) * dy);
        break;
    }
    case 621: { /* xdivy */
        found[0] = (-xdivy_value(z, y));
        found[1] = (-((1.0 / y) * dz));
        break;
    }
    case 622: case 623: { /* xdivy */
        const double t0 = xdivy_value(z, y);
        found[0] = (-t0);
        found[1] = (-(((1.0 / y) * dz) + ((-xdivy_value(t0, y)) * dy)));
        break;
    }
    case 633: case 634: case 635: { /* share */
        found[0] = z;
        found[1] = dz;
        break;
    }
    case 637: case 638: case 639: { /* share */
        found[0] = (-z);
        found[1] = (-dz);
        break;
    }
    case 649: case 650: case 651: { /* sinc_derivative */
        found[0] = 0.0;
        found[1] = 0.0;
        break;
    }
    case 653: { /* sinc_derivative */
        found[0] = sinc_derivative_value((x + 1.0), y);
        found[1] = 0.0;
        break;
    }
    case 654: case 655: { /* sinc_derivative */
        const double t0 = (x + 1.0);
        found[0] = sinc_derivative_value(t0, y);
        found[1] = (sinc_derivative_value((t0 + 1.0), y) * dy);
        break;
    }
    case 673: { /* direction */
        const int t0 = (x == 0.0);
        const int t1 = (y == 0.0);
        const int t2 = (t0 && t1);
        const double t3 = direction_value(y, x);
        const double t4 = (t3 * t3);
        const double t5 = hypot_value(x, y);
        const double t6 = (t4 / t5);
        const int t7 = (t1 && t0);
        const double t8 = (-t3);
        const double t9 = direction_value(x, y);
        const double t10 = (t8 * t9);
        const double t11 = hypot_value(y, x);
        const double t12 = (t10 / t11);
        const double t13 = (t7 ? 0.0 : t12);
        const double t14 = (t13 * dx);
        const double t15 = (t3 * t14);
        found[0] = (t2 ? 0.0 : t6);
        found[1] = (t2 ? 0.0 : (((1.0 / t5) * (t15 + t15)) + (((-t6) / t5) * (t9 * dx))));
        break;
    }
    case 674: { /* direction */
        const int t0 = (x == 0.0);
        const int t1 = (y == 0.0);
        const int t2 = (t0 && t1);
        const double t3 = direction_value(y, x);
        const double t4 = (t3 * t3);
        const double t5 = hypot_value(x, y);
        const double t6 = (t4 / t5);
        const int t7 = (t1 && t0);
        const double t8 = direction_value(x, y);
        const double t9 = (t8 * t8);
        const double t10 = hypot_value(y, x);
        const double t11 = (t9 / t10);
        const double t12 = (t7 ? 0.0 : t11);
        const double t13 = (t12 * dy);
        const double t14 = (t3 * t13);
        found[0] = (t2 ? 0.0 : t6);
        found[1] = (t2 ? 0.0 : (((1.0 / t5) * (t14 + t14)) + (((-t6) / t5) * (t3 * dy))));
        break;
    }
    case 675: { /* direction */
        const int t0 = (x == 0.0);
        const int t1 = (y == 0.0);
        const int t2 = (t0 && t1);
        const double t3 = direction_value(y, x);
        const double t4 = (t3 * t3);
        const double t5 = hypot_value(x, y);
        const double t6 = (t4 / t5);
        const int t7 = (t1 && t0);
        const double t8 = direction_value(x, y);
        const double t9 = (t8 * t8);
        const double t10 = hypot_value(y, x);
        const double t11 = (t9 / t10);
        const double t12 = (t7 ? 0.0 : t11);
        const double t13 = (t12 * dy);
        const double t14 = (-t3);
        const double t15 = (t14 * t8);
        const double t16 = (t15 / t10);
        const double t17 = (t7 ? 0.0 : t16);
        const double t18 = (t17 * dx);
        const double t19 = (t13 + t18);
        const double t20 = (t3 * t19);
        found[0] = (t2 ? 0.0 : t6);
        found[1] = (t2 ? 0.0 : (((1.0 / t5) * (t20 + t20)) + (((-t6) / t5) * ((t8 * dx) + (t3 * dy)))));
        break;
    }
    case 677: { /* direction */
        const int t0 = (x == 0.0);
        const int t1 = (y == 0.0);
        const int t2 = (t0 && t1);
        const double t3 = (-z);
        const double t4 = direction_value(y, x);
        const double t5 = (t3 * t4);
        const double t6 = hypot_value(x, y);
        const double t7 = (t5 / t6);
        const double t8 = direction_value(x, y);
        found[0] = (t2 ? 0.0 : t7);
        found[1] = (t2 ? 0.0 : (((1.0 / t6) * ((t4 * (-dz)) + (t3 * (((t1 && t0) ? 0.0 : (((-t4) * t8) / hypot_value(y, x))) * dx)))) + (((-t7) / t6) * (t8 * dx))));
        break;
    }
    case 678: { /* direction */
        const int t0 = (x == 0.0);
        const int t1 = (y == 0.0);
        const int t2 = (t0 && t1);
        const double t3 = (-z);
        const double t4 = direction_value(y, x);
        const double t5 = (t3 * t4);
        const double t6 = hypot_value(x, y);
        const double t7 = (t5 / t6);
        const double t8 = direction_value(x, y);
        found[0] = (t2 ? 0.0 : t7);
        found[1] = (t2 ? 0.0 : (((1.0 / t6) * ((t4 * (-dz)) + (t3 * (((t1 && t0) ? 0.0 : ((t8 * t8) / hypot_value(y, x))) * dy)))) + (((-t7) / t6) * (t4 * dy))));
        break;
    }
    case 679: { /* direction */
        const int t0 = (x == 0.0);
        const int t1 = (y == 0.0);
        const int t2 = (t0 && t1);
        const double t3 = (-z);
        const double t4 = direction_value(y, x);
        const double t5 = (t3 * t4);
        const double t6 = hypot_value(x, y);
        const double t7 = (t5 / t6);
        const int t8 = (t1 && t0);
        const double t9 = direction_value(x, y);
        const double t10 = hypot_value(y, x);
        found[0] = (t2 ? 0.0 : t7);
        found[1] = (t2 ? 0.0 : (((1.0 / t6) * ((t4 * (-dz)) + (t3 * (((t8 ? 0.0 : ((t9 * t9) / t10)) * dy) + ((t8 ? 0.0 : (((-t4) * t9) / t10)) * dx))))) + (((-t7) / t6) * ((t9 * dx) + (t4 * dy)))));
        break;
    }
    case 681: { /* inversion */
        const double t0 = inversion_value(y, x);
        const double t1 = inversion_value(x, y);
        const double t2 = (t0 * t1);
        const double t3 = (-2.0 * t2);
        const double t4 = (t3 * dx);
        const double t5 = (t0 * t4);
        const double t6 = (z * dz);
        found[0] = ((t0 * t0) - (z * z));
        found[1] = ((t5 + t5) + (-(t6 + t6)));
        break;
    }
    case 682: { /* inversion */
        const double t0 = inversion_value(y, x);
        const double t1 = (t0 * t0);
        const double t2 = inversion_value(x, y);
        const double t3 = (t2 * t2);
        const double t4 = (t3 - t1);
        const double t5 = (t4 * dy);
        const double t6 = (t0 * t5);
        const double t7 = (z * dz);
        found[0] = (t1 - (z * z));
        found[1] = ((t6 + t6) + (-(t7 + t7)));
        break;
    }
    case 683: { /* inversion */
        const double t0 = inversion_value(y, x);
        const double t1 = (t0 * t0);
        const double t2 = inversion_value(x, y);
        const double t3 = (t2 * t2);
        const double t4 = (t3 - t1);
        const double t5 = (t4 * dy);
        const double t6 = (t0 * t2);
        const double t7 = (-2.0 * t6);
        const double t8 = (t7 * dx);
        const double t9 = (t5 + t8);
        const double t10 = (t0 * t9);
        const double t11 = (z * dz);
        found[0] = (t1 - (z * z));
        found[1] = ((t10 + t10) + (-(t11 + t11)));
        break;
    }
    case 685: { /* inversion */
        const double t0 = inversion_value(y, x);
        found[0] = (-2.0 * (z * t0));
        found[1] = (-2.0 * ((t0 * dz) + (z * ((-2.0 * (t0 * inversion_value(x, y))) * dx))));
        break;
    }
    case 686: { /* inversion */
        const double t0 = inversion_value(y, x);
        const double t1 = inversion_value(x, y);
        found[0] = (-2.0 * (z * t0));
        found[1] = (-2.0 * ((t0 * dz) + (z * (((t1 * t1) - (t0 * t0)) * dy))));
        break;
    }
    case 687: { /* inversion */
        const double t0 = inversion_value(y, x);
        const double t1 = inversion_value(x, y);
        found[0] = (-2.0 * (z * t0));
        found[1] = (-2.0 * ((t0 * dz) + (z * ((((t1 * t1) - (t0 * t0)) * dy) + ((-2.0 * (t0 * t1)) * dx)))));
        break;
    }
    case 689: { /* pow_slope */
        const double t0 = (y - 1.0);
        found[0] = pow_curvature_value(x, y);
        found[1] = (((y == 0.0) ? xdivy_value(((y * t0) * (y - 2.0)), pow_value(x, (3.0 - y))) : (y * pow_curvature_value(x, t0))) * dx);
        break;
    }
    case 690: { /* pow_slope */
        const double t0 = (y - 1.0);
        const double t1 = (y * t0);
        const double t2 = (2.0 * y);
        const double t3 = (t2 - 1.0);
        const double t4 = log(x);
        const double t5 = (t1 * t4);
        found[0] = pow_curvature_value(x, y);
        found[1] = (((x == 0.0) ? ((y > 2.0) ? 0.0 : ((t1 == 0.0) ? ((-t3) * t4) : t5)) : (pow_value(x, (y - 2.0)) * (t3 + t5))) * dy);
        break;
    }
    case 691: { /* pow_slope */
        const double t0 = (y - 1.0);
        const double t1 = (y * t0);
        const double t2 = (y - 2.0);
        const double t3 = (2.0 * y);
        const double t4 = (t3 - 1.0);
        const double t5 = log(x);
        const double t6 = (t1 * t5);
        found[0] = pow_curvature_value(x, y);
        found[1] = ((((y == 0.0) ? xdivy_value((t1 * t2), pow_value(x, (3.0 - y))) : (y * pow_curvature_value(x, t0))) * dx) + (((x == 0.0) ? ((y > 2.0) ? 0.0 : ((t1 == 0.0) ? ((-t4) * t5) : t6)) : (pow_value(x, t2) * (t4 + t6))) * dy));
        break;
    }
    case 693: { /* pow_slope */
        const double t0 = (y - 1.0);
        const double t1 = (y * t0);
        const double t2 = (2.0 * y);
        const double t3 = (t2 - 1.0);
        const double t4 = log(x);
        const double t5 = (t1 * t4);
        found[0] = pow_mixed_value(x, y);
        found[1] = (((x == 0.0) ? ((y > 2.0) ? 0.0 : ((t1 == 0.0) ? ((-t3) * t4) : t5)) : (pow_value(x, (y - 2.0)) * (t3 + t5))) * dx);
        break;
    }
    case 694: { /* pow_slope */
        const double t0 = log(x);
        found[0] = pow_mixed_value(x, y);
        found[1] = (((x == 0.0) ? ((y > 1.0) ? 0.0 : ((y > 0.0) ? (-t0) : t0)) : ((pow_value(x, (y - 1.0)) * t0) * (2.0 + (y * t0)))) * dy);
        break;
    }
    case 695: { /* pow_slope */
        const int t0 = (x == 0.0);
        const double t1 = (y - 1.0);
        const double t2 = (y * t1);
        const double t3 = (2.0 * y);
        const double t4 = (t3 - 1.0);
        const double t5 = log(x);
        const double t6 = (t2 * t5);
        found[0] = pow_mixed_value(x, y);
        found[1] = (((t0 ? ((y > 2.0) ? 0.0 : ((t2 == 0.0) ? ((-t4) * t5) : t6)) : (pow_value(x, (y - 2.0)) * (t4 + t6))) * dx) + ((t0 ? ((y > 1.0) ? 0.0 : ((y > 0.0) ? (-t5) : t5)) : ((pow_value(x, t1) * t5) * (2.0 + (y * t5)))) * dy));
        break;
    }
    case 697: { /* pow_log */
        const double t0 = (y - 1.0);
        const double t1 = (y * t0);
        const double t2 = (2.0 * y);
        const double t3 = (t2 - 1.0);
        const double t4 = log(x);
        const double t5 = (t1 * t4);
        found[0] = pow_mixed_value(x, y);
        found[1] = (((x == 0.0) ? ((y > 2.0) ? 0.0 : ((t1 == 0.0) ? ((-t3) * t4) : t5)) : (pow_value(x, (y - 2.0)) * (t3 + t5))) * dx);
        break;
    }
    case 698: { /* pow_log */
        const double t0 = log(x);
        found[0] = pow_mixed_value(x, y);
        found[1] = (((x == 0.0) ? ((y > 1.0) ? 0.0 : ((y > 0.0) ? (-t0) : t0)) : ((pow_value(x, (y - 1.0)) * t0) * (2.0 + (y * t0)))) * dy);
        break;
    }
    case 699: { /* pow_log */
        const int t0 = (x == 0.0);
        const double t1 = (y - 1.0);
        const double t2 = (y * t1);
        const double t3 = (2.0 * y);
        const double t4 = (t3 - 1.0);
        const double t5 = log(x);
        const double t6 = (t2 * t5);
        found[0] = pow_mixed_value(x, y);
        found[1] = (((t0 ? ((y > 2.0) ? 0.0 : ((t2 == 0.0) ? ((-t4) * t5) : t6)) : (pow_value(x, (y - 2.0)) * (t4 + t6))) * dx) + ((t0 ? ((y > 1.0) ? 0.0 : ((y > 0.0) ? (-t5) : t5)) : ((pow_value(x, t1) * t5) * (2.0 + (y * t5)))) * dy));
        break;
    }
    case 701: { /* pow_log */
        const double t0 = log(x);
        found[0] = pow_log_squared_value(x, y);
        found[1] = (((x == 0.0) ? ((y > 1.0) ? 0.0 : ((y > 0.0) ? (-t0) : t0)) : ((pow_value(x, (y - 1.0)) * t0) * (2.0 + (y * t0)))) * dx);
        break;
    }
    case 702: { /* pow_log */
        const double t0 = pow_log_squared_value(x, y);
        found[0] = t0;
        found[1] = ((((x == 0.0) && (y >= 0.0)) ? 0.0 : (t0 * log(x))) * dy);
        break;
    }
    case 703: { /* pow_log */
        const double t0 = pow_log_squared_value(x, y);
        const int t1 = (x == 0.0);
        const double t2 = log(x);
        found[0] = t0;
        found[1] = (((t1 ? ((y > 1.0) ? 0.0 : ((y > 0.0) ? (-t2) : t2)) : ((pow_value(x, (y - 1.0)) * t2) * (2.0 + (y * t2)))) * dx) + (((t1 && (y >= 0.0)) ? 0.0 : (t0 * t2)) * dy));
        break;
    }
    case 705: { /* pow_curvature */
        const int t0 = (y == 0.0);
        const double t1 = (y - 1.0);
        const double t2 = (y * t1);
        const double t3 = (y - 2.0);
        const double t4 = (t2 * t3);
        const double t5 = (3.0 - y);
        const double t6 = pow_value(x, t5);
        const double t7 = xdivy_value(t4, t6);
        const double t8 = (t1 - 1.0);
        found[0] = (t0 ? t7 : (y * pow_curvature_value(x, t1)));
        found[1] = (t0 ? ((-xdivy_value(t7, t6)) * (((t5 == 0.0) ? 0.0 : (t5 * pow_value(x, (t5 - 1.0)))) * dx)) : (y * (((t1 == 0.0) ? xdivy_value(((t1 * t8) * (t1 - 2.0)), pow_value(x, (3.0 - t1))) : (t1 * pow_curvature_value(x, t8))) * dx)));
        break;
    }
    case 706: { /* pow_curvature */
        const int t0 = (y == 0.0);
        const double t1 = (y - 1.0);
        const double t2 = (y * t1);
        const double t3 = (y - 2.0);
        const double t4 = (t2 * t3);
        const double t5 = (3.0 - y);
        const double t6 = pow_value(x, t5);
        const double t7 = xdivy_value(t4, t6);
        const double t8 = pow_curvature_value(x, t1);
        const int t9 = (x == 0.0);
        const double t10 = log(x);
        const double t11 = (t1 - 1.0);
        const double t12 = (t1 * t11);
        const double t13 = (2.0 * t1);
        const double t14 = (t13 - 1.0);
        const double t15 = (t12 * t10);
        found[0] = (t0 ? t7 : (y * t8));
        found[1] = (t0 ? (((1.0 / t6) * ((t3 * ((t1 * dy) + (y * dy))) + (t2 * dy))) + ((-xdivy_value(t7, t6)) * (((t9 && (t5 >= 0.0)) ? 0.0 : (t6 * t10)) * (-dy)))) : ((t8 * dy) + (y * ((t9 ? ((t1 > 2.0) ? 0.0 : ((t12 == 0.0) ? ((-t14) * t10) : t15)) : (pow_value(x, (t1 - 2.0)) * (t14 + t15))) * dy))));
        break;
    }
    case 707: { /* pow_curvature */
        const int t0 = (y == 0.0);
        const double t1 = (y - 1.0);
        const double t2 = (y * t1);
        const double t3 = (y - 2.0);
        const double t4 = (t2 * t3);
        const double t5 = (3.0 - y);
        const double t6 = pow_value(x, t5);
        const double t7 = xdivy_value(t4, t6);
        const double t8 = pow_curvature_value(x, t1);
        const double t9 = (t1 - 1.0);
        const double t10 = (t1 * t9);
        const double t11 = (t1 - 2.0);
        const double t12 = (2.0 * t1);
        const double t13 = (t12 - 1.0);
        const double t14 = log(x);
        const double t15 = (t10 * t14);
        found[0] = (t0 ? t7 : (y * t8));
        found[1] = (t0 ? (((1.0 / t6) * ((t3 * ((t1 * dy) + (y * dy))) + (t2 * dy))) + ((-xdivy_value(t7, t6)) * ((pow_slope_value(x, t5) * dx) + (pow_log_value(x, t5) * (-dy))))) : ((t8 * dy) + (y * ((((t1 == 0.0) ? xdivy_value((t10 * t11), pow_value(x, (3.0 - t1))) : (t1 * pow_curvature_value(x, t9))) * dx) + (((x == 0.0) ? ((t1 > 2.0) ? 0.0 : ((t10 == 0.0) ? ((-t13) * t14) : t15)) : (pow_value(x, t11) * (t13 + t15))) * dy)))));
        break;
    }
    case 709: { /* pow_curvature */
        const int t0 = (x == 0.0);
        const int t1 = (y > 2.0);
        const double t2 = (y - 1.0);
        const double t3 = (y * t2);
        const int t4 = (t3 == 0.0);
        const double t5 = (2.0 * y);
        const double t6 = (t5 - 1.0);
        const double t7 = (-t6);
        const double t8 = log(x);
        const double t9 = (t3 * t8);
        const double t10 = (y - 2.0);
        const double t11 = pow_value(x, t10);
        const double t12 = (t6 + t9);
        const double t13 = (1.0 / x);
        const double t14 = (t13 * dx);
        const double t15 = (t3 * t14);
        found[0] = (t0 ? (t1 ? 0.0 : (t4 ? (t7 * t8) : t9)) : (t11 * t12));
        found[1] = (t0 ? (t1 ? 0.0 : (t4 ? (t7 * t14) : t15)) : ((t12 * (((t10 == 0.0) ? 0.0 : (t10 * pow_value(x, (t10 - 1.0)))) * dx)) + (t11 * t15)));
        break;
    }
    case 710: { /* pow_curvature */
        const int t0 = (x == 0.0);
        const int t1 = (y > 2.0);
        const double t2 = (y - 1.0);
        const double t3 = (y * t2);
        const int t4 = (t3 == 0.0);
        const double t5 = (2.0 * y);
        const double t6 = (t5 - 1.0);
        const double t7 = log(x);
        const double t8 = (t3 * t7);
        const double t9 = (y - 2.0);
        const double t10 = pow_value(x, t9);
        const double t11 = (t6 + t8);
        const double t12 = (2.0 * dy);
        const double t13 = (t2 * dy);
        const double t14 = (y * dy);
        const double t15 = (t13 + t14);
        const double t16 = (t7 * t15);
        found[0] = (t0 ? (t1 ? 0.0 : (t4 ? ((-t6) * t7) : t8)) : (t10 * t11));
        found[1] = (t0 ? (t1 ? 0.0 : (t4 ? (t7 * (-t12)) : t16)) : ((t11 * (((t0 && (t9 >= 0.0)) ? 0.0 : (t10 * t7)) * dy)) + (t10 * (t12 + t16))));
        break;
    }
    case 711: { /* pow_curvature */
        const int t0 = (x == 0.0);
        const int t1 = (y > 2.0);
        const double t2 = (y - 1.0);
        const double t3 = (y * t2);
        const int t4 = (t3 == 0.0);
        const double t5 = (2.0 * y);
        const double t6 = (t5 - 1.0);
        const double t7 = (-t6);
        const double t8 = log(x);
        const double t9 = (t3 * t8);
        const double t10 = (y - 2.0);
        const double t11 = pow_value(x, t10);
        const double t12 = (t6 + t9);
        const double t13 = (2.0 * dy);
        const double t14 = (1.0 / x);
        const double t15 = (t14 * dx);
        const double t16 = (t2 * dy);
        const double t17 = (y * dy);
        const double t18 = (t16 + t17);
        const double t19 = (t8 * t18);
        const double t20 = (t3 * t15);
        const double t21 = (t19 + t20);
        found[0] = (t0 ? (t1 ? 0.0 : (t4 ? (t7 * t8) : t9)) : (t11 * t12));
        found[1] = (t0 ? (t1 ? 0.0 : (t4 ? ((t8 * (-t13)) + (t7 * t15)) : t21)) : ((t12 * ((pow_slope_value(x, t10) * dx) + (pow_log_value(x, t10) * dy))) + (t11 * (t13 + t21))));
        break;
    }
    case 713: { /* pow_mixed */
        const int t0 = (x == 0.0);
        const int t1 = (y > 2.0);
        const double t2 = (y - 1.0);
        const double t3 = (y * t2);
        const int t4 = (t3 == 0.0);
        const double t5 = (2.0 * y);
        const double t6 = (t5 - 1.0);
        const double t7 = (-t6);
        const double t8 = log(x);
        const double t9 = (t3 * t8);
        const double t10 = (y - 2.0);
        const double t11 = pow_value(x, t10);
        const double t12 = (t6 + t9);
        const double t13 = (1.0 / x);
        const double t14 = (t13 * dx);
        const double t15 = (t3 * t14);
        found[0] = (t0 ? (t1 ? 0.0 : (t4 ? (t7 * t8) : t9)) : (t11 * t12));
        found[1] = (t0 ? (t1 ? 0.0 : (t4 ? (t7 * t14) : t15)) : ((t12 * (((t10 == 0.0) ? 0.0 : (t10 * pow_value(x, (t10 - 1.0)))) * dx)) + (t11 * t15)));
        break;
    }
    case 714: { /* pow_mixed */
        const int t0 = (x == 0.0);
        const int t1 = (y > 2.0);
        const double t2 = (y - 1.0);
        const double t3 = (y * t2);
        const int t4 = (t3 == 0.0);
        const double t5 = (2.0 * y);
        const double t6 = (t5 - 1.0);
        const double t7 = log(x);
        const double t8 = (t3 * t7);
        const double t9 = (y - 2.0);
        const double t10 = pow_value(x, t9);
        const double t11 = (t6 + t8);
        const double t12 = (2.0 * dy);
        const double t13 = (t2 * dy);
        const double t14 = (y * dy);
        const double t15 = (t13 + t14);
        const double t16 = (t7 * t15);
        found[0] = (t0 ? (t1 ? 0.0 : (t4 ? ((-t6) * t7) : t8)) : (t10 * t11));
        found[1] = (t0 ? (t1 ? 0.0 : (t4 ? (t7 * (-t12)) : t16)) : ((t11 * (((t0 && (t9 >= 0.0)) ? 0.0 : (t10 * t7)) * dy)) + (t10 * (t12 + t16))));
        break;
    }
    case 715: { /* pow_mixed */
        const int t0 = (x == 0.0);
        const int t1 = (y > 2.0);
        const double t2 = (y - 1.0);
        const double t3 = (y * t2);
        const int t4 = (t3 == 0.0);
        const double t5 = (2.0 * y);
        const double t6 = (t5 - 1.0);
        const double t7 = (-t6);
        const double t8 = log(x);
        const double t9 = (t3 * t8);
        const double t10 = (y - 2.0);
        const double t11 = pow_value(x, t10);
        const double t12 = (t6 + t9);
        const double t13 = (2.0 * dy);
        const double t14 = (1.0 / x);
        const double t15 = (t14 * dx);
        const double t16 = (t2 * dy);
        const double t17 = (y * dy);
        const double t18 = (t16 + t17);
        const double t19 = (t8 * t18);
        const double t20 = (t3 * t15);
        const double t21 = (t19 + t20);
        found[0] = (t0 ? (t1 ? 0.0 : (t4 ? (t7 * t8) : t9)) : (t11 * t12));
        found[1] = (t0 ? (t1 ? 0.0 : (t4 ? ((t8 * (-t13)) + (t7 * t15)) : t21)) : ((t12 * ((pow_slope_value(x, t10) * dx) + (pow_log_value(x, t10) * dy))) + (t11 * (t13 + t21))));
        break;
    }
    case 717: { /* pow_mixed */
        const int t0 = (x == 0.0);
        const int t1 = (y > 1.0);
        const int t2 = (y > 0.0);
        const double t3 = log(x);
        const double t4 = (y - 1.0);
        const double t5 = pow_value(x, t4);
        const double t6 = (t5 * t3);
        const double t7 = (y * t3);
        const double t8 = (2.0 + t7);
        const double t9 = (1.0 / x);
        const double t10 = (t9 * dx);
        found[0] = (t0 ? (t1 ? 0.0 : (t2 ? (-t3) : t3)) : (t6 * t8));
        found[1] = (t0 ? (t1 ? 0.0 : (t2 ? (-t10) : t10)) : ((t8 * ((t3 * (((t4 == 0.0) ? 0.0 : (t4 * pow_value(x, (t4 - 1.0)))) * dx)) + (t5 * t10))) + (t6 * (y * t10))));
        break;
    }
    case 718: { /* pow_mixed */
        const int t0 = (x == 0.0);
        const double t1 = log(x);
        const double t2 = (y - 1.0);
        const double t3 = pow_value(x, t2);
        const double t4 = (t3 * t1);
        const double t5 = (y * t1);
        const double t6 = (2.0 + t5);
        found[0] = (t0 ? ((y > 1.0) ? 0.0 : ((y > 0.0) ? (-t1) : t1)) : (t4 * t6));
        found[1] = (t0 ? 0.0 : ((t6 * (t1 * (((t0 && (t2 >= 0.0)) ? 0.0 : t4) * dy))) + (t4 * (t1 * dy))));
        break;
    }
    case 719: { /* pow_mixed */
        const int t0 = (x == 0.0);
        const int t1 = (y > 1.0);
        const int t2 = (y > 0.0);
        const double t3 = log(x);
        const double t4 = (y - 1.0);
        const double t5 = pow_value(x, t4);
        const double t6 = (t5 * t3);
        const double t7 = (y * t3);
        const double t8 = (2.0 + t7);
        const double t9 = (1.0 / x);
        const double t10 = (t9 * dx);
        found[0] = (t0 ? (t1 ? 0.0 : (t2 ? (-t3) : t3)) : (t6 * t8));
        found[1] = (t0 ? (t1 ? 0.0 : (t2 ? (-t10) : t10)) : ((t8 * ((t3 * ((pow_slope_value(x, t4) * dx) + (pow_log_value(x, t4) * dy))) + (t5 * t10))) + (t6 * ((t3 * dy) + (y * t10)))));
        break;
    }
    case 721: { /* pow_log_squared */
        const int t0 = (x == 0.0);
        const int t1 = (y > 1.0);
        const int t2 = (y > 0.0);
        const double t3 = log(x);
        const double t4 = (y - 1.0);
        const double t5 = pow_value(x, t4);
        const double t6 = (t5 * t3);
        const double t7 = (y * t3);
        const double t8 = (2.0 + t7);
        const double t9 = (1.0 / x);
        const double t10 = (t9 * dx);
        found[0] = (t0 ? (t1 ? 0.0 : (t2 ? (-t3) : t3)) : (t6 * t8));
        found[1] = (t0 ? (t1 ? 0.0 : (t2 ? (-t10) : t10)) : ((t8 * ((t3 * (((t4 == 0.0) ? 0.0 : (t4 * pow_value(x, (t4 - 1.0)))) * dx)) + (t5 * t10))) + (t6 * (y * t10))));
        break;
    }
    case 722: { /* pow_log_squared */
        const int t0 = (x == 0.0);
        const double t1 = log(x);
        const double t2 = (y - 1.0);
        const double t3 = pow_value(x, t2);
        const double t4 = (t3 * t1);
        const double t5 = (y * t1);
        const double t6 = (2.0 + t5);
        found[0] = (t0 ? ((y > 1.0) ? 0.0 : ((y > 0.0) ? (-t1) : t1)) : (t4 * t6));
        found[1] = (t0 ? 0.0 : ((t6 * (t1 * (((t0 && (t2 >= 0.0)) ? 0.0 : t4) * dy))) + (t4 * (t1 * dy))));
        break;
    }
    case 723: { /* pow_log_squared */
        const int t0 = (x == 0.0);
        const int t1 = (y > 1.0);
        const int t2 = (y > 0.0);
        const double t3 = log(x);
        const double t4 = (y - 1.0);
        const double t5 = pow_value(x, t4);
        const double t6 = (t5 * t3);
        const double t7 = (y * t3);
        const double t8 = (2.0 + t7);
        const double t9 = (1.0 / x);
        const double t10 = (t9 * dx);
        found[0] = (t0 ? (t1 ? 0.0 : (t2 ? (-t3) : t3)) : (t6 * t8));
        found[1] = (t0 ? (t1 ? 0.0 : (t2 ? (-t10) : t10)) : ((t8 * ((t3 * ((pow_slope_value(x, t4) * dx) + (pow_log_value(x, t4) * dy))) + (t5 * t10))) + (t6 * ((t3 * dy) + (y * t10)))));
        break;
    }
    case 725: case 727: { /* pow_log_squared */
        const int t0 = (x == 0.0);
        const int t1 = (y >= 0.0);
        const int t2 = (t0 && t1);
        const double t3 = log(x);
        found[0] = (t2 ? 0.0 : (z * t3));
        found[1] = (t2 ? 0.0 : ((t3 * dz) + (z * ((1.0 / x) * dx))));
        break;
    }
    case 726: { /* pow_log_squared */
        const int t0 = (x == 0.0);
        const int t1 = (y >= 0.0);
        const int t2 = (t0 && t1);
        const double t3 = log(x);
        found[0] = (t2 ? 0.0 : (z * t3));
        found[1] = (t2 ? 0.0 : (t3 * dz));
        break;
    }
    case 761: case 762: case 763: { /* jv */
        found[0] = 0.0;
        found[1] = 0.0;
        break;
    }
    case 765: { /* jv */
        found[0] = (0.5 * (jv_value((x - 1.0), y) - jv_value((x + 1.0), y)));
        found[1] = 0.0;
        break;
    }
    case 766: case 767: { /* jv */
        const double t0 = (x - 1.0);
        const double t1 = (x + 1.0);
        found[0] = (0.5 * (jv_value(t0, y) - jv_value(t1, y)));
        found[1] = (0.5 * (((0.5 * (jv_value((t0 - 1.0), y) - jv_value((t0 + 1.0), y))) * dy) + (-((0.5 * (jv_value((t1 - 1.0), y) - jv_value((t1 + 1.0), y))) * dy))));
        break;
    }
    case 785: case 786: case 787: { /* iv */
        found[0] = 0.0;
        found[1] = 0.0;
        break;
    }
    case 789: { /* iv */
        found[0] = (0.5 * (iv_value((x - 1.0), y) + iv_value((x + 1.0), y)));
        found[1] = 0.0;
        break;
    }
    case 790: case 791: { /* iv */
        const double t0 = (x - 1.0);
        const double t1 = (x + 1.0);
        found[0] = (0.5 * (iv_value(t0, y) + iv_value(t1, y)));
        found[1] = (0.5 * (((0.5 * (iv_value((t0 - 1.0), y) + iv_value((t0 + 1.0), y))) * dy) + ((0.5 * (iv_value((t1 - 1.0), y) + iv_value((t1 + 1.0), y))) * dy)));
        break;
    }
    case 809: case 810: case 811: { /* i0e_derivative */
        found[0] = 0.0;
        found[1] = 0.0;
        break;
    }
    case 813: { /* i0e_derivative */
        found[0] = i0e_derivative_value((x + 1.0), y);
        found[1] = 0.0;
        break;
    }
    case 814: case 815: { /* i0e_derivative */
        const double t0 = (x + 1.0);
        found[0] = i0e_derivative_value(t0, y);
        found[1] = (i0e_derivative_value((t0 + 1.0), y) * dy);
        break;
    }
    case 817: case 818: case 819: { /* i1e_derivative */
        found[0] = 0.0;
        found[1] = 0.0;
        break;
    }
    case 821: { /* i1e_derivative */
        found[0] = i1e_derivative_value((x + 1.0), y);
        found[1] = 0.0;
        break;
    }
    case 822: case 823: { /* i1e_derivative */
        const double t0 = (x + 1.0);
        found[0] = i1e_derivative_value(t0, y);
        found[1] = (i1e_derivative_value((t0 + 1.0), y) * dy);
        break;
    }
    default: found[0] = found[1] = NAN;
    }
}

static inline void moved_fold(int code, long i, const double *xs, const double *dxs, double z, double dz,
                              double *found) {
    switch (code) {
    case 50: /* dot */
        switch ((dxs[i] != 0.0) + 2 * (dxs[i ^ 1] != 0.0)) {
        case 0: case 1: { /* dot */
            found[0] = xs[i ^ 1];
            found[1] = 0.0;
            break;
        }
        case 2: case 3: { /* dot */
            found[0] = xs[i ^ 1];
            found[1] = dxs[i ^ 1];
            break;
        }
        }
        break;
    case 51: /* logsumexp */
        switch ((dxs[i] != 0.0)) {
        case 0: { /* logsumexp */
            const double t0 = share_value(xs[i], z);
            found[0] = t0;
            found[1] = ((-t0) * dz);
            break;
        }
        case 1: { /* logsumexp */
            const double t0 = share_value(xs[i], z);
            found[0] = t0;
            found[1] = ((t0 * dxs[i]) + ((-t0) * dz));
            break;
        }
        }
        break;
    case 65: /* polygamma_rise */
        switch (((int)i << 3) + 1 * (dxs[0] != 0.0) + 2 * (dxs[1] != 0.0) + 4 * (dxs[2] != 0.0)) {
        case 1: case 2: case 3: case 4: case 5: case 6: case 7: { /* polygamma_rise */
            found[0] = 0.0;
            found[1] = 0.0;
            break;
        }
        case 9: { /* polygamma_rise */
            found[0] = polygamma_rise_value((xs[0] + 1.0), xs[1], xs[2]);
            found[1] = 0.0;
            break;
        }
        case 10: case 11: { /* polygamma_rise */
            const double t0 = (xs[0] + 1.0);
            found[0] = polygamma_rise_value(t0, xs[1], xs[2]);
            found[1] = (polygamma_rise_value((t0 + 1.0), xs[1], xs[2]) * dxs[1]);
            break;
        }
        case 12: case 13: { /* polygamma_rise */
            const double t0 = (xs[0] + 1.0);
            found[0] = polygamma_rise_value(t0, xs[1], xs[2]);
            found[1] = (polygamma_value((t0 + 1.0), (xs[1] + xs[2])) * dxs[2]);
            break;
        }
        case 14: case 15: { /* polygamma_rise */
            const double t0 = (xs[0] + 1.0);
            const double t1 = (t0 + 1.0);
            found[0] = polygamma_rise_value(t0, xs[1], xs[2]);
            found[1] = ((polygamma_rise_value(t1, xs[1], xs[2]) * dxs[1]) + (polygamma_value(t1, (xs[1] + xs[2])) * dxs[2]));
            break;
        }
        case 17: { /* polygamma_rise */
            found[0] = polygamma_value((xs[0] + 1.0), (xs[1] + xs[2]));
            found[1] = 0.0;
            break;
        }
        case 18: case 19: { /* polygamma_rise */
            const double t0 = (xs[0] + 1.0);
            const double t1 = (xs[1] + xs[2]);
            found[0] = polygamma_value(t0, t1);
            found[1] = (polygamma_value((t0 + 1.0), t1) * dxs[1]);
            break;
        }
        case 20: case 21: { /* polygamma_rise */
            const double t0 = (xs[0] + 1.0);
            const double t1 = (xs[1] + xs[2]);
            found[0] = polygamma_value(t0, t1);
            found[1] = (polygamma_value((t0 + 1.0), t1) * dxs[2]);
            break;
        }
        case 22: case 23: { /* polygamma_rise */
            const double t0 = (xs[0] + 1.0);
            const double t1 = (xs[1] + xs[2]);
            found[0] = polygamma_value(t0, t1);
            found[1] = (polygamma_value((t0 + 1.0), t1) * (dxs[1] + dxs[2]));
            break;
        }
        }
        break;
    case 103: /* norm */
        switch ((dxs[i] != 0.0)) {
        case 0: { /* norm */
            const int t0 = (z == 0.0);
            const double t1 = (xs[i] / z);
            found[0] = (t0 ? 0.0 : t1);
            found[1] = (t0 ? 0.0 : (((-t1) / z) * dz));
            break;
        }
        case 1: { /* norm */
            const int t0 = (z == 0.0);
            const double t1 = (xs[i] / z);
            found[0] = (t0 ? 0.0 : t1);
            found[1] = (t0 ? 0.0 : (((1.0 / z) * dxs[i]) + (((-t1) / z) * dz)));
            break;
        }
        }
        break;
    default: found[0] = found[1] = NAN;
    }
}
#endif
