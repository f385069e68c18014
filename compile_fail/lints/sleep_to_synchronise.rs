//! Sleeping is no synchronisation: it orders nothing and only makes the race rarer; a project can ban it by name.
//!
//! Lint: clippy::disallowed_methods
//! Source: clippy lint list, `disallowed_methods`.

#![deny(clippy::disallowed_methods)]

use std::{thread, time::Duration};

fn main() {
    let worker = thread::spawn(|| println!("done"));
    thread::sleep(Duration::from_millis(100));
    drop(worker);
}
