//! What was sent belongs to the receiver until it is sent back.
//!
//! Shape: a producer fills a buffer, sends it, and fills the same buffer again. Safe Rust moves the
//! buffer away and rejects the second use. Where what is sent is a name of the buffer (an index, a
//! pointer, a DMA descriptor) nothing is moved, and the second filling races with the reading. A
//! second channel that carries the buffer's name back makes the reuse sound.
//!
//! Source: the Rust Reference, section Moved and copied types, for what the compiler rejects.
//! Does not show: the rejection itself, which is a compile error and no execution.

use super::rt::cell::UnsafeCell;
use super::rt::crossbeam::channel;
use super::rt::thread;

cases! {
    /// The buffer is filled again only after it has come back.
    sent_back: holds() => fill_twice(true);
    /// The buffer is filled again while the receiver may be reading.
    used_after_send: fails(DataRace) => fill_twice(false);
}

fn fill_twice(wait: bool) {
    let buffers = [UnsafeCell::new(0)];
    let (full, to_read) = channel::unbounded();
    let (empty, to_fill) = channel::unbounded();
    thread::scope(|s| {
        s.spawn(|| {
            let mut buffer = 0;
            // SAFETY: nobody reads the buffer before it is sent.
            buffers[buffer].with_mut(|b| unsafe { *b = 1 });
            full.send(buffer).unwrap();
            if wait {
                buffer = to_fill.recv().unwrap();
            }
            // SAFETY: the buffer's name has come back, and the receiver sent it after its last
            // read; a producer that does not wait for it has no such reason.
            buffers[buffer].with_mut(|b| unsafe { *b = 2 });
        });
        s.spawn(|| {
            let buffer: usize = to_read.recv().unwrap();
            // SAFETY: the producer filled the buffer before it sent the name, and if it waits for
            // the name does not fill it again before this thread sends it back.
            let message = buffers[buffer].with(|b| unsafe { *b });
            assert_ne!(message, 0, "it is filled before it is sent");
            empty.send(buffer).unwrap();
        });
    });
}
