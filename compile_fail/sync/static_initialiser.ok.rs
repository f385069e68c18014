//! Fixed: `LazyLock` makes the first thread to arrive compute it and the others wait.

use std::sync::{LazyLock, Mutex};

static ROUTES: LazyLock<Mutex<Vec<String>>> = LazyLock::new(|| Mutex::new(default_routes()));

fn default_routes() -> Vec<String> {
    vec![String::from("/")]
}

fn main() {
    println!("{}", ROUTES.lock().unwrap().len());
}
