//! An `Arc<Vec<_>>` that never grows reaches its elements through two pointers.
//!
//! Lint: clippy::rc_buffer
//! Source: clippy lint list, `rc_buffer`.

#![deny(clippy::rc_buffer)]

use std::sync::Arc;

struct Table {
    rows: Arc<Vec<u32>>,
}

fn main() {
    let table = Table {
        rows: Arc::new(vec![1]),
    };
    println!("{}", table.rows.len());
}
