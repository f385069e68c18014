//! A counting semaphore, which `std` has not: permits to take and give back.

use std::panic::Location;

use super::monitor::Monitor;
use super::{At, record, record_drop, stopped};
use casebook_engine::probe::Wait;

/// A number of permits.
pub struct Semaphore(Monitor<usize>);

/// A permit; dropping it gives it back.
pub struct SemaphorePermit<'a>(&'a Semaphore, At);

impl Semaphore {
    /// A semaphore with `permits` permits.
    #[track_caller]
    pub fn new(permits: usize) -> Self {
        Semaphore(Monitor::new(permits))
    }

    /// Waits for a permit; what was done before it was given back happens before what follows.
    #[track_caller]
    pub fn acquire(&self) -> SemaphorePermit<'_> {
        self.0.wait_for(Wait::Permit, |permits| {
            *permits = permits.checked_sub(1)?;
            Some(())
        });
        record("acquire permit", 0);
        SemaphorePermit(self, Location::caller())
    }

    /// Takes a permit if there is one.
    #[track_caller]
    pub fn try_acquire(&self) -> Option<SemaphorePermit<'_>> {
        record("try_acquire permit", 0);
        let taken = self.0.with(|permits| {
            *permits = permits.checked_sub(1)?;
            Some(())
        });
        let at = Location::caller();
        taken.map(|()| SemaphorePermit(self, at))
    }

    /// Adds permits.
    #[track_caller]
    pub fn add_permits(&self, more: usize) {
        record("add permits", 0);
        self.0.with(|permits| *permits += more);
    }

    /// How many permits there are now.
    pub fn available_permits(&self) -> usize {
        self.0.with(|permits| *permits)
    }
}

impl SemaphorePermit<'_> {
    /// Never gives the permit back.
    pub fn forget(self) {
        std::mem::forget(self);
    }
}

impl Drop for SemaphorePermit<'_> {
    fn drop(&mut self) {
        if !stopped() {
            record_drop("add permits", 0, self.1);
            self.0.0.with(|permits| *permits += 1);
        }
    }
}
