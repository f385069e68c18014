//! Who stops waiting for a message may miss one that is sent already, and what is in it.
//!
//! Shape: a pool lends its connection by a channel made for the request. The borrower waits with a
//! time-out, and leaves. A send that finds the receiver gone gives the connection back to the pool.
//! One that comes just before that succeeds, and the message is dropped with the channel, unseen. A
//! last look before leaving makes the window smaller, and does not close it. What is sent has to go
//! home by itself when it is dropped.
//!
//! Source: `std::sync::mpsc::Sender::send` documentation (a success does not mean that it will be
//! received); concurrency-limits pull request 179 (Netflix, 2022, tokens lost at a time-out).
//! Does not show: several borrowers in a queue.

use core::time::Duration;

use super::rt::sync::atomic::{AtomicU32, Ordering::*};
use super::rt::sync::mpsc;
use super::rt::thread;

const A_MOMENT: Duration = Duration::from_micros(50);

/// A connection that is out of the pool, `idle`; who has it puts it back.
struct Connection<'a> {
    idle: &'a AtomicU32,
    goes_home: bool,
}

impl Connection<'_> {
    fn put_back(mut self) {
        self.goes_home = true;
    }
}

impl Drop for Connection<'_> {
    fn drop(&mut self) {
        if self.goes_home {
            // Relaxed: the number is looked at when all have ended.
            self.idle.fetch_add(1, Relaxed);
        }
    }
}

cases! {
    /// It goes back whoever drops it, the channel too.
    goes_home: holds() => lend(true, |_| ());
    /// It was sent, and the receiver left.
    stays_in_the_channel: fails(Assertion) => lend(false, |_| ());
    /// It was sent after the last look.
    last_look: fails(Assertion) => lend(false, |receiver| {
        receiver.try_iter().for_each(Connection::put_back);
    });
}

fn lend(goes_home: bool, leave: fn(&mpsc::Receiver<Connection<'_>>)) {
    let idle = AtomicU32::new(0);
    let (sender, receiver) = mpsc::channel();
    thread::scope(|s| {
        s.spawn(|| {
            let connection = Connection { idle: &idle, goes_home };
            if let Err(refused) = sender.send(connection) {
                refused.0.put_back();
            }
        });
        s.spawn(move || match receiver.recv_timeout(A_MOMENT) {
            Ok(connection) => connection.put_back(),
            Err(_) => leave(&receiver),
        });
    });
    assert_eq!(idle.load(Relaxed), 1, "the connection is lost"); // Relaxed: the scope has joined all
}
