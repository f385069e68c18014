//! Fixed: `OnceLock` lets one thread initialise and makes the others wait.

use std::sync::OnceLock;

static CONFIG: OnceLock<String> = OnceLock::new();

fn main() {
    println!("{}", CONFIG.get_or_init(|| String::from("default")));
}
