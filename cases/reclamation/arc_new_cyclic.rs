//! A value that is made with a weak reference to itself is not there for who follows the reference too early.
//!
//! Shape: a node keeps a weak reference to itself, so it must be made inside `Arc::new_cyclic`. While it is
//! made, a thread that was given the reference already tries to upgrade it. It gets nothing, or the whole
//! node: the count rises after the node is written, by Release, and the upgrade acquires. Code that takes for
//! granted that the node is there is wrong.
//!
//! Source: Rust std, `Arc::new_cyclic` (upgrading inside the closure gives `None`).
//! Does not show: the orderings of the count, for which see `weak_upgrade`; a constructor that panics.

use super::rt::sync::{Arc, Weak};
use super::rt::thread;

cases! {
    /// Who gets nothing does without.
    does_without: holds().exposed() => upgrade_while_made(false);
    /// Who takes it for granted comes too early.
    taken_for_granted: fails(Assertion) => upgrade_while_made(true);
}

struct Node {
    itself: Weak<Node>,
    value: u32,
}

fn upgrade_while_made(takes_for_granted: bool) {
    thread::scope(|s| {
        let node = Arc::new_cyclic(|itself: &Weak<Node>| {
            let given = itself.clone();
            s.spawn(move || match given.upgrade() {
                Some(node) => assert_eq!(node.value, 7),
                None => assert!(!takes_for_granted, "the node is not there"),
            });
            Node { itself: itself.clone(), value: 7 }
        });
        let again = node.itself.upgrade().expect("this thread has a strong reference");
        assert_eq!(again.value, 7);
    });
}
