//! A one-shot receiver must be woken by a value and by the sender's end without one.
//!
//! Shape: a sender puts a value into a locked slot and wakes the receiver, or is dropped without a
//! value. The receiver looks and leaves its waker under one lock, so nothing comes between. A drop
//! that only marks the slot, and wakes nobody, leaves the receiver waiting for a value that cannot
//! come any more; so does a wake that comes before the slot has changed.
//!
//! Source: futures crate docs, `oneshot` (`Canceled`); Rust std, `Waker`.
//! Does not show: a slot without a lock.

use core::future::poll_fn;
use core::task::{Poll, Waker};

use super::rt::future::block_on;
use super::rt::sync::Mutex;
use super::rt::thread;

cases! {
    /// A value wakes the receiver.
    sent: holds() => assert_eq!(receive(|slot| slot.end(State::Value(7))), Some(7));
    /// The sender's end wakes it too.
    closed: holds() => assert_eq!(receive(|slot| slot.end(State::Closed)), None);
    /// The sender is gone and tells nobody.
    closed_silently: fails(Deadlock) => receive(|slot| {
        slot.0.lock().unwrap().state = State::Closed;
    });
    /// The receiver is woken, finds nothing, and waits again.
    woken_first: fails(LostWakeup) => receive(|slot| {
        let waker = slot.0.lock().unwrap().waker.clone();
        if let Some(waker) = waker {
            waker.wake();
        }
        slot.0.lock().unwrap().state = State::Value(7);
    });
}

#[derive(Clone, Copy)]
enum State {
    Empty,
    Value(u32),
    Closed,
}

struct Inner {
    state: State,
    waker: Option<Waker>,
}

struct Slot(Mutex<Inner>);

impl Slot {
    fn end(&self, state: State) {
        let mut inner = self.0.lock().unwrap();
        inner.state = state;
        let waker = inner.waker.take();
        drop(inner);
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

fn receive(send: fn(&Slot)) -> Option<u32> {
    let slot = Slot(Mutex::new(Inner { state: State::Empty, waker: None }));
    thread::scope(|s| {
        let receiver = s.spawn(|| {
            block_on(poll_fn(|context| {
                let mut inner = slot.0.lock().unwrap();
                match inner.state {
                    State::Value(value) => return Poll::Ready(Some(value)),
                    State::Closed => return Poll::Ready(None),
                    State::Empty => inner.waker = Some(context.waker().clone()),
                }
                Poll::Pending
            }))
        });
        s.spawn(|| send(&slot));
        receiver.join().unwrap()
    })
}
