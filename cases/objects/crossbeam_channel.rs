//! A channel's length is a fact of the past: whoever looks at it before a receive or a send has decided nothing.
//!
//! Shape: a bounded channel of one place is a queue whose puts and takes wait, or by `try_send` and
//! `try_recv` one whose puts and takes are refused. A take that looks whether the channel is empty,
//! and then receives, waits for what another take has had in between. A put that looks whether there
//! is room in a channel without a bound, and then sends, is one of two that have both seen it.
//!
//! Source: `crossbeam::channel` documentation (`Receiver::is_empty`, `try_recv`, `try_send`).
//! Does not show: the code of crossbeam's channel; this is a model of what is documented.

use std::marker::PhantomData;

use super::rt::crossbeam::channel::{Receiver, Sender, bounded, unbounded};
use super::rt::linear::specs::{Channel, Fifo, Hold};
use super::rt::linear::{Clients, Object, Role, Size, Spec, linearizable};

cases! {
    /// Up to three threads and four operations, two a thread, without those that wait for good.
    every_client: linearizable() => linearizable::<Queue<WAIT, Channel<1>>>(&clients());
    /// The same clients of what does not wait.
    tries: linearizable() => linearizable::<Queue<TRY>>(&clients());
    /// Two takes see one value, and one of them waits for good.
    look_and_receive: not_linearizable(Deadlock) => linearizable::<Queue<RECEIVE>>(&clients());
    /// Two puts see the one place, and both are let in.
    look_and_send: not_linearizable(NotLinearizable) => linearizable::<Queue<SEND>>(&clients());
    /// What does not wait says that there is nothing before the value comes that it has to wait for.
    tries_for_waits: not_linearizable(NotLinearizable)
        => linearizable::<Queue<TRY, Channel<1>>>(&clients());
}

/// How it puts and takes: waiting, without, or with a look before.
const WAIT: u8 = 0;
const TRY: u8 = 1;
const RECEIVE: u8 = 2;
const SEND: u8 = 3;

fn clients() -> Clients<Hold> {
    let calls = [Role::any([Hold::Put(0), Hold::Take])];
    Clients::new(calls, Size::new(3, 2).up_to(4)).numbered(Hold::number)
}

struct Queue<const HOW: u8, S = Fifo<false, 1>> {
    sender: Sender<u8>,
    receiver: Receiver<u8>,
    claims: PhantomData<fn() -> S>,
}

impl<const HOW: u8, S> Queue<HOW, S> {
    fn put(&self, value: u8) -> Option<u8> {
        match HOW {
            WAIT => self.sender.send(value).err().map(|refused| refused.into_inner()),
            SEND if !self.sender.is_empty() => Some(value),
            _ => self.sender.try_send(value).err().map(|refused| refused.into_inner()),
        }
    }

    fn take(&self) -> Option<u8> {
        match HOW {
            WAIT => self.receiver.recv().ok(),
            RECEIVE if self.receiver.is_empty() => None,
            RECEIVE => self.receiver.recv().ok(),
            _ => self.receiver.try_recv().ok(),
        }
    }
}

impl<const HOW: u8, S: Spec<Operation = Hold, Result = Option<u8>>> Object for Queue<HOW, S> {
    type Spec = S;

    fn new() -> Self {
        let (sender, receiver) = if HOW == SEND { unbounded() } else { bounded(1) };
        Queue { sender, receiver, claims: PhantomData }
    }

    fn call(&self, operation: &Hold) -> Option<u8> {
        match *operation {
            Hold::Put(value) => self.put(value),
            _ => self.take(),
        }
    }
}
