/* Litmus tests that grow with the number of threads: ../shapes/litmus.rs. */

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
