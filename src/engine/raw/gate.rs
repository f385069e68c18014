//! The gate of an engine that has locks: a mutex, and a condition variable for who waits for a change.

use super as raw;

/// Lets one thread in at a time, and has changes to wait for.
pub struct Gate {
    lock: raw::Mutex<()>,
    changed: raw::Condvar,
}

/// The right of whoever is inside.
pub type Inside<'a> = raw::MutexGuard<'a, ()>;

impl Gate {
    /// An open gate; an ordered one puts whoever enters behind all who were inside before.
    pub fn new(ordered: bool) -> Self {
        let lock = if ordered { raw::Mutex::new(()) } else { raw::unordered_mutex() };
        Gate { lock, changed: raw::Condvar::new() }
    }

    /// Waits until nobody is inside, and enters.
    pub fn enter(&self) -> Inside<'_> {
        let Ok(inside) = self.lock.lock() else { unreachable!("no engine poisons") };
        inside
    }

    /// Leaves; a change wakes those who wait.
    pub fn leave(&self, inside: Inside<'_>, changed: bool) {
        if changed {
            self.changed.notify_all();
        }
        drop(inside);
    }

    /// Leaves, waits for a change, and enters.
    pub fn wait<'a>(&'a self, inside: Inside<'a>) -> Inside<'a> {
        let Ok(inside) = self.changed.wait(inside) else { unreachable!("no engine poisons") };
        inside
    }

    /// As [`wait`](Self::wait), or until a time-out; whether it was that.
    pub fn wait_timeout<'a>(&'a self, inside: Inside<'a>) -> (Inside<'a>, bool) {
        raw::wait_timeout(&self.changed, inside)
    }
}
