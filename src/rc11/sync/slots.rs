//! Those who wait at a condition variable or a futex: a word with a set of them, and for each wait a slot that a wake-up sets.
//!
//! The set has four bits for each thread: 0, or which of the thread's waits it is. A replay may run the thread ahead to a later wait before it
//! runs a wake-up of an earlier one, whose slot must be the earlier one's.

use crate::current::{perform, perform_if_inside};
use crate::exec::Exec;
use crate::label::{Outcome, Step};
use crate::ops::{Access, Loc};

/// How many threads a set has room for.
pub const THREADS: usize = 16;
/// How many waits of one thread a set tells apart.
pub const WAITS: u64 = 0xf;

/// Where a set has a thread's wait.
pub fn shift(thread: usize) -> usize {
    4 * thread
}

/// The waits in a set: the thread, and which of its waits.
pub fn waits(set: u64) -> impl Iterator<Item = (usize, u64)> {
    (0..THREADS).map(move |t| (t, set >> shift(t) & WAITS)).filter(|(_, number)| *number != 0)
}

/// Waits for a wake-up; or not for ever, if `unasked` is 1.
pub fn await_slot(woken: u64, _: u64, unasked: u64, variant: u8) -> Option<Outcome> {
    match (woken, variant) {
        (1, 0) => Some(Outcome::Keep),
        (0, 1) if unasked == 1 => Some(Outcome::Keep),
        (_, 0) => Some(Outcome::Block),
        _ => None,
    }
}

/// Takes waits out of a set by `take`, and sets the slot of each.
pub fn wake(set: &Access, take: Step, slot: impl Fn(Loc) -> Access) {
    let taken = perform_if_inside(|exec| exec.update(set, take, 0, 0));
    let Some((before, Outcome::Write(left))) = taken else { return };
    for (thread, number) in waits(before & !left) {
        perform(|exec| {
            let loc = exec.slot((set.loc.id, thread), number);
            exec.store(&slot(loc), 1)
        });
    }
}

impl Exec {
    /// Notes the slot of a thread's next wait; which of its waits that is.
    pub fn new_slot(&mut self, waiter: (u32, usize), slot: Loc) -> u64 {
        let slots = self.slots.entry(waiter).or_default();
        slots.push(slot);
        (slots.len() as u64 - 1) % WAITS + 1
    }

    /// The slot of a thread's wait: the latest of that number, as more than fifteen of one thread are never under way at once.
    fn slot(&self, waiter: (u32, usize), number: u64) -> Loc {
        let slots = &self.slots[&waiter];
        let latest = (slots.len() as u64).saturating_sub(number) / WAITS * WAITS + number - 1;
        slots[latest as usize]
    }
}
