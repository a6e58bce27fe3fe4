/* Tiles of registers of WIDTH doubles: dot products of rows with shared numbers, sums of rows, sums over lanes of products
   of rows. Whoever includes this says WIDTH, FOR_PROCESSOR, INLINED and LANES, and has `row_or_number`. It may be included
   for several widths: see lanes_of_width.h. */

#if !defined(AS_IT_IS)
/* A pointer that loads are to be at fixed distances from: else each distance may become a register, kept in memory. */
#if defined(__GNUC__)
#define AS_IT_IS(pointer) __asm__("" : "+r"(pointer))
#else
#define AS_IT_IS(pointer) (void) 0
#endif
/* A row of zeros for inputs that are 0 in all lanes of a block. Dot products may leave it out, where nothing that it is
   multiplied by is infinite or nan: whoever points to it says so. */
static const double NOTHING[LANES] = {0.0};
#endif

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
#if defined(PRODUCT_PLUS)
#elif WIDTH == 8
#define PRODUCT_PLUS(x, y, z) ((Pack) _mm512_fmadd_pd((__m512d) (x), (__m512d) (y), (__m512d) (z)))
#elif WIDTH == 4
#define PRODUCT_PLUS(x, y, z) ((Pack) _mm256_fmadd_pd((__m256d) (x), (__m256d) (y), (__m256d) (z)))
#else
#define PRODUCT_PLUS(x, y, z) ((x) * (y) + (z))
#endif

/* Dot products of the same rows with shared numbers, `tile` of them at a time: a layer of neurons. Operands are the
   rows they fill, the numbers they start with, the rows they read, and for each the numbers to multiply these with.
   `wide` packs of sums for each stay in registers while the rows go by. With `skipping`, rows that are NOTHING are left
   out. */
INLINED void dots_tile(const int tile, const int wide, const int skipping, int from, int j, int m, int n, const int *operand,
                       double *const *at, const double *numbers) {
    const int *targets = operand + j, *starts = operand + m + j, *reads = operand + 2 * m, *weights = reads + n + j * n;
    Pack total[4][8];
    for (int t = 0; t < tile; t++) {
        const Pack start = SPREAD(numbers[~starts[t]]), w = SPREAD(numbers[~weights[t * n]]);
        for (int p = 0; p < wide; p++) /* of rows that are left out a 0 is added: -0 would stay what it is */
            total[t][p] = start + (skipping ? SPREAD(0.0) : w * LOAD(at[reads[0]] + from + p * WIDTH));
    }
    for (int i = skipping ? 0 : 1; i < n; i++) {
        const double *x = at[reads[i]];
        if (skipping && x == NOTHING) continue;
        x += from;
        AS_IT_IS(x);
        for (int t = 0; t < tile; t++) {
            const Pack w = SPREAD(numbers[~weights[t * n + i]]);
            for (int p = 0; p < wide; p++) total[t][p] += w * LOAD(x + p * WIDTH);
        }
    }
    for (int t = 0; t < tile; t++) {
        double *z = at[targets[t]] + from;
        AS_IT_IS(z);
        for (int p = 0; p < wide; p++) STORE(z + p * WIDTH, total[t][p]);
    }
}

FOR_PROCESSOR
static void dots(int lanes, int n, const int *operand, double *const *at, const double *numbers) {
    const int m = *operand++;
    int j = 0;
    for (; j + 4 <= m; j += 4) {
        int from = 0;
#if WIDTH == 8 /* there are registers for twice as many */
        for (; from + 4 * WIDTH <= lanes; from += 4 * WIDTH) dots_tile(4, 4, 0, from, j, m, n, operand, at, numbers);
#endif
        for (; from + 2 * WIDTH <= lanes; from += 2 * WIDTH) dots_tile(4, 2, 0, from, j, m, n, operand, at, numbers);
        for (; from < lanes; from += WIDTH) dots_tile(4, 1, 0, from, j, m, n, operand, at, numbers);
    }
    const int *reads = operand + 2 * m;
    if (lanes == LANES && (at[reads[0]] == NOTHING || at[reads[n - 1]] == NOTHING)) /* so are its neighbours, then */
        for (; j < m; j++)
            for (int from = 0; from < LANES; from += 8 * WIDTH) dots_tile(1, 8, 1, from, j, m, n, operand, at, numbers);
    for (; j < m; j++) {
        int from = 0;
        for (; from + 8 * WIDTH <= lanes; from += 8 * WIDTH) dots_tile(1, 8, 0, from, j, m, n, operand, at, numbers);
        for (; from + 4 * WIDTH <= lanes; from += 4 * WIDTH) dots_tile(1, 4, 0, from, j, m, n, operand, at, numbers);
        for (; from < lanes; from += WIDTH) dots_tile(1, 1, 0, from, j, m, n, operand, at, numbers);
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

/* Written out where it is called: there the lanes are a constant, and most sums are short. */
INLINED void sum_all(int factors, int lanes, int count, const int *operand, double *const *at, const double *numbers,
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
