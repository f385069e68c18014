//! The channels: `std::sync::mpsc` and `crossbeam::channel`, with and without a bound.

use std::cell::Cell;

use super::rt::crossbeam::channel as crossbeam;
use super::rt::sync::mpsc;
use super::{Counted, Story};
use crate::conformance::A_MOMENT;
use crate::conformance::programs::{Passing, Selecting};

/// The bound, if there is one, and the steps.
pub type Program = (Option<usize>, Vec<Passing>);
type Message<'a> = Counted<'a>;
/// What happened to a message that was sent, or why none came.
type Word = &'static str;
const TIMED_OUT: Word = "timed out";

trait Sending<'a>: Sized + Clone {
    fn send(&self, message: Message<'a>) -> Result<(), (Word, Message<'a>)>;
    fn try_send(&self, message: Message<'a>) -> Result<(), (Word, Message<'a>)>;
    /// Gives the message back where there is no such operation.
    fn send_timeout(&self, message: Message<'a>) -> Result<(), (Word, Message<'a>)>;
    fn len(&self) -> Option<(usize, bool)>;
}

trait Receiving<'a>: Sized {
    fn recv(&self) -> Result<Message<'a>, Word>;
    fn try_recv(&self) -> Result<Message<'a>, Word>;
    fn recv_timeout(&self) -> Result<Message<'a>, Word>;
    fn try_iter(&self) -> Vec<Message<'a>>;
    fn iter(&self) -> Vec<Message<'a>>;
    fn len(&self) -> Option<(usize, bool)>;
    fn duplicate(&self) -> Option<Self>;
}

macro_rules! sending {
    ($($module:ident $sender:ident { $($try_send:tt)* } { $($timeout:tt)* } $len:expr;)+) => {$(
        impl<'a> Sending<'a> for $module::$sender<Message<'a>> {
            fn send(&self, message: Message<'a>) -> Result<(), (Word, Message<'a>)> {
                $module::$sender::send(self, message).map_err(|error| ("disconnected", error.0))
            }

            fn try_send(&self, message: Message<'a>) -> Result<(), (Word, Message<'a>)> {
                sending!(self, message, $module, $($try_send)*)
            }

            fn send_timeout(&self, message: Message<'a>) -> Result<(), (Word, Message<'a>)> {
                sending!(self, message, $module, $($timeout)*)
            }

            fn len(&self) -> Option<(usize, bool)> {
                let len: fn(&Self) -> Option<(usize, bool)> = $len;
                len(self)
            }
        }
    )+};
    ($self:ident, $message:ident, $module:ident, never full) => {
        $self.send($message).map_err(|error| ("disconnected", error.0))
    };
    ($self:ident, $message:ident, $module:ident, may be full) => {
        $self.try_send($message).map_err(|error| match error {
            $module::TrySendError::Full(message) => ("full", message),
            $module::TrySendError::Disconnected(message) => ("disconnected", message),
        })
    };
    ($self:ident, $message:ident, $module:ident, never times out) => {
        Err(("there is no such operation", $message))
    };
    ($self:ident, $message:ident, $module:ident, may time out) => {
        $self.send_timeout($message, A_MOMENT).map_err(|error| match error {
            $module::SendTimeoutError::Timeout(message) => (TIMED_OUT, message),
            $module::SendTimeoutError::Disconnected(message) => ("disconnected", message),
        })
    };
}

