//! "Nothing there" and then "disconnected" do not add up to "nothing will come".
//!
//! Shape: a receiver finds nothing and then looks whether the sender is gone. In between the sender
//! sends its last message and goes. The receiver reports the end of the channel with a message in
//! it. Having seen the disconnection, it must look once more.
//!
//! Source: spmc commit f9686a0.
//! Does not show: a receiver that comes again; many stop at the first disconnection.

use super::rt::sync::atomic::{AtomicBool, AtomicU32, Ordering::*};
use super::rt::thread;

const NOTHING: u32 = 0;

cases! {
    /// As published.
    look_once: fails(Assertion) => receive_the_last(false);
    /// As fixed: it looks once more after the disconnection was seen.
    look_again: holds() => receive_the_last(true);
}

fn receive_the_last(again: bool) {
    let (queue, disconnected) = (AtomicU32::new(NOTHING), AtomicBool::new(false));
    let look = || queue.load(Relaxed); // Relaxed: the message is the value itself
    thread::scope(|s| {
        s.spawn(|| {
            queue.store(7, Relaxed); // Relaxed: the disconnection publishes it
            disconnected.store(true, Release); // Release: the message was sent before
        });
        s.spawn(|| {
            let mut found = look();
            // Acquire: pairs with the sender's disconnection
            if found == NOTHING && disconnected.load(Acquire) {
                if again {
                    found = look();
                }
                assert_eq!(found, 7, "the channel ended before its last message");
            }
        });
    });
}
