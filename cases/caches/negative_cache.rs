//! A cached "absent" must not be written over the value of a key that has come meanwhile.
//!
//! Shape: a reader finds no such key in the source and wants to remember that; meanwhile a writer
//! adds the key. If the writer only removes what the cache says, the reader's note may come after,
//! and the key stays invisible. If the writer puts the value in, the reader must note "absent" only
//! where the cache says nothing. Either alone is not enough.
//!
//! Source: IETF RFC 2308, section 5 (why negative answers expire); Nishtala et al., NSDI 2013,
//! section 3.2.1.
//! Does not show: removal of keys, for which `stale_refill` has the version.

use super::rt::sync::Mutex;
use super::rt::sync::atomic::{AtomicBool, Ordering::*};
use super::rt::thread;

cases! {
    /// The writer puts the value in; the reader fills only a gap.
    publish_and_fill_gap: holds() => race(|note| *note = Some(Note::Present), |note| {
        note.get_or_insert(Note::Absent);
    });
    /// The reader overwrites what the writer has put in.
    reader_overwrites: fails(Assertion) => race(|note| *note = Some(Note::Present), |note| {
        *note = Some(Note::Absent);
    });
    /// The writer leaves a gap, and the reader fills it with what is no longer so.
    writer_only_removes: fails(Assertion) => race(|note| *note = None, |note| {
        note.get_or_insert(Note::Absent);
    });
}

/// What the cache says of the key.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Note {
    Absent,
    Present,
}

fn race(add: fn(&mut Option<Note>), remember_absence: fn(&mut Option<Note>)) {
    let (source, cache) = (AtomicBool::new(false), Mutex::new(None));
    thread::scope(|s| {
        s.spawn(|| {
            source.store(true, Relaxed); // Relaxed: the cache says it, under its lock
            add(&mut cache.lock().unwrap());
        });
        s.spawn(|| {
            // Relaxed: an old answer is what the cache must be able to stand
            if !source.load(Relaxed) {
                remember_absence(&mut cache.lock().unwrap());
            }
        });
    });
    assert_ne!(cache.into_inner().unwrap(), Some(Note::Absent), "the key stays invisible");
}
