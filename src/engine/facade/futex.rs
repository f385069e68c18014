//! A word to sleep at until somebody wakes: what an operating system offers as a futex, and C++20 as `atomic::wait` and `notify`.
//!
//! The names are those of the crate `atomic-wait`, which real threads use here. A word that is waited at is a [`Futex`], since an engine has
//! to know it from the beginning.
//!
//! What is promised is what `futex(2)` says (Linux man-pages 6.8): to look at the word, to compare it, and to fall asleep are one step, in one
//! order with all other waits and wake-ups of that word. So whoever looks after a wake-up finds no older value than who woke had written, or
//! had seen. The kernel does it by a lock for the word and a full barrier (Linux, kernel/futex/waitwake.c). C++20 [atomics.wait] p4 says as
//! much: a wait that has read an older value than one that happens before the notification is woken by it.
//!
//! What is not promised: `wait` and `wake_one` order nothing but that look. Who is woken has acquired nothing, and has not seen the new
//! value: it looks again, by a load that acquires if it needs to. `wait` also returns without a wake-up, as both documents say. One
//! wake-up may wake any of the sleepers.
//!
//! Not modelled: words shared between processes, priority inheritance, requeueing, bit sets, `FUTEX_WAKE_OP`, a time-out. Under loom whoever
//! is inside the kernel comes after all who were, by happens-before. Under loom and shuttle nobody wakes without a cause.

use std::ops::Deref;
use std::ptr::NonNull;

use super::atomic::AtomicU32;
use super::{address, raw, require_running, stopped, wait_begins, wait_ends, woken};
use casebook_engine::probe::Wait;

/// An `AtomicU32` to wait at.
pub struct Futex {
    word: AtomicU32,
    queue: raw::FutexQueue,
}

impl Futex {
    /// A word that holds `value`, and nobody sleeps at.
    #[track_caller]
    pub fn new(value: u32) -> Self {
        Futex { word: AtomicU32::new(value), queue: raw::FutexQueue::new() }
    }

    /// The value, at the end.
    pub fn into_inner(self) -> u32 {
        self.word.into_inner()
    }
}

impl Deref for Futex {
    type Target = AtomicU32;

    fn deref(&self) -> &AtomicU32 {
        &self.word
    }
}

/// Sleeps until it is woken, if the word is `expected`; or returns without a cause.
#[track_caller]
pub fn wait(word: &Futex, expected: u32) {
    require_running();
    word.word.record("wait", Some(expected));
    wait_begins(Wait::Futex, address(word));
    let found = word.queue.wait(word.word.inside(), expected);
    wait_ends();
    if found == expected {
        word.word.record("awake", None);
    } else {
        word.word.record("wait: finds", Some(found));
    }
}

/// Wakes one of those who sleep at the word, if there is one.
///
/// A pointer will do: the kernel goes by the address and does not touch what is there. The word may have been freed meanwhile, if it
/// stood in a [`Box`](super::boxed::Box).
#[track_caller]
pub fn wake_one(word: *const Futex) {
    if let Some(word) = waking(word) {
        word.word.record("wake_one", None);
        woken(address(word));
        word.queue.wake_one();
    }
}

/// Wakes all who sleep at the word; a pointer will do, as for [`wake_one`].
#[track_caller]
pub fn wake_all(word: *const Futex) {
    if let Some(word) = waking(word) {
        word.word.record("wake_all", None);
        woken(address(word));
        word.queue.wake_all();
    }
}

/// What the kernel finds by an address.
fn waking<'a>(word: *const Futex) -> Option<&'a Futex> {
    let word = NonNull::new(word.cast_mut()).filter(|_| !stopped())?;
    // SAFETY: the memory of a `Box` that has been freed stays as it was until the execution ends, and the word owns nothing; what a case
    // keeps elsewhere it refers to by references, which keep it alive.
    Some(unsafe { word.as_ref() })
}
