//! Who leaves the head of a queue must wake the one behind it, also if it leaves empty-handed.
//!
//! Shape: a semaphore hands out permits in order. One permit is there. The first task wants two and
//! waits at the head; the second wants one, which is there, and waits for its turn. The first gives
//! up. Its place is cleared, but nobody looks whether the new head can go: it has been refused by the
//! order alone, so no release will come to wake it. Every other way to change the head did wake.
//!
//! Source: embassy pull request 6964, 2026 (`FairSemaphore`); embassy pull request 2766, 2024 (the same
//! where the head has been served).
//! Does not show: permits that were handed over already, see `cancelled_waiter`.

use core::future::poll_fn;
use core::task::{Context, Poll, Waker};

use super::rt::future::block_on;
use super::rt::sync::Mutex;
use super::rt::thread;

cases! {
    /// As published.
    slot_cleared: fails(Deadlock) => give_up(false);
    /// As fixed.
    next_woken: holds() => give_up(true);
}

struct Semaphore {
    permits: usize,
    /// Who waits, in order, and by whom it is woken.
    queue: Vec<(usize, Waker)>,
}

impl Semaphore {
    /// A ticket says who it is, and how many permits it wants.
    fn poll_acquire(&mut self, wanted: usize, context: &Context<'_>) -> Poll<()> {
        let place = self.queue.iter().position(|(other, _)| *other == wanted);
        if place.unwrap_or(self.queue.len()) == 0 && self.permits >= wanted {
            self.permits -= wanted;
            return Poll::Ready(());
        }
        if place.is_none() {
            self.queue.push((wanted, context.waker().clone()));
        }
        Poll::Pending
    }
}

fn give_up(wakes_next: bool) {
    let semaphore = Mutex::new(Semaphore { permits: 1, queue: Vec::new() });
    let poll =
        |wanted, context: &mut Context<'_>| semaphore.lock().unwrap().poll_acquire(wanted, context);
    thread::scope(|s| {
        s.spawn(|| {
            let waits = block_on(poll_fn(|context| Poll::Ready(poll(2, context).is_pending())));
            assert!(waits, "there is one permit");
            let mut semaphore = semaphore.lock().unwrap();
            semaphore.queue.retain(|(wanted, _)| *wanted != 2);
            let next = semaphore.queue.first().map(|(_, waker)| waker.clone());
            drop(semaphore);
            if let Some(next) = next.filter(|_| wakes_next) {
                next.wake();
            }
        });
        s.spawn(|| block_on(poll_fn(|context| poll(1, context))));
    });
}
