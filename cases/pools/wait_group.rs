//! A wait group counts a worker before it starts, and the worker must sign off on every way out.
//!
//! Shape: a counter under a mutex with a condition variable: a started worker adds one, a finished
//! one takes one away, and a waiter sleeps until it is zero. If the worker itself adds, the waiter
//! may look before it has, finds zero, and goes on without it. A worker that returns early and does
//! not sign off keeps the waiter for ever; a guard that signs off when dropped cannot forget.
//!
//! Source: Go, `sync.WaitGroup.Add` (before the `go` statement).
//! Does not show: a group used a second time, which needs a generation as a barrier does; a guard
//! that is itself forgotten.

use super::rt::sync::atomic::{AtomicBool, Ordering::*};
use super::rt::sync::{Condvar, Mutex};
use super::rt::thread;

cases! {
    /// Counted by whoever starts the worker.
    add_before_start: holds() => wait(true, finish);
    /// Counted by the worker itself, perhaps too late.
    add_in_worker: fails(Assertion) => wait(false, finish);
    /// The worker returns early, without signing off.
    done_skipped: fails(Deadlock) => wait(true, |group, finished| {
        if finish_early(finished) {
            return;
        }
        group.done();
    });
    /// The same early return, with a guard that signs off when it is dropped.
    guard_dropped: holds() => wait(true, |group, finished| {
        let _guard = SignOff(group);
        if finish_early(finished) {
            return;
        }
        unreachable!("it returns early");
    });
}

struct Group {
    running: Mutex<u32>,
    changed: Condvar,
}

impl Group {
    fn add(&self) {
        *self.running.lock().unwrap() += 1;
    }

    fn done(&self) {
        *self.running.lock().unwrap() -= 1;
        self.changed.notify_all();
    }

    fn wait(&self) {
        let running = self.running.lock().unwrap();
        drop(self.changed.wait_while(running, |running| *running > 0).unwrap());
    }
}

struct SignOff<'a>(&'a Group);

impl Drop for SignOff<'_> {
    fn drop(&mut self) {
        self.0.done();
    }
}

fn finish(group: &Group, finished: &AtomicBool) {
    finished.store(true, Relaxed); // Relaxed: the group's lock publishes it
    group.done();
}

fn finish_early(finished: &AtomicBool) -> bool {
    finished.store(true, Relaxed); // Relaxed: the group's lock publishes it
    true
}

fn wait(add_first: bool, work: fn(&Group, &AtomicBool)) {
    let group = Group { running: Mutex::new(0), changed: Condvar::new() };
    let finished = AtomicBool::new(false);
    if add_first {
        group.add();
    }
    thread::scope(|s| {
        s.spawn(|| {
            if !add_first {
                group.add();
            }
            work(&group, &finished);
        });
        s.spawn(|| {
            group.wait();
            // Relaxed: the group's lock orders the worker before this load.
            assert!(finished.load(Relaxed), "the worker was not waited for");
        });
    });
}
