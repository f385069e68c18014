//! A compare-exchange that compares a reused index cannot tell that the stack changed meanwhile.
//!
//! Shape: ABA. The stack is A over B. One thread, popping, reads the head A and its next B and is
//! delayed. The other pops A, pops B to keep, and pushes A again. The head is A as before, so the
//! first thread's compare-exchange succeeds and makes B the head, which is somebody's already. A
//! tag that changes with every exchange tells the two A's apart, for as long as it does not wrap
//! within the delay.
//!
//! Source: Treiber, IBM RJ 5118, 1986; IBM System/370 Principles of Operation, 1983, appendix A
//! (compare double and swap: the tag); heapless issue 180.
//! Does not show: how wide a tag must be; three exchanges in one delay suffice for a tag of three.

use super::rt::sync::atomic::{AtomicUsize, Ordering::*};
use super::rt::thread;

cases! {
    /// The head is an index and nothing else: heapless issue 180.
    index: fails(Assertion) => pop_while_reused(1);
    /// Every exchange gives the head another tag.
    tagged: holds() => pop_while_reused(1 << 16);
    /// The tag has come round when the delayed thread goes on.
    tag_that_wraps: fails(Assertion) => pop_while_reused(3);
}

/// A node's number, from 1; 0 is none.
type Index = usize;
const NODES: usize = 2;

struct Stack {
    /// `tag * (NODES + 1) + index`
    head: AtomicUsize,
    next: [AtomicUsize; NODES + 1],
    tags: usize,
}

impl Stack {
    fn exchange(&self, seen: usize, index: Index) -> bool {
        let tag = (seen / (NODES + 1) + 1) % self.tags;
        let new = tag * (NODES + 1) + index;
        // Release: publishes `next` to the pop that loads the head, which reads it at once.
        self.head.compare_exchange(seen, new, Release, Relaxed).is_ok()
    }

    /// Tries once.
    fn pop(&self) -> Option<Index> {
        let seen = self.head.load(Acquire); // Acquire: `next` is read before anything else can
        let index = seen % (NODES + 1);
        let next = self.next[index].load(Relaxed); // Relaxed: the head has published it
        (index != 0 && self.exchange(seen, next)).then_some(index)
    }

    fn push(&self, index: Index) -> bool {
        let seen = self.head.load(Relaxed); // Relaxed: nothing behind it is read
        self.next[index].store(seen % (NODES + 1), Relaxed); // Relaxed: the exchange publishes it
        self.exchange(seen, index)
    }
}

fn pop_while_reused(tags: usize) {
    let next = [0, 2, 0].map(AtomicUsize::new); // 1 is A, over 2, which is B
    let stack = Stack { head: AtomicUsize::new(1), next, tags };
    let (one, two) = thread::scope(|s| {
        let one = s.spawn(|| stack.pop());
        let two = s.spawn(|| {
            let (a, b) = (stack.pop()?, stack.pop());
            // Where it cannot be pushed, it is kept, and B is forgotten.
            if stack.push(a) { b } else { Some(a) }
        });
        (one.join().unwrap(), two.join().unwrap())
    });
    let rest = stack.pop();
    let distinct = |x: Option<_>, y| x.is_none() || x != y;
    assert!(distinct(one, two) && distinct(one, rest) && distinct(two, rest), "one has two owners");
}
