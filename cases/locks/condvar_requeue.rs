//! Sleepers that are moved from a condition to its mutex must find a mutex that knows of them.
//!
//! Shape: to notify all is to wake one sleeper and to move the others to the mutex' own queue, where they
//! are woken one by one as it is unlocked. The mutex has the third state that says that somebody may
//! sleep, and a sleeper that was moved has not set it, for it has not come to the lock itself. So whoever
//! was woken must take the lock in that state, whether or not it had to wait; then its unlock wakes the
//! next. If it takes the lock as one that comes anew, nobody wakes the others.
//!
//! Source: Drepper, "Futexes are tricky", 2004/2011, section 6 (mutex 3); Linux, `FUTEX_CMP_REQUEUE` in
//! the manual page futex(2).
//! Does not show: the queues, of which each has one sleeper here; what the lock orders, see `futex_mutex`.

use super::rt::sync::atomic::{AtomicU32, Ordering::Relaxed};
use super::rt::sync::mpsc::channel;
use super::rt::thread;

const FREE: u32 = 0;
const HELD: u32 = 1;
const SLEEPERS: u32 = 2;

cases! {
    /// Who comes from the condition takes the lock as one that has sleepers.
    taken_with_sleepers: holds() => notify_all(SLEEPERS);
    /// Who is woken finds the lock free and takes it as if nobody slept.
    taken_as_new: fails(Deadlock) => notify_all(HELD);
}

/// How the one who is woken marks the lock if it finds it free.
fn notify_all(mark: u32) {
    let word = AtomicU32::new(FREE);
    let (move_on, moved) = channel();
    // Relaxed: nothing is protected here. Nobody else holds it: the notification came after an unlock.
    let take = |mark: u32| assert_eq!(word.swap(mark, Relaxed), FREE);
    // Relaxed: as above
    let release = || word.swap(FREE, Relaxed) == SLEEPERS;
    thread::scope(|s| {
        let (take, release, wake_next) = (&take, &release, move_on.clone());
        s.spawn(move || {
            take(mark); // it has slept at the condition, and was woken
            if release() {
                wake_next.send(()).unwrap();
            }
        });
        s.spawn(move || {
            moved.recv().unwrap(); // it has slept at the condition, and was moved
            take(SLEEPERS);
            release();
        });
    });
    drop(move_on); // the lock's queue is there as long as the lock
}
