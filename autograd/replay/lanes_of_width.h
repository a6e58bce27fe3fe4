/* Runs a program over a block of lanes, and dot products of single numbers, with registers of WIDTH doubles. lanes.h
   includes this once for each kind of processor: RUN_BLOCK and STEPPED_DOTS name the functions, FOR_PROCESSOR says whose
   instructions they may use.

   Each instruction is a loop over lanes that the C compiler turns into vector code, or is written with packs of WIDTH
   lanes: a compiler that is given packs wider than its registers keeps them in memory, at twenty times the cost. */

#define NAMED(name) NAMED_BY_WIDTH(name, WIDTH)
#define NAMED_BY_WIDTH(name, width) NAMED_BY_TEXT(name, width)
#define NAMED_BY_TEXT(name, width) name##_##width
#define Pack NAMED(Pack)
#define InMemory NAMED(InMemory)
#define dots_tile NAMED(dots_tile)
#define dots NAMED(dots)
#define sum_tile NAMED(sum_tile)
#define sum_all NAMED(sum_all)
#define sums_of NAMED(sums_of)
#define outer_tile NAMED(outer_tile)
#define outer NAMED(outer)
#define Bits NAMED(Bits)
#define outer_products NAMED(outer_products)
#define outer_products_plus NAMED(outer_products_plus)
#define run_steps NAMED(run_steps)
#define stepped_tile NAMED(stepped_tile)

#if WIDTH > 1
typedef double Pack __attribute__((vector_size(8 * WIDTH)));
typedef Pack InMemory __attribute__((aligned(8), may_alias));
typedef long long Bits __attribute__((vector_size(8 * WIDTH), may_alias));
#define LOAD(from) (*(const InMemory *) (from))
#define STORE(to, x) (*(InMemory *) (to) = (x))
#define SPREAD(x) ((x) - (Pack) {0.0}) /* -0.0 too stays what it is */
#else
typedef double Pack;
typedef long long Bits;
#define LOAD(from) (*(from))
#define STORE(to, x) (*(to) = (x))
#define SPREAD(x) (x)
#endif

/* x * y + z, rounded once where the processor can do that in one go. It is not a step of any program, whose bits are those
   of the eager engine, but what a lane adds to a sum over a batch. */
#if WIDTH == 8
#define PRODUCT_PLUS(x, y, z) ((Pack) _mm512_fmadd_pd((__m512d) (x), (__m512d) (y), (__m512d) (z)))
#elif WIDTH == 4
#define PRODUCT_PLUS(x, y, z) ((Pack) _mm256_fmadd_pd((__m256d) (x), (__m256d) (y), (__m256d) (z)))
#else
#define PRODUCT_PLUS(x, y, z) ((x) * (y) + (z))
#endif

/* Dot products of the same rows with shared numbers, `tile` of them at a time: a layer of neurons. Operands are the
   rows they fill, the numbers they start with, the rows they read, and for each the numbers to multiply these with.
   `wide` packs of sums for each stay in registers while the rows go by. */
INLINED void dots_tile(const int tile, const int wide, int from, int j, int m, int n, const int *operand,
                       double *const *at, const double *numbers) {
    const int *targets = operand + j, *starts = operand + m + j, *reads = operand + 2 * m, *weights = reads + n + j * n;
    Pack total[4][8];
    for (int t = 0; t < tile; t++) {
        const Pack start = SPREAD(numbers[~starts[t]]), w = SPREAD(numbers[~weights[t * n]]);
        for (int p = 0; p < wide; p++) total[t][p] = start + w * LOAD(at[reads[0]] + from + p * WIDTH);
    }
    for (int i = 1; i < n; i++) {
        const double *x = at[reads[i]] + from;
        for (int t = 0; t < tile; t++) {
            const Pack w = SPREAD(numbers[~weights[t * n + i]]);
            for (int p = 0; p < wide; p++) total[t][p] += w * LOAD(x + p * WIDTH);
        }
    }
    for (int t = 0; t < tile; t++)
        for (int p = 0; p < wide; p++) STORE(at[targets[t]] + from + p * WIDTH, total[t][p]);
}

FOR_PROCESSOR
static void dots(int lanes, int n, const int *operand, double *const *at, const double *numbers) {
    const int m = *operand++;
    int j = 0;
    for (; j + 4 <= m; j += 4) {
        int from = 0;
#if WIDTH == 8 /* there are registers for twice as many */
        for (; from + 4 * WIDTH <= lanes; from += 4 * WIDTH) dots_tile(4, 4, from, j, m, n, operand, at, numbers);
#endif
        for (; from + 2 * WIDTH <= lanes; from += 2 * WIDTH) dots_tile(4, 2, from, j, m, n, operand, at, numbers);
        for (; from < lanes; from += WIDTH) dots_tile(4, 1, from, j, m, n, operand, at, numbers);
    }
    for (; j < m; j++) {
        int from = 0;
        for (; from + 8 * WIDTH <= lanes; from += 8 * WIDTH) dots_tile(1, 8, from, j, m, n, operand, at, numbers);
        for (; from + 4 * WIDTH <= lanes; from += 4 * WIDTH) dots_tile(1, 4, from, j, m, n, operand, at, numbers);
        for (; from < lanes; from += WIDTH) dots_tile(1, 1, from, j, m, n, operand, at, numbers);
    }
}

