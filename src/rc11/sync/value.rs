//! The word behind every atomic type: its location, and the bits of its values.

use std::cell::{Cell, UnsafeCell};
use std::sync::atomic::Ordering;

use crate::rc11::current::Current;
use crate::rc11::graph::NONE;
use crate::rc11::label::{Op, Order, Outcome, Step};
use crate::rc11::ops::{self, Access, At, Loc};

/// An atomic's location, and its value while it is lent out by `get_mut`.
pub(super) struct Word<T> {
    loc: Loc,
    /// The write event that stands for the loan.
    lent: Cell<u32>,
    value: UnsafeCell<T>,
}

// SAFETY: all threads of an execution are fibers of one OS thread, and the memory is only touched through `&mut`.
unsafe impl<T> Send for Word<T> {}
// SAFETY: as above.
unsafe impl<T> Sync for Word<T> {}

/// A type that fits into an atomic.
pub(super) trait Value: Copy {
    fn to_bits(self) -> u64;
    fn from_bits(bits: u64) -> Self;
}

impl<T: Value> Word<T> {
    pub fn new(value: T, at: At) -> Self {
        let loc = ops::create(value.to_bits(), Op::New, at);
        Word { loc, lent: Cell::new(NONE), value: UnsafeCell::new(value) }
    }

    fn access(&self, op: Op, ord: Order, fail: Order, at: At) -> Access {
        let address = self as *const Self as usize;
        Access {
            loc: self.loc,
            op,
            ord,
            fail,
            branches: !matches!(op, Op::GetMut | Op::IntoInner),
            address,
            at,
        }
    }

    /// The execution, once a loan is paid back; `None` while everything unwinds.
    fn enter(&self) -> Option<Current> {
        let current = ops::active()?;
        if self.lent.get() != NONE {
            // SAFETY: the `&mut` that was lent has ended: this is an access through `&self`.
            let value = unsafe { *self.value.get() }.to_bits();
            current.exec().explorer.graph_mut().events[self.lent.get() as usize].value = value;
            self.lent.set(NONE);
        }
        Some(current)
    }

    pub fn load(&self, op: Op, ord: Order, at: At) -> T {
        let value =
            self.enter().and_then(|current| ops::load(current, &self.access(op, ord, ord, at)));
        T::from_bits(value.unwrap_or(0))
    }

    pub fn store(&self, value: T, ord: Order, at: At) {
        if let Some(current) = self.enter() {
            let op = if ord == Order::NonAtomic { Op::Write } else { Op::Store };
            ops::store(current, &self.access(op, ord, ord, at), value.to_bits());
        }
    }

    fn update(
        &self,
        op: Op,
        [ord, fail]: [Order; 2],
        at: At,
        step: Step,
        [a, b]: [u64; 2],
    ) -> (T, bool) {
        let done = self
            .enter()
            .and_then(|current| ops::update(current, &self.access(op, ord, fail, at), step, a, b));
        let (old, outcome) = done.unwrap_or((0, Outcome::Keep));
        (T::from_bits(old), matches!(outcome, Outcome::Write(_)))
    }

    pub fn fetch(&self, op: Op, ord: Ordering, at: At, step: Step, a: T) -> T {
        self.update(op, [ord.into(); 2], at, step, [a.to_bits(), 0]).0
    }

    pub fn exchange(
        &self,
        op: Op,
        ord: Ordering,
        fail: Ordering,
        at: At,
        step: Step,
        values: [T; 2],
    ) -> Result<T, T> {
        let [expected, new] = values;
        let (old, done) = self.update(
            op,
            [ord.into(), fail.into()],
            at,
            step,
            [expected.to_bits(), new.to_bits()],
        );
        if done { Ok(old) } else { Err(old) }
    }

    pub fn get_mut(&mut self, at: At) -> &mut T {
        if let Some(current) = self.enter() {
            let read = ops::load(
                current,
                &self.access(Op::GetMut, Order::NonAtomic, Order::NonAtomic, at),
            );
            let bits = read.unwrap_or(0);
            *self.value.get_mut() = T::from_bits(bits);
            let write = ops::store(
                current,
                &self.access(Op::GetMut, Order::NonAtomic, Order::NonAtomic, at),
                bits,
            );
            self.lent.set(write);
        }
        self.value.get_mut()
    }
}
