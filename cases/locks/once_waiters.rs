//! A pointer that carries its state in its lowest bit is looked at and exchanged as one word.
//!
//! Shape: while an initialiser runs, a word is the list of those who wait for it; its lowest bit
//! says that it is done. Who waits puts its node in front, if the word is still what it has seen. The
//! initialiser takes the list with the exchange that says "done", and wakes all who are in it.
//!
//! Source: std's Once without futexes (library/std/src/sys/sync/once/queue.rs, Rust 1.95), whose
//! comment gives the reason for each ordering.
//! Does not show: an initialiser that panics; more than one in a list.

use std::ptr::null_mut;

use super::rt::boxed::Box;
use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicBool, AtomicPtr, Ordering, Ordering::*};
use super::rt::thread::{self, Thread};

const DONE: usize = 1;

/// Of a look, a link, a link that fails, the taking of the list, a waiter's being told and its look.
const SOUND: [Ordering; 6] = [Acquire, Release, Acquire, AcqRel, Release, Acquire];

cases! {
    /// The weakest orderings that hold.
    sound: holds() => wait_for_done(Flaw::None);
    /// Who links without comparing replaces "done", and nobody takes its list.
    linked_blindly: fails(Deadlock) => wait_for_done(Flaw::LinksBlindly);
    /// Where the list goes on is read out of a node that its owner may have freed.
    told_first: fails(UseAfterFree) => wait_for_done(Flaw::TellsFirst);
    /// "Done" is seen without the value.
    relaxed_look: fails(DataRace) => wait_for_done(Flaw::Order(0, Relaxed));
    /// The node comes without what is in it.
    relaxed_link: fails(DataRace) => wait_for_done(Flaw::Order(1, Relaxed));
    /// Who is too late with its link finds "done" without the value.
    relaxed_failure: fails(DataRace) => wait_for_done(Flaw::Order(2, Relaxed));
    /// The list is taken without what is in it.
    release_take: fails(DataRace) => wait_for_done(Flaw::Order(3, Release));
    /// "Done" does not publish the value.
    acquire_take: fails(DataRace) => wait_for_done(Flaw::Order(3, Acquire));
    /// The waiter frees its node before the others are done with it.
    relaxed_word: fails(UseAfterFree) => wait_for_done(Flaw::Order(4, Relaxed));
    /// So does one that sees itself told, and nothing of what came before.
    relaxed_wait: fails(UseAfterFree) => wait_for_done(Flaw::Order(5, Relaxed));
}

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    None,
    LinksBlindly,
    TellsFirst,
    Order(usize, Ordering),
}

impl Flaw {
    fn order(self, nth: usize) -> Ordering {
        match self {
            Flaw::Order(flaw, order) if flaw == nth => order,
            _ => SOUND[nth],
        }
    }
}

struct Waiter {
    next: UnsafeCell<*mut Waiter>,
    thread: Thread,
    told: AtomicBool,
}

/// Puts a node in front of the list; false if there is no list any more.
fn link(word: &AtomicPtr<Waiter>, node: *mut Waiter, flaw: Flaw) -> bool {
    let mut seen = word.load(flaw.order(0)); // Acquire: pairs with the taking, where that is done
    while seen.addr() != DONE {
        // SAFETY: nobody else has the node before it is in the list.
        unsafe { &*node }.next.with_mut(|next| unsafe { *next = seen });
        let linked = match flaw {
            Flaw::LinksBlindly => Ok(word.swap(node, Release)), // Release: as below.
            // Release: pairs with the taking. Acquire: pairs with it too, where that came first
            _ => word.compare_exchange(seen, node, flaw.order(1), flaw.order(2)),
        };
        let Err(other) = linked else { return true };
        seen = other;
    }
    false
}

fn wait_for_done(flaw: Flaw) {
    let (word, value) = (AtomicPtr::new(null_mut()), UnsafeCell::new(0));
    thread::scope(|s| {
        s.spawn(|| {
            // SAFETY: whoever reads the value has found "done" or been told, after this.
            value.with_mut(|value| unsafe { *value = 7 });
            // AcqRel: publishes the value, and pairs with the links of those in the list
            let mut list = word.swap(null_mut::<Waiter>().map_addr(|_| DONE), flaw.order(3));
            while !list.is_null() {
                // SAFETY: its owner frees it once told; told first, maybe before `next` is read.
                let waiter = unsafe { &*list };
                // SAFETY: its owner wrote it before it was in the list.
                let next = || waiter.next.with(|next| unsafe { *next });
                let known = (flaw != Flaw::TellsFirst).then(next);
                let thread = waiter.thread.clone();
                waiter.told.store(true, flaw.order(4)); // Release: gives the node to its owner
                thread.unpark();
                list = known.unwrap_or_else(next);
            }
        });
        s.spawn(|| {
            let (next, told) = (UnsafeCell::new(null_mut()), AtomicBool::new(false));
            let waiter = Box::into_raw(Box::new(Waiter { next, thread: thread::current(), told }));
            let is_in_list = link(&word, waiter, flaw);
            // SAFETY: it is freed below. Acquire: pairs with the word to the waiter
            while is_in_list && !unsafe { &*waiter }.told.load(flaw.order(5)) {
                thread::park();
            }
            // SAFETY: it was not linked, or its owner has been told: nobody else looks at it.
            drop(unsafe { Box::from_raw(waiter) });
            // SAFETY: it was written before the list was taken, and is not written again.
            value.with(|value| assert_eq!(unsafe { *value }, 7));
        });
    });
}
