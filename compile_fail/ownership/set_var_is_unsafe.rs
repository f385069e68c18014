//! Changing the environment is `unsafe` from edition 2024 on: another thread may be reading it inside libc.
//!
//! Error: E0133
//! Source: RUSTSEC-2020-0071 (time), RUSTSEC-2020-0159 (chrono); Edition Guide 2024, "Newly unsafe functions".

use std::process::Command;

fn main() {
    std::env::set_var("TZ", "UTC");
    let child = Command::new("date");
    println!("{child:?}");
}
