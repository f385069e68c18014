/* The shapes of `../shapes` in C, for GenMC: SHAPE, N large.
 *
 *     genmc --rc11 -- -DSHAPE=ticket_lock -DN=4 shapes.c
 *
 * Same operations, same orderings, same order; what a thread found is not collected, as GenMC counts executions. */

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

#define relaxed memory_order_relaxed
#define acquire memory_order_acquire
#define release memory_order_release
#define acq_rel memory_order_acq_rel
#define seq_cst memory_order_seq_cst

#define load(place, order) atomic_load_explicit(&(place), order)
#define store(place, value, order) atomic_store_explicit(&(place), value, order)
#define swap(place, value, order) atomic_exchange_explicit(&(place), value, order)
#define add(place, value, order) atomic_fetch_add_explicit(&(place), value, order)
#define cas(place, expected, value, order) \
    atomic_compare_exchange_strong_explicit(&(place), expected, value, order, relaxed)
#define fence(order) atomic_thread_fence(order)

#include "litmus.h"
#include "locks.h"
#include "queues.h"

static void *thread(void *number) {
    SHAPE((int)(intptr_t)number);
    return NULL;
}

static int threads(void) {
    if (SHAPE == peterson || SHAPE == chase_lev || SHAPE == spsc_ring)
        return 2;
    return SHAPE == fib_bench ? 3 : N;
}

int main(void) {
    pthread_t ids[N + 3];
    for (int t = 0; t < threads(); t++)
        pthread_create(&ids[t], NULL, thread, (void *)(intptr_t)t);
    for (int t = 0; t < threads(); t++)
        pthread_join(ids[t], NULL);
    return 0;
}
