//! A child process that is never waited for stays in the process table, like a thread that nobody joins.
//!
//! Lint: clippy::zombie_processes
//! Source: clippy lint list, `zombie_processes`.

#![deny(clippy::zombie_processes)]

use std::process::Command;

fn main() {
    let child = Command::new("true").spawn().unwrap();
    println!("{}", child.id());
}
