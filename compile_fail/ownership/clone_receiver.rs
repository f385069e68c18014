//! A `std` receiver cannot be cloned: each message has one consumer.
//!
//! Error: E0277
//! Source: std docs, `std::sync::mpsc` ("multi-producer, single-consumer").

use std::sync::mpsc::{self, Receiver};

#[derive(Clone)]
struct Jobs(Receiver<u32>);

fn main() {
    let (tx, rx) = mpsc::channel();
    let jobs = Jobs(rx);
    let other = jobs.clone();
    drop((tx, jobs, other));
}
