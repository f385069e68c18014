//! The destructor of a thread-local may find another thread-local dropped already, and must ask before it uses it.
//!
//! Shape: a thread holds a session in a thread-local, whose destructor gives it back and notes so in a second
//! one. Thread-locals are dropped at the thread's end, the one last which was made first; that is how it
//! is, and nothing promises it. What comes second here is made later, so it is gone when the session ends.
//! `with` panics then, and a panic in such a destructor ends the process. `try_with` says that it is gone.
//!
//! Source: ephpm issue 300, 2026 (a server that died when it retired threads); Rust std, `LocalKey::with`.
//! Does not show: the panic; it is noted for who joins.

use super::rt::sync::atomic::{AtomicBool, AtomicU32, Ordering::*};
use super::rt::{Static, thread, thread_local};
use core::cell::Cell;

cases! {
    /// As published: the destructor uses what is no more, and the session is not given back.
    used_at_the_end: fails(Assertion) => end_with_session(false, true);
    /// As proposed: it asks whether it is there.
    asked_first: holds() => end_with_session(false, false);
    /// If the other one was made first, it is dropped later: a matter of who is called when.
    made_before: holds() => end_with_session(true, true);
}

static SESSIONS: Static<AtomicU32> = Static::new(|| AtomicU32::new(1));
static HAS_PANICKED: Static<AtomicBool> = Static::new(|| AtomicBool::new(false));

thread_local! {
    static SESSION: Session = const { Session(Cell::new(true)) };
    static NOTES: Notes = const { Notes(Cell::new(0)) };
}

/// A session, and whether its destructor takes for granted that there are notes.
struct Session(Cell<bool>);

/// Its destructor makes it a value that can be gone.
struct Notes(Cell<u32>);

impl Drop for Notes {
    fn drop(&mut self) {
        self.0.set(0);
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let noted = NOTES.try_with(|notes| notes.0.set(notes.0.get() + 1));
        if noted.is_err() && self.0.get() {
            HAS_PANICKED.store(true, Relaxed); // Relaxed: the join orders it
            return;
        }
        SESSIONS.fetch_sub(1, Relaxed); // Relaxed: the join orders it
    }
}

fn end_with_session(notes_first: bool, takes_for_granted: bool) {
    thread::scope(|s| {
        let worker = s.spawn(move || {
            if notes_first {
                NOTES.with(|notes| notes.0.set(1));
            }
            SESSION.with(|session| session.0.set(takes_for_granted));
            NOTES.with(|notes| notes.0.set(2));
        });
        worker.join().unwrap();
    });
    assert!(!HAS_PANICKED.load(Relaxed), "the process has ended"); // Relaxed: the join orders it
    assert_eq!(SESSIONS.load(Relaxed), 0, "a session is not given back"); // Relaxed: as above
}
