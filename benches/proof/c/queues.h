/* Lock-free queues, stacks and deques over nodes that are never reused: ../shapes/queues.rs. */

static atomic_int ends[2], links[N + 1], items[N + 1];

static void michael_scott(int t) {
    if (t == 0) {
        int first = load(ends[0], acquire);
        int second = load(links[first], acquire);
        if (second != 0)
            store(ends[0], second, release);
        return;
    }
    for (;;) {
        int last = load(ends[1], acquire);
        int after = load(links[last], acquire);
        int expected = last, none = 0;
        if (after != 0) {
            cas(ends[1], &expected, after, acq_rel);
        } else if (cas(links[last], &none, t, acq_rel)) {
            cas(ends[1], &expected, t, acq_rel);
            return;
        }
    }
}

static void herlihy_wing(int t) {
    if (t > 0) {
        int at = add(ends[0], 1, acq_rel);
        store(items[at], t, release);
        return;
    }
    int end = load(ends[0], acquire);
    for (int at = 0; at < end; at++)
        if (swap(items[at], 0, acq_rel) != 0)
            return;
}

static void treiber(int t) {
    int me = t + 1;
    int first = load(ends[0], relaxed);
    do
        store(links[me], first, relaxed);
    while (!atomic_compare_exchange_strong_explicit(&ends[0], &first, me, release, relaxed));
}

/* Two threads: an owner, a thief. */
static void chase_lev(int t) {
    if (t == 1) {
        int first = load(ends[0], acquire);
        fence(seq_cst);
        if (first < load(ends[1], acquire)) {
            load(items[first], relaxed);
            cas(ends[0], &first, first + 1, seq_cst);
        }
        return;
    }
    for (int i = 0; i < N; i++) {
        store(items[i], i + 1, relaxed);
        fence(release);
        store(ends[1], i + 1, relaxed);
    }
    for (int last = N - 1; last >= 0; last--) {
        store(ends[1], last, relaxed);
        fence(seq_cst);
        int first = load(ends[0], relaxed);
        if (first == last) {
            int expected = first;
            cas(ends[0], &expected, first + 1, seq_cst);
        }
        if (first >= last) {
            store(ends[1], last + 1, relaxed);
            return;
        }
    }
}

/* Two threads: a producer, a consumer. */
static void spsc_ring(int t) {
    for (int i = 0; i < N; i++) {
        int mine = load(ends[t == 0], relaxed);
        int other = load(ends[t != 0], acquire);
        if (t == 0 && mine - other < 2) {
            store(items[mine % 2], i + 1, relaxed);
            store(ends[1], mine + 1, release);
        } else if (t == 1 && mine < other) {
            load(items[mine % 2], relaxed);
            store(ends[0], mine + 1, release);
        }
    }
}
