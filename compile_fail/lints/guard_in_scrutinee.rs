//! A guard made in a `match` scrutinee lives to the end of the `match`: an arm that locks again deadlocks.
//!
//! Lint: clippy::significant_drop_in_scrutinee
//! Source: clippy lint list, `significant_drop_in_scrutinee`.

#![deny(clippy::significant_drop_in_scrutinee)]

use std::sync::Mutex;

static STATE: Mutex<u32> = Mutex::new(0);

fn step() {
    match *STATE.lock().unwrap() {
        0 => println!("idle"),
        n => println!("busy with {n}"),
    }
}

fn main() {
    step();
}
