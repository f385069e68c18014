//! A park that times out leaves a token to come, and the next park takes that for its own.
//!
//! Shape: a thread parks with a time-out until an answer is there, gives up, and later parks for
//! something else. The answer comes all the same, with its unpark: the token is left for the second
//! park, which returns before its time. A loop around the second park does not mind. And giving up
//! is decided by a look at the answer: a return says neither that it is there nor that time is up.
//!
//! Source: `std::thread::park_timeout` documentation; toit pull request 3094 (2026, what a timed
//! wait leaves behind in a slot that all waits share).
//! Does not show: how much time was left.

use core::time::Duration;

use super::rt::sync::atomic::{AtomicBool, Ordering::*};
use super::rt::thread;

const A_MOMENT: Duration = Duration::from_micros(50);

cases! {
    /// The second wait looks at what it waits for.
    second_loops: holds() => give_up_then_wait(|done| {
        // Relaxed: only the flag is looked at.
        while !done.load(Relaxed) {
            thread::park();
        }
    });
    /// The late answer's token ends the second wait.
    second_parks_once: fails(Assertion) => give_up_then_wait(|done| {
        // Relaxed: as above.
        if !done.load(Relaxed) {
            thread::park();
        }
    });
    /// The answer may be there or not, however the park ended.
    either: observes().required([true, false]) => ask();
    /// That the park is over is taken for an answer.
    trusts_the_return: fails(Assertion) => assert!(ask(), "nobody has looked");
}

fn give_up_then_wait(wait: fn(&AtomicBool)) {
    let [answer, done] = [0; 2].map(|_| AtomicBool::new(false));
    let (answer, done) = (&answer, &done);
    thread::scope(|s| {
        let waiter = s.spawn(move || {
            // Relaxed: only the flag is looked at.
            if !answer.load(Relaxed) {
                thread::park_timeout(A_MOMENT);
            }
            wait(done);
            // Relaxed: the flag was seen up, or an unpark came after it.
            assert!(done.load(Relaxed), "the wait is over, and what was waited for is not there");
        });
        for flag in [answer, done] {
            flag.store(true, Relaxed); // Relaxed: nothing comes with the flag
            waiter.thread().unpark();
        }
    });
}

/// Whether the answer is there after a park.
fn ask() -> bool {
    let answer = AtomicBool::new(false);
    let answer = &answer;
    thread::scope(|s| {
        let waiter = s.spawn(move || {
            thread::park_timeout(A_MOMENT);
            answer.load(Relaxed) // Relaxed: only the flag is looked at
        });
        answer.store(true, Relaxed); // Relaxed: nothing comes with the flag
        waiter.thread().unpark();
        waiter.join().unwrap()
    })
}
