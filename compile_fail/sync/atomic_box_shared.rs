//! A box that threads swap through a shared reference moves its content between them: its `Sync` needs `T: Send`.
//!
//! Error: E0277
//! Source: RUSTSEC-2020-0121 (abox), RUSTSEC-2020-0044 (atom), RUSTSEC-2020-0113 (atomic-option), RUSTSEC-2020-0137
//! (lever).

use std::{rc::Rc, sync::atomic::AtomicPtr};

struct AtomicBox<T> {
    pointer: AtomicPtr<T>,
    owned: std::marker::PhantomData<T>,
}

// SAFETY: `swap` moves a whole `T` from one thread to another, and `T: Send` allows that.
unsafe impl<T: Send> Sync for AtomicBox<T> {}

fn main() {
    share(&AtomicBox::<Rc<u8>> {
        pointer: AtomicPtr::default(),
        owned: std::marker::PhantomData,
    });
}

fn share<T: Sync>(_value: &T) {}
