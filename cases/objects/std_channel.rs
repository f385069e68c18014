//! A channel is closed by the drop of its last sender; a flag beside it is raised while a send is still under way.
//!
//! Shape: all sends go through one sender that stands under a lock. Closing takes it out and drops
//! it: then every message has been sent, and the receiver comes to the end after the last. With a
//! flag beside the channel, a send looks at the flag and then sends. The receiver finds the flag
//! raised and the channel empty in between: it says that there is nothing more, and then there is. A
//! sender that nobody uses, but that lives as long as the receiver, keeps the receiver waiting.
//!
//! Source: `std::sync::mpsc` documentation (`Receiver::recv`, `Sender::send`).
//! Does not show: the code of std's channel; this is a model of what is documented.

use super::rt::hint;
use super::rt::linear::specs::{Channel, Hold};
use super::rt::linear::{Clients, Object, Role, Size, linearizable};
use super::rt::sync::Mutex;
use super::rt::sync::mpsc::{Receiver, Sender, channel};

cases! {
    /// Up to three threads and four operations, of which one thread takes.
    every_client: linearizable() => linearizable::<Queue<NONE>>(&clients());
    /// A take finds the end, and a put that began before is accepted after it.
    flag_beside: not_linearizable(NotLinearizable) => linearizable::<Queue<FLAG>>(&clients());
    /// The receiver's own sender keeps the channel open.
    kept_sender: not_linearizable(Deadlock) => linearizable::<Queue<KEPT>>(&clients());
    /// A take that does not wait says that there is nothing more, and there is.
    no_wait: not_linearizable(NotLinearizable) => linearizable::<Queue<TRY>>(&clients());
}

/// Without a fault, and with one.
const NONE: u8 = 0;
const FLAG: u8 = 1;
const KEPT: u8 = 2;
const TRY: u8 = 3;

fn clients() -> Clients<Hold> {
    let calls = [Role::any([Hold::Put(0), Hold::Close]), Role::one([Hold::Take])];
    Clients::new(calls, Size::new(3, 2).up_to(4)).numbered(Hold::number)
}

struct Queue<const FAULT: u8> {
    /// None when the channel is closed.
    sender: Mutex<Option<Sender<u8>>>,
    /// Whether it is closed, where a flag says so.
    is_closed: Mutex<bool>,
    /// A sender that nobody uses.
    _kept: Option<Mutex<Sender<u8>>>,
    receiver: Mutex<Receiver<u8>>,
}

impl<const FAULT: u8> Queue<FAULT> {
    fn put(&self, value: u8) -> Option<u8> {
        if FAULT == FLAG && *self.is_closed.lock().unwrap() {
            return Some(value);
        }
        let sender = self.sender.lock().unwrap();
        let Some(sender) = &*sender else { return Some(value) };
        sender.send(value).err().map(|refused| refused.0)
    }

    fn take(&self) -> Option<u8> {
        let receiver = self.receiver.lock().unwrap();
        match FAULT {
            TRY => return receiver.try_recv().ok(),
            FLAG => {}
            _ => return receiver.recv().ok(),
        }
        loop {
            // The flag is read first, so that what was sent before it was raised is found.
            let is_closed = *self.is_closed.lock().unwrap();
            match receiver.try_recv() {
                Ok(value) => return Some(value),
                Err(_) if is_closed => return None,
                Err(_) => hint::spin_loop(),
            }
        }
    }
}

impl<const FAULT: u8> Object for Queue<FAULT> {
    type Spec = Channel;

    fn new() -> Self {
        let (sender, receiver) = channel();
        let _kept = (FAULT == KEPT).then(|| Mutex::new(sender.clone()));
        let (sender, receiver) = (Mutex::new(Some(sender)), Mutex::new(receiver));
        Queue { sender, is_closed: Mutex::new(false), _kept, receiver }
    }

    fn call(&self, operation: &Hold) -> Option<u8> {
        match *operation {
            Hold::Put(value) => return self.put(value),
            Hold::Close if FAULT == FLAG => *self.is_closed.lock().unwrap() = true,
            Hold::Close => drop(self.sender.lock().unwrap().take()),
            _ => return self.take(),
        }
        None
    }
}
