//! What makes a resource reachable must come after what makes it be given back.
//!
//! Shape: a thread-local value is found by a key, and at a thread's end a list of destructors says
//! which keys' values to drop. The thread that made the key published it before it had registered
//! the destructor. Another thread found the key, stored a value, and ended before the destructor
//! was in the list: its value is never dropped.
//!
//! Source: rust pull request 124281 (thread-local keys on Windows).
//! Does not show: two threads that make the key at once.

use super::rt::boxed::Box;
use super::rt::sync::atomic::{AtomicBool, Ordering::*};
use super::rt::thread;

cases! {
    /// As published: the key is found before its destructor is.
    key_first: fails(Leak) => use_key_while_made(true);
    /// As fixed.
    destructor_first: holds() => use_key_while_made(false);
}

fn use_key_while_made(key_first: bool) {
    let (key, destructor) = (AtomicBool::new(false), AtomicBool::new(false));
    thread::scope(|s| {
        s.spawn(|| {
            let steps = if key_first { [&key, &destructor] } else { [&destructor, &key] };
            for step in steps {
                step.store(true, Release); // Release: pairs with the load of the key
            }
        });
        s.spawn(|| {
            // Acquire: pairs with the store of the key
            if key.load(Acquire) {
                let value = Box::into_raw(Box::new(7));
                // The thread ends. Relaxed: it comes with the key, or it need not come
                if destructor.load(Relaxed) {
                    // SAFETY: the value is this thread's own.
                    drop(unsafe { Box::from_raw(value) });
                }
            }
        });
    });
}
