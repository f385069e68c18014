//! Atomics whose every operation knows its site, can be given another ordering, and is recorded. What a waiting loop is made of is a part
//! of the case itself, so that the engine can tell what the loop remembers (`raw::arrive`, `raw::settle`).

use std::panic::Location;
use std::sync::atomic::Ordering;

use super::{address, check_alive, raw, record_with, stopped};
use casebook_core::ordering::Role;
use casebook_engine::probe::{self, Value};

/// What a step shows of a value.
trait Shown: Copy {
    fn shown(self) -> Value;
}

impl Shown for bool {
    fn shown(self) -> Value {
        Value::Bool(self)
    }
}

impl<T> Shown for *mut T {
    fn shown(self) -> Value {
        Value::Ptr(self.addr())
    }
}

/// What tells an atomic from the others in a trace, wherever it moves.
struct Name(usize);

impl Name {
    #[track_caller]
    fn new(value: Value) -> Self {
        let is_recorded = probe::tracing() && probe::running();
        let at = Location::caller();
        Name(if is_recorded { probe::made(raw::thread_index(), at, value) } else { 0 })
    }

    /// What was made where nothing is recorded goes by its address.
    fn or(&self, address: usize) -> usize {
        if self.0 == 0 { address } else { self.0 }
    }
}

/// A fence of the current thread.
#[track_caller]
pub fn fence(order: Ordering) {
    if stopped() {
        return;
    }
    let Some(order) = probe::ordering(Location::caller(), Role::Fence, order) else { return };
    raw::atomic::fence(order);
    record_with("fence", 0, [Some(order), None], [Value::None; 2]);
}

macro_rules! common {
    ($name:ident $(<$p:ident>)?, $value:ty, $inert:expr) => {
        #[doc = concat!("`std::sync::atomic::", stringify!($name), "` under this engine.")]
        pub struct $name $(<$p>)?(raw::atomic::$name $(<$p>)?, Name);

        impl $(<$p>)? $name $(<$p>)? {
            /// An atomic that holds `value`: a plain write of the current thread.
            #[track_caller]
            pub fn new(value: $value) -> Self {
                $name(raw::atomic::$name::new(value), Name::new(value.shown()))
            }

            /// The value, at the end.
            pub fn into_inner(self) -> $value {
                self.0.into_inner()
            }

            #[track_caller]
            fn enter(&self, role: Role, order: Ordering) -> Ordering {
                check_alive(self);
                // Only a fence can be taken away.
                probe::ordering(Location::caller(), role, order).unwrap_or(order)
            }

            #[track_caller]
            fn leave(
                &self,
                operation: &'static str,
                orders: [Option<Ordering>; 2],
                values: [Value; 2],
            ) {
                // The engine may have switched threads before the operation.
                probe::check_access(address(self), Location::caller());
                record_with(operation, self.1.or(address(self)), orders, values);
            }

            /// Reads the value.
            #[inline(always)]
            #[track_caller]
            pub fn load(&self, order: Ordering) -> $value {
                raw::arrive();
                let value = self.load_as(Role::Load, order);
                raw::settle();
                value
            }

            #[track_caller]
            fn load_as(&self, role: Role, order: Ordering) -> $value {
                if stopped() {
                    return $inert;
                }
                let order = self.enter(role, order);
                let value = self.0.load(order);
                self.leave("load", [Some(order), None], [value.shown(), Value::None]);
                value
            }

            /// Writes `value`.
            #[inline(always)]
            #[track_caller]
            pub fn store(&self, value: $value, order: Ordering) {
                raw::arrive();
                self.store_at(value, order);
                raw::settle();
            }

            #[track_caller]
            fn store_at(&self, value: $value, order: Ordering) {
                if stopped() {
                    return;
                }
                let order = self.enter(Role::Store, order);
                self.0.store(value, order);
                self.leave("store", [Some(order), None], [Value::None, value.shown()]);
            }

            /// Writes `value` and returns the one before.
            #[inline(always)]
            #[track_caller]
            pub fn swap(&self, value: $value, order: Ordering) -> $value {
                raw::arrive();
                let found = self.swap_at(value, order);
                raw::settle();
                found
            }

            #[track_caller]
            fn swap_at(&self, value: $value, order: Ordering) -> $value {
                if stopped() {
                    return $inert;
                }
                let order = self.enter(Role::Update, order);
                let before = self.0.swap(value, order);
                self.leave("swap", [Some(order), None], [before.shown(), value.shown()]);
                before
            }

            #[track_caller]
            fn exchanged(
                &self,
                operation: &'static str,
                new: $value,
                orders: [Ordering; 2],
                result: Result<$value, $value>,
            ) -> Result<$value, $value> {
                let values = match result {
                    Ok(before) => [before.shown(), new.shown()],
                    Err(found) => [found.shown(), Value::None],
                };
                self.leave(operation, orders.map(Some), values);
                result
            }

            /// Writes `new` if the value is `current`.
            ///
            /// # Errors
            /// The value found, if it is another one.
            #[inline(always)]
            #[track_caller]
            pub fn compare_exchange(
                &self,
                current: $value,
                new: $value,
                success: Ordering,
                failure: Ordering,
            ) -> Result<$value, $value> {
                raw::arrive();
                let found = self.compare_exchange_at(current, new, success, failure);
                raw::settle();
                found
            }

            #[track_caller]
            fn compare_exchange_at(
                &self,
                current: $value,
                new: $value,
                success: Ordering,
                failure: Ordering,
            ) -> Result<$value, $value> {
                if stopped() {
                    return Ok(current);
                }
                let success = self.enter(Role::Update, success);
                let failure = self.enter(Role::Failure, failure);
                let result = self.0.compare_exchange(current, new, success, failure);
                self.exchanged("compare_exchange", new, [success, failure], result)
            }

            /// Like [`Self::compare_exchange`], but may fail without a cause.
            ///
            /// # Errors
            /// The value found.
            #[inline(always)]
            #[track_caller]
            pub fn compare_exchange_weak(
                &self,
                current: $value,
                new: $value,
                success: Ordering,
                failure: Ordering,
            ) -> Result<$value, $value> {
                raw::arrive();
                let found = self.compare_exchange_weak_at(current, new, success, failure);
                raw::settle();
                found
            }

            #[track_caller]
            fn compare_exchange_weak_at(
                &self,
                current: $value,
                new: $value,
                success: Ordering,
                failure: Ordering,
            ) -> Result<$value, $value> {
                if stopped() {
                    return Ok(current);
                }
                let success = self.enter(Role::Update, success);
                let failure = self.enter(Role::Failure, failure);
                let result = self.0.compare_exchange_weak(current, new, success, failure);
                self.exchanged("compare_exchange_weak", new, [success, failure], result)
            }

            /// A load and compare-exchanges until `f`'s answer is written, or is `None`.
            ///
            /// # Errors
            /// The last value found, if `f` answered `None`.
            #[track_caller]
            pub fn fetch_update(
                &self,
                set: Ordering,
                fetch: Ordering,
                mut f: impl FnMut($value) -> Option<$value>,
            ) -> Result<$value, $value> {
                let mut found = self.load_as(Role::Failure, fetch);
                while let Some(new) = f(found) {
                    match self.compare_exchange_weak(found, new, set, fetch) {
                        Ok(before) => return Ok(before),
                        Err(other) => found = other,
                    }
                }
                Err(found)
            }
        }
    };
}

