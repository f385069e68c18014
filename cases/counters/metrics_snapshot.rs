//! A metric that is read and reset must be read and reset in one step, or events are lost.
//!
//! Shape: one thread counts two events while another takes a snapshot and starts again from zero.
//! What the snapshots saw and what is left must add up to two. Between a load and a store of zero
//! an event can come, and then no snapshot has it. A swap takes exactly what it clears; subtracting
//! what was loaded leaves what came since.
//!
//! Source: Lu, Park, Seo and Zhou, ASPLOS 2008, section 3 (atomicity violations).
//! Does not show: several metrics of one moment, which `torn_pair` does.

use super::rt::sync::atomic::{AtomicU32, Ordering::*};
use super::rt::thread;

cases! {
    /// A swap takes what it clears.
    swap: holds() => snapshot(|events| events.swap(0, Relaxed)); // Relaxed: atomicity suffices
    /// What came after the load stays. Right with one reader only: two would subtract it twice.
    subtract_what_was_read: holds() => snapshot(|events| {
        let seen = events.load(Relaxed); // Relaxed: an older value only leaves more behind
        events.fetch_sub(seen, Relaxed); // Relaxed: atomicity suffices
        seen
    });
    /// What came between the load and the store is lost, even with SeqCst.
    load_then_store: fails(Assertion) => snapshot(|events| {
        let seen = events.load(SeqCst); // SeqCst: to show that ordering does not help
        events.store(0, SeqCst); // SeqCst: as above
        seen
    });
}

fn snapshot(take: fn(&AtomicU32) -> u32) {
    let events = AtomicU32::new(0);
    let seen = thread::scope(|s| {
        s.spawn(|| {
            events.fetch_add(1, Relaxed); // Relaxed: atomicity suffices
            events.fetch_add(1, Relaxed); // Relaxed: atomicity suffices
        });
        s.spawn(|| take(&events)).join().unwrap()
    });
    // Relaxed: the scope's joins order everything before this load.
    assert_eq!(seen + events.load(Relaxed), 2, "an event is in no snapshot");
}
