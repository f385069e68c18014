//! Hole: the handler keeps an `Rc` and runs wherever the event fires; that is the bug.

use std::rc::Rc;

fn main() {
    let seen = Rc::new(());
    on_event(move || drop(seen.clone()));
}

fn on_event<F: FnMut() + 'static>(_callback: F) {}
