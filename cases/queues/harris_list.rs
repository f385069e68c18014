//! A node is deleted by a mark in its own link, before it is taken out: else what is put in behind it is lost with it.
//!
//! Shape: a list without locks. A delete that only swings the link before its node does not meet an
//! insert that only swings the link of that node: both succeed, and the new node hangs on a node that is
//! out of the list. So a delete marks the node's link first; an insert finds it marked, helps to take
//! the node out, and starts anew. Whoever takes a node out makes what stood behind it reachable by
//! another link, and has to publish it there.
//!
//! Source: Harris, "A pragmatic implementation of non-blocking linked-lists", DISC 2001.
//! Does not show: reclamation; a second delete.

use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicUsize, Ordering, Ordering::*};
use super::rt::thread;

/// The node that is deleted is old, and the one behind it new. A link is twice a node; one more: deleted.
const HEAD: usize = 0;
const OLD: usize = 1;
const NEW: usize = 2;
const END: usize = 3;

cases! {
    /// The mark makes the insert start anew, or the delete take over what was put in.
    marked: holds() => insert_beside_delete(true);
    /// The link before the deleted node is swung, and nothing tells the insert.
    unmarked: fails(Assertion) => insert_beside_delete(false);
    /// What the delete found behind the node is found by readers, with its value.
    published: holds() => read_beside_both([Release, Acquire, Release]);
    /// The new node is linked without being published.
    relaxed_insert: fails(DataRace) => read_beside_both([Relaxed, Acquire, Release]);
    /// Who takes the old node out links to the new one without having it.
    relaxed_mark: fails(DataRace) => read_beside_both([Release, Relaxed, Release]);
    /// Or without passing on what it has.
    relaxed_take_out: fails(DataRace) => read_beside_both([Release, Acquire, Relaxed]);
}

struct List {
    next: [AtomicUsize; 3],
    value: UnsafeCell<u32>,
    orders: [Ordering; 3],
}

impl List {
    /// Swings the head past the old node, to what is behind it.
    fn take_out(&self, behind: usize) {
        // Release: passes on what is behind. Relaxed: somebody else has taken it out
        let _ = self.next[HEAD].compare_exchange(2 * OLD, behind & !1, self.orders[2], Relaxed);
    }

    fn delete_old(&self, marks: bool) {
        let (link, order) = (&self.next[OLD], self.orders[1]);
        // Acquire: pairs with the insert. Relaxed, as a store: it continues the insert's release sequence
        self.take_out(if marks { link.fetch_or(1, order) } else { link.load(order) });
    }

    fn insert_new(&self) {
        loop {
            let mut before = HEAD;
            let mut link = self.next[HEAD].load(Relaxed); // Relaxed: nodes here were made before
            if link == 2 * OLD {
                let behind = self.next[OLD].load(Relaxed); // Relaxed: there is nothing new behind it
                if behind & 1 == 1 {
                    self.take_out(behind);
                    continue;
                }
                (before, link) = (OLD, behind);
            }
            if self.link_new(before, link) {
                return;
            }
        }
    }

    fn link_new(&self, before: usize, behind: usize) -> bool {
        self.next[NEW].store(behind, Relaxed); // Relaxed: the exchange publishes it
        // Release: pairs with who follows the link. Relaxed: it starts anew
        self.next[before].compare_exchange(behind, 2 * NEW, self.orders[0], Relaxed).is_ok()
    }

    /// Reads the new node's value, if it is the first.
    fn read_first(&self) {
        // Acquire: pairs with the insert, and with who takes the old node out
        if self.next[HEAD].load(Acquire) == 2 * NEW {
            // SAFETY: it is written before the node is linked; who takes the old node out has acquired it there,
            // and releases it here.
            assert_eq!(self.value.with(|value| unsafe { *value }), 7);
        }
    }
}

fn list(orders: [Ordering; 3]) -> List {
    let next = [2 * OLD, 2 * END, 2 * END].map(AtomicUsize::new);
    List { next, value: UnsafeCell::new(0), orders }
}

fn insert_beside_delete(marks: bool) {
    let list = list([Release, Acquire, Release]);
    thread::scope(|s| {
        s.spawn(|| list.delete_old(marks));
        s.spawn(|| list.insert_new());
    });
    let [first, _, last] = list.next.map(AtomicUsize::into_inner);
    assert_eq!([first, last], [2 * NEW, 2 * END], "the insert is lost");
}

/// The insert, which does not try again here, the delete, and a reader.
fn read_beside_both(orders: [Ordering; 3]) {
    let list = list(orders);
    thread::scope(|s| {
        s.spawn(|| list.delete_old(true));
        s.spawn(|| {
            // SAFETY: who reads it finds the node linked, which is below.
            list.value.with_mut(|value| unsafe { *value = 7 });
            list.link_new(OLD, 2 * END)
        });
        s.spawn(|| list.read_first());
    });
}
