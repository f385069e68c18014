//! A counter that is raised, found too early, and lowered again has told who read it without the lock.
//!
//! Shape: a channel with a buffer, whose sender takes the lock, raises the size, and then finds that
//! the channel is closed: it lowers the size and is refused. Whether all is over, closed and with
//! nothing left, was asked without the lock, of a size that is counted for a moment only. No value is
//! there any more, and none can come, so the answer "not yet" has no place in any order. It is fixed by
//! asking for the size under the lock. The smallest client, as its report has it:
//! `Offer → false ∥ Close → true; IsOver → false`.
//!
//! Source: Kotlin/kotlinx.coroutines issue 1530 and pull request 1586 (`ArrayChannel.isClosedForReceive`,
//! found by Lincheck; Koval, 2019).
//! Does not show: the buffer and those who wait; of the values there is the number.

use super::rt::linear::{Clients, Object, Role, Size, Spec, linearizable};
use super::rt::sync::Mutex;
use super::rt::sync::atomic::{AtomicBool, AtomicUsize, Ordering::*};

cases! {
    /// The size is asked for under the lock: up to three threads and four operations.
    every_client: linearizable()
        .slack("Channel::call: self.is_closed.swap", "Relaxed", "for who asks without the lock")
        .slack("Channel::call: self.is_closed.load #2", "Relaxed", "as the store that it pairs with")
        => linearizable::<Channel<NONE>>(&clients());
    /// The size is asked for without the lock: kotlinx.coroutines issue 1530.
    size_without_lock: not_linearizable(NotLinearizable) => linearizable::<Channel<SIZE>>(&clients());
    /// A sender looks before it takes the lock: it puts a value into what is over.
    looks_before_lock: not_linearizable(NotLinearizable) => linearizable::<Channel<LOOK>>(&clients());
}

/// Without a fault, and with one.
const NONE: u8 = 0;
const SIZE: u8 = 1;
const LOOK: u8 = 2;

/// What is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Call {
    /// Puts a value in; false if the channel is closed.
    Offer,
    /// Takes a value out; false if there is none.
    Poll,
    /// Closes the channel; false if it was closed.
    Close,
    /// Whether it is closed and nothing is in it.
    IsOver,
}

fn clients() -> Clients<Call> {
    let role = Role::any([Call::Offer, Call::Poll, Call::Close, Call::IsOver]);
    Clients::new([role], Size::new(3, 2).up_to(4))
}

/// How many values there are, and whether it is closed.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
struct Counted(usize, bool);

impl Spec for Counted {
    type Operation = Call;
    type Result = bool;

    fn apply(&mut self, call: &Call) -> Option<bool> {
        let before = self.clone();
        match call {
            Call::Offer => self.0 += usize::from(!before.1),
            Call::Poll => self.0 = before.0.saturating_sub(1),
            Call::Close => self.1 = true,
            Call::IsOver => return Some(before.1 && before.0 == 0),
        }
        Some(*self != before)
    }
}

struct Channel<const FAULT: u8> {
    size: AtomicUsize,
    is_closed: AtomicBool,
    lock: Mutex<()>,
}

impl<const FAULT: u8> Object for Channel<FAULT> {
    type Spec = Counted;

    fn new() -> Self {
        let (size, is_closed) = (AtomicUsize::new(0), AtomicBool::new(false));
        Channel { size, is_closed, lock: Mutex::new(()) }
    }

    fn call(&self, call: &Call) -> bool {
        // Relaxed, here and below: the lock orders what is read
        let early = FAULT == LOOK && self.is_closed.load(Relaxed);
        let locked = (FAULT != SIZE || *call != Call::IsOver).then(|| self.lock.lock().unwrap());
        // Relaxed: as above
        let is_closed = if FAULT == LOOK { early } else { self.is_closed.load(Relaxed) };
        let _locked = locked;
        match call {
            Call::Offer => {
                self.size.fetch_add(1, Relaxed); // Relaxed: as above
                if is_closed {
                    self.size.fetch_sub(1, Relaxed); // Relaxed: as above
                }
                !is_closed
            }
            Call::Poll => self.size.load(Relaxed) > 0 && self.size.fetch_sub(1, Relaxed) > 0,
            Call::Close => !self.is_closed.swap(true, Release), // Release: pairs with the Acquire below
            // Acquire: pairs with the Release above, for who asks without the lock
            Call::IsOver => self.is_closed.load(Acquire) && self.size.load(Relaxed) == 0,
        }
    }
}
