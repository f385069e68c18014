//! `Box`: an allocation whose free is an event, so that use-after-free, double free and leak are findings.

use std::fmt;
use std::mem::ManuallyDrop;
use std::ops::{Deref, DerefMut};
use std::panic::Location;
use std::ptr::NonNull;

use super::current::Current;
use super::graph::NONE;
use super::heap::{Header, header_of};
use super::label::{Op, Order};
use super::ops::{self, Access, At, Loc};
use super::report::FailureKind;

/// As in `std`: owns a `T` on the heap. Freed memory is kept until the execution ends.
pub struct Box<T> {
    value: NonNull<T>,
}

// SAFETY: as `std`: a box owns its value.
unsafe impl<T: Send> Send for Box<T> {}
// SAFETY: as above.
unsafe impl<T: Sync> Sync for Box<T> {}

impl<T> Box<T> {
    /// Allocates.
    #[track_caller]
    pub fn new(value: T) -> Self {
        let at = Location::caller();
        let Loc { id: location, epoch } = ops::create(0, Op::BoxNew, at);
        let current = Current::get().expect("rc11 types work only inside a check");
        let header = Header { location, epoch, freed: location == NONE, at };
        Box { value: current.exec().heap.allocate(header, value) }
    }

    /// Gives the allocation up to a raw pointer.
    pub fn into_raw(this: Self) -> *mut T {
        ManuallyDrop::new(this).value.as_ptr()
    }

    /// Takes the allocation back from a raw pointer.
    ///
    /// # Safety
    /// `raw` comes from [`into_raw`](Self::into_raw) in this execution. That it is owned by nobody else is for the checker to find out.
    pub unsafe fn from_raw(raw: *mut T) -> Self {
        Box { value: NonNull::new(raw).expect("a box is not null") }
    }

    /// Moves the value out and frees the allocation.
    #[track_caller]
    pub fn into_inner(this: Self) -> T {
        this.touch(Op::BoxWrite, true, Location::caller());
        let this = ManuallyDrop::new(this);
        // SAFETY: the value is read once: only the allocation is freed below.
        let value = unsafe { this.value.read() };
        if let Some(current) = this.claim() {
            this.free(current);
        }
        value
    }

    /// An access to the value.
    fn touch(&self, op: Op, write: bool, at: At) {
        let Some(current) = ops::active() else { return };
        // SAFETY: a box points into memory of this execution, which is kept to its end.
        let header = unsafe { header_of(self.value) };
        let loc = Loc { id: header.location, epoch: header.epoch };
        let (ord, address) = (Order::NonAtomic, self.value.as_ptr().addr());
        let access = Access { loc, op, ord, fail: ord, branches: false, address, at };
        if write {
            ops::store(current, &access, 0);
        } else {
            ops::load(current, &access);
        }
    }

    /// The right to free, once.
    fn claim(&self) -> Option<Current> {
        let current = Current::get()?;
        // SAFETY: as in `touch`.
        let header = unsafe { header_of(self.value) };
        if !header.freed {
            header.freed = true;
            return Some(current);
        }
        let current = ops::active_in_drop()?;
        let earlier = ops::freed_by(current, header.location);
        let message = format!("the box made at {} is freed twice", super::Site::from(header.at));
        ops::fail(current, FailureKind::DoubleFree, message, header.at, earlier)
    }

    /// The free itself.
    fn free(&self, current: Current) {
        if !current.exec().inert {
            // SAFETY: as in `touch`.
            let header = unsafe { header_of(self.value) };
            ops::free(current, header.location, header.at);
        }
    }
}

impl<T> Drop for Box<T> {
    /// Drops the value, then frees. Outside of an execution the memory is gone already, and the value is forgotten.
    fn drop(&mut self) {
        if let Some(current) = self.claim() {
            // SAFETY: the value is dropped by whoever claims the free, once.
            unsafe { self.value.drop_in_place() };
            self.free(current);
        }
    }
}

impl<T> Deref for Box<T> {
    type Target = T;
    #[track_caller]
    fn deref(&self) -> &T {
        self.touch(Op::BoxRead, false, Location::caller());
        // SAFETY: the memory is mapped and holds a value; races and uses after free end the execution in `touch`.
        unsafe { self.value.as_ref() }
    }
}

impl<T> DerefMut for Box<T> {
    #[track_caller]
    fn deref_mut(&mut self) -> &mut T {
        self.touch(Op::BoxWrite, true, Location::caller());
        // SAFETY: as in `deref`.
        unsafe { self.value.as_mut() }
    }
}

impl<T> fmt::Debug for Box<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Box")
    }
}
