//! A notification to one waiter.

use super::atomic::{AtomicBool, Ordering};

/// A token that one thread leaves and another one waits for.
#[derive(Debug)]
pub struct Notify(AtomicBool);

impl Default for Notify {
    fn default() -> Self {
        Notify::new()
    }
}

impl Notify {
    /// No token is there.
    #[track_caller]
    pub fn new() -> Notify {
        Notify(AtomicBool::new(false))
    }

    /// Leaves the token; what is before happens before what follows the wait that takes it.
    #[track_caller]
    pub fn notify(&self) {
        self.0.store(true, Ordering::Release); // pairs with the Acquire in `wait`
    }

    /// Waits for the token and takes it.
    #[track_caller]
    pub fn wait(&self) {
        // Acquire: pairs with the Release in `notify`.
        while self.0.compare_exchange(true, false, Ordering::Acquire, Ordering::Relaxed).is_err() {
            crate::hint::spin_loop();
        }
    }
}
