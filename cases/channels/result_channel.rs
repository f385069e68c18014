//! An error crosses a channel as a value, if somebody looks at it.
//!
//! Shape: two workers report success or failure through one channel, and the collector must learn
//! that one failed. A collector that keeps the good results and skips the rest, or stops at the
//! first result, reports success, the latter only in some interleavings.
//!
//! Source: The Rust Programming Language, ch. 9.2 (errors are values) and 16.2 (channels).
//! Does not show: a worker that panics; its sender is dropped, and the channel says nothing of why.

use super::rt::sync::mpsc::{self, Receiver};
use super::rt::thread;

type Results = Receiver<Result<u32, &'static str>>;

cases! {
    /// Every result is looked at.
    collected: holds()
        => report(|results| results.into_iter().collect::<Result<Vec<_>, _>>().is_err());
    /// Errors are skipped.
    flattened: fails(Assertion) => report(|results| results.into_iter().flatten().count() == 0);
    /// The first result is taken for the whole.
    first_only: fails(Assertion) => report(|results| results.recv().unwrap().is_err());
}

fn report(failed: fn(Results) -> bool) {
    let (good, results) = mpsc::channel();
    let bad = good.clone();
    thread::scope(|s| {
        s.spawn(move || good.send(Ok(1)).unwrap());
        s.spawn(move || bad.send(Err("no such file")).unwrap());
    });
    assert!(failed(results), "a worker's failure goes unnoticed");
}
