//! An `Arc` shares, and what is shared cannot be assigned: a write would race with every other holder.
//!
//! Error: E0594
//! Source: std docs, `Arc` (no `DerefMut`).

use std::sync::Arc;

struct Settings {
    level: u32,
}

fn main() {
    let settings = Arc::new(Settings { level: 1 });
    settings.level = 2;
    println!("{}", settings.level);
}
