//! That a send had to wait for a receive does not let it see what the receiver did before.
//!
//! Shape: the receiver writes a plain cell and then receives; the sender sends and then reads the
//! cell. In a rendezvous (bound 0) no send returns before its receive has come, and with a bound of one
//! the second send waits for the first receive. Go makes that an order: the k-th receive happens before
//! the (k + bound)-th send returns. No Rust channel documents such an edge; only the message's own way,
//! from its send to its receipt, is an order.
//!
//! Source: The Go Memory Model, 2022, section Channel communication (Go's rule); crossbeam::channel,
//! documentation, section Channel types (a bound of zero pairs each send with a receive, and no more).
//! Does not show: the channels of crossbeam and `std` as they are written, which do order the two.

use super::rt::cell::UnsafeCell;
use super::rt::crossbeam::channel;
use super::rt::thread;

cases! {
    /// The send returns after the receive has come, and not by a promise after what came before it.
    bound_0: fails(DataRace).misses(Loom, LocksOrderAll) => read_after_sending(0, 1);
    /// The send returns as soon as the message is in the buffer.
    bound_1_first_send: fails(DataRace) => read_after_sending(1, 1);
    /// The second send finds room only after the first receive.
    bound_1_second_send: fails(DataRace).misses(Loom, LocksOrderAll) => read_after_sending(1, 2);
    /// The message itself says that the receiver is ready: an order in the direction of a message.
    answered: holds() => read_after_an_answer();
}

fn read_after_sending(bound: usize, messages: u32) {
    let (sender, receiver) = channel::bounded(bound);
    let cell = UnsafeCell::new(0);
    thread::scope(|s| {
        s.spawn(|| {
            // SAFETY: the sender reads when its last send has returned, which is not promised to be after this
            // write: the race that is claimed.
            cell.with_mut(|c| unsafe { *c = 42 });
            receiver.recv().unwrap();
        });
        s.spawn(|| {
            (0..messages).for_each(|message| sender.send(message).unwrap());
            // SAFETY: no promise puts this read behind the write: the race that is claimed.
            assert_eq!(cell.with(|c| unsafe { *c }), 42);
        });
    });
}

fn read_after_an_answer() {
    let (sender, receiver) = channel::bounded(0);
    let (answer, answered) = channel::bounded(1);
    let cell = UnsafeCell::new(0);
    thread::scope(|s| {
        s.spawn(|| {
            // SAFETY: the other thread reads after it has received the answer, sent after this write.
            cell.with_mut(|c| unsafe { *c = 42 });
            receiver.recv().unwrap();
            answer.send(()).unwrap();
        });
        s.spawn(|| {
            sender.send(()).unwrap();
            answered.recv().unwrap();
            // SAFETY: the answer was sent after the write, and is received.
            assert_eq!(cell.with(|c| unsafe { *c }), 42);
        });
    });
}
