//! A queue whose count says one and whose pop says none is not empty.
//!
//! Shape: a sender counts its message and then pushes it. The receiver, being dropped, closes the
//! channel and drains it, and it stopped at the first pop that found nothing. A message that was
//! counted before the close and pushed after that pop stays in the queue for ever. The receiver has
//! to wait for what has been counted.
//!
//! Source: futures pull request 2304 (futures-channel, mpsc).
//! Does not show: senders that come later; they find the channel closed.

use std::ptr::null_mut;

use super::rt::boxed::Box;
use super::rt::sync::atomic::{AtomicPtr, AtomicU32, Ordering::*};
use super::rt::{hint, thread};

const CLOSED: u32 = 2;

cases! {
    /// As published: nothing there is taken for nothing to come.
    until_empty: fails(Leak) => drop_while_sent_to(false);
    /// As fixed: what was counted is waited for.
    until_counted: holds() => drop_while_sent_to(true);
}

fn drop_while_sent_to(wait: bool) {
    let (count, message) = (AtomicU32::new(0), AtomicPtr::new(null_mut()));
    thread::scope(|s| {
        s.spawn(|| {
            // Relaxed: the count publishes nothing; it fails where the channel is closed
            if count.compare_exchange(0, 1, Relaxed, Relaxed).is_ok() {
                message.store(Box::into_raw(Box::new(7)), Release); // Release: pairs with the load
            }
        });
        s.spawn(|| {
            let counted = count.fetch_or(CLOSED, Relaxed); // Relaxed: as for the sender
            let mut popped = message.load(Acquire); // Acquire: pairs with the sender's store
            while wait && counted == 1 && popped.is_null() {
                hint::spin_loop();
                popped = message.load(Acquire); // Acquire: as above
            }
            if !popped.is_null() {
                // SAFETY: the receiver alone pops.
                drop(unsafe { Box::from_raw(popped) });
            }
        });
    });
}
