//! The names of `crossbeam` that cases use.

mod select;

pub mod channel {
    //! `crossbeam::channel`: many senders, many receivers.

    use std::time::Duration;

    use super::super::channel::{self, Nothing, Refused};

    pub use super::select::{Select, SelectedOperation};
    pub use crossbeam_channel::{
        RecvError, RecvTimeoutError, SelectTimeoutError, SendError, SendTimeoutError, TryRecvError,
        TrySelectError, TrySendError,
    };

    /// The sending half.
    pub struct Sender<T>(channel::Sender<T>);
    /// The receiving half.
    pub struct Receiver<T>(pub(super) channel::Receiver<T>);

    /// A channel without a bound.
    #[track_caller]
    pub fn unbounded<T>() -> (Sender<T>, Receiver<T>) {
        let (sender, receiver) = channel::channel(None, true);
        (Sender(sender), Receiver(receiver))
    }

    /// A channel that holds `capacity` messages; with 0, a send waits for its receive. What it
    /// holds outlives the last receiver, until the last sender is gone too.
    #[track_caller]
    pub fn bounded<T>(capacity: usize) -> (Sender<T>, Receiver<T>) {
        let (sender, receiver) = channel::channel(Some(capacity), false);
        (Sender(sender), Receiver(receiver))
    }

    impl<T> Sender<T> {
        /// Waits for room and sends.
        ///
        /// # Errors
        /// The message, if every receiver is gone.
        #[track_caller]
        pub fn send(&self, message: T) -> Result<(), SendError<T>> {
            self.0.send(message).map_err(SendError)
        }

        /// As [`send`](Self::send), and may time out at any moment while there is no room (in a rendezvous: while nobody has
        /// taken the message): once in an execution for each thread. No time passes, so `_time` is not looked at.
        ///
        /// # Errors
        /// The message, if it times out or every receiver is gone.
        #[track_caller]
        pub fn send_timeout(&self, message: T, _time: Duration) -> Result<(), SendTimeoutError<T>> {
            let sent = self.0.send_until(message, true);
            sent.map_err(|refused| match refused {
                Refused::Full(message) => SendTimeoutError::Timeout(message),
                Refused::Disconnected(message) => SendTimeoutError::Disconnected(message),
            })
        }

        /// Sends if there is room.
        ///
        /// # Errors
        /// The message, if there is none or every receiver is gone.
        #[track_caller]
        pub fn try_send(&self, message: T) -> Result<(), TrySendError<T>> {
            self.0.try_send(message).map_err(|refused| match refused {
                Refused::Full(message) => TrySendError::Full(message),
                Refused::Disconnected(message) => TrySendError::Disconnected(message),
            })
        }

        /// How many messages are waiting.
        pub fn len(&self) -> usize {
            self.0.len()
        }

        /// Whether none is.
        pub fn is_empty(&self) -> bool {
            self.len() == 0
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

        /// As [`recv`](Self::recv), and may time out at any moment without a message: once in an execution for each thread.
        /// No time passes, so `_time` is not looked at.
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

        /// How many messages are waiting.
        pub fn len(&self) -> usize {
            self.0.len()
        }

        /// Whether none is.
        pub fn is_empty(&self) -> bool {
            self.len() == 0
        }
    }

    impl<T> Clone for Sender<T> {
        fn clone(&self) -> Self {
            Sender(self.0.clone())
        }
    }

    impl<T> Clone for Receiver<T> {
        fn clone(&self) -> Self {
            Receiver(self.0.clone())
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
}
