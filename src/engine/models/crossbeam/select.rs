//! `crossbeam::channel::Select`, of receivers: it waits for whichever has a message first, or has no sender left.
//!
//! Of several that are ready any may be selected. Not modelled: operations that send, and that a `try_send` into a channel without
//! room succeeds where somebody selects.

use std::marker::PhantomData;
use std::time::Duration;

use super::super::channel::Selectable;
use super::super::{raw, record, require_running, stopped};
use super::channel::{Receiver, RecvError, SelectTimeoutError, TrySelectError};
use casebook_engine::probe::Wait;

/// Waits for one of several receivers.
pub struct Select<'a>(Vec<&'a dyn Selectable>);

/// A receiver that was selected; it has to be received from.
pub struct SelectedOperation<'a> {
    index: usize,
    number: u64,
    receivers: PhantomData<&'a ()>,
}

impl<'a> Select<'a> {
    /// Nothing to wait for.
    #[expect(clippy::new_without_default, reason = "cases do not need it")]
    pub fn new() -> Self {
        Select(Vec::new())
    }

    /// Adds a receiver; gives its index.
    pub fn recv<T>(&mut self, receiver: &'a Receiver<T>) -> usize {
        self.0.push(&receiver.0);
        self.0.len() - 1
    }

    /// Waits until a receiver is ready.
    #[track_caller]
    pub fn select(&mut self) -> SelectedOperation<'a> {
        self.wait(false).expect("without a time-out it waits until one is ready")
    }

    /// Selects one that is ready.
    ///
    /// # Errors
    /// If none is.
    #[track_caller]
    pub fn try_select(&mut self) -> Result<SelectedOperation<'a>, TrySelectError> {
        self.attempt().ok_or(TrySelectError)
    }

    /// As [`select`](Self::select), and may time out at any moment: once in an execution for each thread. No time passes, so
    /// `_time` is not looked at.
    ///
    /// # Errors
    /// If it times out.
    #[track_caller]
    pub fn select_timeout(
        &mut self,
        _time: Duration,
    ) -> Result<SelectedOperation<'a>, SelectTimeoutError> {
        self.wait(true).ok_or(SelectTimeoutError)
    }

    #[track_caller]
    fn wait(&self, timed: bool) -> Option<SelectedOperation<'a>> {
        require_running();
        let signal = self.0.first().expect("there is something to wait for").signal();
        self.0.iter().for_each(|receiver| receiver.watch(&signal, true));
        let mut seen = signal.with(|changes| *changes);
        let selected = loop {
            let selected = self.attempt();
            if selected.is_some() {
                break selected;
            }
            let is_new = |changes: &mut u64, _| (*changes != seen).then_some(*changes);
            match signal.wait_until(Wait::Receive, timed, is_new) {
                Some(changes) => seen = changes,
                None => break self.attempt(),
            }
        };
        self.0.iter().for_each(|receiver| receiver.watch(&signal, false));
        record("select", 0);
        selected
    }

    /// Selects any of those that are ready now.
    fn attempt(&self) -> Option<SelectedOperation<'a>> {
        loop {
            let is_ready = |index: &usize| self.0[*index].is_ready();
            let ready: Vec<usize> = (0..self.0.len()).filter(is_ready).collect();
            let index = match ready[..] {
                [] => return None,
                [one] => one,
                _ => ready[raw::choose(ready.len())],
            };
            // Another receiver of the channel may have been faster.
            if let Some(number) = self.0[index].reserve() {
                return Some(SelectedOperation { index, number, receivers: PhantomData });
            }
        }
    }
}

impl SelectedOperation<'_> {
    /// The index of the receiver.
    pub fn index(&self) -> usize {
        self.index
    }

    /// What was selected; `receiver` is the one of that index.
    ///
    /// # Errors
    /// If every sender is gone and nothing is left.
    #[track_caller]
    pub fn recv<T>(self, receiver: &Receiver<T>) -> Result<T, RecvError> {
        let number = self.number;
        std::mem::forget(self);
        receiver.0.reserved(number).ok_or(RecvError)
    }
}

impl Drop for SelectedOperation<'_> {
    fn drop(&mut self) {
        if !stopped() && !std::thread::panicking() {
            panic!("dropped `SelectedOperation` without completing the operation");
        }
    }
}
