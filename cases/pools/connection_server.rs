//! A server that answers one connection at a time stops for all at the first client that is silent.
//!
//! Shape: a client opens two connections over an in-memory transport; it speaks on the first only
//! when it has its answer on the second. A server with a thread for each connection serves both.
//! One that serves the first to its end waits for what comes only after the second is answered. It
//! ends when the listener is closed, so whoever waits for its end must not keep the listener open.
//!
//! Source: Stevens, Fenner and Rudoff, UNIX Network Programming vol. 1, 3rd edition, 2003, section
//! 4.8 (concurrent servers).
//! Does not show: sockets, time-outs, or a bound on the number of threads.

use super::rt::crossbeam::channel::{self, Receiver, Sender};
use super::rt::thread;

cases! {
    /// The silent connection has a thread of its own.
    thread_per_connection: holds().bounded(Loom, TooLarge) => serve_two(true, false);
    /// The silent connection has the only thread.
    one_after_another: fails(Deadlock) => serve_two(false, false);
    /// Both are served, and the server waits for a third.
    listener_left_open: fails(Deadlock) => serve_two(true, true);
}

/// A connection, in memory.
struct Connection {
    question: (Sender<u32>, Receiver<u32>),
    answer: (Sender<u32>, Receiver<u32>),
}

impl Connection {
    fn new() -> Connection {
        Connection { question: channel::unbounded(), answer: channel::unbounded() }
    }

    /// What the server does with it.
    fn serve(&self) {
        let question = self.question.1.recv().unwrap();
        self.answer.0.send(question + 1).unwrap();
    }
}

fn serve_two(concurrently: bool, keep_listener: bool) {
    let (silent, second) = (Connection::new(), Connection::new());
    let (listener, accepted) = channel::unbounded();
    listener.send(&silent).unwrap();
    listener.send(&second).unwrap();
    let kept = keep_listener.then_some(listener); // else closed here
    thread::scope(|s| {
        s.spawn(|| {
            second.question.0.send(1).unwrap();
            assert_eq!(second.answer.1.recv(), Ok(2));
            silent.question.0.send(3).unwrap();
        });
        for connection in accepted.iter() {
            if concurrently {
                s.spawn(|| connection.serve());
            } else {
                connection.serve();
            }
        }
    });
    drop(kept);
}
