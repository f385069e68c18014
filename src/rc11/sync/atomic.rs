//! Atomics and fences with the names and shapes of `std::sync::atomic`.

use std::fmt;
use std::panic::Location;

pub use std::sync::atomic::Ordering;

use super::value::{Value, Word};
use crate::current::perform;
use crate::frame::{arrive, settle};
use crate::label::{Kind, Label, Op, Order, Outcome};
use crate::ops::At;

fn strong(old: u64, expected: u64, new: u64, variant: u8) -> Option<Outcome> {
    (variant == 0).then_some(if old == expected { Outcome::Write(new) } else { Outcome::Keep })
}

fn weak(old: u64, expected: u64, new: u64, variant: u8) -> Option<Outcome> {
    match variant {
        1 if old == expected => Some(Outcome::Keep),
        _ => strong(old, expected, new, variant),
    }
}

/// Defines a step `|old, operand| new` that always writes.
macro_rules! step {
    ($t:ty, |$old:ident, $a:ident| $new:expr) => {
        |old, a, _, variant| {
            let ($old, $a) = (<$t as Value>::from_bits(old), <$t as Value>::from_bits(a));
            (variant == 0).then_some(Outcome::Write(<$t as Value>::to_bits($new)))
        }
    };
}

macro_rules! atomic {
    ($(#[$doc:meta])* $name:ident$(<$p:ident>)?, $t:ty, $($fetch:tt)*) => {
        $(#[$doc])*
        pub struct $name$(<$p>)?(Word<$t>);

        impl$(<$p>)? $name$(<$p>)? {
            /// A new atomic: its initialisation is a write by the calling thread.
            #[track_caller]
            pub fn new(value: $t) -> Self {
                Self(Word::new(value, Location::caller()))
            }

            /// As in `std`.
            #[inline(always)]
            #[track_caller]
            pub fn load(&self, order: Ordering) -> $t {
                self.0.load(order)
            }

            /// As in `std`.
            #[inline(always)]
            #[track_caller]
            pub fn store(&self, value: $t, order: Ordering) {
                self.0.store(value, order);
            }

            /// As in `std`.
            #[inline(always)]
            #[track_caller]
            pub fn swap(&self, value: $t, order: Ordering) -> $t {
                self.0.fetch(Op::Swap, order, |_, a, _, v| (v == 0).then_some(Outcome::Write(a)), value)
            }

            /// As in `std`. A failure is a read with the ordering `failure`.
            #[inline(always)]
            #[track_caller]
            pub fn compare_exchange(&self, current: $t, new: $t, success: Ordering, failure: Ordering) -> Result<$t, $t> {
                self.0.exchange(Op::CompareExchange, [success, failure], strong, [current, new])
            }

            /// As in `std`: it may fail on the expected value too.
            #[inline(always)]
            #[track_caller]
            pub fn compare_exchange_weak(&self, current: $t, new: $t, success: Ordering, failure: Ordering) -> Result<$t, $t> {
                self.0.exchange(Op::CompareExchangeWeak, [success, failure], weak, [current, new])
            }

            /// As in `std`: a load, then compare-exchanges until one succeeds or `f` gives `None`.
            #[track_caller]
            pub fn fetch_update<F>(&self, success: Ordering, failure: Ordering, f: F) -> Result<$t, $t>
            where
                F: FnMut($t) -> Option<$t>,
            {
                self.try_to_update([success, failure], f)
            }

            #[track_caller]
            fn try_to_update<F>(&self, [success, failure]: [Ordering; 2], mut f: F) -> Result<$t, $t>
            where
                F: FnMut($t) -> Option<$t>,
            {
                let mut old = self.0.load(failure);
                while let Some(new) = f(old) {
                    match self.0.exchange(Op::CompareExchangeWeak, [success, failure], weak, [old, new]) {
                        Ok(old) => return Ok(old),
                        Err(seen) => old = seen,
                    }
                }
                Err(old)
            }

            /// As in `std`: another name of [`fetch_update`](Self::fetch_update).
            #[track_caller]
            pub fn try_update<F>(&self, success: Ordering, failure: Ordering, f: F) -> Result<$t, $t>
            where
                F: FnMut($t) -> Option<$t>,
            {
                self.try_to_update([success, failure], f)
            }

            /// As in `std`: [`try_update`](Self::try_update) with a function that always gives a value.
            #[track_caller]
            pub fn update<F>(&self, success: Ordering, failure: Ordering, mut f: F) -> $t
            where
                F: FnMut($t) -> $t,
            {
                match self.try_to_update([success, failure], |old| Some(f(old))) {
                    Ok(old) | Err(old) => old,
                }
            }

            /// The value, by the exclusive access that `&mut` gives: a non-atomic access.
            #[track_caller]
            pub fn get_mut(&mut self) -> &mut $t {
                self.0.get_mut(Location::caller())
            }

            /// A non-atomic read that branches like a relaxed load: a plain access of an atomic, as herd has it.
            #[doc(hidden)]
            #[track_caller]
            pub fn plain_load(&self) -> $t {
                self.0.plain_load(Op::Read)
            }

            /// The value, by exclusive access: a non-atomic read.
            #[track_caller]
            pub fn into_inner(self) -> $t {
                self.0.plain_load(Op::IntoInner)
            }

            $($fetch)*
        }

        impl$(<$p>)? fmt::Debug for $name$(<$p>)? {
            /// Names the type only: reading the value would be an operation.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(stringify!($name))
            }
        }
    };
}

/// Methods of the form `fetch_x(value, order) -> old`.
macro_rules! fetches {
    ($t:ty, $($method:ident $op:ident |$old:ident, $a:ident| $new:expr;)*) => {
        $(
            /// As in `std`.
            #[inline(always)]
            #[track_caller]
            pub fn $method(&self, value: $t, order: Ordering) -> $t {
                self.0.fetch(Op::$op, order, step!($t, |$old, $a| $new), value)
            }
        )*
    };
}

macro_rules! integer {
    ($($name:ident $t:ident $bits:ident;)*) => {
        $(
            impl Value for $t {
                fn to_bits(self) -> u64 {
                    self as $bits as u64
                }
                fn from_bits(bits: u64) -> Self {
                    bits as $t
                }
            }

            atomic! {
                /// As in `std`, under the checker.
                $name, $t,
                fetches! { $t,
                    fetch_add FetchAdd |old, a| old.wrapping_add(a);
                    fetch_sub FetchSub |old, a| old.wrapping_sub(a);
                    fetch_and FetchAnd |old, a| old & a;
                    fetch_or FetchOr |old, a| old | a;
                    fetch_xor FetchXor |old, a| old ^ a;
                    fetch_nand FetchNand |old, a| !(old & a);
                    fetch_max FetchMax |old, a| old.max(a);
                    fetch_min FetchMin |old, a| old.min(a);
                }
            }

            impl $name {
                /// A non-atomic write that branches like a relaxed store.
                #[doc(hidden)]
                #[track_caller]
                pub fn plain_store(&self, value: $t) {
                    self.0.plain_store(value);
                }
            }

            impl Default for $name {
                #[track_caller]
                fn default() -> Self {
                    Self(Word::new(0, Location::caller()))
                }
            }
        )*
    };
}

integer! {
    AtomicU8 u8 u8;
    AtomicU16 u16 u16;
    AtomicU32 u32 u32;
    AtomicU64 u64 u64;
    AtomicUsize usize usize;
    AtomicI8 i8 u8;
    AtomicI16 i16 u16;
    AtomicI32 i32 u32;
    AtomicI64 i64 u64;
    AtomicIsize isize usize;
}

impl AtomicU32 {
    /// What a futex's kernel finds there.
    pub(super) fn look(&self, at: At) -> u32 {
        self.0.find(Op::FutexLook, Order::Relaxed, at)
    }
}

impl Value for bool {
    fn to_bits(self) -> u64 {
        self.into()
    }
    fn from_bits(bits: u64) -> Self {
        bits != 0
    }
}

atomic! {
    /// As in `std`, under the checker.
    AtomicBool, bool,
    fetches! { bool,
        fetch_and FetchAnd |old, a| old & a;
        fetch_or FetchOr |old, a| old | a;
        fetch_xor FetchXor |old, a| old ^ a;
        fetch_nand FetchNand |old, a| !(old & a);
    }
    /// As in `std`.
    #[track_caller]
    pub fn fetch_not(&self, order: Ordering) -> bool {
        self.0.fetch(Op::FetchXor, order, step!(bool, |old, a| old ^ a), true)
    }
}

impl Default for AtomicBool {
    #[track_caller]
    fn default() -> Self {
        Self(Word::new(false, Location::caller()))
    }
}

impl<T> Value for *mut T {
    fn to_bits(self) -> u64 {
        self.expose_provenance() as u64
    }
    fn from_bits(bits: u64) -> Self {
        std::ptr::with_exposed_provenance_mut(bits as usize)
    }
}

atomic! {
    /// As in `std`, under the checker.
    AtomicPtr<T>, *mut T,
}

impl<T> Default for AtomicPtr<T> {
    #[track_caller]
    fn default() -> Self {
        Self(Word::new(std::ptr::null_mut(), Location::caller()))
    }
}

/// A memory fence.
#[inline(always)]
#[track_caller]
pub fn fence(order: Ordering) {
    arrive();
    fence_at(order, Location::caller());
    settle();
}

#[track_caller]
fn fence_at(order: Ordering, at: At) {
    assert!(order != Ordering::Relaxed, "there is no such thing as a relaxed fence");
    perform(|exec| {
        let Some(order) = exec.asked_fence(at, order) else { return Ok(()) };
        exec.event(Label::new(Kind::Fence, Op::Fence, order.into(), at)).map(|_| ())
    });
}

/// A fence between a thread and signal handlers on it: nothing to the memory model between threads.
pub fn compiler_fence(_: Ordering) {}
