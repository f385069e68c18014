//! `Box`: an allocation whose free is an event, so that use-after-free, double free and leak are findings.

use std::fmt;
use std::mem::ManuallyDrop;
use std::ops::{Deref, DerefMut};
use std::panic::Location;
use std::ptr::NonNull;

use super::current::{perform, perform_if_inside};
use super::exec::{Exec, Status};
use super::heap::Allocation;
use super::label::{Kind, Label, Op, Order};
use super::ops::{self, Access, At, Loc};
use super::report::FailureKind;

/// As in `std`: owns a `T` on the heap. Freed memory is kept until the execution ends.
pub struct Box<T> {
    value: NonNull<T>,
    loc: Loc,
}

// SAFETY: as `std`: a box owns its value. Outside of its execution it does nothing, since the epoch is looked at first.
unsafe impl<T: Send> Send for Box<T> {}
// SAFETY: as above.
unsafe impl<T: Sync> Sync for Box<T> {}

impl<T> Box<T> {
    /// Allocates.
    #[track_caller]
    pub fn new(value: T) -> Self {
        let at = Location::caller();
        let loc = ops::create(0, Op::BoxNew, at);
        let mut value = Some(value);
        let value = perform(|exec| {
            let value = value.take().expect("it is put there once");
            Ok(exec.heap.allocate(loc.id, at, value))
        });
        Box { value, loc }
    }

    /// Gives the allocation up to a raw pointer.
    pub fn into_raw(this: Self) -> *mut T {
        ManuallyDrop::new(this).value.as_ptr()
    }

    /// Takes the allocation back from a raw pointer.
    ///
    /// # Safety
    /// `raw` comes from [`into_raw`](Self::into_raw). That it is owned by nobody else is for the checker to find out.
    #[track_caller]
    pub unsafe fn from_raw(raw: *mut T) -> Self {
        let at = Location::caller();
        let value = NonNull::new(raw).expect("a box is not null");
        let loc = perform(|exec| match exec.heap.at(raw.addr()) {
            Some(allocation) => Ok(Loc { id: allocation.location, epoch: exec.epoch }),
            None => Err(exec.unsupported("a pointer to no box of this execution", at)),
        });
        Box { value, loc }
    }

    /// Moves the value out and frees the allocation.
    #[track_caller]
    pub fn into_inner(this: Self) -> T {
        this.touch(Op::BoxWrite, true, Location::caller());
        let this = ManuallyDrop::new(this);
        // SAFETY: the value is read once: only the allocation is freed below.
        let value = unsafe { this.value.read() };
        perform(|exec| this.claim(exec));
        perform(|exec| this.free(exec));
        value
    }

    /// An access to the value.
    fn touch(&self, op: Op, write: bool, at: At) {
        let (ord, address) = (Order::NonAtomic, self.value.addr().get());
        let access = Access { loc: self.loc, op, ord, fail: ord, branches: false, address, at };
        if write {
            ops::store(&access, 0);
        } else {
            ops::load(&access);
        }
    }

    /// The right to free, once.
    fn claim(&self, exec: &mut Exec) -> Result<(), Status> {
        exec.check_epoch(self.loc, Location::caller())?;
        let Allocation { freed, at, .. } = self.allocation(exec);
        let at = *at;
        if !std::mem::replace(freed, true) {
            return Ok(());
        }
        let earlier = exec.freed_by(self.loc.id);
        let message = format!("the box made at {} is freed twice", super::Site::from(at));
        Err(exec.fail(FailureKind::DoubleFree, message, at, earlier))
    }

    /// The free itself.
    fn free(&self, exec: &mut Exec) -> Result<(), Status> {
        let label = Label::new(Kind::Free, Op::BoxFree, Order::NonAtomic, self.allocation(exec).at);
        exec.event(Label { loc: self.loc.id, branches: false, ..label })?;
        Ok(())
    }

    fn allocation<'a>(&self, exec: &'a mut Exec) -> &'a mut Allocation {
        exec.heap.at(self.value.addr().get()).expect("a box of this execution is on its heap")
    }
}

impl<T> Drop for Box<T> {
    /// Drops the value, then frees. Outside of an execution the memory is gone already, and the value is forgotten.
    fn drop(&mut self) {
        if perform_if_inside(|exec| self.claim(exec)).is_some() {
            // SAFETY: the value is dropped by whoever claims the free, once.
            unsafe { self.value.drop_in_place() };
            perform_if_inside(|exec| self.free(exec));
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