macro_rules! receiving {
    ($($module:ident $len:expr, $clone:expr;)+) => {$(
        impl<'a> Receiving<'a> for $module::Receiver<Message<'a>> {
            fn recv(&self) -> Result<Message<'a>, Word> {
                self.recv().map_err(|$module::RecvError| "disconnected")
            }

            fn try_recv(&self) -> Result<Message<'a>, Word> {
                self.try_recv().map_err(|error| match error {
                    $module::TryRecvError::Empty => "empty",
                    $module::TryRecvError::Disconnected => "disconnected",
                })
            }

            fn recv_timeout(&self) -> Result<Message<'a>, Word> {
                self.recv_timeout(A_MOMENT).map_err(|error| match error {
                    $module::RecvTimeoutError::Timeout => TIMED_OUT,
                    $module::RecvTimeoutError::Disconnected => "disconnected",
                })
            }

            fn try_iter(&self) -> Vec<Message<'a>> {
                self.try_iter().collect()
            }

            fn iter(&self) -> Vec<Message<'a>> {
                self.iter().collect()
            }

            fn len(&self) -> Option<(usize, bool)> {
                let len: fn(&Self) -> Option<(usize, bool)> = $len;
                len(self)
            }

            fn duplicate(&self) -> Option<Self> {
                let clone: fn(&Self) -> Option<Self> = $clone;
                clone(self)
            }
        }
    )+};
}

sending! {
    mpsc Sender { never full } { never times out } |_| None;
    mpsc SyncSender { may be full } { never times out } |_| None;
    crossbeam Sender { may be full } { may time out } |sender| Some((sender.len(), sender.is_empty()));
}

receiving! {
    mpsc |_| None, |_| None;
    crossbeam
        |receiver| Some((receiver.len(), receiver.is_empty())),
        |receiver| Some(receiver.clone());
}

/// `std::sync::mpsc`; what is left at the end is taken by value.
pub fn mpsc((bound, steps): &Program) -> Story {
    let drops = Cell::new(0);
    match *bound {
        None => Channel::new(mpsc::channel(), None, &drops).run(steps),
        Some(bound) => Channel::new(mpsc::sync_channel(bound), Some(bound), &drops).run(steps),
    }
}

/// `crossbeam::channel`.
pub fn crossbeam((bound, steps): &Program) -> Story {
    let drops = Cell::new(0);
    let ends = bound.map_or_else(crossbeam::unbounded, crossbeam::bounded);
    Channel::new(ends, *bound, &drops).run(steps)
}

/// `crossbeam::channel::Select` of two channels. Where both are ready any may be selected, so that is skipped.
pub fn select(steps: &Vec<Selecting>) -> Story {
    let (senders, receivers): (Vec<_>, Vec<_>) =
        (0..2).map(|_| crossbeam::unbounded::<usize>()).unzip();
    let mut senders: Vec<_> = senders.into_iter().map(Some).collect();
    let mut has_timed_out = false;
    let mut story = Story::new();
    for (number, step) in (0_usize..).zip(steps) {
        let is_ready = |side: &usize| senders[*side].is_none() || !receivers[*side].is_empty();
        let ready = (0..2).filter(is_ready).count();
        let mut select = crossbeam::Select::new();
        let indices: Vec<usize> = receivers.iter().map(|it| select.recv(it)).collect();
        let selected = match *step {
            Selecting::Send(side) => {
                let sent = senders[usize::from(side)].as_ref().map(|it| it.send(number).is_ok());
                story.push(format!("sent: {sent:?}"));
                continue;
            }
            Selecting::DropSender(side) => {
                story.push(format!("dropped: {}", senders[usize::from(side)].take().is_some()));
                continue;
            }
            Selecting::Select if ready == 1 => Ok(select.select()),
            Selecting::TrySelect if ready < 2 => {
                select.try_select().map_err(|_| "nothing is ready")
            }
            Selecting::SelectTimeout if ready < 2 && !has_timed_out => {
                has_timed_out = ready == 0;
                select.select_timeout(A_MOMENT).map_err(|_| TIMED_OUT)
            }
            _ => Err("not now"),
        };
        story.push(match selected {
            Ok(selected) => {
                let index = selected.index();
                let side = indices.iter().position(|it| *it == index).expect("it was added");
                format!("{side}: {:?}", selected.recv(&receivers[side]))
            }
            Err(word) => word.into(),
        });
    }
    story
}

struct Channel<'a, S, R> {
    senders: Vec<S>,
    receivers: Vec<R>,
    bound: Option<usize>,
    /// How many messages are waiting: what would block is skipped.
    waiting: usize,
    has_timed_out: bool,
    drops: &'a Cell<u32>,
}

