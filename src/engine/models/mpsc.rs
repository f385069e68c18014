//! `std::sync::mpsc`: many senders, one receiver.

use std::time::Duration;

use super::channel::{self, Nothing, Refused};

pub use std::sync::mpsc::{RecvError, RecvTimeoutError, SendError, TryRecvError, TrySendError};

/// The sending half of [`channel`].
pub struct Sender<T>(channel::Sender<T>);
/// The sending half of [`sync_channel`].
pub struct SyncSender<T>(channel::Sender<T>);
/// The receiving half; it cannot be cloned.
pub struct Receiver<T>(channel::Receiver<T>);

/// An unbounded channel.
#[track_caller]
pub fn channel<T>() -> (Sender<T>, Receiver<T>) {
    let (sender, receiver) = channel::channel(None, true);
    (Sender(sender), Receiver(receiver))
}

/// A channel that holds `bound` messages; with 0, a send waits for its receive.
#[track_caller]
pub fn sync_channel<T>(bound: usize) -> (SyncSender<T>, Receiver<T>) {
    let (sender, receiver) = channel::channel(Some(bound), true);
    (SyncSender(sender), Receiver(receiver))
}

impl<T> Sender<T> {
    /// Sends without waiting.
    ///
    /// # Errors
    /// The message, if the receiver is gone.
    #[track_caller]
    pub fn send(&self, message: T) -> Result<(), SendError<T>> {
        self.0.send(message).map_err(SendError)
    }
}

impl<T> SyncSender<T> {
    /// Waits for room and sends.
    ///
    /// # Errors
    /// The message, if the receiver is gone.
    #[track_caller]
    pub fn send(&self, message: T) -> Result<(), SendError<T>> {
        self.0.send(message).map_err(SendError)
    }

    /// Sends if there is room.
    ///
    /// # Errors
    /// The message, if there is none or the receiver is gone.
    #[track_caller]
    pub fn try_send(&self, message: T) -> Result<(), TrySendError<T>> {
        self.0.try_send(message).map_err(|refused| match refused {
            Refused::Full(message) => TrySendError::Full(message),
            Refused::Disconnected(message) => TrySendError::Disconnected(message),
        })
    }
}

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Self {
        Sender(self.0.clone())
    }
}

impl<T> Clone for SyncSender<T> {
    fn clone(&self) -> Self {
        SyncSender(self.0.clone())
    }
}

impl<T> Receiver<T> {
    /// Waits for a message.
    ///
    /// # Errors
    /// If every sender is gone and nothing is left.
    #[track_caller]
    pub fn recv(&self) -> Result<T, RecvError> {
        self.0.recv().ok_or(RecvError)
    }

    /// As [`recv`](Self::recv), and may time out at any moment without a message: once in an execution for each thread. No
    /// time passes, so `_time` is not looked at.
    ///
    /// # Errors
    /// If it times out, or every sender is gone and nothing is left.
    #[track_caller]
    pub fn recv_timeout(&self, _time: Duration) -> Result<T, RecvTimeoutError> {
        self.0.recv_until(true).map_err(|nothing| match nothing {
            Nothing::Empty => RecvTimeoutError::Timeout,
            Nothing::Disconnected => RecvTimeoutError::Disconnected,
        })
    }

    /// Takes a message if there is one.
    ///
    /// # Errors
    /// If there is none, and whether there ever will be.
    #[track_caller]
    pub fn try_recv(&self) -> Result<T, TryRecvError> {
        self.0.try_recv().map_err(|nothing| match nothing {
            Nothing::Empty => TryRecvError::Empty,
            Nothing::Disconnected => TryRecvError::Disconnected,
        })
    }

    /// The messages until every sender is gone.
    pub fn iter(&self) -> Iter<'_, T> {
        Iter(self)
    }

    /// The messages that are there now.
    pub fn try_iter(&self) -> impl Iterator<Item = T> + '_ {
        std::iter::from_fn(|| self.0.try_recv().ok())
    }
}

impl<T> IntoIterator for Receiver<T> {
    type Item = T;
    type IntoIter = IntoIter<T>;

    fn into_iter(self) -> IntoIter<T> {
        IntoIter(self)
    }
}

/// The messages of a [`Receiver`] until every sender is gone.
pub struct IntoIter<T>(Receiver<T>);

impl<T> Iterator for IntoIter<T> {
    type Item = T;

    #[track_caller]
    fn next(&mut self) -> Option<T> {
        self.0.recv().ok()
    }
}

/// What [`Receiver::iter`] returns.
pub struct Iter<'a, T>(&'a Receiver<T>);

impl<T> Iterator for Iter<'_, T> {
    type Item = T;

    #[track_caller]
    fn next(&mut self) -> Option<T> {
        self.0.recv().ok()
    }
}
