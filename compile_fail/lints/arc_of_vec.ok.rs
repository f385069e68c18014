//! Fixed: a shared slice is one allocation.

#![deny(clippy::rc_buffer)]

use std::sync::Arc;

struct Table {
    rows: Arc<[u32]>,
}

fn main() {
    let table = Table {
        rows: Arc::from([1]),
    };
    println!("{}", table.rows.len());
}
