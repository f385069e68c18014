//! A notification without a waiter must be stored, or the waiter that comes next sleeps for ever.
//!
//! Shape: a task checks a flag and awaits a notification; another thread raises the flag and
//! notifies. Notified between the check and the await, a task finds the stored permit and goes on.
//! If a notification reaches only those who already wait, as a broadcast does, the task must be
//! counted as a waiter before it checks.
//!
//! Source: tokio's docs, `sync::Notify` (`notify_one` stores a permit, `notify_waiters` does not).
//! Does not show: more than one permit; a second notification is merged with the first.

use core::future::poll_fn;
use core::task::{Poll, Waker};

use super::rt::future::block_on;
use super::rt::sync::Mutex;
use super::rt::sync::atomic::{AtomicBool, Ordering::*};
use super::rt::thread;

cases! {
    /// The permit waits for the task.
    permit_stored: holds() => wait(true, false);
    /// The notification finds no waiter and is gone: iceberg-rust pull request 2859.
    waiters_only: fails(Deadlock) => wait(false, false);
    /// A task that is a waiter before it checks cannot be missed.
    registered_before_check: holds() => wait(false, true);
}

#[derive(Default)]
struct State {
    permit: bool,
    /// How many broadcasts there have been.
    broadcasts: u32,
    waker: Option<Waker>,
}

struct Notify(Mutex<State>);

impl Notify {
    fn notify(&self, store: bool) {
        let mut state = self.0.lock().unwrap();
        state.permit = store;
        state.broadcasts += 1;
        let waker = state.waker.take();
        drop(state);
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    fn broadcasts(&self) -> u32 {
        self.0.lock().unwrap().broadcasts
    }

    /// Waits for a permit, or for a broadcast after the first `since`.
    async fn notified(&self, since: u32) {
        poll_fn(|context| {
            let mut state = self.0.lock().unwrap();
            if core::mem::take(&mut state.permit) || state.broadcasts > since {
                return Poll::Ready(());
            }
            state.waker = Some(context.waker().clone());
            Poll::Pending
        })
        .await;
    }
}

fn wait(store: bool, register_first: bool) {
    let (notify, ready) = (Notify(Mutex::new(State::default())), AtomicBool::new(false));
    thread::scope(|s| {
        s.spawn(|| {
            block_on(async {
                let since = if register_first { Some(notify.broadcasts()) } else { None };
                // Relaxed: the notification's lock orders it
                if !ready.load(Relaxed) {
                    notify.notified(since.unwrap_or_else(|| notify.broadcasts())).await;
                }
            });
        });
        s.spawn(|| {
            ready.store(true, Relaxed); // Relaxed: the notification's lock orders it
            notify.notify(store);
        });
    });
}
