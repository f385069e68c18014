//! A program that ends without joining its threads can lose their output, and a sleep is no join.
//!
//! Shape: a program starts a worker that writes a line, waits in some way, and prints what was
//! written. Not waiting, or waiting for a time, orders nothing: the worker may be later than any
//! time. A join, or a message received from the worker, happens after what it wrote.
//!
//! Source: Rust std, `thread::spawn` (the process ends with its main thread) and `thread::sleep`.
//! Does not show: how rarely the sleep fails in practice, which is what makes it hard to find.

use core::time::Duration;

use super::rt::sync::{Mutex, mpsc};
use super::rt::thread::{self, ScopedJoinHandle};

cases! {
    /// Nobody waits.
    not_waited_for: fails(Assertion) => print(|_, _| ());
    /// Long enough until it is not.
    slept: fails(Assertion)
        => print(|_, _| thread::sleep(Duration::from_micros(100)));
    /// The end of the worker is waited for.
    joined: holds() => print(|worker, _| worker.join().unwrap());
    /// A message from the worker does as well.
    told: holds() => print(|_, written| written.recv().unwrap());
}

fn print(wait: fn(ScopedJoinHandle<()>, &mpsc::Receiver<()>)) {
    let output = Mutex::new(String::new());
    let (tell, written) = mpsc::channel();
    thread::scope(|s| {
        let worker = s.spawn(|| {
            output.lock().unwrap().push_str("done");
            // The program may not listen.
            let _ = tell.send(());
        });
        let output = &output;
        let program = s.spawn(move || {
            wait(worker, &written);
            assert_eq!(*output.lock().unwrap(), "done", "the program ends before its output");
        });
        program.join().unwrap();
    });
}
