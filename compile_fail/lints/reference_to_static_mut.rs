//! A reference to a `static mut` claims that no other thread writes it meanwhile, and nothing checks that.
//!
//! Lint: static_mut_refs
//! Source: Edition Guide 2024, "Disallow references to static mut"; RUSTSEC-2020-0100 (sys-info, a global list freed
//! twice).

#![deny(static_mut_refs)]

static mut LOG: Vec<u32> = Vec::new();

fn main() {
    // SAFETY: claimed; a second thread would make it false.
    let count = unsafe { LOG.len() };
    println!("{count}");
}