/* The sum, lane by lane, of rows or of products of two, `wide` packs at once; any of them may be a shared number. */
INLINED void sum_tile(const int factors, const int wide, int from, int count, const int *operand, double *const *at,
                      const double *numbers, double *z) {
    double spare[LANES];
    Pack total[4];
    for (int p = 0; p < wide; p++) total[p] = SPREAD(-0.0); /* to which adding anything changes nothing */
    for (int i = 0; i < count; i += factors) {
        const int a = operand[i], b = operand[i + factors - 1], row = a < 0 ? b : a, other = a < 0 ? a : b;
        const double *x = row_or_number(row, at, numbers, spare) + from;
        if (factors == 1)
            for (int p = 0; p < wide; p++) total[p] += LOAD(x + p * WIDTH);
        else if (other < 0)
            for (int p = 0; p < wide; p++) total[p] += LOAD(x + p * WIDTH) * SPREAD(numbers[~other]);
        else
            for (int p = 0; p < wide; p++) total[p] += LOAD(x + p * WIDTH) * LOAD(at[other] + from + p * WIDTH);
    }
    for (int p = 0; p < wide; p++) STORE(z + from + p * WIDTH, total[p]);
}

FOR_PROCESSOR
static void sum_all(int factors, int lanes, int count, const int *operand, double *const *at, const double *numbers,
                    double *z) {
    int from = 0;
    if (factors == 1) {
        for (; from + 4 * WIDTH <= lanes; from += 4 * WIDTH) sum_tile(1, 4, from, count, operand, at, numbers, z);
        for (; from < lanes; from += WIDTH) sum_tile(1, 1, from, count, operand, at, numbers, z);
    } else {
        for (; from + 4 * WIDTH <= lanes; from += 4 * WIDTH) sum_tile(2, 4, from, count, operand, at, numbers, z);
        for (; from < lanes; from += WIDTH) sum_tile(2, 1, from, count, operand, at, numbers, z);
    }
}

/* The sums of eights, WIDTH of them, each of them eight doubles in PARTS packs. Neighbours are added first. */
enum { NAMED(PARTS) = 8 / WIDTH };
#define PARTS NAMED(PARTS)
#if defined(__clang__)
#define SHUFFLE(x, y, ...) __builtin_shufflevector(x, y, __VA_ARGS__)
#elif WIDTH > 1
typedef long long NAMED(Places) __attribute__((vector_size(8 * WIDTH)));
#define SHUFFLE(x, y, ...) __builtin_shuffle(x, y, (NAMED(Places)) {__VA_ARGS__})
#endif
INLINED void sums_of(Pack (*eights)[PARTS], double *sums) {
    Pack part[PARTS];
    for (int p = 0; p < PARTS; p++) {
        Pack x[WIDTH];
        for (int i = 0; i < WIDTH; i++) x[i] = eights[i][p];
#if WIDTH == 8
        for (int i = 0; i < 4; i++)
            x[i] = SHUFFLE(x[2 * i], x[2 * i + 1], 0, 8, 2, 10, 4, 12, 6, 14) +
                   SHUFFLE(x[2 * i], x[2 * i + 1], 1, 9, 3, 11, 5, 13, 7, 15);
        for (int i = 0; i < 2; i++)
            x[i] = SHUFFLE(x[2 * i], x[2 * i + 1], 0, 1, 8, 9, 4, 5, 12, 13) +
                   SHUFFLE(x[2 * i], x[2 * i + 1], 2, 3, 10, 11, 6, 7, 14, 15);
        x[0] = SHUFFLE(x[0], x[1], 0, 1, 2, 3, 8, 9, 10, 11) + SHUFFLE(x[0], x[1], 4, 5, 6, 7, 12, 13, 14, 15);
#elif WIDTH == 4
        for (int i = 0; i < 2; i++)
            x[i] = SHUFFLE(x[2 * i], x[2 * i + 1], 0, 4, 2, 6) + SHUFFLE(x[2 * i], x[2 * i + 1], 1, 5, 3, 7);
        x[0] = SHUFFLE(x[0], x[1], 0, 1, 4, 5) + SHUFFLE(x[0], x[1], 2, 3, 6, 7);
#elif WIDTH == 2
        x[0] = SHUFFLE(x[0], x[1], 0, 2) + SHUFFLE(x[0], x[1], 1, 3);
#endif
        part[p] = x[0];
    }
    for (int step = 1; step < PARTS; step *= 2)
        for (int p = 0; p < PARTS; p += 2 * step) part[p] += part[p + step];
    STORE(sums, part[0]);
}

