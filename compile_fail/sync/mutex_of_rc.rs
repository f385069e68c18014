//! A `Mutex` makes access exclusive, not the content `Send`: clones of an `Rc` outside the lock would race with it.
//!
//! Error: E0277
//! Source: std docs, `Mutex` (`impl<T: Send> Sync`).

use std::rc::Rc;
use std::sync::Mutex;

fn main() {
    let name = Rc::new(7);
    share(&Mutex::new(Rc::clone(&name)));
}

fn share<T: Sync>(_value: &T) {}
