//! A pop must acquire with the load of the head: its compare-exchange comes too late.
//!
//! Shape: a push writes a node and makes it the head by a Release exchange. A pop loads the head,
//! reads the node's next, and exchanges the head for it. To acquire with the exchange alone covers
//! the reading of the value, which comes after it, but not that of the next pointer, which comes
//! before. The exchange of the pop itself may be Relaxed: as a read-modify-write it continues the
//! release sequences of the pushes before it.
//!
//! Source: ISO C++20 [intro.races] p5 (release sequence); Treiber, IBM RJ 5118, 1986
//! (crossbeam-epoch's example gives the pop's exchange a Release that it does not need).
//! Minimal: `Stack::push: self.head.load` Relaxed, `Stack::push: self.head.compare_exchange`
//! Release, `Stack::pop: self.head.load` Acquire (crossbeam-epoch, example treiber_stack.rs, 2017).
//! Does not show: reuse of nodes; each is pushed once.

use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicUsize, Ordering, Ordering::*};
use super::rt::thread;

/// Of the push's exchange, of the pop's load, and of the pop's exchange.
type Orders = (Ordering, Ordering, Ordering);

cases! {
    /// The pop's load acquires what the pushes have released.
    release_acquire: holds() => push_push_pop((Release, Acquire, Relaxed));
    /// The node is the head before it is written.
    relaxed_push: fails(DataRace) => push_push_pop((Relaxed, Acquire, Relaxed));
    /// The node's next pointer is read before anything was acquired.
    acquire_exchange_only: fails(DataRace) => push_push_pop((Release, Relaxed, Acquire));
}

/// Nodes are numbered from 1; 0 is none.
struct Stack {
    head: AtomicUsize,
    next: [UnsafeCell<usize>; 3],
    value: [UnsafeCell<u32>; 3],
    orders: Orders,
}

impl Stack {
    fn push(&self, node: usize) {
        // SAFETY: each node is pushed once, and nobody can find it before it is the head.
        self.value[node].with_mut(|value| unsafe { *value = 7 });
        let mut seen = self.head.load(Relaxed); // Relaxed: nothing behind it is read
        loop {
            // SAFETY: as above: the exchange below has not succeeded yet.
            self.next[node].with_mut(|next| unsafe { *next = seen });
            // Release: pairs with the load in a pop; Relaxed would make a head of a node that is
            // not written. Relaxed: a failure is tried again.
            match self.head.compare_exchange(seen, node, self.orders.0, Relaxed) {
                Ok(_) => return,
                Err(now) => seen = now,
            }
        }
    }

    /// Tries once.
    fn pop(&self) -> Option<u32> {
        // Acquire: the next pointer is read before the exchange
        let node = self.head.load(self.orders.1);
        if node == 0 {
            return None;
        }
        // SAFETY: the node was written before it became the head, and is not written again; it
        // takes the Release of the push and the Acquire of the load to say so.
        let next = self.next[node].with(|next| unsafe { *next });
        // Relaxed: it only passes on what the pushes have released
        self.head.compare_exchange(node, next, self.orders.2, Relaxed).ok()?;
        // SAFETY: as above; here the exchange could have acquired as well.
        Some(self.value[node].with(|value| unsafe { *value }))
    }
}

fn push_push_pop(orders: Orders) {
    let (next, value) = ([0; 3].map(UnsafeCell::new), [0; 3].map(UnsafeCell::new));
    let stack = Stack { head: AtomicUsize::new(0), next, value, orders };
    thread::scope(|s| {
        s.spawn(|| stack.push(1));
        s.spawn(|| stack.push(2));
        s.spawn(|| assert!(stack.pop().is_none_or(|value| value == 7)));
    });
}
