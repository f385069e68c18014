//! One channel behind `std::sync::mpsc` and `crossbeam::channel`: a queue with an optional bound.
//!
//! What it orders is what handing a message over needs: the send of a message happens before its receipt. Unrelated sends, a receipt
//! that makes room for a send, and a sender that is dropped order nothing, since no documentation says that they do.

use std::collections::VecDeque;

use super::monitor::Monitor;
use super::shared::Shared;
use super::{raw, record, stopped};
use casebook_engine::probe::Wait;

/// A message and its number.
struct Numbered<T> {
    number: u64,
    message: T,
    sent: raw::Moment,
}

struct State<T> {
    queue: VecDeque<Numbered<T>>,
    /// `None` is unbounded, 0 is a rendezvous.
    bound: Option<usize>,
    /// Whether what is undelivered is dropped with the last receiver, or with the channel.
    discards: bool,
    sent: u64,
    senders: usize,
    receivers: usize,
    waiting_receivers: usize,
    /// What tells who selects from this channel first, and from others.
    signal: Signal,
    /// Who selects from it now.
    watchers: Vec<Signal>,
    /// What was selected and is not received yet.
    reserved: Vec<Numbered<T>>,
}

/// How often some channel has changed from which somebody selects. It is made with a channel, so that nobody has to come after who
/// selects to tell him.
pub(super) type Signal = Shared<Monitor<u64>>;

fn tell(watchers: Vec<Signal>) {
    watchers.iter().for_each(|signal| signal.with(|changes| *changes += 1));
}

impl<T> Numbered<T> {
    /// The message, for a receiver that comes after its sender.
    fn accept(self) -> T {
        self.sent.observe();
        self.message
    }
}

/// Why a message was not sent.
pub(super) enum Refused<T> {
    /// There was no room, now or until a time-out.
    Full(T),
    Disconnected(T),
}

/// Why none was received.
pub(super) enum Nothing {
    /// There was none, now or until a time-out.
    Empty,
    Disconnected,
}

pub(super) struct Sender<T>(Shared<Monitor<State<T>>>);
pub(super) struct Receiver<T>(Shared<Monitor<State<T>>>);

#[track_caller]
pub(super) fn channel<T>(bound: Option<usize>, discards: bool) -> (Sender<T>, Receiver<T>) {
    let state = State {
        queue: VecDeque::new(),
        bound,
        discards,
        sent: 0,
        senders: 1,
        receivers: 1,
        waiting_receivers: 0,
        signal: Shared::new(Monitor::unordered(0)),
        watchers: Vec::new(),
        reserved: Vec::new(),
    };
    let shared = Shared::new(Monitor::unordered(state));
    (Sender(shared.clone()), Receiver(shared))
}

impl<T> State<T> {
    fn has_room(&self) -> bool {
        match self.bound {
            None => true,
            Some(0) => self.waiting_receivers > self.queue.len(),
            Some(bound) => self.queue.len() < bound,
        }
    }

    fn push(&mut self, message: T, sent: raw::Moment) -> u64 {
        self.sent += 1;
        self.queue.push_back(Numbered { number: self.sent, message, sent });
        self.sent
    }

    /// Takes a message back that nobody has received.
    fn take_back(&mut self, number: u64) -> Option<T> {
        let index = self.queue.iter().position(|numbered| numbered.number == number)?;
        self.queue.remove(index).map(|numbered| numbered.message)
    }
}

impl<T> Sender<T> {
    /// Waits for room (in a rendezvous: until the message is taken) and sends.
    #[track_caller]
    pub(super) fn send(&self, message: T) -> Result<(), T> {
        self.send_until(message, false).map_err(|refused| match refused {
            Refused::Full(message) | Refused::Disconnected(message) => message,
        })
    }

    /// As [`send`](Self::send), or until a time-out, if it is `timed`.
    #[track_caller]
    pub(super) fn send_until(&self, message: T, timed: bool) -> Result<(), Refused<T>> {
        let mut message = Some(message);
        let sent = raw::Moment::now();
        let number = self.0.wait_until(Wait::Send, timed, |state, _| {
            let room = state.bound == Some(0) || state.has_room();
            if state.receivers == 0 {
                Some(None)
            } else if room {
                Some(message.take().map(|message| state.push(message, sent)))
            } else {
                None
            }
        });
        record("send", 0);
        let refused = |why: fn(T) -> Refused<T>, message: Option<T>| {
            Err(why(message.expect("it was not sent")))
        };
        let number = match number {
            Some(Some(number)) => number,
            Some(None) => return refused(Refused::Disconnected, message),
            None => return refused(Refused::Full, message),
        };
        let (rendezvous, watchers) =
            self.0.with(|state| (state.bound == Some(0), state.watchers.clone()));
        tell(watchers);
        if !rendezvous {
            return Ok(());
        }
        let result = self.0.wait_until(Wait::Send, timed, |state, is_last| {
            let taken = state.queue.iter().all(|numbered| numbered.number != number);
            if taken {
                Some(Ok(()))
            } else if state.receivers == 0 {
                state.take_back(number).map(Refused::Disconnected).map(Err)
            } else if is_last {
                state.take_back(number).map(Refused::Full).map(Err)
            } else {
                None
            }
        });
        result.expect("at the last attempt the message is taken, by the receiver or back")
    }

