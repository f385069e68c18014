//! In a linked queue the link from node to node publishes; the tail is only a hint.
//!
//! Shape: a push links its node behind the last one by a compare-exchange on that node's next
//! pointer, and then moves the tail, which another push does for it if it is late. A pop moves the
//! head to the next node and reads the value there. So a value travels along the link: Release
//! where it is made, Acquire where it is followed. A link that is stored, not exchanged, lets two
//! pushes write it, and one message is lost.
//!
//! Source: Michael and Scott, PODC 1996, figure 1.
//! Minimal: `Queue::link: next.compare_exchange` Release, `Queue::pop: self.next[first].load`
//! Acquire (crossbeam-epoch 0.9, 2020, queue.rs, with more for its allocated nodes).
//! Does not show: reclamation; the nodes are in an array and never reused, so the tail may be
//! Relaxed. Where nodes are allocated it must publish them as well.

use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicUsize, Ordering, Ordering::*};
use super::rt::thread;

cases! {
    /// The value travels along the link.
    release_acquire: holds().exposed() => push_push_pop(Release, Acquire, true);
    /// The link does not publish the node's value.
    relaxed_link: fails(DataRace) => push_push_pop(Relaxed, Acquire, true);
    /// The link is followed without acquiring the value.
    relaxed_follow: fails(DataRace) => push_push_pop(Release, Relaxed, true);
    /// Both pushes find the link free and write it.
    stored_link: fails(Assertion) => push_push_pop(Release, Acquire, false);
}

/// Nodes are numbered; 0 is the first dummy, and as a link it means none.
struct Queue {
    head: AtomicUsize,
    tail: AtomicUsize,
    next: [AtomicUsize; 3],
    value: [UnsafeCell<usize>; 3],
}

impl Queue {
    fn push(&self, node: usize, link: Ordering, exchanged: bool) {
        // SAFETY: each node is pushed once, and a pop finds it by its link, which is made below.
        self.value[node].with_mut(|value| unsafe { *value = node });
        let mut last = self.tail.load(Relaxed); // Relaxed: the link says whether it is the last
        while let Err(next) = self.link(last, node, link, exchanged) {
            last = self.advance(last, next);
        }
        self.advance(last, node);
    }

    fn link(
        &self,
        last: usize,
        node: usize,
        link: Ordering,
        exchanged: bool,
    ) -> Result<usize, usize> {
        let next = &self.next[last];
        if exchanged {
            // Release: pairs with the load in a pop; Relaxed would link a node without its value.
            // Relaxed: a failure only tells where the tail is.
            return next.compare_exchange(0, node, link, Relaxed);
        }
        // Relaxed: the value is not read here
        match next.load(Relaxed) {
            0 => {
                next.store(node, link); // Release: pairs as above; the flaw is the gap before it
                Ok(0)
            }
            next => Err(next),
        }
    }

    fn advance(&self, from: usize, to: usize) -> usize {
        // Relaxed: the tail publishes nothing; whoever is late finds it moved
        self.tail.compare_exchange(from, to, Relaxed, Relaxed).map_or_else(|now| now, |_| to)
    }

    fn pop(&self, follow: Ordering) -> Option<usize> {
        let first = self.head.load(Relaxed); // Relaxed: the link carries the value
        let next = self.next[first].load(follow); // Acquire: Relaxed finds the node, not its value
        // Relaxed: atomicity gives the value to one pop
        let won = next != 0 && self.head.compare_exchange(first, next, Relaxed, Relaxed).is_ok();
        // SAFETY: the value was written before the link and is not written again; a link that is
        // Relaxed at either end does not put the write before this read.
        won.then(|| self.value[next].with(|value| unsafe { *value }))
    }
}

fn push_push_pop(link: Ordering, follow: Ordering, exchanged: bool) {
    let (next, value) = ([0; 3].map(AtomicUsize::new), [0; 3].map(UnsafeCell::new));
    let queue = Queue { head: AtomicUsize::new(0), tail: AtomicUsize::new(0), next, value };
    let early = thread::scope(|s| {
        s.spawn(|| queue.push(1, link, exchanged));
        let both = s.spawn(|| {
            queue.push(2, link, exchanged);
            queue.pop(follow)
        });
        both.join().unwrap()
    });
    let late = std::iter::from_fn(|| queue.pop(follow));
    assert_eq!(early.into_iter().chain(late).sum::<usize>(), 3, "a message is lost");
}
