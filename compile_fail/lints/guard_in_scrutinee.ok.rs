//! Fixed: the state is copied and the lock released before the arms run.

#![deny(clippy::significant_drop_in_scrutinee)]

use std::sync::Mutex;

static STATE: Mutex<u32> = Mutex::new(0);

fn step() {
    let state = *STATE.lock().unwrap();
    match state {
        0 => println!("idle"),
        n => println!("busy with {n}"),
    }
}

fn main() {
    step();
}
