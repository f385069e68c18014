//! Cases whose declarations are wrong, one in each way a declaration can be wrong.

use super::rt::sync::atomic::{AtomicU32, Ordering::*};
use super::rt::thread;

cases! {
    /// Declared to hold, but fails.
    fails_though_it_should_hold: holds() => assert_eq!(race(), (1, 1));
    /// Declared to fail, but holds.
    holds_though_it_should_fail: fails(Assertion) => assert!(race().0 < 2);
    /// Declared to fail in another way than it does.
    fails_in_another_way: fails(Deadlock) => assert_eq!(race(), (1, 1));
    /// Declared to be missed by an engine that sees it.
    is_seen_after_all: fails(Assertion).misses(Loom, NotModelled).misses(Shuttle, NotModelled)
        .misses(Rc11, NotModelled) => assert_eq!(race(), (1, 1));
    /// Declared to be an alarm of an engine that does not alarm.
    is_no_alarm: holds().alarms(Loom, SeqCstAsAcqRel).alarms(Shuttle, NotModelled)
        .alarms(Rc11, NotModelled) => assert!(race().0 < 2);
    /// Declared to be skipped by an engine that runs it.
    is_not_skipped: holds().skips(Loom, ThreadLimit).skips(Shuttle, ThreadLimit)
        .skips(Rc11, ThreadLimit) => assert!(race().0 < 2);
    /// An allowed outcome is not declared.
    has_another_outcome: observes().required([(0, 1), (1, 0)]) => race();
    /// A declared outcome never happens.
    lacks_an_outcome: observes().required([(0, 1), (1, 0), (1, 1), (7, 7)]) => race();
    /// A forbidden outcome happens.
    has_a_forbidden_outcome: observes().required([(0, 1), (1, 0)]).forbidden((1, 1), "") => race();
    /// An outcome is declared to be missed by an engine that sees it.
    sees_what_it_should_miss: observes().required([(0, 1), (1, 0), (1, 1)])
        .misses(Loom, [(1, 1)], NotModelled).misses(Shuttle, [(1, 1)], NotModelled)
        .misses(Rc11, [(1, 1)], NotModelled) => race();
    /// Declared right, so that the others are seen to fail for their declarations.
    right: observes().required([(0, 1), (1, 0), (1, 1)]) => race();
}

/// Each thread adds one to its own counter and reads the other's; at least one is seen.
fn race() -> (u32, u32) {
    let (x, y) = (AtomicU32::new(0), AtomicU32::new(0));
    thread::scope(|s| {
        let left = s.spawn(|| {
            x.fetch_add(1, AcqRel); // read-modify-writes on both sides stay in order
            y.fetch_add(0, AcqRel)
        });
        let right = s.spawn(|| {
            y.fetch_add(1, AcqRel);
            x.fetch_add(0, AcqRel)
        });
        (left.join().unwrap(), right.join().unwrap())
    })
}
