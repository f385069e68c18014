//! Threads that wait for each other.

use super::{Condvar, Mutex};

/// `std::sync::Barrier`, which loom only names.
#[derive(Debug)]
pub struct Barrier {
    parties: usize,
    /// How many have come, in all.
    come: Mutex<usize>,
    full: Condvar,
}

/// Which of those that meet is the leader.
#[derive(Clone, Copy, Debug)]
pub struct BarrierWaitResult(bool);

impl BarrierWaitResult {
    /// Whether this thread is.
    pub fn is_leader(&self) -> bool {
        self.0
    }
}

impl Barrier {
    /// A barrier for `parties` threads.
    #[track_caller]
    pub fn new(parties: usize) -> Self {
        Barrier { parties: parties.max(1), come: Mutex::new(0), full: Condvar::new() }
    }

    /// Waits until all have come.
    #[track_caller]
    pub fn wait(&self) -> BarrierWaitResult {
        let mut come = self.come.lock().expect("nothing here is poisoned");
        let round = *come / self.parties;
        *come += 1;
        if (*come).is_multiple_of(self.parties) {
            self.full.notify_all();
            return BarrierWaitResult(true);
        }
        while *come / self.parties == round {
            come = self.full.wait(come).expect("nothing here is poisoned");
        }
        BarrierWaitResult(false)
    }
}
