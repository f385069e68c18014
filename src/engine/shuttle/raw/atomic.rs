//! shuttle's atomics, each with a clock.

use std::sync::atomic::Ordering;

use super::changed;
use crate::hb::{self, AtomicClock};

/// A fence; the schedule is sequentially consistent anyway, the clocks are not.
pub fn fence(ordering: Ordering) {
    // SeqCst: shuttle has no other; what the fence orders is the clocks' affair.
    shuttle::sync::atomic::fence(Ordering::SeqCst);
    hb::fence(ordering);
}

macro_rules! common {
    ($name:ident $(<$p:ident>)?, $value:ty) => {
        /// shuttle's type of this name, with a clock.
        pub struct $name $(<$p>)? {
            value: shuttle::sync::atomic::$name $(<$p>)?,
            clock: AtomicClock,
        }

        impl $(<$p>)? $name $(<$p>)? {
            #[track_caller]
            pub fn new(value: $value) -> Self {
                let value = shuttle::sync::atomic::$name::new(value);
                $name { value, clock: AtomicClock::new() }
            }

            pub fn into_inner(self) -> $value {
                self.value.into_inner()
            }

            #[track_caller]
            pub fn load(&self, ordering: Ordering) -> $value {
                let value = self.value.load(Ordering::SeqCst);
                self.clock.load(ordering);
                value
            }

            #[track_caller]
            pub fn store(&self, value: $value, ordering: Ordering) {
                let before = self.value.swap(value, Ordering::SeqCst);
                self.clock.store(ordering);
                if before != value {
                    changed();
                }
            }

            #[track_caller]
            fn rmw(&self, ordering: Ordering, update: impl Fn($value) -> $value) -> $value {
                let (load, store) = (Ordering::SeqCst, Ordering::SeqCst);
                let before = self.value.fetch_update(store, load, |v| Some(update(v)));
                let before = before.unwrap_or_else(|value| value);
                self.clock.rmw(ordering);
                if before != update(before) {
                    changed();
                }
                before
            }

            #[track_caller]
            pub fn swap(&self, value: $value, ordering: Ordering) -> $value {
                self.rmw(ordering, |_| value)
            }

            #[track_caller]
            pub fn compare_exchange(
                &self,
                current: $value,
                new: $value,
                success: Ordering,
                failure: Ordering,
            ) -> Result<$value, $value> {
                let both = Ordering::SeqCst;
                let result = self.value.compare_exchange(current, new, both, both);
                if result.is_ok() {
                    self.clock.rmw(success);
                    if current != new {
                        changed();
                    }
                } else {
                    self.clock.load(failure);
                }
                result
            }

            #[track_caller]
            pub fn compare_exchange_weak(
                &self,
                current: $value,
                new: $value,
                success: Ordering,
                failure: Ordering,
            ) -> Result<$value, $value> {
                self.compare_exchange(current, new, success, failure)
            }
        }
    };
}

macro_rules! integers {
    ($($name:ident $value:ty),+) => {$(
        common!($name, $value);

        impl $name {
            #[track_caller]
            pub fn fetch_add(&self, value: $value, ordering: Ordering) -> $value {
                self.rmw(ordering, |v| v.wrapping_add(value))
            }

            #[track_caller]
            pub fn fetch_sub(&self, value: $value, ordering: Ordering) -> $value {
                self.rmw(ordering, |v| v.wrapping_sub(value))
            }

            #[track_caller]
            pub fn fetch_max(&self, value: $value, ordering: Ordering) -> $value {
                self.rmw(ordering, |v| v.max(value))
            }

            #[track_caller]
            pub fn fetch_min(&self, value: $value, ordering: Ordering) -> $value {
                self.rmw(ordering, |v| v.min(value))
            }
        }
        bits!($name, $value);
    )+};
}

macro_rules! bits {
    ($name:ident, $value:ty) => {
        impl $name {
            #[track_caller]
            pub fn fetch_and(&self, value: $value, ordering: Ordering) -> $value {
                self.rmw(ordering, |v| v & value)
            }

            #[track_caller]
            pub fn fetch_or(&self, value: $value, ordering: Ordering) -> $value {
                self.rmw(ordering, |v| v | value)
            }

            #[track_caller]
            pub fn fetch_xor(&self, value: $value, ordering: Ordering) -> $value {
                self.rmw(ordering, |v| v ^ value)
            }

            #[track_caller]
            pub fn fetch_nand(&self, value: $value, ordering: Ordering) -> $value {
                self.rmw(ordering, |v| !(v & value))
            }
        }
    };
}

integers!(
    AtomicU8 u8, AtomicU16 u16, AtomicU32 u32, AtomicU64 u64, AtomicUsize usize,
    AtomicI8 i8, AtomicI16 i16, AtomicI32 i32, AtomicI64 i64, AtomicIsize isize
);
common!(AtomicBool, bool);
bits!(AtomicBool, bool);
common!(AtomicPtr<T>, *mut T);