    /// Sends if there is room.
    #[track_caller]
    pub(super) fn try_send(&self, message: T) -> Result<(), Refused<T>> {
        record("try_send", 0);
        let sent = raw::Moment::now();
        let watchers = self.0.with(|state| {
            if state.receivers == 0 {
                Err(Refused::Disconnected(message))
            } else if state.has_room() {
                state.push(message, sent);
                Ok(state.watchers.clone())
            } else {
                Err(Refused::Full(message))
            }
        })?;
        tell(watchers);
        Ok(())
    }

    pub(super) fn len(&self) -> usize {
        self.0.with(|state| state.queue.len())
    }
}

impl<T> Receiver<T> {
    /// Waits for a message; `None` once every sender is gone and the queue is empty.
    #[track_caller]
    pub(super) fn recv(&self) -> Option<T> {
        self.recv_until(false).ok()
    }

    /// Waits for a message, or until a time-out, if it is `timed`.
    #[track_caller]
    pub(super) fn recv_until(&self, timed: bool) -> Result<T, Nothing> {
        let mut waiting = false;
        let message = self.0.wait_until(Wait::Receive, timed, |state, is_last| {
            let answer = match state.queue.pop_front() {
                Some(numbered) => Some(Ok(numbered)),
                None if state.senders == 0 => Some(Err(Nothing::Disconnected)),
                None => None,
            };
            let leaves = answer.is_some() || is_last;
            match (waiting, leaves) {
                (false, false) => state.waiting_receivers += 1,
                (true, true) => state.waiting_receivers -= 1,
                _ => {}
            }
            waiting = !leaves;
            answer
        });
        record("receive", 0);
        message.unwrap_or(Err(Nothing::Empty)).map(Numbered::accept)
    }

    /// Receives if there is a message.
    #[track_caller]
    pub(super) fn try_recv(&self) -> Result<T, Nothing> {
        record("try_recv", 0);
        let message = self.0.with(|state| match state.queue.pop_front() {
            Some(numbered) => Ok(numbered),
            None if state.senders == 0 => Err(Nothing::Disconnected),
            None => Err(Nothing::Empty),
        });
        message.map(Numbered::accept)
    }

    pub(super) fn len(&self) -> usize {
        self.0.with(|state| state.queue.len())
    }

    /// The message of that number, which was put aside.
    pub(super) fn reserved(&self, number: u64) -> Option<T> {
        let message = self.0.with(|state| {
            let index = state.reserved.iter().position(|numbered| numbered.number == number)?;
            Some(state.reserved.swap_remove(index))
        });
        message.map(Numbered::accept)
    }
}

/// A receiver to somebody who waits for one of several, whatever its messages are.
pub(super) trait Selectable {
    /// Whether a receipt would not wait.
    fn is_ready(&self) -> bool;
    /// Puts aside what is ready for the caller, if something still is; the number of that, and 0 if nothing will come.
    fn reserve(&self) -> Option<u64>;
    /// The channel's own signal.
    fn signal(&self) -> Signal;
    /// Tells the signal of what comes, or no longer.
    fn watch(&self, signal: &Signal, begins: bool);
}

impl<T> Selectable for Receiver<T> {
    fn is_ready(&self) -> bool {
        self.0.with(|state| state.senders == 0 || !state.queue.is_empty())
    }

    fn reserve(&self) -> Option<u64> {
        self.0.with(|state| {
            let Some(numbered) = state.queue.pop_front() else {
                return (state.senders == 0).then_some(0);
            };
            let number = numbered.number;
            state.reserved.push(numbered);
            Some(number)
        })
    }

    fn signal(&self) -> Signal {
        self.0.with(|state| state.signal.clone())
    }

    fn watch(&self, signal: &Signal, begins: bool) {
        self.0.with(|state| match begins {
            true => state.watchers.push(signal.clone()),
            false => state.watchers.retain(|watcher| !watcher.is(signal)),
        });
    }
}

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Self {
        self.0.with(|state| state.senders += 1);
        Sender(self.0.clone())
    }
}

impl<T> Clone for Receiver<T> {
    fn clone(&self) -> Self {
        self.0.with(|state| state.receivers += 1);
        Receiver(self.0.clone())
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        if !stopped() {
            let watchers = self.0.with(|state| {
                state.senders -= 1;
                if state.senders == 0 { state.watchers.clone() } else { Vec::new() }
            });
            tell(watchers);
        }
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        if stopped() {
            return;
        }
        // What nobody can receive any more may be dropped with the last receiver, outside the lock;
        // a rendezvous sender that still waits takes its message back.
        let undelivered = self.0.with(|state| {
            state.receivers -= 1;
            let discard = state.receivers == 0 && state.discards && state.bound != Some(0);
            if discard { std::mem::take(&mut state.queue) } else { VecDeque::new() }
        });
        undelivered.into_iter().map(Numbered::accept).for_each(drop);
    }
}

impl<T> Drop for State<T> {
    /// Whoever drops a message comes after its sender.
    fn drop(&mut self) {
        std::mem::take(&mut self.queue).into_iter().map(Numbered::accept).for_each(drop);
    }
}
