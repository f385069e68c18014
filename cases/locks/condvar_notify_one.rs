//! Waiters for different things need `notify_all`, or the one wake-up may go to the wrong one.
//!
//! Shape: two threads wait at one condition variable, each for a number of its own. One
//! notification wakes one of them; if it is not the one that can go on, it waits again, and the
//! wake-up is spent. A condition variable for each number needs no more than `notify_one`.
//!
//! Source: Goetz et al., *Java Concurrency in Practice*, 2006, section 14.2.4; tokio pull request
//! 2135.
//! Does not show: the cost of waking everybody.

use super::rt::sync::{Condvar, Mutex};
use super::rt::thread;

cases! {
    /// Everybody looks; who cannot go on waits again.
    notify_all: holds() => take_turns([0, 0], Condvar::notify_all);
    /// The wake-up goes to who cannot go on.
    notify_one: fails(LostWakeup) => take_turns([0, 0], Condvar::notify_one);
    /// One condition variable for each thing that is waited for.
    one_condvar_each: holds() => take_turns([0, 1], Condvar::notify_one);
}

fn take_turns(condvar_of: [usize; 2], notify: fn(&Condvar)) {
    let (turn, changed) = (Mutex::new(None), [0; 2].map(|_| Condvar::new()));
    let (turn, changed) = (&turn, &changed);
    thread::scope(|s| {
        for me in 0..2 {
            s.spawn(move || {
                let mut now = turn.lock().unwrap();
                while *now != Some(me) {
                    now = changed[condvar_of[me]].wait(now).unwrap();
                }
                *now = Some(me + 1);
                notify(&changed[condvar_of[(me + 1) % 2]]);
            });
        }
        s.spawn(move || {
            *turn.lock().unwrap() = Some(0);
            notify(&changed[condvar_of[0]]);
        });
    });
}
