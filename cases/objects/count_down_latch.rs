//! Every arrival at a latch has to release, for the last one alone does not publish what the others have done.
//!
//! Shape: two operations each leave a value in a plain slot and count a latch down. Who waits sees the
//! count at zero and adds the values up. It has read what the last arrival wrote, and that is
//! part of the release sequence of each arrival before, because each is one read-modify-write. Counted down
//! in two steps, an arrival is lost, or the sequence is cut.
//!
//! Source: ISO C++20 [intro.races] p5 (release sequence).
//! Does not show: sleeping; a latch that is used again, which is a barrier.

use super::rt::cell::UnsafeCell;
use super::rt::hint;
use super::rt::linear::{Clients, Object, Role, Size, Spec, linearizable};
use super::rt::sync::atomic::{AtomicU8, Ordering::*};

cases! {
    /// Two arrivals by one thread or two, and up to three times waiting.
    every_client: linearizable() => linearizable::<Latch<NONE>>(&clients());
    /// Only the last arrival releases, and it does not publish what the first has left.
    relaxed_arrival: not_linearizable(DataRace) => linearizable::<Latch<ARRIVE>>(&clients());
    /// Who waits sees the count at zero, and not what was there before.
    relaxed_wait: not_linearizable(DataRace) => linearizable::<Latch<WAIT>>(&clients());
    /// The second store cuts the release sequence of the first arrival; where both find one count, the latch never opens.
    split_arrival: not_linearizable(DataRace).reports(Shuttle, Livelock) => linearizable::<Latch<SPLIT>>(&clients());
}

/// Without a fault, and with one.
const NONE: u8 = 0;
const ARRIVE: u8 = 1;
const WAIT: u8 = 2;
const SPLIT: u8 = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    /// Leaves this value, and arrives.
    Arrive(u8),
    /// Waits for two arrivals, and returns the sum of their values.
    Wait,
}

/// How many have arrived, and the sum of their values.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
struct Sum(u8, u8);

impl Spec for Sum {
    type Operation = Part;
    type Result = Option<u8>;

    fn apply(&mut self, part: &Part) -> Option<Option<u8>> {
        match *part {
            Part::Arrive(value) => {
                *self = Sum(self.0 + 1, self.1 + value);
                Some(None)
            }
            Part::Wait => (self.0 == 2).then_some(Some(self.1)),
        }
    }
}

fn clients() -> Clients<Part> {
    let number = |part: &mut Part, number| {
        if let Part::Arrive(value) = part {
            *value = number;
        }
    };
    Clients::new([Role::any([Part::Arrive(0), Part::Wait])], Size::new(4, 2).up_to(5))
        .numbered(number)
        .only(|client| {
            client.threads.iter().flatten().filter(|part| **part != Part::Wait).count() == 2
        })
}

struct Latch<const FAULT: u8> {
    missing: AtomicU8,
    left: [UnsafeCell<u8>; 6],
}

impl<const FAULT: u8> Latch<FAULT> {
    fn count_down(&self) {
        if FAULT == SPLIT {
            let missing = self.missing.load(Relaxed); // Relaxed: as below
            return self.missing.store(missing - 1, Release); // Release: as below, after a gap
        }
        // Relaxed: the flaw is that the first arrival does not release
        if FAULT == ARRIVE && self.missing.compare_exchange(2, 1, Relaxed, Relaxed).is_ok() {
            return;
        }
        self.missing.fetch_sub(1, Release); // Release: pairs with the wait, also through later arrivals
    }
}

impl<const FAULT: u8> Object for Latch<FAULT> {
    type Spec = Sum;

    fn new() -> Self {
        Latch { missing: AtomicU8::new(2), left: [0; 6].map(UnsafeCell::new) }
    }

    fn call(&self, part: &Part) -> Option<u8> {
        match *part {
            Part::Arrive(value) => {
                // SAFETY: the slot is that of this operation, and nobody reads it before two have
                // arrived; where the arrival does not publish it, somebody does.
                self.left[usize::from(value)].with_mut(|left| unsafe { *left = value });
                self.count_down();
                None
            }
            Part::Wait => {
                // Acquire: pairs with every arrival
                while self.missing.load(if FAULT == WAIT { Relaxed } else { Acquire }) != 0 {
                    hint::spin_loop();
                }
                // SAFETY: both have arrived, and left their values before they did; where a side
                // is Relaxed, or an arrival cuts the sequence, this races.
                let read = |left: &UnsafeCell<u8>| left.with(|left| unsafe { *left });
                Some(self.left.iter().map(read).sum())
            }
        }
    }
}
