//! Hole: the pointer is swapped atomically and the `Rc` behind it is not; that is the bug.

use std::{rc::Rc, sync::atomic::AtomicPtr};

struct AtomicBox<T> {
    pointer: AtomicPtr<T>,
    owned: std::marker::PhantomData<T>,
}

// SAFETY: claimed for every `T`, because the pointer is atomic; the content is not.
unsafe impl<T> Sync for AtomicBox<T> {}

fn main() {
    share(&AtomicBox::<Rc<u8>> {
        pointer: AtomicPtr::default(),
        owned: std::marker::PhantomData,
    });
}

fn share<T: Sync>(_value: &T) {}
