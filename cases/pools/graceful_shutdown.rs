//! A server that stops wakes its acceptor, serves what it has accepted, and then closes what is idle.
//!
//! Shape: over an in-memory transport, an acceptor takes connections from a listener and queues them for
//! a worker, which serves each until its client closes it. A client has asked, has the server stop, and
//! keeps its connection open until the server closes it. Only a connection wakes an acceptor, so who
//! stops the server makes one, which is not served. A worker that leaves when it sees that the server
//! stops leaves accepted connections in the queue. One that waits for an idle client waits for good.
//!
//! Source: The Rust Programming Language, section 21.3; Go, `net/http.Server.Shutdown` documentation
//! (the listeners first, then the idle connections, then a wait for the others).
//! Does not show: a time after which the server gives up; more workers, who all see the queue closed
//! (`close_wakes_receivers`); a client that never speaks (`connection_server`).

use super::rt::crossbeam::channel::{Receiver, Sender, unbounded};
use super::rt::sync::atomic::{AtomicBool, Ordering::*};
use super::rt::thread;

cases! {
    /// All three: an accepted connection gets its answer, and the server ends.
    graceful: holds().bounded(Loom, TooLarge) => stop(true, true, true);
    /// The server is to stop, and the acceptor waits for a connection.
    acceptor_asleep: fails(Deadlock) => stop(false, true, true);
    /// The worker leaves, and a connection that was accepted is not served.
    queue_abandoned: fails(Assertion) => stop(true, false, true);
    /// The worker waits for the client's next question, and the client for the server's end.
    idle_left_open: fails(Deadlock) => stop(true, true, false);
}

/// The client's side of it; the server keeps a sender too, to end the questions, as `TcpStream::shutdown` does.
type Ask = Sender<Option<u32>>;

struct Connection {
    questions: Receiver<Option<u32>>,
    answers: Sender<u32>,
}

fn stop(wakes: bool, drains: bool, closes_idle: bool) {
    let (listener, accepted) = unbounded::<Option<(Connection, Ask)>>();
    let (queue, queued) = unbounded();
    let ((ask, questions), (answers, answered)) = (unbounded(), unbounded());
    ask.send(Some(1)).unwrap();
    listener.send(Some((Connection { questions, answers }, ask.clone()))).unwrap();
    let stop = AtomicBool::new(false);
    let answered = thread::scope(|s| {
        let client = s.spawn(|| {
            if !drains {
                stop.store(true, Relaxed); // Relaxed: it tells, and orders nothing
            }
            if wakes {
                listener.send(None).unwrap();
            }
            answered.iter().count() // until the server closes the connection
        });
        s.spawn(|| work(queued, || !drains && stop.load(Relaxed))); // Relaxed: as above
        let mut open = Vec::new();
        while let Ok(Some((connection, close))) = accepted.recv() {
            open.push(close);
            queue.send(connection).unwrap();
        }
        drop(queue);
        for close in open.into_iter().filter(|_| closes_idle) {
            let _nobody_left = close.send(None);
        }
        client.join().unwrap()
    });
    assert_eq!(answered, 1, "an accepted connection was not served");
}

fn work(queued: Receiver<Connection>, leaves: impl Fn() -> bool) {
    while !leaves() {
        let Ok(connection) = queued.recv() else { return };
        while let Ok(Some(question)) = connection.questions.recv() {
            connection.answers.send(question + 1).unwrap();
        }
    }
}
