/* Locks that guard a plain counter: ../shapes/locks.rs. */

static int counter;
static pthread_mutex_t outer = PTHREAD_MUTEX_INITIALIZER, inner = PTHREAD_MUTEX_INITIALIZER;
static atomic_int lock[2], tail, next[N + 1], locked[N + 1], turn, flags[2], sequence, data[2];

static void mutex(int t) {
    pthread_mutex_lock(&outer);
    counter++;
    pthread_mutex_unlock(&outer);
}

static void lock_pair(int t) {
    pthread_mutex_lock(&outer);
    pthread_mutex_lock(&inner);
    counter++;
    pthread_mutex_unlock(&inner);
    pthread_mutex_unlock(&outer);
}

static void tas_lock(int t) {
    while (swap(lock[0], 1, acquire) == 1)
        ;
    counter++;
    store(lock[0], 0, release);
}

static void ttas_lock(int t) {
    do {
        while (load(lock[0], relaxed) == 1)
            ;
    } while (swap(lock[0], 1, acquire) == 1);
    counter++;
    store(lock[0], 0, release);
}

static void ticket_lock(int t) {
    int ticket = add(lock[0], 1, relaxed);
    while (load(lock[1], acquire) != ticket)
        ;
    counter++;
    store(lock[1], ticket + 1, release);
}

static void mcs_lock(int t) {
    int me = t + 1;
    store(locked[me], 1, relaxed);
    int before = swap(tail, me, acq_rel);
    if (before != 0) {
        store(next[before], me, release);
        while (load(locked[me], acquire) == 1)
            ;
    }
    counter++;
    int expected = me;
    if (!cas(tail, &expected, 0, acq_rel)) {
        while (load(next[me], acquire) == 0)
            ;
        store(locked[load(next[me], relaxed)], 0, release);
    }
}

static void clh_lock(int t) {
    int me = t + 1;
    store(locked[me], 1, relaxed);
    int before = swap(tail, me, acq_rel);
    while (load(locked[before], acquire) == 1)
        ;
    counter++;
    store(locked[me], 0, release);
}

static void seqlock(int t) {
    if (t == 0) {
        store(sequence, 1, relaxed);
        fence(release);
        store(data[0], 1, relaxed);
        store(data[1], 1, relaxed);
        store(sequence, 2, release);
        return;
    }
    int before, first, second;
    do {
        before = load(sequence, acquire);
        first = load(data[0], relaxed);
        second = load(data[1], relaxed);
        fence(acquire);
    } while (before % 2 != 0 || load(sequence, relaxed) != before);
    assert(first == second);
}

#define FREE (1 << 20)
static atomic_int word = FREE;

static void linux_rwlock(int t) {
    int mine = t == 0 ? FREE : 1;
    for (int i = 0; i < 2; i++) {
        int before = atomic_fetch_sub_explicit(&word, mine, acquire);
        if (t == 0 ? before == FREE : before > 0) {
            if (t == 0)
                counter++;
            else
                (void)*(volatile int *)&counter;
            add(word, mine, release);
            return;
        }
        add(word, mine, relaxed);
    }
}

/* Two threads. */
static void peterson(int t) {
    for (int i = 1; i < N; i++) {
        store(flags[t], 1, relaxed);
        swap(turn, 1 - t, acq_rel);
        fence(seq_cst);
        if (load(flags[1 - t], acquire) == 0 || load(turn, acquire) == t)
            counter++;
        store(flags[t], 0, release);
    }
}
