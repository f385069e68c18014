//! A type whose drop has an effect, such as a span or a permit, is dropped at once by `let _ =`.
//!
//! Lint: let_underscore_drop
//! Source: The rustc book, lint listing, `let_underscore_drop`.

#![deny(let_underscore_drop)]

struct Permit;

impl Drop for Permit {
    fn drop(&mut self) {
        println!("released");
    }
}

fn main() {
    let _ = Permit;
    println!("working without it");
}
