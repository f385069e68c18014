//! A notification to one waiter.

use super::atomic::{AtomicBool, Ordering};

/// A token that one thread leaves and another one waits for.
#[derive(Debug)]
pub struct Notify {
    token: AtomicBool,
    /// Whether somebody waits. It orders nothing.
    waiting: AtomicBool,
}

impl Default for Notify {
    fn default() -> Self {
        Notify::new()
    }
}

impl Notify {
    /// No token is there.
    #[track_caller]
    pub fn new() -> Notify {
        Notify { token: AtomicBool::new(false), waiting: AtomicBool::new(false) }
    }

    /// Leaves the token; what is before happens before what follows the wait that takes it.
    #[track_caller]
    pub fn notify(&self) {
        self.token.store(true, Ordering::Release); // pairs with the Acquire in `wait`
    }

    /// Waits for the token and takes it.
    ///
    /// # Panics
    /// If another thread waits at the same time.
    #[track_caller]
    pub fn wait(&self) {
        // Relaxed: the mark finds a misuse, and orders nothing.
        let waits = self.waiting.swap(true, Ordering::Relaxed);
        assert!(!waits, "only a single thread may wait on `Notify`");
        // Acquire: pairs with the Release in `notify`.
        while (self.token.compare_exchange(true, false, Ordering::Acquire, Ordering::Relaxed))
            .is_err()
        {
            crate::hint::spin_loop();
        }
        self.waiting.store(false, Ordering::Relaxed); // Relaxed: as above
    }
}
