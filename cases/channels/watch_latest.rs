//! Who waits for changes must note the version before reading the value, not after.
//!
//! Shape: a watch channel keeps the latest value and a version that grows with it. The receiver
//! notes the version it has seen and looks again when that has changed. The value is written before
//! the version and read after it, so a value read is never older than the version noted: the worst
//! is a second look at the same value. In any other order the last value can be marked as seen
//! without having been read, and then nobody ever looks again.
//!
//! Source: ISO C++20 [intro.races]; tokio::sync::watch, documentation (only the last value counts).
//! Does not show: intermediate values; a watch channel is free to skip them.

use super::rt::sync::atomic::{AtomicU32, Ordering, Ordering::*};
use super::rt::thread;

cases! {
    /// The value is at least as new as the version noted.
    version_then_value: holds() => watch(Send::Value, See::Version, (Release, Acquire));
    /// The version is newer than the value that was read.
    value_then_version: fails(Assertion) => watch(Send::Value, See::Value, (Release, Acquire));
    /// The version announces a value that is not there yet.
    version_sent_first: fails(Assertion) => watch(Send::Version, See::Version, (Release, Acquire));
    /// The version overtakes the value it was written after.
    relaxed_store: fails(Assertion)
        .weak()
        => watch(Send::Value, See::Version, (Relaxed, Acquire));
    /// The value is read before the version it is read after.
    relaxed_load: fails(Assertion)
        .weak()
        => watch(Send::Value, See::Version, (Release, Relaxed));
}

/// What the sender writes first.
#[derive(PartialEq)]
enum Send {
    Value,
    Version,
}

/// What the receiver reads first.
#[derive(PartialEq)]
enum See {
    Value,
    Version,
}

fn watch(send: Send, see: See, (publish, look): (Ordering, Ordering)) {
    let (value, version) = (AtomicU32::new(0), AtomicU32::new(0));
    let (read, seen) = thread::scope(|s| {
        s.spawn(|| {
            if send == Send::Version {
                version.store(1, publish); // Release: publishes nothing, it comes first
            }
            value.store(7, Relaxed); // Relaxed: the version publishes it
            if send == Send::Value {
                version.store(1, publish); // Release: pairs with the receiver's load
            }
        });
        let receiver = s.spawn(|| {
            let early = value.load(Relaxed); // Relaxed: read too early where it is used
            let seen = version.load(look); // Acquire: pairs with the sender's store
            let late = value.load(Relaxed); // Relaxed: ordered by the load of the version
            (if see == See::Value { early } else { late }, seen)
        });
        receiver.join().unwrap()
    });
    // What the receiver does when the sender is done: it looks again if the version has changed.
    let looks_again = version.into_inner() != seen;
    assert!(looks_again || read == 7, "the last value is marked as seen and was not read");
}
