//! Two fields cannot be borrowed through a guard at once: each `&mut` borrows the whole guard through `deref_mut`.
//!
//! Error: E0499
//! Source: std docs, `MutexGuard` (`DerefMut`); Rustonomicon, "Splitting Borrows".

use std::sync::Mutex;

#[derive(Default)]
struct State {
    waiting: Vec<u32>,
    running: Vec<u32>,
}

fn main() {
    let state = Mutex::new(State::default());
    let mut state = state.lock().unwrap();
    let waiting = &mut state.waiting;
    let running = &mut state.running;
    running.append(waiting);
}
