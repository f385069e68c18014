//! Moving to edition 2024 drops a tail expression's temporaries first: a guard there unlocks before the locals go.
//!
//! Lint: tail_expr_drop_order
//! Source: The rustc book, lint listing, `tail_expr_drop_order`;
//! Edition Guide 2024, "Tail expression temporary scope".

#![deny(tail_expr_drop_order)]

use std::sync::{Mutex, MutexGuard};

static OUTER: Mutex<u32> = Mutex::new(1);
static INNER: Mutex<u32> = Mutex::new(2);

fn sum() -> u32 {
    let outer: MutexGuard<u32> = OUTER.lock().unwrap();
    *outer + *INNER.lock().unwrap()
}

fn main() {
    println!("{}", sum());
}
