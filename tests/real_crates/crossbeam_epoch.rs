//! crossbeam's epochs: what a pinned thread can reach is not freed, and what is retired is freed once.

use std::iter;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::*};
use std::thread;

use crossbeam::epoch::{Atomic, Collector, Guard, LocalHandle, Owned};

use crate::{assert_each_once, on_threads};

/// A node counts its end, and no longer holds what it held.
struct Node<'a> {
    value: usize,
    same: usize,
    next: Atomic<Node<'a>>,
    freed: &'a AtomicUsize,
}

impl Drop for Node<'_> {
    fn drop(&mut self) {
        (self.value, self.same) = (usize::MAX, 0);
        self.freed.fetch_add(1, Relaxed); // Relaxed: read after every thread is joined
    }
}

fn node(value: usize, freed: &AtomicUsize) -> Owned<Node<'_>> {
    Owned::new(Node { value, same: value, next: Atomic::null(), freed })
}

/// Treiber's stack.
struct Stack<'a>(Atomic<Node<'a>>);

impl<'a> Stack<'a> {
    fn push(&self, value: usize, freed: &'a AtomicUsize, guard: &Guard) {
        let mut node = node(value, freed);
        let mut head = self.0.load(Relaxed, guard); // Relaxed: the head is not read through here
        loop {
            node.next = Atomic::from(head);
            // Release: pairs with pop's loads. Relaxed on failure: as above.
            match self.0.compare_exchange(head, node, Release, Relaxed, guard) {
                Ok(_) => return,
                Err(failed) => (head, node) = (failed.current, failed.new),
            }
        }
    }

    fn pop(&self, guard: &Guard) -> Option<usize> {
        loop {
            let head = self.0.load(Acquire, guard); // Acquire: pairs with push's exchange
            // SAFETY: a node that can be reached while this thread is pinned is not freed until it is unpinned.
            let node = unsafe { head.as_ref() }?;
            thread::yield_now(); // stays pinned meanwhile
            assert_eq!(node.value, node.same, "a freed node was read");
            let next = node.next.load(Relaxed, guard); // Relaxed: written before the node was pushed
            // Relaxed: an exchange keeps up the release sequence that the next node's push began.
            if self.0.compare_exchange(head, next, Relaxed, Relaxed, guard).is_ok() {
                let value = node.value;
                // SAFETY: the node has been taken out, by this thread alone, so nobody finds it any more.
                unsafe { guard.defer_destroy(head) };
                return Some(value);
            }
        }
    }
}

/// Every value pushed is popped once, and every node is freed once, when nobody can be reading it.
///
/// Twin of `treiber_use_after_free/freed_later`.
/// Twin of `treiber_orderings/release_acquire`.
#[test]
fn a_stack_frees_each_node_once() {
    const EACH: usize = 1_000;
    let freed = AtomicUsize::new(0);
    let stack = Stack(Atomic::null());
    let collector = Collector::new();
    let shares = on_threads(4, |t| {
        let local = collector.register();
        let run = |number| {
            stack.push(t * EACH + number, &freed, &local.pin());
            stack.pop(&local.pin()).expect("everybody pushes before they pop")
        };
        (0..EACH).map(run).collect::<Vec<_>>()
    });
    assert_each_once(shares.into_iter().flatten(), 4 * EACH);
    assert_eq!(stack.pop(&collector.register().pin()), None);
    drop(collector); // frees what is still retired
    assert_eq!(freed.into_inner(), 4 * EACH);
}

/// Readers find a whole configuration, and none older than the last they have seen, while it is replaced.
///
/// Twin of `epoch_reclamation/sound`.
#[test]
fn a_replaced_value_stays_whole_for_its_readers() {
    const VALUES: usize = 100_000;
    let freed = AtomicUsize::new(0);
    let current: Atomic<Node> = Atomic::from(node(0, &freed));
    let replacing = AtomicBool::new(true);
    let collector = Collector::new();
    let read = |local: &LocalHandle| {
        let guard = local.pin();
        let value = current.load(Acquire, &guard); // Acquire: pairs with the writer's swap
        // SAFETY: it is never null, and not freed while this thread is pinned.
        let node = unsafe { value.deref() };
        let first = node.value;
        thread::yield_now(); // stays pinned meanwhile
        (first, node.same)
    };
    thread::scope(|s| {
        for _ in 0..2 {
            s.spawn(|| {
                let local = collector.register();
                // Relaxed: the flag only ends the reading.
                let values = iter::from_fn(|| replacing.load(Relaxed).then(|| read(&local)));
                values.fold(0, |newest, (value, same)| {
                    assert_eq!(value, same, "a freed value was read");
                    assert!(value >= newest, "{value} after {newest}");
                    value
                });
            });
        }
        let local = collector.register();
        for value in 1..=VALUES {
            let guard = local.pin();
            // AcqRel: pairs with the readers' load, and with the swap before, whose value is retired here.
            let old = current.swap(node(value, &freed), AcqRel, &guard);
            // SAFETY: the swap has taken it out, so nobody finds it any more.
            unsafe { guard.defer_destroy(old) };
        }
        replacing.store(false, Relaxed); // Relaxed: as above
    });
    // SAFETY: all threads have ended, and the last value was never retired.
    drop(unsafe { current.into_owned() });
    drop(collector); // frees what is still retired
    assert_eq!(freed.into_inner(), VALUES + 1);
}
