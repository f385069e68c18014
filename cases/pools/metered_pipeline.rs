//! A metric that must cover every result already delivered is counted before the result is sent.
//!
//! Shape: a worker counts an item and sends its result; a reader that has the result compares the
//! metric with it. A receive happens after its send, so what was counted before the send is seen,
//! although the count itself is Relaxed. Counted after the send, the metric may lag behind what is
//! delivered.
//!
//! Source: Rust std, `mpsc`; ISO C++20 [intro.races] p11 (without consume, happens before is
//! transitive).
//! Does not show: the metric at an arbitrary moment, which is an estimate.

use super::rt::sync::atomic::{AtomicU32, Ordering::*};
use super::rt::sync::mpsc;
use super::rt::thread;

cases! {
    /// Every delivered result has been counted.
    count_then_send: holds() => meter(|processed, results| {
        processed.fetch_add(1, Relaxed); // Relaxed: the send publishes it
        results.send(7).unwrap();
    });
    /// The result comes before it is counted.
    send_then_count: fails(Assertion) => meter(|processed, results| {
        results.send(7).unwrap();
        processed.fetch_add(1, SeqCst); // SeqCst: to show that ordering does not help
    });
}

fn meter(process: fn(&AtomicU32, &mpsc::Sender<u32>)) {
    let processed = AtomicU32::new(0);
    let (results, delivered) = mpsc::channel();
    thread::scope(|s| {
        s.spawn(|| process(&processed, &results));
        let processed = &processed;
        s.spawn(move || {
            delivered.recv().unwrap();
            let counted = processed.load(Relaxed); // Relaxed: the receive acquired the count
            assert_eq!(counted, 1, "a delivered result is not counted");
        });
    });
}
