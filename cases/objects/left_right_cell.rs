//! Left–right is a counter for one writer, who waits once after each turn for those on the side that was left.
//!
//! Shape: there are two copies, and a side says which one readers use. A reader counts itself in,
//! looks for the side, reads that copy, and counts itself out. The writer changes the copy of the
//! other side, turns, waits until no reader is counted, and changes the copy that was left. Arriving
//! and looking, against turning and counting, is store buffering: each side has a SeqCst fence.
//!
//! Source: Ramalhete and Correia, "Left-right: a concurrency control technique with wait-free
//! population oblivious reads", 2013, section 2.
//! Does not show: the two counts that keep new readers from delaying the writer for ever.

use super::rt::cell::UnsafeCell;
use super::rt::hint;
use super::rt::linear::specs::{Cell, Number};
use super::rt::linear::{Clients, Object, Role, Size, linearizable};
use super::rt::sync::atomic::{AtomicUsize, Ordering::*, fence};

cases! {
    /// One writer and up to two readers, up to four operations.
    every_client: linearizable().exposed() => linearizable::<LeftRight<NONE>>(&clients());
    /// The writer does not wait, and changes the copy that a reader reads.
    no_wait: not_linearizable(DataRace) => linearizable::<LeftRight<WAIT>>(&clients());
    /// The reader's look overtakes its arrival.
    reader_fence: not_linearizable(DataRace).weak() => linearizable::<LeftRight<ARRIVE>>(&clients());
    /// The writer counts before its turn is seen.
    writer_fence: not_linearizable(DataRace).weak() => linearizable::<LeftRight<TURN>>(&clients());
    /// A reader leaves without publishing that its reading is over.
    relaxed_leave: not_linearizable(DataRace) => linearizable::<LeftRight<LEAVE>>(&clients());
    /// The writer turns without publishing the copy that it has changed.
    relaxed_turn: not_linearizable(DataRace) => linearizable::<LeftRight<SHOW>>(&clients());
    /// Two readers arrive in two steps and are counted as one, and the count never comes back to zero.
    split_arrival: not_linearizable(Livelock) => linearizable::<LeftRight<SPLIT>>(&clients());
    /// The copy that was left keeps the old value, and a read-modify-write of it finds that.
    stale_copy: not_linearizable(NotLinearizable) => linearizable::<LeftRight<STALE>>(&clients());
}

/// Without a fault, and with one.
const NONE: u8 = 0;
const WAIT: u8 = 1;
const ARRIVE: u8 = 2;
const TURN: u8 = 3;
const LEAVE: u8 = 4;
const SHOW: u8 = 5;
const SPLIT: u8 = 6;
const STALE: u8 = 7;

fn clients() -> Clients<Number> {
    let roles = [Role::one([Number::Add(1), Number::Read]), Role::any([Number::Read])];
    Clients::new(roles, Size::new(3, 3).up_to(4))
}

struct LeftRight<const FAULT: u8> {
    side: AtomicUsize,
    readers: AtomicUsize,
    copies: [UnsafeCell<u8>; 2],
}

impl<const FAULT: u8> LeftRight<FAULT> {
    fn read(&self) -> u8 {
        if FAULT == SPLIT {
            let readers = self.readers.load(Relaxed); // Relaxed: as below
            self.readers.store(readers + 1, Relaxed); // casebook: allow(load-then-store) Relaxed or not, the flaw is the gap before it
        } else {
            self.readers.fetch_add(1, Relaxed); // Relaxed: ordered by the fence
        }
        fence(if FAULT == ARRIVE { AcqRel } else { SeqCst }); // SeqCst: the arrival before the look
        let side = self.side.load(Acquire); // Acquire: pairs with the turn: the copy was changed before
        // SAFETY: the writer changes the copy of the other side, or this one after its readers have
        // left; one that it does not count has seen the turn; where a step or
        // an ordering of that is missing, the writer is there.
        let value = self.copies[side].with(|copy| unsafe { *copy });
        // Release: pairs with the writer's wait: the reading is over
        self.readers.fetch_sub(1, if FAULT == LEAVE { Relaxed } else { Release });
        value
    }

    fn change(&self, side: usize, more: u8) -> u8 {
        // SAFETY: there is one writer, and no reader uses this side: none has come since the turn from
        // it, and those before have left. Without the wait they have not.
        self.copies[side].with_mut(|copy| unsafe { std::mem::replace(&mut *copy, *copy + more) })
    }

    fn add(&self, more: u8) -> u8 {
        let side = self.side.load(Relaxed); // Relaxed: the writer alone changes it
        let old = self.change(1 - side, more);
        // Release: pairs with the readers' look: the copy was changed before the turn
        self.side.store(1 - side, if FAULT == SHOW { Relaxed } else { Release });
        fence(if FAULT == TURN { AcqRel } else { SeqCst }); // SeqCst: the turn before the count
        // Acquire: pairs with the readers' leaving
        while FAULT != WAIT && self.readers.load(Acquire) != 0 {
            hint::spin_loop();
        }
        if FAULT != STALE {
            self.change(side, more);
        }
        old
    }
}

impl<const FAULT: u8> Object for LeftRight<FAULT> {
    type Spec = Cell;

    fn new() -> Self {
        let [side, readers] = [0; 2].map(AtomicUsize::new);
        LeftRight { side, readers, copies: [0; 2].map(UnsafeCell::new) }
    }

    fn call(&self, operation: &Number) -> Option<u8> {
        match *operation {
            Number::Add(more) => Some(self.add(more)),
            _ => Some(self.read()),
        }
    }
}
