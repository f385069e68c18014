//! A send that had to wait for a receive sees what the receiver did before it.
//!
//! Shape: the receiver writes a plain cell and then receives; the sender sends and then reads the
//! cell. In a rendezvous (bound 0) no send returns before its receive has come, so the write
//! happens before the read. With a bound of one the first send returns at once and nothing orders
//! the two; the second waits for the first receive, and then they are ordered. In general the k-th
//! receive happens before the (k + bound)-th send returns.
//!
//! Source: The Go Memory Model, 2022, section Channel communication (the rule); crossbeam::channel,
//! documentation, section Channel types (a bound of zero pairs each send with a receive).
//! Does not show: a promise of crossbeam or `std`, which document the pairing and not the edge.

use super::rt::cell::UnsafeCell;
use super::rt::crossbeam::channel;
use super::rt::thread;

cases! {
    /// The send returns after the receive has come.
    bound_0: holds() => read_after_sending(0, 1);
    /// The send returns as soon as the message is in the buffer.
    bound_1_first_send: fails(DataRace) => read_after_sending(1, 1);
    /// The second send finds room only after the first receive.
    bound_1_second_send: holds() => read_after_sending(1, 2);
}

fn read_after_sending(bound: usize, messages: u32) {
    let (sender, receiver) = channel::bounded(bound);
    let cell = UnsafeCell::new(0);
    thread::scope(|s| {
        s.spawn(|| {
            // SAFETY: the sender reads when its last send has returned; if that had to wait for the
            // receive below, it is later than this.
            cell.with_mut(|c| unsafe { *c = 42 });
            receiver.recv().unwrap();
        });
        s.spawn(|| {
            (0..messages).for_each(|message| sender.send(message).unwrap());
            // SAFETY: the last send has waited for a receive, before which the cell was written; a
            // send that finds room waits for nothing.
            assert_eq!(cell.with(|c| unsafe { *c }), 42);
        });
    });
}
