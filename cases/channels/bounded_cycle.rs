//! Threads that send to each other through bounded channels can fill them and wait for ever.
//!
//! Shape: two threads each send to the other and then receive. Where the buffers are full, each
//! waits for room that only the other's receiving makes, and neither has come to receiving. The
//! types are right, no lock is in sight, and whether it works depends on how many messages fit.
//!
//! Source: Dally and Seitz, IEEE Transactions on Computers C-36(5), 1987 (a cycle of full buffers).
//! Does not show: the cost of the unbounded way out, which is memory.

use super::rt::crossbeam::channel::{Receiver, Sender, bounded, unbounded};
use super::rt::thread;

cases! {
    /// There is room for the messages: nobody waits.
    room_for_all: holds() => exchange(|| bounded(1), 0, false);
    /// Both buffers are full before the exchange.
    full: fails(Deadlock) => exchange(|| bounded(1), 1, false);
    /// One side receives before it sends: the cycle is broken.
    full_one_receives_first: holds() => exchange(|| bounded(1), 1, true);
    /// A rendezvous has no room at all.
    rendezvous: fails(Deadlock) => exchange(|| bounded(0), 0, false);
    /// Without a bound nobody waits for room.
    unbounded: holds() => exchange(unbounded, 1, false);
}

type Channel = (Sender<u32>, Receiver<u32>);

fn exchange(channel: fn() -> Channel, filled_with: u32, one_receives_first: bool) {
    let ((to_right, from_left), (to_left, from_right)) = (channel(), channel());
    for message in 0..filled_with {
        to_right.send(message).unwrap();
        to_left.send(message).unwrap();
    }
    thread::scope(|s| {
        s.spawn(|| {
            to_right.send(7).unwrap();
            from_right.recv().unwrap();
        });
        s.spawn(|| {
            if one_receives_first {
                from_left.recv().unwrap();
                to_left.send(7).unwrap();
            } else {
                to_left.send(7).unwrap();
                from_left.recv().unwrap();
            }
        });
    });
}
