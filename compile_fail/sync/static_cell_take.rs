//! A static cell that gives its value away once moves it to whoever asks first: its `Sync` needs `T: Send`.
//!
//! Error: E0277
//! Source: RUSTSEC-2025-0045 (static_cell `ConstStaticCell`, before 2.1.1).

use std::{cell::UnsafeCell, sync::MutexGuard};

struct ConstStaticCell<T>(UnsafeCell<Option<T>>);

// SAFETY: `take` gives the one `&mut T` to a single thread, and `T: Send` lets it be any.
unsafe impl<T: Send> Sync for ConstStaticCell<T> {}

static SLOT: ConstStaticCell<MutexGuard<'static, u8>> = ConstStaticCell(UnsafeCell::new(None));

fn main() {}
