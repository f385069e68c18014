//! The measured programs, written once: each takes its size and returns what its threads saw.

use super::rt;

mod litmus;
mod locks;
mod queues;

use std::sync::Arc;

use rt::sync::atomic::AtomicUsize;

/// A program of size `n`; two executions have the same outcome if it returns the same values.
pub type Shape = fn(usize) -> Vec<usize>;

/// Every shape by name.
pub const SHAPES: [(&str, Shape); 25] = [
    ("incrementers", litmus::incrementers),
    ("writers", litmus::writers),
    ("casrot", litmus::casrot),
    ("store buffering", litmus::store_buffering),
    ("SC store buffering", litmus::sc_store_buffering),
    ("message passing", litmus::message_passing),
    ("last-zero", litmus::last_zero),
    ("readers-writer", litmus::readers_writer),
    ("fib_bench", litmus::fib_bench),
    ("indexer", litmus::indexer),
    ("mutex", locks::mutex),
    ("lock pair", locks::lock_pair),
    ("tas lock", locks::tas_lock),
    ("ttas lock", locks::ttas_lock),
    ("ticket lock", locks::ticket_lock),
    ("mcs lock", locks::mcs_lock),
    ("clh lock", locks::clh_lock),
    ("seqlock", locks::seqlock),
    ("linux rwlock", locks::linux_rwlock),
    ("peterson", locks::peterson),
    ("michael-scott", queues::michael_scott),
    ("treiber", queues::treiber),
    ("herlihy-wing", queues::herlihy_wing),
    ("chase-lev", queues::chase_lev),
    ("spsc ring", queues::spsc_ring),
];

/// Runs `body` on `n` threads and returns what each returns.
fn threads(n: usize, body: impl Fn(usize) -> usize + Clone + Send + 'static) -> Vec<usize> {
    let spawn = |t| {
        let body = body.clone();
        rt::thread::spawn(move || body(t))
    };
    let threads: Vec<_> = (0..n).map(spawn).collect();
    threads.into_iter().map(|thread| thread.join().expect("no shape fails")).collect()
}

/// `n` atomics that hold `value`, shared by a count that no engine explores.
fn atomics(n: usize, value: usize) -> Arc<Vec<AtomicUsize>> {
    Arc::new((0..n).map(|_| AtomicUsize::new(value)).collect())
}
