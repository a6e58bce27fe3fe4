/* Runs a program over a block of lanes, and dot products of single numbers, with registers of WIDTH doubles. lanes.h
   includes this once for each kind of processor: RUN_BLOCK and STEPPED_DOTS name the functions, FOR_PROCESSOR says whose
   instructions they may use.

   Each instruction is a loop over lanes that the C compiler turns into vector code, or is written with packs of WIDTH
   lanes: a compiler that is given packs wider than its registers keeps them in memory, at twenty times the cost. */

#include "autograd/replay/tiles.h"
#define run_steps NAMED(run_steps)
#define stepped_tile NAMED(stepped_tile)

/* Single numbers: dot products whose operands step from member to member of a group by the same distance. If it is more
   than one number, only registers for two can be filled without going through memory. */
#if WIDTH == 8
#define BACKWARDS(x) SHUFFLE(x, x, 7, 6, 5, 4, 3, 2, 1, 0)
#elif WIDTH == 4
#define BACKWARDS(x) SHUFFLE(x, x, 3, 2, 1, 0)
#elif WIDTH == 2
#define FAR_APART(x, step) (Pack) {*(x), *((x) + (step))}
#else
#define FAR_APART(x, step) *(x)
#endif
#if WIDTH > 2
#define NEXT(p, x, step) \
    if (step > 0) p = LOAD(x); \
    if (step < 0) p = BACKWARDS(LOAD(x - WIDTH + 1));
#else
#define NEXT(p, x, step) \
    if (step == 1) p = LOAD(x); \
    else if (step) p = FAR_APART(x, step);
#endif
INLINED void stepped_tile(const int packs, long from, long arity, const int *operand, const double *numbers,
                          double *z) {
    Pack total[16];
    for (int p = 0; p < packs; p++) total[p] = SPREAD(-0.0); /* to which adding anything changes nothing */
    for (long j = 0; j < arity; j += 2, operand += 4) {
        const long dx = operand[1], dy = operand[3];
        const double *x = numbers + operand[0] + from * dx, *y = numbers + operand[2] + from * dy;
        Pack a = SPREAD(*x), b = SPREAD(*y);
        for (int p = 0; p < packs; p++, x += WIDTH * dx, y += WIDTH * dy) {
            NEXT(a, x, dx)
            NEXT(b, y, dy)
            total[p] += a * b;
        }
    }
    for (int p = 0; p < packs; p++) STORE(z + from + p * WIDTH, total[p]);
}

/* A last tile takes some members again, in vain; there are 16 at least. Rows of a matrix that are far apart may all fall
   into the same set of the cache: of these eight go side by side, not sixteen. */
FOR_PROCESSOR
static void STEPPED_DOTS(long count, long arity, const int *operand, const double *numbers, double *z) {
    enum { TILE = WIDTH > 2 ? 16 : 8 };
    for (long i = 0; i + TILE <= count; i += TILE) stepped_tile(TILE / WIDTH, i, arity, operand, numbers, z);
    if (count % TILE > 8) stepped_tile(TILE / WIDTH, count - TILE, arity, operand, numbers, z);
    else if (count % TILE) stepped_tile(8 / WIDTH, count - 8, arity, operand, numbers, z);
}

/* Of a last block only `size` lanes are of the batch: the others of the last eight may hold anything, so a sum over
   lanes sets them to 0 first; nobody misses them. */
INLINED void run_steps(const int lanes, const Instruction *program, long n, const int *operands, double *const *at,
                       const double *numbers, double *sums, int size) {
    for (const Instruction *step = program; step < program + n; step++) {
        const int *operand = operands + step->first, count = step->count;
        double *z = step->target >= 0 ? at[step->target] : 0;
        if (step->code == POW && operand[1] < 0 && NUMBER(1) == 0.5) {
            const double *xs = ROW(0);
            EACH_LANE { const double root = sqrt(xs[lane] + 0.0); z[lane] = xs[lane] == -INFINITY ? INFINITY : root; }
            continue;
        }
        switch (step->code) {
        UNARY_ROWS(ROW1)
#define pow_value pow_in_lanes
        BINARY_ROWS(ROW2)
#undef pow_value
        TERNARY_ROWS(ROW3)
        FOLDED_ROWS(FOLD_ROWS, LOOP_OVER_ROWS, FOLDED_IN_LANES)
        EXACT_FOLDED_ROWS(FOLD_ROWS, LOOP_OVER_ROWS, FOLDED_IN_LANES)
        FUSED_WITH(TIMES, A_TIMES)
        FUSED_WITH(PLUS, A_PLUS)
        FUSED_WITH(MINUS, A_MINUS)
        case GUARD: { /* z becomes the number of the first guard to fail; operands: condition, holds, whether first */
            const double *c = ROW(0), number = count;
            const int holds = operand[1];
            if (operand[2]) EACH_LANE z[lane] = 0.0;
            EACH_LANE z[lane] = z[lane] != 0.0 || (c[lane] != 0.0) == holds ? z[lane] : number;
        } break;
        case SKIP: { /* where the condition holds in no lane, the next `count` steps are of no use */
            const double *c = ROW(0);
            int holds = 0;
            for (int lane = 0; lane < lanes; lane++) holds |= c[lane] != 0.0;
            if (!holds) step += count;
        } break;
        case DOTS:
            if (step + STEPS_AHEAD < program + n && step[STEPS_AHEAD].code == DOTS) { /* a row of a large result is far away */
                const double *to = at[operands[step[STEPS_AHEAD].first + 1]];
                for (int lane = 0; lane < lanes; lane += 8) SOON_WRITTEN(to + lane);
            }
            dots(lanes, count, operand, at, numbers);
            break;
        case OUTER:
        case OUTER_PLUS:
            for (int i = 0; i < operand[0] + count && size < lanes; i++)
                for (int lane = size; lane < lanes; lane++) at[operand[1 + i]][lane] = 0.0;
            if (step->code == OUTER) outer_products(lanes, size, count, operand, at, sums);
            else outer_products_plus(lanes, size, count, operand, at, numbers, sums);
            break;
        case SUM: sum_all(1, lanes, count, operand, at, numbers, z); break;
        case DOT: sum_all(2, lanes, count, operand, at, numbers, z); break;
        default:
            for (int lane = 0; lane < lanes; lane++) SET_EXACTLY(z[lane], step->code - EXACT, count, IN_LANE);
            break;
        }
    }
}

FOR_PROCESSOR
static void RUN_BLOCK(const Instruction *program, long n, const int *operands, double *const *at,
                      const double *numbers, double *sums, int size) {
    if (size == LANES) run_steps(LANES, program, n, operands, at, numbers, sums, size); /* loops of known length */
    else run_steps((size + 7) / 8 * 8, program, n, operands, at, numbers, sums, size);
}

#undef NAMED
#undef NAMED_BY_WIDTH
#undef NAMED_BY_TEXT
#undef Pack
#undef InMemory
#undef PARTS
#undef LOAD
#undef STORE
#undef SPREAD
#undef SHUFFLE
#undef BACKWARDS
#undef FAR_APART
#undef NEXT
#undef PRODUCT_PLUS
#undef dots_tile
#undef dots
#undef sum_tile
#undef sum_all
#undef sums_of
#undef outer_tile
#undef outer
#undef Bits
#undef outer_products
#undef outer_products_plus
#undef run_steps
#undef stepped_tile
#undef STEPPED_DOTS
#undef WIDTH
#undef RUN_BLOCK
#undef FOR_PROCESSOR
