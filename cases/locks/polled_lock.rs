//! A loop that takes a lock to look, and yields, waits as well as one that spins on a flag.
//!
//! Shape: one thread sets a flag under a lock. Another one locks, looks, unlocks and yields until the
//! flag is set. A round that finds nothing leaves the lock as it was. If nobody ever sets the flag, the
//! loop never ends.
//!
//! Source: Mesa's monitors wait in such loops, with a condition in place of the yield: Lampson and
//! Redell, *Experience with Processes and Monitors in Mesa*, CACM 23(2), 1980.
//! Does not show: what polling costs; that the thread which sets the flag gets the lock in time.

use super::rt::hint;
use super::rt::sync::Mutex;
use super::rt::thread;

cases! {
    /// The flag is set in the end.
    set: holds() => poll(true);
    /// The flag is never set.
    never_set: fails(Livelock).bounded(Loom, NoLivelockDetection) => poll(false);
}

fn poll(sets: bool) {
    let flag = Mutex::new(false);
    thread::scope(|s| {
        s.spawn(|| {
            while !*flag.lock().unwrap() {
                hint::spin_loop();
            }
        });
        s.spawn(|| *flag.lock().unwrap() |= sets);
    });
}
