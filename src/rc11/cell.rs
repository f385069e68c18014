//! Non-atomic memory: `UnsafeCell` detects races, `Plain` also branches over what a racy read may see.

use std::fmt;
use std::panic::Location;

use super::current::{self, perform_if_inside};
use super::frame::arrive;
use super::label::{Op, Order};
use super::ops::{self, Access, At, Loc};

/// Memory for plain accesses; any two conflicting ones must be ordered by happens-before.
pub struct UnsafeCell<T: ?Sized> {
    loc: Loc,
    value: std::cell::UnsafeCell<T>,
}

impl<T> UnsafeCell<T> {
    /// A cell holding `value`: its initialisation is a write by the calling thread.
    #[track_caller]
    pub fn new(value: T) -> Self {
        UnsafeCell { loc: ops::create(0, Op::New, Location::caller()), value: value.into() }
    }

    /// The value, by exclusive access.
    #[track_caller]
    pub fn into_inner(self) -> T {
        self.access(Op::IntoInner, false, Location::caller());
        self.value.into_inner()
    }
}

impl<T: ?Sized> UnsafeCell<T> {
    /// A read of the value through a raw pointer, for as long as `f` runs.
    #[inline(always)]
    #[track_caller]
    pub fn with<R>(&self, f: impl FnOnce(*const T) -> R) -> R {
        let (value, _lasting) = self.read();
        f(value)
    }

    /// A write of the value through a raw pointer, for as long as `f` runs.
    #[inline(always)]
    #[track_caller]
    pub fn with_mut<R>(&self, f: impl FnOnce(*mut T) -> R) -> R {
        let (value, _lasting) = self.write();
        f(value)
    }

    /// The value, by exclusive access: a write.
    #[inline(always)]
    #[track_caller]
    pub fn get_mut(&mut self) -> &mut T {
        arrive();
        self.access(Op::GetMut, true, Location::caller());
        self.value.get_mut()
    }

    /// A read that lasts as long as what is returned: it is an access where it begins, and one more where it ends if the thread
    /// has done anything in between. The cell may be moved meanwhile.
    #[inline(always)]
    #[track_caller]
    pub fn read(&self) -> (*const T, Lasting) {
        arrive();
        let access = self.access(Op::Read, false, Location::caller());
        (self.value.get(), Lasting { access, write: false, since: events() })
    }

    /// A write that lasts as long as what is returned.
    #[inline(always)]
    #[track_caller]
    pub fn write(&self) -> (*mut T, Lasting) {
        arrive();
        let access = self.access(Op::Write, true, Location::caller());
        (self.value.get(), Lasting { access, write: true, since: events() })
    }

    fn access(&self, op: Op, write: bool, at: At) -> Access {
        let address = (self as *const Self).addr();
        let ord = Order::NonAtomic;
        let access = Access { loc: self.loc, op, ord, fail: ord, branches: false, address, at };
        if write {
            ops::store(&access, 0);
        } else {
            ops::load(&access);
        }
        access
    }
}

/// An access that has begun.
#[must_use = "the access lasts as long as this does"]
pub struct Lasting {
    access: Access,
    write: bool,
    since: Option<u32>,
}

/// How many events the running thread has.
fn events() -> Option<u32> {
    current::with(|exec| exec.me().pos)
}

impl Drop for Lasting {
    fn drop(&mut self) {
        // Nothing in between: whatever is ordered with the one access is so with the other.
        if events() == self.since {
            return;
        }
        perform_if_inside(|exec| match self.write {
            true => exec.store(&self.access, 0).map(drop),
            false => exec.load(&self.access).map(drop),
        });
    }
}

impl fmt::Debug for Lasting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Lasting")
    }
}

impl<T: ?Sized> fmt::Debug for UnsafeCell<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UnsafeCell")
    }
}

/// A non-atomic `u64` whose racy reads branch over every coherent write, as herd treats racy programs.
#[derive(Debug)]
pub struct Plain {
    loc: Loc,
}

impl Plain {
    /// A location holding `value`.
    #[track_caller]
    pub fn new(value: u64) -> Self {
        Plain { loc: ops::create(value, Op::New, Location::caller()) }
    }

    /// A non-atomic read.
    #[inline(always)]
    #[track_caller]
    pub fn read(&self) -> u64 {
        arrive();
        ops::load(&self.access(Op::Read, Location::caller()))
    }

    /// A non-atomic write.
    #[inline(always)]
    #[track_caller]
    pub fn write(&self, value: u64) {
        arrive();
        ops::store(&self.access(Op::Write, Location::caller()), value);
    }

    fn access(&self, op: Op, at: At) -> Access {
        let (ord, address) = (Order::NonAtomic, (self as *const Self).addr());
        Access { loc: self.loc, op, ord, fail: ord, branches: true, address, at }
    }
}
