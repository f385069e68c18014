//! Fixed: one `deref_mut` gives a plain `&mut State`, whose fields the compiler tells apart.

use std::sync::Mutex;

#[derive(Default)]
struct State {
    waiting: Vec<u32>,
    running: Vec<u32>,
}

fn main() {
    let state = Mutex::new(State::default());
    let mut state = state.lock().unwrap();
    let state = &mut *state;
    let waiting = &mut state.waiting;
    let running = &mut state.running;
    running.append(waiting);
}