/* Sums over the lanes of the products of m rows with n rows, added to sums[targets]: adjoints of shared numbers. With
   `plus` a number is added to each product. Lanes are summed by their number modulo 8 first. A tile is `tall` times
   `wide` products, from the j-th of the m rows and from the i-th of the n, before `end`; where it reaches over the edge,
   the last row is taken again, in vain. */
FOR_PROCESSOR INLINED void outer_tile(const int plus, const int tall, const int wide, int j, int i, int end, int lanes, int size, int n,
                        const int *operand, double *const *at, const double *numbers, double *sums) {
    const int m = *operand, *left = operand + 1, *right = left + m, *targets = right + n, *addends = targets + m * n;
    const int whole = plus && size < lanes ? lanes - 8 : lanes;
    const double *x[8], *y[8];
    double found[16], number[16];
    Pack total[16][PARTS];
    for (int t = 0; t < tall; t++) x[t] = at[left[j + t < m ? j + t : m - 1]];
    for (int k = 0; k < wide; k++) y[k] = at[right[i + k < end ? i + k : end - 1]];
    for (int t = 0; t < tall && plus; t++) {
        const int *of_row = addends + (j + t < m ? j + t : m - 1) * n;
        for (int k = 0; k < wide; k++) number[t * wide + k] = numbers[~of_row[i + k < end ? i + k : end - 1]];
    }
    for (int t = 0; t < tall * wide; t++)
        for (int p = 0; p < PARTS; p++) total[t][p] = SPREAD(0.0);
    for (int from = 0; from < whole; from += 8)
        for (int p = 0; p < PARTS; p++)
            for (int t = 0; t < tall; t++) {
                const Pack factor = LOAD(x[t] + from + p * WIDTH);
                for (int k = 0; k < wide; k++) {
                    const Pack other = LOAD(y[k] + from + p * WIDTH);
                    if (plus) total[t * wide + k][p] += PRODUCT_PLUS(factor, other, SPREAD(number[t * wide + k]));
                    else total[t * wide + k][p] += factor * other;
                }
            }
    if (whole < lanes) /* the last eight, which the batch does not fill: to its other lanes nothing is added */
        for (int p = 0; p < PARTS; p++) {
            Bits filled;
            for (int lane = 0; lane < WIDTH; lane++) ((long long *) &filled)[lane] = -(whole + p * WIDTH + lane < size);
            for (int t = 0; t < tall; t++) {
                const Pack factor = LOAD(x[t] + whole + p * WIDTH);
                for (int k = 0; k < wide; k++) {
                    Pack addend = SPREAD(number[t * wide + k]);
                    *(Bits *) &addend &= filled;
                    total[t * wide + k][p] += PRODUCT_PLUS(factor, LOAD(y[k] + whole + p * WIDTH), addend);
                }
            }
        }
    for (int t = 0; t < tall * wide; t += WIDTH) sums_of(total + t, found + t);
    for (int t = 0; t < tall && j + t < m; t++)
        for (int k = 0; k < wide && i + k < end; k++) sums[targets[(j + t) * n + i + k]] += found[t * wide + k];
}

FOR_PROCESSOR INLINED void outer(const int plus, int lanes, int size, int n, const int *operand, double *const *at,
                   const double *numbers, double *sums) {
    enum { TALL = WIDTH == 8 ? 4 : WIDTH == 4 ? 2 : 1, WIDE = WIDTH == 8 ? 4 : WIDTH == 1 ? 1 : 2 };
    const int m = *operand, rows = m - m % TALL, columns = n - n % WIDE;
    for (int j = 0; j < rows; j += TALL)
        for (int i = 0; i < columns; i += WIDE)
            outer_tile(plus, TALL, WIDE, j, i, columns, lanes, size, n, operand, at, numbers, sums);
    for (int i = columns; i < n; i++)
        for (int j = 0; j < m; j += WIDTH)
            outer_tile(plus, WIDTH, 1, j, i, n, lanes, size, n, operand, at, numbers, sums);
    for (int j = rows; j < m; j++)
        for (int i = 0; i < columns; i += WIDTH)
            outer_tile(plus, 1, WIDTH, j, i, columns, lanes, size, n, operand, at, numbers, sums);
}

FOR_PROCESSOR
static void outer_products(int lanes, int size, int n, const int *operand, double *const *at, double *sums) {
    outer(0, lanes, size, n, operand, at, 0, sums);
}

FOR_PROCESSOR
static void outer_products_plus(int lanes, int size, int n, const int *operand, double *const *at, const double *numbers,
                                double *sums) {
    outer(1, lanes, size, n, operand, at, numbers, sums);
}

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
        case DOTS: dots(lanes, count, operand, at, numbers); break;
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