macro_rules! fetch {
    ($name:ident, $value:ty, $inert:expr, $($operation:ident),+ => $after:expr) => {
        impl $name {$(
            #[doc = concat!("Atomically applies `", stringify!($operation), "`; returns the value before.")]
            #[track_caller]
            pub fn $operation(&self, value: $value, order: Ordering) -> $value {
                if stopped() {
                    return $inert;
                }
                let order = self.enter(Role::Update, order);
                let before = self.0.$operation(value, order);
                let after: fn(&str, $value, $value) -> $value = $after;
                let after = after(stringify!($operation), before, value);
                let values = [before.shown(), after.shown()];
                self.leave(stringify!($operation), [Some(order), None], values);
                before
            }
        )+}
    };
}

macro_rules! integers {
    ($($name:ident $value:ty),+) => {$(
        impl Shown for $value {
            fn shown(self) -> Value {
                // `u64::MAX` and every smaller type fit.
                Value::Int(self as i128)
            }
        }
        common!($name, $value, 0);
        fetch!(
            $name, $value, 0,
            fetch_add, fetch_sub, fetch_max, fetch_min, fetch_and, fetch_or, fetch_xor, fetch_nand
            => |operation, before, value| match operation {
                "fetch_add" => before.wrapping_add(value),
                "fetch_sub" => before.wrapping_sub(value),
                "fetch_max" => before.max(value),
                "fetch_min" => before.min(value),
                "fetch_and" => before & value,
                "fetch_or" => before | value,
                "fetch_xor" => before ^ value,
                _ => !(before & value),
            }
        );
    )+};
}

impl AtomicU32 {
    /// The engine's own, for what its kernel does with it.
    pub(super) fn inside(&self) -> &raw::atomic::AtomicU32 {
        &self.0
    }

    /// Records what the kernel does with it.
    #[track_caller]
    pub(super) fn record(&self, operation: &'static str, value: Option<u32>) {
        let value = value.map_or(Value::None, Shown::shown);
        record_with(operation, self.1.or(address(self)), [None; 2], [value, Value::None]);
    }
}

integers!(
    AtomicU8 u8, AtomicU16 u16, AtomicU32 u32, AtomicU64 u64, AtomicUsize usize,
    AtomicI8 i8, AtomicI16 i16, AtomicI32 i32, AtomicI64 i64, AtomicIsize isize
);
common!(AtomicBool, bool, false);
fetch!(
    AtomicBool, bool, false, fetch_and, fetch_or, fetch_xor, fetch_nand
    => |operation, before, value| match operation {
        "fetch_and" => before & value,
        "fetch_or" => before | value,
        "fetch_xor" => before ^ value,
        _ => !(before & value),
    }
);
common!(AtomicPtr<T>, *mut T, std::ptr::null_mut());
