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
    world::with(|world| world.allocated.insert(memory.addr()));
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
    let allocated = world::with(|world| world.allocated.remove(&ptr.addr()));
    assert!(allocated, "pointer not tracked");
    // SAFETY: the caller's promise.
    unsafe { std::alloc::dealloc(ptr, layout) };
}

/// A value that must be dropped before the execution ends.
#[derive(Debug)]
pub struct Track<T> {
    value: Option<T>,
}

impl<T> Track<T> {
    /// Tracks `value`.
    pub fn new(value: T) -> Track<T> {
        world::with(|world| world.tracked += 1);
        Track { value: Some(value) }
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
        // One that outlives its execution finds another one's number.
        world::with(|world| world.tracked = world.tracked.saturating_sub(1));
    }
}
