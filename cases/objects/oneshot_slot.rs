//! A value that is sent once is handed over by one store and one load, and its taker must be one alone.
//!
//! Shape: the sender writes the value and sets a flag. The taker looks at the flag, and clears it when
//! it has the value, so that a second take finds nothing. One taker needs no exchange, because only
//! it clears the flag. Two that both look before either clears it have one value twice; they need an
//! exchange, which acquires in place of the load.
//!
//! Source: Bos, *Rust Atomics and Locks*, O'Reilly, 2023, chapter 5 (a one-shot channel; its receive
//! exchanges the flag).
//! Does not show: a taker that waits (`oneshot_channel`).

use super::rt::cell::UnsafeCell;
use super::rt::linear::specs::{Fifo, Hold};
use super::rt::linear::{Clients, Object, Role, Size, linearizable};
use super::rt::sync::atomic::{AtomicBool, Ordering::*};

cases! {
    /// One put beside up to six takes of up to three threads, which exchange the flag.
    every_client: linearizable().exposed() => linearizable::<Slot<SWAP>>(&clients(3));
    /// One put beside up to six takes of one thread, which looks and then clears.
    one_taker: linearizable() => linearizable::<Slot<NONE>>(&clients(1));
    /// Two takers see the flag, and both have the value.
    two_look: not_linearizable(NotLinearizable) => linearizable::<Slot<NONE>>(&clients(2));
    /// The flag does not publish: who sees it may not see the value.
    relaxed_flag: not_linearizable(DataRace) => linearizable::<Slot<STORE>>(&clients(1));
    /// The flag is not acquired.
    relaxed_look: not_linearizable(DataRace) => linearizable::<Slot<LOAD>>(&clients(1));
    /// The flag is set before the value is written.
    early_flag: not_linearizable(DataRace) => linearizable::<Slot<EARLY>>(&clients(1));
}

/// With an exchange of the flag; with a look at it, without a fault and with one.
const SWAP: u8 = 0;
const NONE: u8 = 1;
const STORE: u8 = 2;
const LOAD: u8 = 3;
const EARLY: u8 = 4;

fn clients(takers: usize) -> Clients<Hold> {
    let takes = Role { operations: vec![Hold::Take], threads: takers };
    let clients = Clients::new([Role::one([Hold::Put(0)]), takes], Size::new(4, 6).up_to(7));
    clients.numbered(Hold::number).only(|client| {
        client.threads.iter().flatten().filter(|call| **call != Hold::Take).count() == 1
    })
}

struct Slot<const FAULT: u8> {
    is_full: AtomicBool,
    value: UnsafeCell<u8>,
}

impl<const FAULT: u8> Slot<FAULT> {
    fn put(&self, value: u8) {
        // SAFETY: nobody touches the value before the flag is set, and only this put sets it; where it
        // is set too early, or does not publish, the take races with this.
        let write = || self.value.with_mut(|place| unsafe { *place = value });
        if FAULT != EARLY {
            write();
        }
        let release = if FAULT == STORE { Relaxed } else { Release };
        self.is_full.store(true, release); // Release: pairs with the take
        if FAULT == EARLY {
            write();
        }
    }

    fn take(&self) -> Option<u8> {
        let is_full = match FAULT {
            SWAP => self.is_full.swap(false, Acquire), // Acquire: pairs with the put
            LOAD => self.is_full.load(Relaxed),        // Relaxed: the flaw
            _ => self.is_full.load(Acquire),           // Acquire: pairs with the put
        };
        if is_full && FAULT != SWAP {
            self.is_full.store(false, Relaxed); // Relaxed: only the taker looks
        }
        // SAFETY: the put wrote it before it set the flag, and there is no other; where a side is
        // Relaxed, or the flag came first, this races.
        is_full.then(|| self.value.with(|place| unsafe { *place }))
    }
}

impl<const FAULT: u8> Object for Slot<FAULT> {
    type Spec = Fifo;

    fn new() -> Self {
        Slot { is_full: AtomicBool::new(false), value: UnsafeCell::new(0) }
    }

    fn call(&self, operation: &Hold) -> Option<u8> {
        let Hold::Put(value) = *operation else { return self.take() };
        self.put(value);
        None
    }
}
