//! A slot for the task to run next saves a wake-up, and hides the task from all who could run it meanwhile.
//!
//! Shape: a worker that makes a task ready puts it in its own slot, to run it next, and wakes nobody. If
//! the task that runs then blocks its thread until that one is done, nobody ever runs it, though another
//! worker is idle. If the slot is a place that others steal from, the idle worker takes it: by an
//! exchange, for the owner comes for it as well, and a look followed by a clearing runs it twice.
//!
//! Source: tokio issue 4941, 2022 (a slot that cannot be stolen from), and pull request 8100, 2026 (stealing
//! taken back for what it costs).
//! Does not show: what it costs to wake a worker for each such task.

use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicBool, Ordering, Ordering::*};
use super::rt::sync::mpsc::channel;
use super::rt::thread;

cases! {
    /// Only the owner looks into its slot.
    not_stolen: fails(Deadlock) => block_on_slot(|_| false);
    /// The other worker steals from it.
    stolen: holds() => block_on_slot(|slot| take(slot, Relaxed));
    /// Owner and thief each take it by an exchange.
    taken_once: holds() => owner_and_thief(|slot| take(slot, Acquire));
    /// They look, and then clear the slot: both run the task.
    looked_and_cleared: fails(DataRace) => owner_and_thief(|slot| {
        let is_there = slot.load(Acquire); // Acquire: pairs with the owner's store; no ordering helps
        if is_there {
            slot.store(false, Release); // Release: no ordering helps
        }
        is_there
    });
    /// The task is seen in the slot, and what it is made of is not.
    relaxed_take: fails(DataRace) => owner_and_thief(|slot| take(slot, Relaxed));
}

fn take(slot: &AtomicBool, order: Ordering) -> bool {
    slot.swap(false, order) // Acquire: pairs with the store into the slot
}

fn block_on_slot(steal: fn(&AtomicBool) -> bool) {
    let (slot, (wake, woken), (finish, finished)) = (AtomicBool::new(false), channel(), channel());
    thread::scope(|s| {
        let (slot, done) = (&slot, finish.clone());
        s.spawn(move || {
            slot.store(true, Relaxed); // Relaxed: the wake-up orders it
            wake.send(()).unwrap();
            finished.recv().unwrap(); // the task that runs blocks its thread until the one in the slot is done
            drop(finish);
        });
        s.spawn(move || {
            woken.recv().unwrap();
            if steal(slot) {
                done.send(()).unwrap();
            }
        });
    });
}

fn owner_and_thief(take: fn(&AtomicBool) -> bool) {
    let (slot, task) = (AtomicBool::new(false), UnsafeCell::new(0));
    let run_if_taken = || {
        if take(&slot) {
            // SAFETY: the task is made before it is in the slot, and run by the one who takes it out; two who
            // look and clear may both have it, and who does not acquire it has a task that is not made.
            task.with_mut(|task| unsafe { *task += 1 });
        }
    };
    thread::scope(|s| {
        s.spawn(|| {
            // SAFETY: the task is in no slot yet.
            task.with_mut(|task| unsafe { *task = 7 });
            slot.store(true, Release); // Release: pairs with whoever takes it
            run_if_taken();
        });
        s.spawn(run_if_taken);
    });
}
