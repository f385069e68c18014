/* What GenMC's papers measure, beside what ../shapes has: ../genmc.rs. */

static atomic_int fib[2] = {1, 1}, table[128];

/* Two threads; N times each. The thread that looks on in the Rust file is the main one there. */
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
