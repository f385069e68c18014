//! Silent: a plain write to a `static mut` makes no reference: two threads doing it race, and nothing is said.
//!
//! Lint: static_mut_refs
//! Source: Rust Reference, "Mutable statics"; run on 1.95.

#![deny(static_mut_refs)]

static mut HITS: u32 = 0;

fn main() {
    // SAFETY: claimed; a second thread would make it false.
    unsafe { HITS += 1 };
}
