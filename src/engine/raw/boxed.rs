//! An owning pointer whose frees are quarantined until the execution ends, by the probe's heap.

use std::alloc::{self, Layout};
use std::mem::ManuallyDrop;
use std::ops::{Deref, DerefMut};
use std::panic::Location;
use std::ptr::NonNull;

use super::super::facade::{record, stopped};

/// `std::boxed::Box` of a sized type; a double free, a use after free and a leak are findings.
pub struct Box<T>(NonNull<T>);

// SAFETY: it owns its `T` alone, as `std::boxed::Box` does.
unsafe impl<T: Send> Send for Box<T> {}
// SAFETY: a shared one gives out shared references to `T` only.
unsafe impl<T: Sync> Sync for Box<T> {}

/// The layout of a block: never empty, so that every block has its own address.
fn layout<T>() -> Layout {
    let layout = Layout::new::<T>();
    Layout::from_size_align(layout.size().max(1), layout.align()).expect("one byte always fits")
}

impl<T> Box<T> {
    /// Allocates memory that holds `value`.
    #[track_caller]
    pub fn new(value: T) -> Self {
        let layout = layout::<T>();
        // SAFETY: the layout is not empty.
        let memory = unsafe { alloc::alloc(layout) };
        let Some(pointer) = NonNull::new(memory.cast::<T>()) else {
            alloc::handle_alloc_error(layout)
        };
        // SAFETY: the block is fresh, aligned and large enough for a `T`.
        unsafe { pointer.write(value) };
        super::heap::allocated(pointer.addr().get(), layout, Location::caller());
        Box(pointer)
    }

    /// Gives up ownership.
    pub fn into_raw(this: Self) -> *mut T {
        ManuallyDrop::new(this).0.as_ptr()
    }

    /// Takes ownership back.
    ///
    /// # Safety
    /// `pointer` comes from [`Box::into_raw`]. Taking it back twice is a double free, which is
    /// found when the second owner is dropped and is harmless until then only because the memory
    /// is quarantined.
    pub unsafe fn from_raw(pointer: *mut T) -> Self {
        Box(NonNull::new(pointer).expect("a box is never null"))
    }

    /// Moves the value out and frees the memory.
    #[track_caller]
    pub fn into_inner(this: Self) -> T {
        let this = ManuallyDrop::new(this);
        // SAFETY: `this` owns the value and is not dropped.
        let value = unsafe { this.0.read() };
        release(this.0);
        value
    }
}

#[track_caller]
fn release<T>(pointer: NonNull<T>) {
    let address = pointer.addr().get();
    record("free", address);
    super::heap::freed(address, Location::caller());
}

impl<T> Deref for Box<T> {
    type Target = T;

    #[track_caller]
    fn deref(&self) -> &T {
        super::heap::check_access(self.0.addr().get(), Location::caller());
        // SAFETY: the memory stays allocated until the execution ends, and was initialised.
        unsafe { self.0.as_ref() }
    }
}

impl<T> DerefMut for Box<T> {
    #[track_caller]
    fn deref_mut(&mut self) -> &mut T {
        super::heap::check_access(self.0.addr().get(), Location::caller());
        // SAFETY: as for `deref`, and `self` is borrowed mutably.
        unsafe { self.0.as_mut() }
    }
}

impl<T> Drop for Box<T> {
    #[track_caller]
    fn drop(&mut self) {
        if stopped() {
            return;
        }
        super::heap::check_owned(self.0.addr().get(), Location::caller());
        // SAFETY: nobody has freed the block, so its value has not been dropped.
        unsafe { self.0.drop_in_place() };
        release(self.0);
    }
}
