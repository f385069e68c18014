//! A queue whose push is a swap and a link has a moment in which finished pushes cannot be found.
//!
//! Shape: a push makes its node the tail by a swap and then links it behind the node before. If it
//! is delayed between the two, every later push hangs behind a gap. The consumer, which has pushed
//! a message itself, follows the links and finds none; but the queue is not empty. The tail tells
//! "empty" from "not linked yet", and then the consumer has to wait.
//!
//! Source: Vyukov, Non-intrusive MPSC node-based queue, 1024cores.net, 2010.
//! Minimal: `Queue::push: self.tail.swap` Relaxed, `Queue::push: self.next[before].store` Release,
//! `Queue::first: self.next[0].load #1` Acquire, `Queue::first: self.next[0].load #2` Acquire
//! (libvsync 4.3.0, 2026, mpsc.h, but for the swap).
//! Does not show: how long the gap may last; the producer in it may not run for a long time.

use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicUsize, Ordering, Ordering::*};
use super::rt::{hint, thread};

cases! {
    /// No link is taken for no message, although a push has returned.
    empty_without_link: fails(Assertion) => find_the_finished_push(Release, false);
    /// The tail says that there is something, so the consumer waits for the link.
    empty_by_tail: holds() => find_the_finished_push(Release, true);
    /// The link does not publish the message.
    relaxed_link: fails(DataRace) => find_the_finished_push(Relaxed, true);
}

/// Nodes are numbered; 0 is the first dummy, and as a link it means none.
struct Queue {
    tail: AtomicUsize,
    next: [AtomicUsize; 3],
    message: [UnsafeCell<usize>; 3],
}

impl Queue {
    fn push(&self, node: usize, link: Ordering) {
        // SAFETY: nobody reads the node before it is linked: the claim under test.
        self.message[node].with_mut(|message| unsafe { *message = node });
        let before = self.tail.swap(node, Relaxed); // Relaxed: the link publishes
        self.next[before].store(node, link); // Release: pairs with the consumer's load
    }

    /// The first message, which stays where it is.
    fn first(&self, wait: bool) -> Option<usize> {
        let mut next = self.next[0].load(Acquire); // Acquire: pairs with the link
        // Relaxed: whether there is anything at all
        while wait && next == 0 && self.tail.load(Relaxed) != 0 {
            hint::spin_loop();
            next = self.next[0].load(Acquire); // Acquire: pairs with the link
        }
        // SAFETY: the message was written before the link: the claim under test.
        (next != 0).then(|| self.message[next].with(|message| unsafe { *message }))
    }
}

fn find_the_finished_push(link: Ordering, wait: bool) {
    let (next, message) = ([0; 3].map(AtomicUsize::new), [0; 3].map(UnsafeCell::new));
    let queue = Queue { tail: AtomicUsize::new(0), next, message };
    thread::scope(|s| {
        s.spawn(|| queue.push(1, link));
        s.spawn(|| {
            queue.push(2, link);
            assert!(queue.first(wait).is_some(), "a finished push is not found");
        });
    });
}
