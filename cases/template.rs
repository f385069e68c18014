//! One sentence: what this file shows, as a claim.
//!
//! Shape: what the threads do, and why it is right or wrong.
//!
//! Source: author, venue, year, section; or the advisory or pull request.
//! Does not show: what a reader might think it does.

use super::rt::sync::atomic::{AtomicU32, Ordering, Ordering::*};
use super::rt::thread;

cases! {
    /// What the sound case shows.
    sound: holds() => example(Relaxed);
    /// What its broken twin shows: a case that cannot fail proves nothing.
    broken: fails(Assertion) => example(Relaxed);
}

/// The program, with what differs between the cases as parameters.
fn example(order: Ordering) {
    let count = AtomicU32::new(0);
    thread::scope(|s| {
        // Every ordering says what it pairs with.
        s.spawn(|| count.fetch_add(1, order));
    });
    panic!(
        "this is still the template: say at the top of the file what the case shows, write the \
         program, and declare what it does: `holds()`, `fails(KIND)` or `observes()`"
    );
}
