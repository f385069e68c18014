//! A tick that comes round makes old news look like the latest.
//!
//! Shape: ABA. A task sees "ready", tries to read, finds nothing, and clears "ready" if the tick is
//! still the one it saw: a newer event must not be cleared. Two events later a tick of one bit is
//! the same again. The task clears the readiness of data that has come, and sleeps on it.
//!
//! Source: tokio pull request 6134 (a tick of eight bits, shared by all resources).
//! Does not show: how many bits are safe; the fix counts events per resource, which is far slower
//! to come round.

use super::rt::sync::atomic::{AtomicBool, AtomicU32, Ordering::*};
use super::rt::thread;

const READY: u32 = 1;
const TICK: u32 = 2;

cases! {
    /// As published, with one bit for eight.
    tick_of_one_bit: fails(Assertion) => clear_while_set(2);
    /// A tick that does not come round while the task tries.
    wider_tick: holds() => clear_while_set(1 << 16);
}

fn clear_while_set(ticks: u32) {
    let (state, data) = (AtomicU32::new(READY), AtomicBool::new(false));
    let has_data = || data.load(Relaxed); // Relaxed: the state orders it
    let read = thread::scope(|s| {
        s.spawn(|| {
            for event in 1..=2 {
                if event == 2 {
                    data.store(true, Relaxed); // Relaxed: the state publishes it
                }
                // Release: pairs with the task's load
                state.store((event % ticks * TICK) | READY, Release);
            }
        });
        let task = s.spawn(|| {
            let seen = state.load(Acquire); // Acquire: pairs with the driver's store
            let read = has_data();
            if !read {
                // Relaxed: it clears what it has seen, and nothing behind it
                let _ = state.compare_exchange(seen, seen & !READY, Relaxed, Relaxed);
            }
            read
        });
        task.join().unwrap()
    });
    let ready = state.into_inner() & READY != 0;
    assert!(read || ready, "there is data, and the task sleeps");
}
