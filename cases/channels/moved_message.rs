//! A channel moves a message, and a move copies its bytes; what the message points to stays in place.
//!
//! Shape: a sender notes where its message is and sends it; the receiver compares. An array is
//! somewhere else when it arrives, because its bytes were copied into the channel and out again.
//! A vector's elements are where they were: the copied bytes are a pointer, a capacity and a length.
//! So handing over ownership is cheap for what is behind a pointer, and not free for what is not.
//!
//! Source: the Rust Reference, section Moved and copied types; Rust std, `Vec` (Guarantees).
//! Does not show: what a copy costs; a large array in a message may be slower than a vector.

use super::rt::crossbeam::channel;
use super::rt::thread;

cases! {
    /// The array's own bytes are in the receiver's frame, and no longer in the sender's.
    array: fails(Assertion) => hand_over([7_u32; 4], |array| array.as_ptr());
    /// The vector's three words have moved, and its elements have not.
    vector: holds() => hand_over(vec![7_u32; 4], |vector| vector.as_ptr());
}

fn hand_over<T: Send>(message: T, place: fn(&T) -> *const u32) {
    let (sender, receiver) = channel::bounded(1);
    thread::scope(|s| {
        s.spawn(move || {
            let before = place(&message).addr();
            sender.send((before, message)).unwrap();
        });
        s.spawn(move || {
            let (before, message) = receiver.recv().unwrap();
            assert_eq!(place(&message).addr(), before, "the message has been copied");
        });
    });
}
