//! A loop that waits for a plain local waits for ever: no other thread can change it.
//!
//! Lint: clippy::while_immutable_condition
//! Source: clippy lint list, `while_immutable_condition`.

#![deny(clippy::while_immutable_condition)]

fn main() {
    let ready = std::env::args().count() > 0;
    while !ready {
        println!("waiting");
    }
}
