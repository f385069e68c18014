//! Fixed: the variable is set for the child alone.

use std::process::Command;

fn main() {
    let mut child = Command::new("date");
    child.env("TZ", "UTC");
    println!("{child:?}");
}
