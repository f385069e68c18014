//! Owner and thief of a deque each need a SeqCst fence between their own mark and the other's.
//!
//! Shape: the owner takes from the bottom, thieves from the top; only for the last element do they
//! meet in a compare-exchange. To take, the owner lowers the bottom and then reads the top; to
//! steal, a thief reads the top, which its last steal raised, and then the bottom. That is store
//! buffering: where both read too early, the owner takes without an exchange what a thief steals. A
//! push publishes by a Release fence; one that goes round acquires the exchange that made room.
//!
//! Source: Lê, Pop, Cohen and Zappa Nardelli, PPoPP 2013, figure 1 (the C11 version; its exchanges
//! are SeqCst and its steal acquires the top: beside the two fences that is more than is needed).
//! Minimal: `Deque::push: self.top.load` Acquire, `Deque::push: fence` Release, `Deque::take: fence`
//! SeqCst, `Deque::steal: fence` SeqCst, `Deque::steal: self.bottom.load` Acquire,
//! `Deque::steal: self.top.compare_exchange` Release (Lê et al., PPoPP 2013, figure 1).
//! Does not show: a larger buffer (`deque_buffer_swap`); a losing thief (`chase_lev_slot_reuse`).

use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicUsize, Ordering, Ordering::*, fence};
use super::rt::thread;

/// Of a push's look at the top, and of the fences in push, take and steal.
type Orders = (Ordering, [Ordering; 3]);
const FIGURE_1: Orders = (Acquire, [Release, SeqCst, SeqCst]);
const SLOTS: usize = 2;

cases! {
    /// Each of two elements is had once, whoever has it.
    take_and_steal: holds().exposed()
        .slack("Deque::take: self.top.compare_exchange", "Relaxed", "as in the source")
        .slack("Deque::steal: self.top.load", "Relaxed", "as in the source; the fence acquires")
        .slack("Deque::steal: self.top.compare_exchange", "Release", "as in the source")
        => take_while_two_are_stolen(true, FIGURE_1);
    /// The owner reads the top before its lower bottom is seen.
    weak_take_fence: fails(Assertion).weak()
        => take_while_two_are_stolen(true, (Acquire, [Release, AcqRel, SeqCst]));
    /// A thief reads the bottom before the steal that came before.
    weak_steal_fence: fails(Assertion).weak()
        => take_while_two_are_stolen(true, (Acquire, [Release, SeqCst, AcqRel]));
    /// The owner and a thief both have the last element.
    last_without_exchange: fails(Assertion) => take_while_two_are_stolen(false, FIGURE_1);
    /// What is stolen was written before the bottom was raised.
    push_and_steal: holds() => steal_beside_push(0, FIGURE_1);
    /// The bottom is raised before the element is there.
    weak_push_fence: fails(DataRace) => steal_beside_push(0, (Acquire, [Acquire, SeqCst, SeqCst]));
    /// A push that goes round fills the slot that the thief has emptied.
    push_around: holds() => steal_beside_push(SLOTS, FIGURE_1);
    /// There is room, but the thief may still be reading.
    relaxed_room: fails(DataRace).misses(Loom, SkipsInterleavings)
        => steal_beside_push(SLOTS, (Relaxed, [Release, SeqCst, SeqCst]));
}

struct Deque {
    top: AtomicUsize,
    bottom: AtomicUsize, // one more than the last element's index
    slots: [UnsafeCell<usize>; SLOTS],
    orders: Orders,
}

impl Deque {
    fn of(elements: usize, orders: Orders) -> Self {
        let (top, bottom) = (AtomicUsize::new(1), AtomicUsize::new(1));
        let deque = Deque { top, bottom, slots: [0; SLOTS].map(UnsafeCell::new), orders };
        (1..=elements).for_each(|element| deque.push(element));
        deque
    }

    fn push(&self, element: usize) {
        let bottom = self.bottom.load(Relaxed); // Relaxed: only the owner writes it
        let top = self.top.load(self.orders.0); // Acquire: a thief raised it after its read
        if bottom - top < SLOTS {
            // SAFETY: who emptied the slot has raised the top since its read, if the look acquires.
            self.slots[bottom % SLOTS].with_mut(|e| unsafe { *e = element });
            fence(self.orders.1[0]); // Release: an Acquire fence lets the bottom out first
            self.bottom.store(bottom + 1, Relaxed); // Relaxed: the fence publishes
        }
    }

    fn take(&self, exchange: bool) -> Option<usize> {
        let bottom = self.bottom.load(Relaxed) - 1; // Relaxed: only the owner writes it
        self.bottom.store(bottom, Relaxed); // Relaxed: ordered by the fence
        fence(self.orders.1[1]); // SeqCst: pairs with `steal`'s; AcqRel lets both look too early
        let top = self.top.load(Relaxed); // Relaxed: ordered by the fence
        // SeqCst: as in the source; atomicity decides who has the last element
        let last = || self.top.compare_exchange(top, top + 1, SeqCst, Relaxed).is_ok();
        let won = top < bottom || top == bottom && (!exchange || last());
        if top >= bottom {
            self.bottom.store(bottom + 1, Relaxed); // Relaxed: it publishes no element
        }
        // SAFETY: only the owner, which is this thread, writes elements.
        won.then(|| self.slots[bottom % SLOTS].with(|e| unsafe { *e }))
    }

    fn steal(&self) -> Option<usize> {
        let top = self.top.load(Acquire); // Acquire: as in the source; the fence does it as well
        fence(self.orders.1[2]); // SeqCst: pairs with `take`'s, as there
        let bottom = self.bottom.load(Acquire); // Acquire: pairs with the fence in `push`
        // SAFETY: the element was there before the bottom rose, if the push released it.
        let element = || self.slots[top % SLOTS].with(|e| unsafe { *e });
        let element = (top < bottom).then(element)?;
        // SeqCst: as in the source; its Release pairs with the look at the top in `push`
        self.top.compare_exchange(top, top + 1, SeqCst, Relaxed).ok().map(|_| element)
    }
}

fn take_while_two_are_stolen(exchange: bool, orders: Orders) {
    let deque = Deque::of(2, orders);
    let (taken, stolen) = thread::scope(|s| {
        let owner = s.spawn(|| deque.take(exchange));
        let thief = s.spawn(|| [deque.steal(), deque.steal()]);
        (owner.join().unwrap(), thief.join().unwrap())
    });
    assert!(taken.is_none() || !stolen.contains(&taken), "{taken:?} was had twice");
}

fn steal_beside_push(elements: usize, orders: Orders) {
    let deque = Deque::of(elements, orders);
    thread::scope(|s| {
        s.spawn(|| deque.push(elements + 1));
        s.spawn(|| assert!(deque.steal().is_none_or(|element| element == 1)));
    });
}
