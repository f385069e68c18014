//! Fixed: the parent waits.

#![deny(clippy::zombie_processes)]

use std::process::Command;

fn main() {
    let mut child = Command::new("true").spawn().unwrap();
    println!("{}", child.id());
    child.wait().unwrap();
}
