//! The word behind every atomic type: its location, and the bits of its values.

use std::cell::{Cell, UnsafeCell};
use std::panic::{Location, RefUnwindSafe, UnwindSafe};
use std::sync::atomic::Ordering;

use crate::current::perform;
use crate::exec::{Exec, Status};
use crate::frame::{arrive, settle};
use crate::graph::NONE;
use crate::label::{Op, Order, Outcome, Step};
use crate::ops::{self, Access, At, Loc};

/// An atomic's location, and its value while it is lent out by `get_mut`.
pub(super) struct Word<T> {
    loc: Loc,
    /// The write event that stands for the loan.
    lent: Cell<u32>,
    value: UnsafeCell<T>,
}

// SAFETY: `lent` and `value` are touched through `&mut`, or in `enter`, after the epoch has shown that the running execution is the one
// that made the word; all its threads run on one OS thread, so nobody else touches them meanwhile.
unsafe impl<T> Send for Word<T> {}
// SAFETY: as above.
unsafe impl<T> Sync for Word<T> {}

impl<T> UnwindSafe for Word<T> {}
impl<T> RefUnwindSafe for Word<T> {}

/// A type that fits into an atomic.
pub(super) trait Value: Copy {
    fn to_bits(self) -> u64;
    fn from_bits(bits: u64) -> Self;
}

/// As `std`: these orderings are none for a load, or for the failure of a compare-exchange.
#[track_caller]
fn reading(order: Ordering) -> Ordering {
    assert!(
        !matches!(order, Ordering::Release | Ordering::AcqRel),
        "a load cannot have ordering {order:?}"
    );
    order
}

#[track_caller]
fn writing(order: Ordering) -> Ordering {
    assert!(
        !matches!(order, Ordering::Acquire | Ordering::AcqRel),
        "a store cannot have ordering {order:?}"
    );
    order
}

/// What an operation does between [`arrive`] and [`settle`] is a call: where it would be a part of the program, it would have a place in the program's
/// registers.
impl<T: Value> Word<T> {
    pub fn new(value: T, at: At) -> Self {
        let loc = ops::create(value.to_bits(), Op::New, at);
        Word { loc, lent: Cell::new(NONE), value: UnsafeCell::new(value) }
    }

    fn access(&self, op: Op, ord: Order, fail: Order, at: At) -> Access {
        let address = self as *const Self as usize;
        let branches = !matches!(op, Op::GetMut | Op::IntoInner);
        Access { loc: self.loc, op, ord, fail, branches, address, at }
    }

    /// Pays back a loan, before any other access.
    fn enter(&self, exec: &mut Exec, at: At) -> Result<(), Status> {
        exec.check_epoch(self.loc, at)?;
        if self.lent.get() != NONE {
            // SAFETY: the `&mut` that was lent has ended: this is an access through `&self`.
            let value = unsafe { *self.value.get() }.to_bits();
            exec.explorer.graph_mut().events[self.lent.get() as usize].value = value;
            self.lent.set(NONE);
        }
        Ok(())
    }

    #[inline(always)]
    #[track_caller]
    pub fn load(&self, order: Ordering) -> T {
        arrive();
        let value = self.read(order);
        settle();
        value
    }

    #[inline(never)]
    #[track_caller]
    fn read(&self, order: Ordering) -> T {
        self.find(Op::Load, reading(order).into(), Location::caller())
    }

    /// Not atomic, as the next one.
    #[inline(always)]
    #[track_caller]
    pub fn plain_load(&self, op: Op) -> T {
        arrive();
        let value = self.find(op, Order::NonAtomic, Location::caller());
        settle();
        value
    }

    #[inline(always)]
    #[track_caller]
    pub fn plain_store(&self, value: T) {
        arrive();
        self.put(Op::Write, value, Order::NonAtomic, Location::caller());
        settle();
    }

    #[inline(never)]
    pub fn find(&self, op: Op, ord: Order, at: At) -> T {
        let access = self.access(op, ord, ord, at);
        T::from_bits(perform(|exec| {
            self.enter(exec, at)?;
            exec.load(&exec.asked(&access))
        }))
    }

    #[inline(always)]
    #[track_caller]
    pub fn store(&self, value: T, order: Ordering) {
        arrive();
        self.write(value, order);
        settle();
    }

    #[inline(never)]
    #[track_caller]
    fn write(&self, value: T, order: Ordering) {
        self.put(Op::Store, value, writing(order).into(), Location::caller());
    }

    #[inline(never)]
    fn put(&self, op: Op, value: T, ord: Order, at: At) {
        let access = self.access(op, ord, ord, at);
        perform(|exec| {
            self.enter(exec, at)?;
            exec.store(&exec.asked(&access), value.to_bits())
        });
    }

    #[inline(always)]
    #[track_caller]
    pub fn fetch(&self, op: Op, order: Ordering, step: Step, a: T) -> T {
        arrive();
        let old = self.change(op, [order, order], Location::caller(), step, [a, a]).0;
        settle();
        old
    }

    #[inline(always)]
    #[track_caller]
    pub fn exchange(
        &self,
        op: Op,
        orders: [Ordering; 2],
        step: Step,
        values: [T; 2],
    ) -> Result<T, T> {
        arrive();
        let found = self.compare(op, orders, step, values);
        settle();
        found
    }

    #[inline(never)]
    #[track_caller]
    fn compare(
        &self,
        op: Op,
        [success, failure]: [Ordering; 2],
        step: Step,
        values: [T; 2],
    ) -> Result<T, T> {
        let orders = [success, reading(failure)];
        let (old, done) = self.change(op, orders, Location::caller(), step, values);
        if done { Ok(old) } else { Err(old) }
    }

    /// The value before, and whether the step has written.
    #[inline(never)]
    fn change(&self, op: Op, ords: [Ordering; 2], at: At, step: Step, values: [T; 2]) -> (T, bool) {
        let access = self.access(op, ords[0].into(), ords[1].into(), at);
        let [a, b] = values.map(T::to_bits);
        let (old, outcome) = perform(|exec| {
            self.enter(exec, at)?;
            exec.update(&exec.asked(&access), step, a, b)
        });
        (T::from_bits(old), matches!(outcome, Outcome::Write(_)))
    }

    pub fn get_mut(&mut self, at: At) -> &mut T {
        let access = self.access(Op::GetMut, Order::NonAtomic, Order::NonAtomic, at);
        let bits = perform(|exec| {
            self.enter(exec, at)?;
            exec.load(&access)
        });
        *self.value.get_mut() = T::from_bits(bits);
        self.lent.set(ops::store(&access, bits));
        self.value.get_mut()
    }
}
