//! A ticket lock serves in order of arrival; taking a ticket needs no ordering, being served does.
//!
//! Shape: a thread draws the next ticket and waits until the display shows it; the owner shows the
//! next number when it leaves. Only the display hands the lock over, so only it needs Release and
//! Acquire. Drawing must be one step, or two threads hold the same ticket.
//!
//! Source: Mellor-Crummey and Scott, ACM TOCS 1991, section 2.2; Reed and Kanodia, CACM 1979.
//! Minimal: `draw: next.fetch_add` Relaxed, `count: served.load` Acquire, `count: served.store`
//! Release (libvsync 4.3.0, 2026, ticketlock.h).
//! Does not show: the wrap-around of the tickets, harmless below 2^32 waiting threads.

use super::rt::cell::UnsafeCell;
use super::rt::hint;
use super::rt::sync::atomic::{AtomicU32, Ordering, Ordering::*};
use super::rt::thread;

cases! {
    /// The weakest orderings that hold.
    acquire_release: holds() => count(draw, Acquire, Release);
    /// Whoever is served does not see what the one before wrote.
    relaxed_wait: fails(DataRace) => count(draw, Relaxed, Release);
    /// Whoever leaves does not publish what it wrote.
    relaxed_leave: fails(DataRace) => count(draw, Acquire, Relaxed);
    /// Two threads may draw the same ticket, and are served together.
    draw_in_two_steps: fails(DataRace) => count(draw_in_two_steps, Acquire, Release);
}

fn draw(next: &AtomicU32) -> u32 {
    next.fetch_add(1, Relaxed) // Relaxed: a ticket is unique because the addition is one step
}

fn draw_in_two_steps(next: &AtomicU32) -> u32 {
    let ticket = next.load(Relaxed); // pairs with nothing: the flaw is the gap
    next.store(ticket + 1, Relaxed); // casebook: allow(load-then-store) Relaxed or not, the flaw is the gap
    ticket
}

fn count(draw: impl Fn(&AtomicU32) -> u32 + Sync, wait: Ordering, leave: Ordering) {
    let (next, served) = (AtomicU32::new(0), AtomicU32::new(0));
    let total = UnsafeCell::new(0);
    thread::scope(|s| {
        for _ in 0..2 {
            s.spawn(|| {
                let ticket = draw(&next);
                // Acquire: pairs with the store of the owner before; drawing has ordered nothing.
                while served.load(wait) < ticket {
                    hint::spin_loop();
                }
                // SAFETY: the display shows one number, and an addition that is one step gives each
                // number once; drawn in two steps, two threads have this one.
                total.with_mut(|t| unsafe { *t += 1 });
                served.store(ticket + 1, leave); // Release: the display alone hands over the update
            });
        }
    });
    assert_eq!(total.into_inner(), 2, "an update is lost");
}
