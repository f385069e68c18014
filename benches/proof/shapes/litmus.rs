//! Litmus tests that grow with the number of threads, or of rounds.

use super::rt::sync::atomic::Ordering::{self, Acquire, Relaxed, Release, SeqCst};
use super::{atomics, threads};

/// `n` threads each add one to one counter: n! orders.
pub fn incrementers(n: usize) -> Vec<usize> {
    let x = atomics(1, 0);
    threads(n, move |_| x[0].fetch_add(1, Relaxed))
}

/// `n` threads each store to one variable: n! orders.
pub fn writers(n: usize) -> Vec<usize> {
    let x = atomics(1, 0);
    threads(n, move |t| {
        x[0].store(t + 1, Relaxed);
        0
    })
}

/// Each of `n` threads advances one variable from its own number to the next one, if it stands there.
pub fn casrot(n: usize) -> Vec<usize> {
    let x = atomics(1, 0);
    threads(n, move |t| match x[0].compare_exchange(t, t + 1, Relaxed, Relaxed) {
        Ok(found) | Err(found) => found,
    })
}

/// Each of `n` threads sets its own variable and reads its neighbour's.
pub fn store_buffering(n: usize) -> Vec<usize> {
    ring(n, Relaxed)
}

/// As above with sequentially consistent accesses: not every thread reads zero.
pub fn sc_store_buffering(n: usize) -> Vec<usize> {
    ring(n, SeqCst)
}

fn ring(n: usize, ordering: Ordering) -> Vec<usize> {
    let x = atomics(n, 0);
    threads(n, move |t| {
        x[t].store(1, ordering);
        x[(t + 1) % n].load(ordering)
    })
}

/// One thread sets data, then a flag; the others read the flag, then the data.
pub fn message_passing(n: usize) -> Vec<usize> {
    let x = atomics(2, 0);
    threads(n, move |t| {
        if t == 0 {
            x[0].store(1, Relaxed);
            x[1].store(1, Release);
            return 0;
        }
        let flag = x[1].load(Acquire);
        2 * flag + x[0].load(Relaxed)
    })
}

/// One thread looks for the last zero while each other one sets its element to one more than the element before.
pub fn last_zero(n: usize) -> Vec<usize> {
    let array = atomics(n, 0);
    threads(n, move |t| {
        if t > 0 {
            let before = array[t - 1].load(Acquire);
            array[t].store(before + 1, Release);
            return before;
        }
        (0..n).rev().find(|i| array[*i].load(Acquire) == 0).expect("the first stays zero")
    })
}

/// One writer, the others read.
pub fn readers_writer(n: usize) -> Vec<usize> {
    let x = atomics(1, 0);
    threads(n, move |t| {
        if t > 0 {
            return x[0].load(Relaxed);
        }
        x[0].store(1, Relaxed);
        0
    })
}

/// Two threads each add the other's variable to their own, `n` times, while a third looks on.
pub fn fib_bench(n: usize) -> Vec<usize> {
    let x = atomics(2, 1);
    threads(3, move |t| {
        let load = |i: usize| x[i].load(Acquire);
        if t == 2 {
            let (first, second) = (load(0), load(1));
            return first.max(second);
        }
        for _ in 0..n {
            let (mine, other) = (load(t), load(1 - t));
            x[t].store(mine + other, Release);
        }
        0
    })
}

/// `n` threads each insert four messages into a hash table of 128 entries, by compare-exchange.
pub fn indexer(n: usize) -> Vec<usize> {
    let table = atomics(128, 0);
    threads(n, move |t| {
        let mut taken = 0;
        for m in 1..=4 {
            let message = m * 11 + t;
            let mut at = message * 7 % 128;
            while table[at].compare_exchange(0, message, Relaxed, Relaxed).is_err() {
                at = (at + 1) % 128;
                taken += 1;
            }
        }
        taken
    })
}
