//! A tag against ABA is one more than the tag that is replaced, not one more than it was in the last attempt.
//!
//! Shape: a free list of indices, whose head carries a tag that grows by one with each change. A pop
//! computes the new head, tries the exchange, and on failure reads the head anew and tries again. The
//! tag was counted on from the failed attempt: after many changes by others the head gets a tag that it
//! has had before. Another pop then finds the head that it read, index and tag, with a list behind it
//! that is not the one it read, and takes an index that somebody has.
//!
//! Source: iceoryx issue 2351, 2024 (`MpmcLoFFLi`, seen as a double free of a chunk); iceoryx issue 2386, 2024.
//! Does not show: a tag that wraps, see `treiber_index_aba`.

use super::rt::sync::atomic::{AtomicUsize, Ordering::*};
use super::rt::thread;

cases! {
    /// As published: the first tag is counted on.
    counted_on: fails(Assertion) => take_and_give_back(|_, last| last + 1);
    /// As proposed: the tag that is there, and one.
    counted_from_head: holds() => take_and_give_back(|seen, _| seen + 1);
}

const END: usize = 3;

struct FreeList {
    /// The first index, and eight times the tag.
    head: AtomicUsize,
    next: [AtomicUsize; 3],
    /// The next tag, from the tag that was read and the one of the last attempt.
    tag: fn(usize, usize) -> usize,
}

impl FreeList {
    /// Begins an exchange: the head, and its tag for the last one that was tried.
    fn begin(&self) -> [usize; 2] {
        let head = self.head.load(Acquire); // Acquire: pairs with the exchange, for the links
        [head, head / 8]
    }

    fn exchange(&self, [head, last]: &mut [usize; 2], first: impl Fn(usize) -> usize) -> usize {
        loop {
            *last = (self.tag)(*head / 8, *last);
            let new = first(*head % 8) + 8 * *last;
            // Release: pairs with who reads the head. Acquire: as in `begin`
            match self.head.compare_exchange(*head, new, Release, Acquire) {
                Ok(head) => return head % 8,
                Err(now) => *head = now,
            }
        }
    }

    fn pop(&self, mut begun: [usize; 2]) -> usize {
        // Relaxed: the head is acquired
        self.exchange(&mut begun, |first| self.next[first].load(Relaxed))
    }

    fn push(&self, index: usize) {
        self.exchange(&mut self.begin(), |first| {
            self.next[index].store(first, Relaxed); // Relaxed: the exchange publishes it
            index
        });
    }
}

fn take_and_give_back(tag: fn(usize, usize) -> usize) {
    let list = FreeList { head: AtomicUsize::new(0), next: [1, 2, END].map(AtomicUsize::new), tag };
    let early = list.begin(); // one pop begins here, and goes on when the head has changed four times
    (0..2).for_each(|_| list.push(list.pop(list.begin())));
    let (mine, theirs) = thread::scope(|s| {
        let late = s.spawn(|| {
            let first = list.pop(early);
            let second = list.pop(list.begin());
            list.push(first);
            second
        });
        let mine = list.pop(list.begin());
        (mine, late.join().unwrap())
    });
    // Who has taken the first index leaves the list at the second, if that is not taken.
    assert!(
        mine != theirs && list.begin()[0] % 8 != theirs,
        "an index is free, and somebody has it"
    );
}
