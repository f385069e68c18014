//! Fixed: `join` returns when the worker has ended, not when it has probably ended.

#![deny(clippy::disallowed_methods)]

use std::thread;

fn main() {
    let worker = thread::spawn(|| println!("done"));
    worker.join().unwrap();
}
