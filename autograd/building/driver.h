/* What runs a program in C over the rows of a batch, LANES at a time; it stands at the end of the program's source, which
   has `block`, the tables named below, and ROWS, how many rows of lanes the program needs. The same as `Machine.work` of
   replay/machine.pyx, with a program that is known when this is compiled. */

typedef struct {
    const double *first;
    ptrdiff_t columns, to_next_row, to_next_column; /* steps in doubles */
} Batch;

#define COUNT(table) (long) (sizeof table / sizeof *table)

/* Put a block of a batch into its rows, which are `apart`; where the array has the block as it should be, point there. */
static void lay_out(const Batch *batch, const int *rows, double **at, double *memory, long apart, ptrdiff_t row, int size) {
    const double *first = batch->first + row * batch->to_next_row;
    if (batch->to_next_row == 1 && size % TOGETHER == 0) {
        for (long k = 0; k < batch->columns; k++) at[rows[k]] = (double *) first + k * batch->to_next_column;
        return;
    }
    for (long k = 0; k < batch->columns; k++) at[rows[k]] = memory + rows[k] * apart;
    for (long k = 0; k < batch->columns; k += 8)
        turn_columns(first + k * batch->to_next_column, batch->to_next_row, batch->to_next_column,
                     (int) (batch->columns - k < 8 ? batch->columns - k : 8), rows + k, at, size);
}

/* The lanes from `start` to `stop` of a batch of n rows; 0 if there is no memory. */
EXPORTED int work(const double *numbers, const Batch *batches, ptrdiff_t n_batches, double *lanes, ptrdiff_t n,
                  double *sums, ptrdiff_t start, ptrdiff_t stop) {
    const long needed = (long) (stop - start + TOGETHER - 1) & -(long) TOGETHER, apart = needed < LANES ? needed : LANES;
    void *memory = malloc(ROWS * (sizeof(double *) + apart * sizeof(double)) + 64);
    if (!memory) return 0;
    double *first = (double *) (((size_t) memory + 63) & ~(size_t) 63), **at = (double **) (first + ROWS * apart);
    for (long i = 0; i < ROWS; i++) at[i] = first + i * apart;
    for (long i = 0; i < COUNT(FILLED) - 1; i++)
        for (long lane = 0; lane < apart; lane++) at[FILLED[i][0]][lane] = numbers[FILLED[i][1]];
    int size;
    for (ptrdiff_t row = start; row < stop; row += size) {
        const int *rows = INPUT_ROWS;
        size = stop - row < LANES ? (int) (stop - row) : LANES;
        if (size > TOGETHER && !HAS_SUMS) size &= -TOGETHER; /* these need not be copied; sums are over blocks of all lanes */
        for (long i = 0; i < n_batches; rows += batches[i++].columns)
            if (batches[i].columns) lay_out(batches + i, rows, at, first, apart, row, size);
        for (long i = 0; i < COUNT(DIRECT) - 1; i++)
            at[DIRECT[i][1]] = size % TOGETHER == 0 ? lanes + DIRECT[i][0] * n + row : first + DIRECT[i][1] * apart;
        block(at, numbers, sums, size);
        for (long i = 0; i < COUNT(DIRECT) - 1 && size % TOGETHER; i++)
            memcpy(lanes + DIRECT[i][0] * n + row, at[DIRECT[i][1]], (size_t) size * sizeof(double));
        for (long i = 0; i < COUNT(COPIED) - 1; i++)
            memcpy(lanes + COPIED[i][0] * n + row, at[COPIED[i][1]], (size_t) size * sizeof(double));
    }
    free(memory);
    return 1;
}
