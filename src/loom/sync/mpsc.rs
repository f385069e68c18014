//! An unbounded channel of one receiver.
//!
//! What it orders is what `std` promises: the send of a message happens before its receipt. So the queue is
//! behind a gate that orders nothing, and each message carries the moment of its send.

use std::cell::UnsafeCell;
use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

pub use std::sync::mpsc::{RecvError, RecvTimeoutError, SendError, TryRecvError};

use rc11::sync::{Gate, Moment};

use super::Arc;

struct State<T> {
    queue: VecDeque<(T, Moment)>,
    senders: usize,
    receiver: bool,
}

struct Shared<T> {
    gate: Gate,
    state: UnsafeCell<State<T>>,
}

// SAFETY: the state is reached inside the gate only.
unsafe impl<T: Send> Send for Shared<T> {}
// SAFETY: as above.
unsafe impl<T: Send> Sync for Shared<T> {}

impl<T> Shared<T> {
    /// Changes the state, and tells the receiver.
    #[track_caller]
    fn with<R>(&self, change: impl FnOnce(&mut State<T>) -> R) -> R {
        let changes = self.gate.enter();
        // SAFETY: nobody else is inside the gate, and `change` does not pause.
        let result = change(unsafe { &mut *self.state.get() });
        self.gate.leave(changes, true);
        result
    }

    /// Waits for a message, or for the last sender's end; `again` waits for a change, or gives up.
    #[track_caller]
    fn receive(&self, again: fn(&Gate, u64) -> Option<u64>) -> Result<T, RecvTimeoutError> {
        let mut changes = self.gate.enter();
        loop {
            // SAFETY: as for `with`.
            let state = unsafe { &mut *self.state.get() };
            let (message, senders) = (state.queue.pop_front(), state.senders);
            self.gate.leave(changes, false);
            match message {
                Some(message) => return Ok(accept(message)),
                None if senders == 0 => return Err(RecvTimeoutError::Disconnected),
                None => changes = again(&self.gate, changes).ok_or(RecvTimeoutError::Timeout)?,
            }
        }
    }
}

/// The message, for who comes after its sender.
fn accept<T>((message, sent): (T, Moment)) -> T {
    sent.observe();
    message
}

/// Sends.
pub struct Sender<T>(Arc<Shared<T>>);

/// Receives.
pub struct Receiver<T>(Arc<Shared<T>>);

/// A channel.
#[track_caller]
pub fn channel<T>() -> (Sender<T>, Receiver<T>) {
    let state = State { queue: VecDeque::new(), senders: 1, receiver: true };
    let shared = Arc::new(Shared { gate: Gate::new(false), state: UnsafeCell::new(state) });
    (Sender(shared.clone()), Receiver(shared))
}

impl<T> Sender<T> {
    /// Sends without waiting.
    ///
    /// # Errors
    /// The message, if the receiver is gone.
    #[track_caller]
    pub fn send(&self, message: T) -> Result<(), SendError<T>> {
        let sent = Moment::now();
        self.0.with(|state| {
            if !state.receiver {
                return Err(SendError(message));
            }
            state.queue.push_back((message, sent));
            Ok(())
        })
    }
}

impl<T> Clone for Sender<T> {
    #[track_caller]
    fn clone(&self) -> Sender<T> {
        self.0.with(|state| state.senders += 1);
        Sender(self.0.clone())
    }
}

impl<T> Drop for Sender<T> {
    #[track_caller]
    fn drop(&mut self) {
        self.0.with(|state| state.senders -= 1);
    }
}

impl<T> Receiver<T> {
    /// Waits for a message.
    ///
    /// # Errors
    /// If every sender is gone and nothing is left.
    #[track_caller]
    pub fn recv(&self) -> Result<T, RecvError> {
        let forever: fn(&Gate, u64) -> Option<u64> = |gate, seen| Some(gate.enter_changed(seen));
        self.0.receive(forever).map_err(|_| RecvError)
    }

    /// As [`recv`](Self::recv), and may time out at any moment without a message; in one execution once for each thread.
    ///
    /// # Errors
    /// If it times out, or every sender is gone and nothing is left.
    #[track_caller]
    pub fn recv_timeout(&self, _time: Duration) -> Result<T, RecvTimeoutError> {
        self.0.receive(Gate::enter_changed_or_time_out)
    }

    /// Takes a message if there is one.
    ///
    /// # Errors
    /// If there is none, and whether there ever will be.
    #[track_caller]
    pub fn try_recv(&self) -> Result<T, TryRecvError> {
        let message = self.0.with(|state| match state.queue.pop_front() {
            Some(message) => Ok(message),
            None if state.senders == 0 => Err(TryRecvError::Disconnected),
            None => Err(TryRecvError::Empty),
        });
        message.map(accept)
    }
}

impl<T> Drop for Receiver<T> {
    #[track_caller]
    fn drop(&mut self) {
        let left = self.0.with(|state| {
            state.receiver = false;
            std::mem::take(&mut state.queue)
        });
        left.into_iter().map(accept).for_each(drop);
    }
}

impl<T> fmt::Debug for Sender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad("Sender { .. }")
    }
}

impl<T> fmt::Debug for Receiver<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad("Receiver { .. }")
    }
}
