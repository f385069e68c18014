//! What the facade of `casebook_linear` stands on.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Condvar, Mutex, PoisonError};

#[path = "../raw/point.rs"]
mod point;

use casebook_linear as linear;

pub use point::Point;

/// What one thread of a client tells another.
pub struct Flag(Mutex<bool>, Condvar);

impl linear::Flag for Flag {
    fn new() -> Self {
        Flag(Mutex::new(false), Condvar::new())
    }

    fn tell(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.1.notify_all();
    }

    fn hear(&self) {
        let told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.1.wait_while(told, |told| !*told));
    }
}

/// The next number below `end`: in as many runs each is taken once.
pub fn choose(end: usize) -> usize {
    static TURN: AtomicUsize = AtomicUsize::new(0);
    TURN.fetch_add(1, Relaxed) % end // Relaxed: a number to draw, which orders nothing
}
