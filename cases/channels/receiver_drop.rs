//! Dropping the receiver hands a waiting sender its message back, and drops what lay in the buffer.
//!
//! Shape: the receiver takes one message and goes while a sender waits with another. A send that
//! finds nobody there is an error that carries the message; a sender that waits for room is woken
//! by it. The error is part of a normal shutdown, so unwrapping it turns one into a panic. What is
//! in the buffer is dropped as values are: a raw pointer's memory is nobody's any more.
//!
//! Source: std::sync::mpsc, documentation, section Disconnection; std::sync::mpsc::SendError.
//! Does not show: messages that are lost by design; nobody learns that they were in the buffer.

use super::rt::boxed::Box;
use super::rt::sync::mpsc;
use super::rt::thread;

cases! {
    /// The sender that waits is woken, and keeps or gives up its message.
    error_handled: holds() => leave(|sent| _ = sent);
    /// Whether the receiver is still there is taken for granted.
    error_unwrapped: fails(Assertion) => leave(|sent| sent.unwrap());
    /// What was never received is dropped with the channel.
    boxes_in_the_buffer: holds() => abandon(|message| message);
    /// A pointer in the buffer owns nothing, so nobody frees what it points to.
    pointers_in_the_buffer: fails(Leak) => abandon(|message| Pointer(Box::into_raw(message)));
}

fn leave(result: fn(Result<(), mpsc::SendError<u32>>)) {
    let (sender, receiver) = mpsc::sync_channel(1);
    sender.send(1).unwrap();
    thread::scope(|s| {
        s.spawn(|| result(sender.send(2)));
        s.spawn(move || assert_eq!(receiver.recv(), Ok(1)));
    });
}

struct Pointer(#[expect(dead_code, reason = "its owner is gone")] *mut u32);

// SAFETY: the pointer is its memory's only one, so whoever has it may use it.
unsafe impl Send for Pointer {}

fn abandon<T: Send + 'static>(wrap: fn(Box<u32>) -> T) {
    let (sender, receiver) = mpsc::channel();
    thread::scope(|s| {
        s.spawn(move || sender.send(wrap(Box::new(1))).ok());
        s.spawn(move || drop(receiver));
    });
}
