/* Memory for the rows of a program. A long one goes back and forth over more pages than the processor keeps the
   addresses of, so it gets the largest that the system has; and as it costs more to be handed these than to fill them,
   they wait here for the next. */
#ifndef CHAINRULE_PAGES_H
#define CHAINRULE_PAGES_H

#include <stdlib.h>

#if defined(__linux__)
#include <sys/mman.h>
#endif
#if defined(MADV_HUGEPAGE)
#define WAITING 4                         /* so many blocks wait at most, */
#define LARGEST_PAGE ((size_t) 1 << 21)
#define LARGEST_WAITING ((size_t) 1 << 26) /* none of them larger */

typedef struct {
    size_t bytes, rest[7]; /* a line of the cache, which the rows come after */
} Pages;

static Pages *waiting_pages[WAITING];

/* Memory of so many bytes, with anything in it; NULL if there is none. To be given back. */
static void *memory_for_rows(size_t bytes) {
    Pages *found = NULL;
    void *memory = NULL;
    bytes += sizeof(Pages);
    if (bytes < LARGEST_PAGE) {
        found = malloc(bytes);
        if (found) found->bytes = bytes;
        return found ? found + 1 : NULL;
    }
    bytes = (bytes + LARGEST_PAGE - 1) / LARGEST_PAGE * LARGEST_PAGE;
    for (int i = 0; i < WAITING; i++) {
        found = __atomic_exchange_n(&waiting_pages[i], NULL, __ATOMIC_ACQ_REL);
        if (found && found->bytes >= bytes && found->bytes <= 4 * bytes) return found + 1;
        if (found) free(__atomic_exchange_n(&waiting_pages[i], found, __ATOMIC_ACQ_REL));
    }
    if (posix_memalign(&memory, LARGEST_PAGE, bytes)) return NULL;
    (void) madvise(memory, bytes, MADV_HUGEPAGE); /* advice only: where it is not taken, nothing is lost */
    found = memory;
    found->bytes = bytes;
    return found + 1;
}

/* Let memory wait for the next program that needs as much, or free it; NULL is none. */
static void give_back(void *memory) {
    Pages *pages = memory ? (Pages *) memory - 1 : NULL;
    if (pages && pages->bytes >= LARGEST_PAGE && pages->bytes <= LARGEST_WAITING)
        for (int i = 0; i < WAITING && pages; i++) /* the latest is first, and the last is freed */
            pages = __atomic_exchange_n(&waiting_pages[i], pages, __ATOMIC_ACQ_REL);
    free(pages);
}
#else
static void *memory_for_rows(size_t bytes) { return malloc(bytes); }
static void give_back(void *memory) { free(memory); }
#endif
#endif
