/* Litmus tests that grow with the number of threads, or of rounds: ../shapes/litmus.rs. */

static atomic_int x[N + 1];

static void incrementers(int t) {
    add(x[0], 1, relaxed);
}

static void writers(int t) {
    store(x[0], t + 1, relaxed);
}

static void casrot(int t) {
    int expected = t;
    cas(x[0], &expected, t + 1, relaxed);
}

static void store_buffering(int t) {
    store(x[t], 1, relaxed);
    load(x[(t + 1) % N], relaxed);
}

static void sc_store_buffering(int t) {
    store(x[t], 1, seq_cst);
    load(x[(t + 1) % N], seq_cst);
}

static void message_passing(int t) {
    if (t == 0) {
        store(x[0], 1, relaxed);
        store(x[1], 1, release);
        return;
    }
    load(x[1], acquire);
    load(x[0], relaxed);
}

static void last_zero(int t) {
    if (t > 0) {
        int before = load(x[t - 1], acquire);
        store(x[t], before + 1, release);
        return;
    }
    int i = N - 1;
    while (load(x[i], acquire) != 0)
        i--;
}

static void readers_writer(int t) {
    if (t > 0)
        load(x[0], relaxed);
    else
        store(x[0], 1, relaxed);
}

static atomic_int fib[2] = {1, 1}, table[128];

static void fib_bench(int t) {
    if (t == 2) {
        load(fib[0], acquire);
        load(fib[1], acquire);
        return;
    }
    for (int i = 0; i < N; i++) {
        int mine = load(fib[t], acquire);
        int other = load(fib[1 - t], acquire);
        store(fib[t], mine + other, release);
    }
}

static void indexer(int t) {
    for (int m = 1; m <= 4; m++) {
        int message = m * 11 + t;
        int at = message * 7 % 128;
        int expected = 0;
        while (!cas(table[at], &expected, message, relaxed)) {
            at = (at + 1) % 128;
            expected = 0;
        }
    }
}
