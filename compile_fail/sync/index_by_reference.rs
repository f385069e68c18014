//! A concurrent map that returns `&V` shares its values: to be `Sync` it needs `V: Sync` beside `V: Send`.
//!
//! Error: E0277
//! Source: RUSTSEC-2020-0092 (concread `ARCache`, before 0.2.6); RUSTSEC-2020-0128 (cache) and -0149 (appendix) lack
//! bounds too.

use std::cell::{Cell, UnsafeCell};

struct Cache<V>(UnsafeCell<Vec<V>>);

// SAFETY: `insert` moves a `V` in from any thread (`Send`), `get` shares it with all (`Sync`).
unsafe impl<V: Send + Sync> Sync for Cache<V> {}

fn main() {
    share(&Cache::<Cell<u64>>(UnsafeCell::new(Vec::new())));
}

fn share<T: Sync>(_value: &T) {}
