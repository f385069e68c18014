//! `OnceLock` is a map of one key; asking it and then setting it is not, unless the loser takes what the winner has set.
//!
//! Shape: threads ask for the value, or bring one along in case there is none. The lock has one
//! operation for that. Two that look, set, and go on with their own value have two values, because
//! the second setting is refused and nobody looked at the refusal.
//!
//! Source: Rust std, `OnceLock::get_or_init` and `OnceLock::set`; CWE-367 (check, then use).
//! Does not show: the orderings inside of `std`, whose place a model takes; an initialiser that asks
//! for the value that it makes.

use super::rt::linear::specs::{Keyed, Map};
use super::rt::linear::{Clients, Object, Role, Size, linearizable};
use super::rt::sync::OnceLock;

cases! {
    /// Up to three threads and four operations, two a thread.
    every_client: linearizable() => linearizable::<Once<NONE>>(&clients(4));
    /// Two threads look, find nothing, and each goes on with its own value.
    refusal_ignored: not_linearizable(NotLinearizable) => linearizable::<Once<IGNORE>>(&clients(4));
    /// The loser looks again and takes what it finds: that is right, too (three operations).
    looks_again: linearizable() => linearizable::<Once<AGAIN>>(&clients(3));
    /// Who does not look first goes on with a value that is refused, also where nobody else is at it.
    refused_value: not_linearizable(NotLinearizable) => linearizable::<Once<REFUSED>>(&clients(4));
}

/// With the lock's own operation, and by looking and setting.
const NONE: u8 = 0;
const IGNORE: u8 = 1;
const AGAIN: u8 = 2;
const REFUSED: u8 = 3;

fn clients(all: usize) -> Clients<Keyed> {
    let operations = [Keyed::GetOrInsert(0, 0), Keyed::Get(0)];
    Clients::new([Role::any(operations)], Size::new(3, 2).up_to(all)).numbered(Keyed::number)
}

struct Once<const FAULT: u8>(OnceLock<u8>);

impl<const FAULT: u8> Object for Once<FAULT> {
    type Spec = Map;

    fn new() -> Self {
        Once(OnceLock::new())
    }

    fn call(&self, operation: &Keyed) -> Option<u8> {
        let Keyed::GetOrInsert(_, own) = *operation else { return self.0.get().copied() };
        if FAULT == NONE {
            return Some(*self.0.get_or_init(|| own));
        }
        if FAULT != REFUSED
            && let Some(there) = self.0.get()
        {
            return Some(*there);
        }
        match self.0.set(own) {
            Err(_) if FAULT == AGAIN => self.0.get().copied(),
            Err(refused) => Some(refused),
            Ok(()) => Some(own),
        }
    }
}
