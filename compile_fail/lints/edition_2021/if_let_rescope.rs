//! Moving to edition 2024 unlocks an `if let` scrutinee before the `else`: code that relied on the lock there races.
//!
//! The lint sees a guard whose own method is called, as here; through `Deref`, as with a plain `MutexGuard`, it is quiet.
//!
//! Lint: if_let_rescope
//! Source: The rustc book, lint listing, `if_let_rescope`; Edition Guide 2024, "`if let` temporary scope".

#![deny(if_let_rescope)]

use std::sync::{Mutex, MutexGuard};

static JOBS: Mutex<Vec<u32>> = Mutex::new(Vec::new());

struct Jobs(MutexGuard<'static, Vec<u32>>);

impl Jobs {
    fn pop(&mut self) -> Option<u32> {
        self.0.pop()
    }
}

fn main() {
    if let Some(job) = Jobs(JOBS.lock().unwrap()).pop() {
        println!("{job}");
    } else {
        println!("empty, and in edition 2021 still locked");
    }
}
