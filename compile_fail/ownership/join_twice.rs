//! A thread can be joined once: its handle is spent, and with it the only claim to its result.
//!
//! Error: E0382
//! Source: std docs, `JoinHandle::join` (takes `self`).

use std::thread::{self, JoinHandle};

fn main() {
    let worker = thread::spawn(|| 7);
    let first = wait_for(worker);
    let second = wait_for(worker);
    println!("{first} {second}");
}

fn wait_for(worker: JoinHandle<u32>) -> u32 {
    worker.join().expect("the worker returns")
}
