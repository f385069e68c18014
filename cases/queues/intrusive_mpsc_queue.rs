//! A queue whose push is a swap and a link has a moment in which finished pushes cannot be found.
//!
//! Shape: a push makes its node the last by a swap and then links it behind the node before. If it
//! is delayed between the two, every later push hangs behind a gap. The consumer, which has pushed
//! a message itself, follows the links and finds none; but the queue is not empty. What is last
//! tells "empty" from "not linked yet", and then the consumer has to wait. The nodes are the
//! callers' own: a pop gives the node itself away, so the only one left is pushed behind by a stub,
//! whose link is reset each time. That needs the swap to hand over what came before it.
//!
//! Source: Vyukov, Intrusive MPSC node-based queue, 1024cores.net, 2010.
//! Minimal: `Queue::push: self.last.swap` AcqRel, `Queue::push: self.next[before].store` Release,
//! `Queue::pop: self.next[*first].load` Acquire (Vyukov, Non-intrusive MPSC node-based queue,
//! 1024cores.net, 2010, whose push is the same).
//! Does not show: how long the gap may last; the producer in it may not run for a long time.

use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicUsize, Ordering, Ordering::*};
use super::rt::{hint, thread};

cases! {
    /// No link is taken for no message, although a push has returned.
    empty_without_link: fails(Assertion) => find_the_finished_push([AcqRel, Release], false);
    /// What is last says that there is something, so the consumer waits for the link.
    empty_by_tail: holds() => find_the_finished_push([AcqRel, Release], true);
    /// The link does not publish the message.
    relaxed_link: fails(DataRace) => find_the_finished_push([AcqRel, Relaxed], true);
    /// The resetting of the stub's link may come after the link that a push makes behind it.
    relaxed_swap: fails(Livelock)
        .misses(Loom, NoLivelockDetection)
        .weak()
        => find_the_finished_push([Relaxed, Release], true);
}

/// Nodes are numbered; 0 as a link means none.
const STUB: usize = 4;

struct Queue {
    last: AtomicUsize,
    next: [AtomicUsize; 5],
    message: [UnsafeCell<usize>; 5],
    /// Of the swap and of the link.
    orders: [Ordering; 2],
}

impl Queue {
    fn push(&self, node: usize) {
        // Relaxed: the swap orders it before the next push's link
        self.next[node].store(0, Relaxed);
        // Release: the node's reset comes before a link behind it. Acquire: so does the reset of
        // the node before.
        let before = self.last.swap(node, self.orders[0]);
        // Release: pairs with the consumer's load; Relaxed would link a node without its message.
        self.next[before].store(node, self.orders[1]);
    }

    /// `first` is the consumer's own: where it goes on.
    fn pop(&self, first: &mut usize, wait: bool) -> Option<usize> {
        loop {
            let node = *first;
            // Acquire: pairs with the link; the next node's message is read after it.
            let next = self.next[*first].load(Acquire);
            if next != 0 {
                *first = next;
                if node != STUB {
                    return Some(node);
                }
                continue;
            }
            // Relaxed: it only says whether somebody is about to link.
            match self.last.load(Relaxed) {
                STUB if node == STUB => return None,
                last if last == node => self.push(STUB),
                _ if wait => hint::spin_loop(),
                _ => return None,
            }
        }
    }
}

fn find_the_finished_push(orders: [Ordering; 2], wait: bool) {
    let (next, message) = ([0; 5].map(AtomicUsize::new), [0; 5].map(UnsafeCell::new));
    let queue = Queue { last: AtomicUsize::new(STUB), next, message, orders };
    let push = |node: usize| {
        // SAFETY: the consumer finds the node by its link, which the push below makes.
        queue.message[node].with_mut(|message| unsafe { *message = node });
        queue.push(node);
    };
    thread::scope(|s| {
        s.spawn(|| [1, 2].into_iter().for_each(push));
        s.spawn(|| {
            push(3);
            let mut first = STUB;
            let found = queue.pop(&mut first, wait);
            assert!(found.is_some(), "a finished push is not found");
            for node in found.into_iter().chain(queue.pop(&mut first, wait)) {
                // SAFETY: the message was written before the link by which the node was found; a
                // Relaxed link does not put the write before this read.
                assert_eq!(queue.message[node].with(|message| unsafe { *message }), node);
            }
        });
    });
}
