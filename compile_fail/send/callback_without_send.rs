//! A callback that the system calls on a thread of its choosing must be `Send`.
//!
//! Error: E0277
//! Source: RUSTSEC-2022-0008 (windows delegates, before 0.32.0).

use std::rc::Rc;

fn main() {
    let seen = Rc::new(());
    on_event(move || drop(seen.clone()));
}

fn on_event<F: FnMut() + Send + 'static>(_callback: F) {}
