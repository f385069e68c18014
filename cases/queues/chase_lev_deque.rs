//! Owner and thief of a deque each need a SeqCst fence between their own mark and the other's.
//!
//! Shape: the owner takes from the bottom, thieves from the top; only for the last element do they
//! meet in a compare-exchange. To take, the owner lowers the bottom and then reads the top; to
//! steal, a thief reads the top (which its last steal raised) and then the bottom. That is store
//! buffering: where both read too early, the owner takes without an exchange what a thief steals.
//! A push publishes its element by a release fence before it raises the bottom.
//!
//! Source: Lê, Pop, Cohen and Zappa Nardelli, PPoPP 2013, figure 1 (the C11 version).
//! Does not show: growing the buffer; see `deque_buffer_swap`.

use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicUsize, Ordering, Ordering::*, fence};
use super::rt::thread;

/// Of the fences in push, take and steal, and whether the last element is taken by an exchange.
type Orders = (Ordering, Ordering, Ordering, bool);

cases! {
    /// Each of two elements is had once, whoever has it.
    take_and_steal: holds() => take_while_two_are_stolen((Release, SeqCst, SeqCst, true));
    /// The owner reads the top before its lower bottom is seen.
    weak_take_fence: fails(Assertion)
        .misses(Shuttle, SequentiallyConsistent)
        => take_while_two_are_stolen((Release, AcqRel, SeqCst, true));
    /// A thief reads the bottom before the steal that came before.
    weak_steal_fence: fails(Assertion)
        .misses(Shuttle, SequentiallyConsistent)
        => take_while_two_are_stolen((Release, SeqCst, AcqRel, true));
    /// The owner and a thief both have the last element.
    last_without_exchange: fails(Assertion)
        => take_while_two_are_stolen((Release, SeqCst, SeqCst, false));
    /// What is stolen was written before the bottom was raised.
    push_and_steal: holds() => steal_what_is_pushed((Release, SeqCst, SeqCst, true));
    /// The bottom is raised before the element is there.
    weak_push_fence: fails(DataRace) => steal_what_is_pushed((Acquire, SeqCst, SeqCst, true));
}

struct Deque {
    top: AtomicUsize,
    /// One more than the index of the last element.
    bottom: AtomicUsize,
    elements: [UnsafeCell<usize>; 3],
    orders: Orders,
}

impl Deque {
    fn new(orders: Orders) -> Self {
        let (top, bottom) = (AtomicUsize::new(1), AtomicUsize::new(1));
        Deque { top, bottom, elements: [0; 3].map(UnsafeCell::new), orders }
    }

    fn push(&self, element: usize) {
        let bottom = self.bottom.load(Relaxed); // Relaxed: only the owner writes it
        // SAFETY: no thief comes here before the bottom is raised: the claim under test.
        self.elements[bottom].with_mut(|e| unsafe { *e = element });
        fence(self.orders.0); // Release: pairs with a thief's load of the bottom
        self.bottom.store(bottom + 1, Relaxed); // Relaxed: the fence publishes
    }

    fn take(&self) -> Option<usize> {
        let bottom = self.bottom.load(Relaxed) - 1; // Relaxed: only the owner writes it
        self.bottom.store(bottom, Relaxed); // Relaxed: ordered by the fence
        fence(self.orders.1); // SeqCst: pairs with the fence in `steal`
        let top = self.top.load(Relaxed); // Relaxed: ordered by the fence
        // SAFETY: only the owner writes elements.
        let element = || self.elements[bottom].with(|e| unsafe { *e });
        if top < bottom {
            return Some(element());
        }
        let won = top == bottom && (!self.orders.3 || self.exchange(top));
        self.bottom.store(bottom + 1, Relaxed); // Relaxed: it publishes no element
        won.then(element)
    }

    fn steal(&self) -> Option<usize> {
        let top = self.top.load(Acquire); // Acquire: pairs with the exchange that raised it
        fence(self.orders.2); // SeqCst: pairs with the fence in `take`
        let bottom = self.bottom.load(Acquire); // Acquire: pairs with the fence in `push`
        // SAFETY: the element was written before the bottom was raised: the claim under test.
        let element = || self.elements[top].with(|e| unsafe { *e });
        let element = (top < bottom).then(element)?;
        self.exchange(top).then_some(element)
    }

    fn exchange(&self, top: usize) -> bool {
        // SeqCst, Relaxed: as in the source; pairs with the Acquire load of the next steal
        self.top.compare_exchange(top, top + 1, SeqCst, Relaxed).is_ok()
    }
}

fn take_while_two_are_stolen(orders: Orders) {
    let deque = Deque::new(orders);
    deque.push(1);
    deque.push(2);
    let (taken, stolen) = thread::scope(|s| {
        let owner = s.spawn(|| deque.take());
        let thief = s.spawn(|| [deque.steal(), deque.steal()]);
        (owner.join().unwrap(), thief.join().unwrap())
    });
    assert!(taken.is_none() || !stolen.contains(&taken), "{taken:?} was had twice");
}

fn steal_what_is_pushed(orders: Orders) {
    let deque = Deque::new(orders);
    thread::scope(|s| {
        s.spawn(|| deque.push(7));
        s.spawn(|| assert!(deque.steal().is_none_or(|element| element == 7)));
    });
}
