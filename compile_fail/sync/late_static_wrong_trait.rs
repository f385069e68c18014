//! A static that hands out `&T` needs `T: Sync`; asking for `T: Send` instead lets a `Cell` through.
//!
//! Error: E0277
//! Source: RUSTSEC-2020-0102 (late-static before 0.4.0).

use std::cell::{Cell, UnsafeCell};

struct LateStatic<T>(UnsafeCell<Option<T>>);

// SAFETY: after initialisation the value is only ever shared, and `T: Sync` allows that.
unsafe impl<T: Sync> Sync for LateStatic<T> {}

static HITS: LateStatic<Cell<u32>> = LateStatic(UnsafeCell::new(None));

fn main() {}
