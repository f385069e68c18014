//! A thief reads its slot before it knows whether it may, so the slots of a deque must be atomic.
//!
//! Shape: a thief of a Chase–Lev deque reads the element at the top and then tries to raise the
//! top; if it fails, it drops what it read. Meanwhile the owner may have taken that element, have
//! pushed others around the ring, and be filling the slot again. What the loser read does no harm,
//! but reading a plain slot is a data race all the same. To read after the exchange is worse: then
//! the slot is free to be filled, and a thief that won returns an element of the next round.
//!
//! Source: Lê, Pop, Cohen and Zappa Nardelli, PPoPP 2013, figure 1 (Relaxed atomic slots).
//! Does not show: why a push acquires the top and a thief's exchange releases it. With Relaxed slots
//! the execution that they forbid is a load buffering; `chase_lev_deque` has plain ones.

use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicUsize, Ordering::*, fence};
use super::rt::thread;

cases! {
    /// The slots are Relaxed atomics, read before the exchange.
    atomic_slots: holds().exposed()
        .slack("Deque::push: self.top.load", "Relaxed", "with less, load buffering could arise")
        .slack("Deque::take: self.top.compare_exchange", "Relaxed", "as in the source")
        .slack("Deque::steal: self.top.load", "Relaxed", "as in the source; the fence acquires")
        .slack(
            "Deque::steal: self.top.compare_exchange",
            "Relaxed",
            "with less, load buffering could arise",
        )
        => take_push_push_beside_two_steals(false, true);
    /// The losing thief reads the slot while the owner fills it.
    plain_slots: fails(DataRace) => take_push_push_beside_two_steals(true, true);
    /// After the exchange the slot may hold the element of the next round.
    read_after_exchange: fails(Assertion) => take_push_push_beside_two_steals(false, false);
}

const SLOTS: usize = 2;

struct Slot {
    atomic: AtomicUsize,
    plain: Option<UnsafeCell<usize>>,
}

impl Slot {
    fn read(&self) -> usize {
        // SAFETY: none for the plain slot: a thief reads it before it knows whether it may, and
        // the owner may be filling it by then.
        let plain = self.plain.as_ref().map(|plain| plain.with(|e| unsafe { *e }));
        plain.unwrap_or_else(|| self.atomic.load(Relaxed)) // Relaxed: the bottom published it
    }

    fn write(&self, element: usize) {
        match &self.plain {
            // SAFETY: none for the plain slot: as above.
            Some(plain) => plain.with_mut(|e| unsafe { *e = element }),
            None => self.atomic.store(element, Relaxed), // Relaxed: the fence publishes it
        }
    }
}

struct Deque {
    top: AtomicUsize,
    bottom: AtomicUsize,
    slots: [Slot; SLOTS],
}

impl Deque {
    fn push(&self, element: usize) -> Option<usize> {
        let bottom = self.bottom.load(Relaxed); // Relaxed: only the owner writes it
        let top = self.top.load(Acquire); // Acquire: forbids a load buffering (see above)
        (bottom - top < SLOTS).then(|| {
            self.slots[bottom % SLOTS].write(element);
            fence(Release); // Release: the element is there before the bottom is raised
            self.bottom.store(bottom + 1, Relaxed); // Relaxed: the fence publishes
            element
        })
    }

    fn take(&self) -> Option<usize> {
        let bottom = self.bottom.load(Relaxed) - 1; // Relaxed: only the owner writes it
        self.bottom.store(bottom, Relaxed); // Relaxed: ordered by the fence
        fence(SeqCst); // SeqCst: pairs with the fence in `steal`
        let top = self.top.load(Relaxed); // Relaxed: ordered by the fence
        // SeqCst: as in the source; atomicity decides who has the last element
        let last = || self.top.compare_exchange(top, top + 1, SeqCst, Relaxed).is_ok();
        let won = top < bottom || top == bottom && last();
        if top >= bottom {
            self.bottom.store(bottom + 1, Relaxed); // Relaxed: it publishes no element
        }
        won.then(|| self.slots[bottom % SLOTS].read())
    }

    fn steal(&self, read_first: bool) -> Option<usize> {
        let top = self.top.load(Acquire); // Acquire: as in the source; the fence does it as well
        fence(SeqCst); // SeqCst: pairs with the fence in `take`
        let bottom = self.bottom.load(Acquire); // Acquire: so the slot's load finds the element
        let slot = &self.slots[top % SLOTS];
        let early = (top < bottom).then(|| if read_first { slot.read() } else { 0 })?;
        // SeqCst: as in the source; its Release pairs with the look at the top in `push`
        self.top.compare_exchange(top, top + 1, SeqCst, Relaxed).ok()?;
        Some(if read_first { early } else { slot.read() })
    }
}

fn take_push_push_beside_two_steals(plain: bool, read_first: bool) {
    let slot = |_| Slot { atomic: AtomicUsize::new(0), plain: plain.then(|| UnsafeCell::new(0)) };
    let (top, bottom) = (AtomicUsize::new(1), AtomicUsize::new(1));
    let deque = Deque { top, bottom, slots: [0; SLOTS].map(slot) };
    let before = [deque.push(1), deque.push(2)];
    let (had, pushed) = thread::scope(|s| {
        let owner = s.spawn(|| (deque.take(), [deque.push(3), deque.push(4)]));
        let thief = s.spawn(|| [deque.steal(read_first), deque.steal(read_first)]);
        let (taken, pushed) = owner.join().unwrap();
        ([&[taken], &thief.join().unwrap()[..]].concat(), pushed)
    });
    let left = std::iter::from_fn(|| deque.take());
    let mut had: Vec<usize> = had.into_iter().flatten().chain(left).collect();
    had.sort();
    assert!(had.into_iter().eq([before, pushed].concat().into_iter().flatten()), "not had once");
}
