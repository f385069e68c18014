//! A static is ready before any thread runs, so its initialiser must be `const`.
//!
//! Error: E0015
//! Source: Rust Reference, "Static items"; std docs, `LazyLock`.

use std::sync::Mutex;

static ROUTES: Mutex<Vec<String>> = Mutex::new(default_routes());

fn default_routes() -> Vec<String> {
    vec![String::from("/")]
}

fn main() {
    println!("{}", ROUTES.lock().unwrap().len());
}
