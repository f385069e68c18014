//! Hole: any value reaches any thread through the static; that is the bug.

use std::{cell::UnsafeCell, sync::MutexGuard};

struct ConstStaticCell<T>(UnsafeCell<Option<T>>);

// SAFETY: claimed for every `T`; the single taker may still be the wrong thread.
unsafe impl<T> Sync for ConstStaticCell<T> {}

static SLOT: ConstStaticCell<MutexGuard<'static, u8>> = ConstStaticCell(UnsafeCell::new(None));

fn main() {}
