//! A wake-up that is left for who waits already must not be taken by who comes to wait later.
//!
//! Shape: a word that threads wait at while it has a value, as at a futex. A notification leaves a
//! permit, and a waiter takes one and goes. Whoever notified and then waited itself took the permit
//! that it had left for the other one, and both slept. Notifications were numbered then: a waiter
//! takes only what was left after it came.
//!
//! Source: endive issue 106 and pull request 107, 2026 (the atomic wait of a WebAssembly runtime in Java).
//! Does not show: waits that time out.

use super::rt::sync::{Condvar, Mutex};
use super::rt::thread;

cases! {
    /// As published: any permit will do.
    any_permit: fails(LostWakeup) => hand_over(|_, _| true);
    /// As fixed: only one that was left after the waiter came.
    later_permit: holds() => hand_over(|number, seen| number > seen);
}

#[derive(Default)]
struct State {
    value: u32,
    waiting: usize,
    notifications: u32,
    /// The numbers of the notifications whose wake-ups nobody has taken.
    permits: Vec<u32>,
}

struct Word {
    state: Mutex<State>,
    left: Condvar,
    /// Whether a permit of that number is for a waiter that came after so many notifications.
    is_mine: fn(u32, u32) -> bool,
}

impl Word {
    fn wait_for(&self, value: u32) {
        let mut state = self.state.lock().unwrap();
        while state.value != value {
            let seen = state.notifications;
            state.waiting += 1;
            loop {
                let mine = state.permits.iter().position(|&number| (self.is_mine)(number, seen));
                if let Some(place) = mine {
                    state.permits.remove(place);
                    break;
                }
                state = self.left.wait(state).unwrap();
            }
            state.waiting -= 1;
        }
    }

    fn store_and_notify(&self, value: u32) {
        let mut state = self.state.lock().unwrap();
        state.value = value;
        state.notifications += 1;
        if state.permits.len() < state.waiting {
            let number = state.notifications;
            state.permits.push(number);
            self.left.notify_all();
        }
    }
}

fn hand_over(is_mine: fn(u32, u32) -> bool) {
    let word = Word { state: Mutex::new(State::default()), left: Condvar::new(), is_mine };
    thread::scope(|s| {
        s.spawn(|| {
            word.wait_for(1);
            word.store_and_notify(2);
        });
        s.spawn(|| {
            word.store_and_notify(1);
            word.wait_for(2);
        });
    });
}
