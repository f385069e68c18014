//! A reference to a thread-local cannot leave `with`: the value dies with its thread.
//!
//! Error: lifetime may not live long enough
//! Source: std docs, `LocalKey::with`.

use std::cell::RefCell;

thread_local!(static NAME: RefCell<String> = RefCell::default());

fn main() {
    let name = NAME.with(|name| name);
    println!("{}", name.borrow());
}
