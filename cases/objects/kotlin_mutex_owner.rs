//! Three looks at a lock that changes hands between them add up to a state that it never had.
//!
//! Shape: a lock knows its owner by a token. Who tries to lock it and fails is refused if another
//! token has it, and is told of a mistake if its own has. The failed attempt was followed by two more
//! looks: is the owner mine, and is it locked at all? The lock was free at the second look, and
//! locked again at the third, so the call was refused, though nobody had the lock except with that
//! token. It is fixed by one look that answers both questions. The authors first thought that their
//! checker was wrong. The smallest client, of one token:
//! `TryLock(1) → Done ∥ TryLock(1) → Refused ∥ TryLock(1) → Done; Unlock(1) → Done`.
//!
//! Source: Kotlin/kotlinx.coroutines issue 3745 and pull request 3781 (`Mutex.tryLock`, found by Lincheck; 2023).
//! Does not show: what the lock protects, and those who wait for it.

use super::rt::linear::{Clients, Object, Role, Size, Spec, linearizable};
use super::rt::sync::atomic::{AtomicU8, Ordering::Relaxed};

cases! {
    /// A failed attempt looks once: up to three threads and four operations, with two tokens.
    every_client: linearizable().exposed() => linearizable::<Lock<NONE>>(&clients());
    /// Three looks: an attempt is refused by its own token, as in kotlinx.coroutines issue 3745.
    looks_three_times: not_linearizable(NotLinearizable) => linearizable::<Lock<LOOKS>>(&clients());
    /// The token that unlocks is compared first and taken out then: two calls unlock once, whoever has the lock by then.
    split_unlock: not_linearizable(NotLinearizable) => linearizable::<Lock<SPLIT>>(&clients());
}

/// Without a fault, and with one.
const NONE: u8 = 0;
const LOOKS: u8 = 1;
const SPLIT: u8 = 2;

/// What is called, with a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Call {
    TryLock(u8),
    Unlock(u8),
}

/// What comes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    /// It is locked, or unlocked, by this call.
    Done,
    /// Another token has the lock.
    Refused,
    /// The caller's token has the lock already, or does not have it when it unlocks.
    Mistake,
}

fn clients() -> Clients<Call> {
    let calls = [Call::TryLock(1), Call::TryLock(2), Call::Unlock(1), Call::Unlock(2)];
    Clients::new([Role::any(calls)], Size::new(3, 3).up_to(4))
}

/// The token that has the lock; 0 if none has.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
struct Owner(u8);

impl Spec for Owner {
    type Operation = Call;
    type Result = Answer;

    fn apply(&mut self, call: &Call) -> Option<Answer> {
        let (needs, token) = match *call {
            Call::TryLock(token) => (0, token),
            Call::Unlock(token) => (token, 0),
        };
        Some(match self.0 {
            owner if owner == needs => {
                self.0 = token;
                Answer::Done
            }
            owner if owner == token || token == 0 => Answer::Mistake,
            _ => Answer::Refused,
        })
    }
}

/// Relaxed, everywhere: there is one location.
struct Lock<const FAULT: u8>(AtomicU8);

impl<const FAULT: u8> Lock<FAULT> {
    fn try_lock(&self, token: u8) -> Answer {
        // Relaxed: as said
        while let Err(owner) = self.0.compare_exchange(0, token, Relaxed, Relaxed) {
            let owner = if FAULT == LOOKS { self.0.load(Relaxed) } else { owner }; // Relaxed: as said
            match owner {
                owner if owner == token => return Answer::Mistake,
                // Relaxed: as above; the flaw is that this is another look
                _ if FAULT != LOOKS || self.0.load(Relaxed) != 0 => return Answer::Refused,
                _ => {}
            }
        }
        Answer::Done
    }

    fn unlock(&self, token: u8) -> Answer {
        let is_owner = match FAULT {
            // Relaxed, both: as above; the flaw is the gap between them
            SPLIT => (self.0.load(Relaxed) == token).then(|| self.0.store(0, Relaxed)).is_some(),
            _ => self.0.compare_exchange(token, 0, Relaxed, Relaxed).is_ok(), // Relaxed: as above
        };
        if is_owner { Answer::Done } else { Answer::Mistake }
    }
}

impl<const FAULT: u8> Object for Lock<FAULT> {
    type Spec = Owner;

    fn new() -> Self {
        Lock(AtomicU8::new(0))
    }

    fn call(&self, call: &Call) -> Answer {
        match *call {
            Call::TryLock(token) => self.try_lock(token),
            Call::Unlock(token) => self.unlock(token),
        }
    }
}
