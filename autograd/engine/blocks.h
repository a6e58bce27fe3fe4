/* Storage that a sweep leaves to the next. What a graph of 60,000 nodes needs is so large that the system takes it back at
   once, and gives it again page by page: a tenth of the time of the sweep. */
#ifndef CHAINRULE_BLOCKS_H
#define CHAINRULE_BLOCKS_H
#include <Python.h>
#include <stddef.h>
#include <stdlib.h>

typedef struct {
    size_t size;
    double data[]; /* aligned for whatever is put there */
} Block;

enum { SPARE_BLOCKS = 3, LARGEST_SPARE = 1 << 22 };
static Block *left[SPARE_BLOCKS]; /* guarded by the interpreter's lock */

static inline Block *block_of(void *data) { return (Block *)((char *)data - offsetof(Block, data)); }

static inline void *sized(Block *block, size_t size) {
    if (block == NULL) return PyErr_NoMemory();
    block->size = size;
    return block->data;
}

/* The smallest that is large enough, or a new one. */
static inline void *take_block(size_t size) {
    Block **best = NULL;
    for (int i = 0; i < SPARE_BLOCKS; i++) {
        if (left[i] != NULL && left[i]->size >= size && (best == NULL || left[i]->size < (*best)->size)) best = &left[i];
    }
    if (best == NULL) return sized(malloc(sizeof(Block) + size), size);
    Block *block = *best;
    *best = NULL;
    return block->data;
}

/* In the place of the smallest, unless it is smaller itself. */
static inline void leave_block(void *data) {
    if (data == NULL) return;
    Block *block = block_of(data), **least = &left[0];
    for (int i = 1; i < SPARE_BLOCKS && *least != NULL; i++) {
        if (left[i] == NULL || left[i]->size < (*least)->size) least = &left[i];
    }
    if (block->size <= LARGEST_SPARE && (*least == NULL || (*least)->size < block->size)) {
        free(*least);
        *least = block;
    } else {
        free(block);
    }
}

/* Of NULL, a new one. */
static inline void *widen_block(void *data, size_t size) {
    if (data == NULL) return take_block(size);
    if (block_of(data)->size >= size) return data;
    return sized(realloc(block_of(data), sizeof(Block) + size), size);
}
#endif
