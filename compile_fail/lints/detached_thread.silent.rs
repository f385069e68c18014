//! Silent: a dropped `JoinHandle` detaches its thread: if `main` returns first, the work and its output are lost.
//!
//! Lint: unused_must_use
//! Source: std docs, `JoinHandle` (dropping it detaches the thread; it is not `must_use`); run on 1.95.

#![deny(unused_must_use)]

fn main() {
    std::thread::spawn(|| println!("perhaps"));
}
