//! A static is shared with every thread, so its type must be `Sync`; a `OnceCell` tests and sets unsynchronised.
//!
//! Error: E0277
//! Source: Rust Reference, "Static items"; std docs, `OnceCell`.

use std::cell::OnceCell;

static CONFIG: OnceCell<String> = OnceCell::new();

fn main() {
    println!("{}", CONFIG.get_or_init(|| String::from("default")));
}
