//! Fixed: the result is kept, not the handle.

use std::thread::{self, JoinHandle};

fn main() {
    let worker = thread::spawn(|| 7);
    let first = wait_for(worker);
    let second = first;
    println!("{first} {second}");
}

fn wait_for(worker: JoinHandle<u32>) -> u32 {
    worker.join().expect("the worker returns")
}
