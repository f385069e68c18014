//! Memory that must be given back.

pub use std::alloc::Layout;

use crate::world;

/// Allocates memory; an execution that does not give it back fails.
///
/// # Safety
/// As [`std::alloc::alloc`].
pub unsafe fn alloc(layout: Layout) -> *mut u8 {
    // SAFETY: the caller's promise.
    noted(unsafe { std::alloc::alloc(layout) })
}

/// As [`alloc`], and the memory is zero.
///
/// # Safety
/// As [`std::alloc::alloc_zeroed`].
pub unsafe fn alloc_zeroed(layout: Layout) -> *mut u8 {
    // SAFETY: the caller's promise.
    noted(unsafe { std::alloc::alloc_zeroed(layout) })
}

fn noted(memory: *mut u8) -> *mut u8 {
    world::with(|world| world.owed.insert(memory.addr(), "Allocation"));
    memory
}

/// Gives memory back.
///
/// # Safety
/// As [`std::alloc::dealloc`].
///
/// # Panics
/// If it was not allocated by [`alloc`], or has been given back.
#[track_caller]
pub unsafe fn dealloc(ptr: *mut u8, layout: Layout) {
    let owed = world::with(|world| world.owed.remove(&ptr.addr()));
    assert!(owed.is_some(), "pointer not tracked");
    // SAFETY: the caller's promise.
    unsafe { std::alloc::dealloc(ptr, layout) };
}

/// A value that must be dropped before the execution ends.
#[derive(Debug)]
pub struct Track<T> {
    value: Option<T>,
    owner: usize,
}

impl<T> Track<T> {
    /// Tracks `value`.
    pub fn new(value: T) -> Track<T> {
        // Its name is no address: nothing that is allocated is aligned so.
        let owner = world::next() * 2 + 1;
        world::with(|world| world.owed.insert(owner, "Allocation"));
        Track { value: Some(value), owner }
    }

    /// The value.
    pub fn get_ref(&self) -> &T {
        self.value.as_ref().expect("it is there until the end")
    }

    /// The value.
    pub fn get_mut(&mut self) -> &mut T {
        self.value.as_mut().expect("it is there until the end")
    }

    /// The value, tracked no more.
    pub fn into_inner(mut self) -> T {
        self.value.take().expect("it is there until the end")
    }
}

impl<T> Drop for Track<T> {
    fn drop(&mut self) {
        world::with(|world| world.owed.remove(&self.owner));
    }
}
