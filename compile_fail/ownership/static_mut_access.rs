//! Touching a `static mut` is `unsafe`: the compiler cannot tell which threads touch it too.
//!
//! Inside `unsafe` it compiles, and no lint sees the race: `static_mut_refs` covers only references to it.
//!
//! Error: E0133
//! Source: Rust Reference, "Mutable statics".

static mut HITS: u32 = 0;

fn main() {
    HITS += 1;
}
