/* The columns of a batch put into rows of lanes, and rows of results written past the cache. Whoever includes this says
   INLINED, LANES and TOGETHER, so many lanes of a block are always run, and includes stddef.h. */

/* Put up to eight columns of a batch into their rows; its last row also fills what is left of the lanes that are run. */
INLINED void turn(const int columns, const double *first, ptrdiff_t to_next_row, ptrdiff_t to_next_column,
                  const int *rows, double *const *place, int size) {
    double *to[8];
    for (int k = 0; k < columns; k++) to[k] = place[rows[k]];
    for (int lane = 0; lane < (size + TOGETHER - 1) / TOGETHER * TOGETHER; lane++) {
        const double *from = first + (lane < size ? lane : size - 1) * to_next_row;
        for (int k = 0; k < columns; k++) to[k][lane] = from[k * to_next_column];
    }
}

static void turn_columns(const double *first, ptrdiff_t to_next_row, ptrdiff_t to_next_column, int columns,
                         const int *rows, double *const *place, int size) {
    if (columns == 8 && to_next_column == 1) turn(8, first, to_next_row, 1, rows, place, size);
    else turn(columns, first, to_next_row, to_next_column, rows, place, size);
}

/* So many doubles are more than a cache holds: they are written past it, or each line would be read first only to be
   overwritten. Other threads may look at them after `end_stream`. */
enum { LARGE_RESULT = 1 << 21 };
#if defined(__SSE2__)
#include <emmintrin.h>
INLINED int can_stream(const double *first, ptrdiff_t n) { return (size_t) first % 16 == 0 && n % 2 == 0; }
INLINED void stream_row(double *to, const double *row) {
    for (int lane = 0; lane < LANES; lane += 2) _mm_stream_pd(to + lane, _mm_load_pd(row + lane));
}
INLINED void end_stream(void) { _mm_sfence(); }
#else
INLINED int can_stream(const double *first, ptrdiff_t n) { (void) first, (void) n; return 0; }
INLINED void stream_row(double *to, const double *row) { (void) to, (void) row; }
INLINED void end_stream(void) {}
#endif
