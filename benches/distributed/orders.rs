//! Four threads count to fifteen together: a small program with a large search, to be done on many machines.
//!
//! Shape: read-modify-writes of one location, in every order of the threads: 15! / (5! 4! 3! 3!) = 12,612,600 executions, which is what makes a search
//! of it that loses or repeats a part show.
//! Source: none; arithmetic.
//! Does not show: anything about other programs.

use super::rt::sync::atomic::{AtomicUsize, Ordering::*};
use super::rt::thread;

cases! {
    /// Nothing is lost, in whatever order.
    fifteen: holds() => count([5, 4, 3, 3]);
    /// The same with six: 60 executions, for who only tries how it is done.
    six: holds() => count([3, 2, 1, 0]);
}

fn count(turns: [usize; 4]) {
    let count = AtomicUsize::new(0);
    thread::scope(|s| {
        for turns in turns {
            let count = &count;
            // Relaxed: the scope orders everything before its end.
            s.spawn(move || (0..turns).for_each(|_| _ = count.fetch_add(1, Relaxed)));
        }
    });
    assert_eq!(count.into_inner(), turns.iter().sum::<usize>());
}
