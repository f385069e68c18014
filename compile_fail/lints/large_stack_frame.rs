//! A spawned thread has 2 MiB of stack by default: one large array on it is an abort that no handler catches.
//!
//! Lint: clippy::large_stack_frames
//! Source: clippy lint list, `large_stack_frames`.

#![deny(clippy::large_stack_frames)]

fn checksum() -> u8 {
    let table = [1u8; 1024 * 1024];
    table[std::env::args().count()]
}

fn main() {
    println!("{}", checksum());
}
