//! An unbounded channel of one receiver.

use std::collections::VecDeque;
use std::time::Duration;

pub use std::sync::mpsc::{RecvError, RecvTimeoutError, SendError, TryRecvError};

use super::{Arc, Condvar, Mutex};

#[derive(Debug)]
struct State<T> {
    queue: VecDeque<T>,
    senders: usize,
    receiver: bool,
}

#[derive(Debug)]
struct Shared<T> {
    state: Mutex<State<T>>,
    changed: Condvar,
}

impl<T> Shared<T> {
    #[track_caller]
    fn with<R>(&self, change: impl FnOnce(&mut State<T>) -> R) -> R {
        let result = change(&mut self.state.lock().expect("nothing here is poisoned"));
        self.changed.notify_all();
        result
    }
}

/// Sends.
#[derive(Debug)]
pub struct Sender<T>(Arc<Shared<T>>);

/// Receives.
#[derive(Debug)]
pub struct Receiver<T>(Arc<Shared<T>>);

/// A channel.
#[track_caller]
pub fn channel<T>() -> (Sender<T>, Receiver<T>) {
    let state = State { queue: VecDeque::new(), senders: 1, receiver: true };
    let shared = Arc::new(Shared { state: Mutex::new(state), changed: Condvar::new() });
    (Sender(shared.clone()), Receiver(shared))
}

impl<T> Sender<T> {
    /// Sends without waiting.
    ///
    /// # Errors
    /// The message, if the receiver is gone.
    #[track_caller]
    pub fn send(&self, message: T) -> Result<(), SendError<T>> {
        self.0.with(|state| {
            if !state.receiver {
                return Err(SendError(message));
            }
            state.queue.push_back(message);
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
        let mut state = self.0.state.lock().expect("nothing here is poisoned");
        loop {
            match state.queue.pop_front() {
                Some(message) => return Ok(message),
                None if state.senders == 0 => return Err(RecvError),
                None => state = self.0.changed.wait(state).expect("nothing here is poisoned"),
            }
        }
    }

    /// As [`recv`](Self::recv): no time passes in a model.
    ///
    /// # Errors
    /// If every sender is gone and nothing is left.
    #[track_caller]
    pub fn recv_timeout(&self, _time: Duration) -> Result<T, RecvTimeoutError> {
        self.recv().map_err(|RecvError| RecvTimeoutError::Disconnected)
    }

    /// Takes a message if there is one.
    ///
    /// # Errors
    /// If there is none, and whether there ever will be.
    #[track_caller]
    pub fn try_recv(&self) -> Result<T, TryRecvError> {
        self.0.with(|state| match state.queue.pop_front() {
            Some(message) => Ok(message),
            None if state.senders == 0 => Err(TryRecvError::Disconnected),
            None => Err(TryRecvError::Empty),
        })
    }
}

impl<T> Drop for Receiver<T> {
    #[track_caller]
    fn drop(&mut self) {
        let left = self.0.with(|state| {
            state.receiver = false;
            std::mem::take(&mut state.queue)
        });
        drop(left);
    }
}
