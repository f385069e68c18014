//! Atomics with loom's extras.

use std::fmt;
use std::ops::Deref;

pub use rc11::sync::atomic::{Ordering, fence};

/// As [`hint::spin_loop`](crate::hint::spin_loop).
#[track_caller]
#[inline(always)]
pub fn spin_loop_hint() {
    crate::hint::spin_loop();
}

/// The failure ordering that a compare-exchange with one ordering has.
fn failing(order: Ordering) -> Ordering {
    match order {
        Ordering::AcqRel => Ordering::Acquire,
        Ordering::Release => Ordering::Relaxed,
        order => order,
    }
}

macro_rules! atomics {
    ($($name:ident $(<$p:ident>)?, $value:ty;)+) => {$(
        #[doc = concat!("`std::sync::atomic::", stringify!($name), "`, with what loom has besides.")]
        pub struct $name $(<$p>)? (rc11::sync::atomic::$name $(<$p>)?);

        impl $(<$p>)? $name $(<$p>)? {
            /// An atomic that holds `value`.
            #[track_caller]
            pub fn new(value: $value) -> Self {
                $name(rc11::sync::atomic::$name::new(value))
            }

            /// Calls `f` with the value, by exclusive access.
            #[track_caller]
            pub fn with_mut<R>(&mut self, f: impl FnOnce(&mut $value) -> R) -> R {
                f(self.0.get_mut())
            }

            /// A plain read of the value.
            ///
            /// # Safety
            /// No write may be concurrent with it: the engine looks.
            #[track_caller]
            pub unsafe fn unsync_load(&self) -> $value {
                self.0.plain_load()
            }

            /// The value.
            #[track_caller]
            pub fn into_inner(self) -> $value {
                self.0.into_inner()
            }

            /// Writes `new` if the value is `current`; the value before in any case.
            #[track_caller]
            pub fn compare_and_swap(&self, current: $value, new: $value, order: Ordering) -> $value {
                let result = self.0.compare_exchange(current, new, order, failing(order));
                result.unwrap_or_else(|found| found)
            }
        }

        impl $(<$p>)? Deref for $name $(<$p>)? {
            type Target = rc11::sync::atomic::$name $(<$p>)?;

            fn deref(&self) -> &Self::Target {
                &self.0
            }
        }

        impl $(<$p>)? From<$value> for $name $(<$p>)? {
            fn from(value: $value) -> Self {
                $name::new(value)
            }
        }

        impl $(<$p>)? fmt::Debug for $name $(<$p>)? {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(stringify!($name))
            }
        }
    )+};
}

atomics! {
    AtomicBool, bool;
    AtomicI8, i8;
    AtomicI16, i16;
    AtomicI32, i32;
    AtomicI64, i64;
    AtomicIsize, isize;
    AtomicU8, u8;
    AtomicU16, u16;
    AtomicU32, u32;
    AtomicU64, u64;
    AtomicUsize, usize;
    AtomicPtr<T>, *mut T;
}

macro_rules! defaults {
    ($($name:ident)+) => {$(
        impl Default for $name {
            fn default() -> Self {
                $name::new(Default::default())
            }
        }
    )+};
}

defaults! {
    AtomicBool AtomicI8 AtomicI16 AtomicI32 AtomicI64 AtomicIsize AtomicU8 AtomicU16 AtomicU32 AtomicU64
    AtomicUsize
}

impl<T> Default for AtomicPtr<T> {
    fn default() -> Self {
        AtomicPtr::new(std::ptr::null_mut())
    }
}
