//! A work-stealing deque is a stack to its owner and a queue to its thieves, if one SeqCst fence stands in take and one in steal.
//!
//! Shape: to take, the owner lowers the bottom and then reads the top; a thief reads the top and
//! then the bottom. Only for the last element do they meet in an exchange, which needs no ordering
//! while no place is filled twice. A thief that lost it looks again.
//!
//! Source: Lê, Pop, Cohen and Zappa Nardelli, PPoPP 2013, figure 1 (the C11 version, with stronger
//! exchanges; a thief that lost gives up).
//! Does not show: a buffer that fills or grows (`chase_lev_deque`, `deque_buffer_swap`).

use super::rt::linear::specs::{Hold, Lifo};
use super::rt::linear::{Clients, Object, Role, Size, linearizable};
use super::rt::sync::atomic::{AtomicU8, AtomicUsize, Ordering::*, fence};

cases! {
    /// Up to three threads and five operations, of which one thread puts and takes.
    every_client: linearizable().exposed() => linearizable::<Deque<NONE>>(&clients());
    /// The bottom is raised before the element is published.
    weak_put_fence: not_linearizable(NotPublished).weak()
        => linearizable::<Deque<PUT>>(&clients());
    /// The owner reads the top before its lower bottom is seen, and takes what is stolen.
    weak_take_fence: not_linearizable(NotLinearizable).weak()
        => linearizable::<Deque<TAKE>>(&clients());
    /// A thief reads the bottom before the steal that came before, and steals what is taken.
    weak_steal_fence: not_linearizable(NotLinearizable).weak()
        => linearizable::<Deque<STEAL>>(&clients());
    /// The owner has the last element without an exchange, and a thief has it as well.
    last_without_exchange: not_linearizable(NotLinearizable)
        => linearizable::<Deque<LAST>>(&clients());
    /// Two thieves find the same top, and both raise it.
    split_steal: not_linearizable(NotLinearizable) => linearizable::<Deque<SPLIT>>(&clients());
}

/// Without a fault, and with one.
const NONE: u8 = 0;
const PUT: u8 = 1;
const TAKE: u8 = 2;
const STEAL: u8 = 3;
const LAST: u8 = 4;
const SPLIT: u8 = 5;

fn clients() -> Clients<Hold> {
    let calls = [Role::one([Hold::Put(0), Hold::Take]), Role::any([Hold::Steal])];
    Clients::new(calls, Size::new(3, 3).up_to(5)).numbered(Hold::number)
}

struct Deque<const FAULT: u8> {
    top: AtomicUsize,
    /// One more than the last element's place.
    bottom: AtomicUsize,
    places: [AtomicU8; 8],
}

impl<const FAULT: u8> Deque<FAULT> {
    fn put(&self, value: u8) -> Option<u8> {
        let bottom = self.bottom.load(Relaxed); // Relaxed: only the owner writes it
        self.places[bottom].store(value, Relaxed); // Relaxed: the fence publishes it
        if FAULT != PUT {
            fence(Release); // Release: pairs with a thief's load of the bottom
        }
        self.bottom.store(bottom + 1, Relaxed); // Relaxed: the fence is above it
        None
    }

    fn take(&self) -> Option<u8> {
        let bottom = self.bottom.load(Relaxed) - 1; // Relaxed: only the owner writes it
        self.bottom.store(bottom, Relaxed); // Relaxed: ordered by the fence
        fence(if FAULT == TAKE { AcqRel } else { SeqCst }); // SeqCst: pairs with the one in `steal`
        let top = self.top.load(Relaxed); // Relaxed: ordered by the fence
        let last = || FAULT == LAST || self.exchange(top).is_ok();
        let is_won = top < bottom || top == bottom && last();
        if top >= bottom {
            self.bottom.store(bottom + 1, Relaxed); // Relaxed: it publishes no element
        }
        // Relaxed: only the owner writes elements
        is_won.then(|| self.places[bottom].load(Relaxed))
    }

    fn steal(&self) -> Option<u8> {
        let mut top = self.top.load(Relaxed); // Relaxed: ordered by the fence
        loop {
            fence(if FAULT == STEAL { AcqRel } else { SeqCst }); // SeqCst: pairs with `take`'s
            // Acquire: pairs with the fence in `put`
            if top >= self.bottom.load(Acquire) {
                return None;
            }
            let value = self.places[top].load(Relaxed); // Relaxed: the bottom has acquired it
            let Err(now) = self.exchange(top) else { return Some(value) };
            top = now;
        }
    }

    fn exchange(&self, top: usize) -> Result<usize, usize> {
        // Relaxed: as below; the flaw is the gap between the two
        if FAULT == SPLIT && self.top.load(Relaxed) == top {
            self.top.store(top + 1, Relaxed);
            return Ok(top);
        }
        // Relaxed: atomicity decides who has the last element
        self.top.compare_exchange(top, top + 1, Relaxed, Relaxed)
    }
}

impl<const FAULT: u8> Object for Deque<FAULT> {
    type Spec = Lifo;

    fn new() -> Self {
        let [top, bottom] = [1; 2].map(AtomicUsize::new);
        Deque { top, bottom, places: [0; 8].map(AtomicU8::new) }
    }

    fn call(&self, operation: &Hold) -> Option<u8> {
        match *operation {
            Hold::Put(value) => self.put(value),
            Hold::Take => self.take(),
            _ => self.steal(),
        }
    }
}