impl<'a, S: Sending<'a>, R: Receiving<'a>> Channel<'a, S, R> {
    fn new((sender, receiver): (S, R), bound: Option<usize>, drops: &'a Cell<u32>) -> Self {
        let (senders, receivers) = (vec![sender], vec![receiver]);
        Channel { senders, receivers, bound, waiting: 0, has_timed_out: false, drops }
    }

    fn run(mut self, steps: &[Passing]) -> Story {
        let mut story = Story::new();
        for step in steps {
            let line = self.step(*step).unwrap_or_else(|| "not now".into());
            story.push(format!("{line}; {} dropped", self.drops.get()));
        }
        let drops = self.drops;
        drop(self);
        story.push(format!("at the end {} dropped", drops.get()));
        story
    }

    /// One step; `None` if it would block or an end is gone.
    fn step(&mut self, step: Passing) -> Option<String> {
        Some(match step {
            Passing::Send(number) => {
                let room = self.bound.is_none_or(|bound| self.waiting < bound);
                if !room && !self.receivers.is_empty() {
                    return None;
                }
                let result = self.senders.last()?.send(Counted::new(number as i8, self.drops));
                self.sent(result)
            }
            Passing::TrySend(number) => {
                let result = self.senders.last()?.try_send(Counted::new(number as i8, self.drops));
                self.sent(result)
            }
            Passing::Recv if self.waiting == 0 && !self.senders.is_empty() => return None,
            Passing::Recv => {
                let result = self.receivers.last()?.recv();
                self.received(result)
            }
            Passing::TryRecv => {
                let result = self.receivers.last()?.try_recv();
                self.received(result)
            }
            Passing::SendTimeout(_) | Passing::RecvTimeout if self.has_timed_out => return None,
            Passing::SendTimeout(number) => {
                let message = Counted::new(number as i8, self.drops);
                let result = self.senders.last()?.send_timeout(message);
                self.sent(result)
            }
            Passing::RecvTimeout => {
                let result = self.receivers.last()?.recv_timeout();
                self.received(result)
            }
            Passing::TryIter => {
                let messages = self.receivers.last()?.try_iter();
                self.taken(messages)
            }
            Passing::Iter if !self.senders.is_empty() => return None,
            Passing::Iter => {
                let messages = self.receivers.last()?.iter();
                self.taken(messages)
            }
            Passing::Len => {
                let (senders, receivers) = (self.senders.last(), self.receivers.last());
                format!("{:?} and {:?}", senders.map(S::len), receivers.map(R::len))
            }
            Passing::CloneSender => {
                let clone = self.senders.last()?.clone();
                self.senders.push(clone);
                "cloned".into()
            }
            Passing::DropSender => {
                drop(self.senders.pop()?);
                "sender dropped".into()
            }
            Passing::CloneReceiver => {
                let clone = self.receivers.last()?.duplicate()?;
                self.receivers.push(clone);
                "cloned".into()
            }
            Passing::DropReceiver => {
                drop(self.receivers.pop()?);
                if self.receivers.is_empty() {
                    self.waiting = 0;
                }
                "receiver dropped".into()
            }
        })
    }

    fn sent(&mut self, result: Result<(), (Word, Message<'a>)>) -> String {
        match result {
            Ok(()) => {
                self.waiting += 1;
                "sent".into()
            }
            Err((word, message)) => {
                self.has_timed_out |= word == TIMED_OUT;
                format!("{word}: {} comes back", message.value)
            }
        }
    }

    fn received(&mut self, result: Result<Message<'a>, Word>) -> String {
        match result {
            Ok(message) => {
                self.waiting = self.waiting.saturating_sub(1);
                format!("received {}", message.value)
            }
            Err(word) => {
                self.has_timed_out |= word == TIMED_OUT;
                word.into()
            }
        }
    }

    fn taken(&mut self, messages: Vec<Message<'a>>) -> String {
        self.waiting = self.waiting.saturating_sub(messages.len());
        let values: Vec<i8> = messages.iter().map(|message| message.value).collect();
        format!("received {values:?}")
    }
}
