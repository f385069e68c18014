//! A counter behind a ticket lock needs two orderings, both on the display; the tickets may be drawn Relaxed.
//!
//! Shape: an operation draws the next ticket, waits until the display shows it, works on a plain
//! counter, and shows the next number. A ticket is unique because it is drawn in one step, and says
//! nothing of what the owner before has done. What that one wrote comes with the display.
//!
//! Source: Mellor-Crummey and Scott, ACM TOCS 1991, section 2.2; Reed and Kanodia, CACM 1979.
//! Does not show: the wrap-around of the tickets, which is harmless while fewer threads wait than there
//! are tickets.

use super::rt::cell::UnsafeCell;
use super::rt::hint;
use super::rt::linear::specs::{Cell, Number};
use super::rt::linear::{Clients, Object, Role, Size, linearizable};
use super::rt::sync::atomic::{AtomicU8, Ordering::*};

cases! {
    /// Up to three threads and three operations.
    every_client: linearizable() => linearizable::<Counter<NONE>>(&clients());
    /// Whoever is served does not see what the owner before wrote.
    relaxed_wait: not_linearizable(DataRace) => linearizable::<Counter<WAIT>>(&clients());
    /// Whoever leaves does not publish what it wrote.
    relaxed_leave: not_linearizable(DataRace) => linearizable::<Counter<LEAVE>>(&clients());
    /// Two threads draw one ticket and are served together.
    split_draw: not_linearizable(DataRace) => linearizable::<Counter<SPLIT>>(&clients());
    /// An owner shows the number behind the last ticket drawn, and those who wait for an earlier one are in together.
    stale_display: not_linearizable(DataRace) => linearizable::<Counter<LAST>>(&clients());
}

/// Without a fault, and with one.
const NONE: u8 = 0;
const WAIT: u8 = 1;
const LEAVE: u8 = 2;
const SPLIT: u8 = 3;
const LAST: u8 = 4;

fn clients() -> Clients<Number> {
    Clients::new([Role::any([Number::Add(1), Number::Read])], Size::new(3, 2).up_to(3))
}

struct Counter<const FAULT: u8> {
    next: AtomicU8,
    served: AtomicU8,
    count: UnsafeCell<u8>,
}

impl<const FAULT: u8> Counter<FAULT> {
    fn draw(&self) -> u8 {
        if FAULT != SPLIT {
            return self.next.fetch_add(1, Relaxed); // Relaxed: being served is what orders
        }
        let ticket = self.next.load(Relaxed); // Relaxed: as above
        self.next.store(ticket + 1, Relaxed); // Relaxed: as above; the flaw is the gap before it
        ticket
    }

    fn wait(&self, ticket: u8) {
        // Acquire: pairs with the store of the owner before
        while self.served.load(if FAULT == WAIT { Relaxed } else { Acquire }) < ticket {
            hint::spin_loop();
        }
    }

    fn leave(&self, ticket: u8) {
        // Relaxed: the flaw is that the next ticket to be drawn is not the next to be served
        let next = if FAULT == LAST { self.next.load(Relaxed) } else { ticket + 1 };
        // Release: pairs with the load of whoever is served next
        self.served.store(next, if FAULT == LEAVE { Relaxed } else { Release });
    }
}

impl<const FAULT: u8> Object for Counter<FAULT> {
    type Spec = Cell;

    fn new() -> Self {
        let [next, served] = [0; 2].map(AtomicU8::new);
        Counter { next, served, count: UnsafeCell::new(0) }
    }

    fn call(&self, operation: &Number) -> Option<u8> {
        let ticket = self.draw();
        self.wait(ticket);
        let more = if let Number::Add(more) = *operation { more } else { 0 };
        // SAFETY: the display shows one number, which one thread has; with a Relaxed side the owner
        // before is not over, and with a number drawn or shown twice another is in as well.
        let old =
            self.count.with_mut(|count| unsafe { std::mem::replace(&mut *count, *count + more) });
        self.leave(ticket);
        Some(old)
    }
}
