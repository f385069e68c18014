//! Statics, each with a fresh value in every execution, and thread-locals.

use std::any::Any;
use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::ops::Deref;
use std::rc::Rc;

use super::raw;
use casebook_engine::fresh;

/// A static: `static COUNT: Static<AtomicU32> = Static::new(|| AtomicU32::new(0))` stands for what a program writes as
/// `static COUNT: AtomicU32 = AtomicU32::new(0)`.
///
/// Its value is made anew in every execution, before anything else happens there, so that nobody races with that. A constructor of the
/// facade is an operation of an execution, so it can be no `const fn`.
///
/// As in `std`, the value is never dropped. What it owns at the end in a [`Box`](super::boxed::Box) counts as a leak.
pub struct Static<T> {
    make: fn() -> T,
    /// It may be shared where the value may.
    value: PhantomData<T>,
}

impl<T: 'static> Static<T> {
    /// A static with the value that `make` makes.
    pub const fn new(make: fn() -> T) -> Self {
        Static { make, value: PhantomData }
    }
}

impl<T: 'static> Deref for Static<T> {
    type Target = T;

    fn deref(&self) -> &T {
        let make = self.make;
        // Its memory is given back, and it is not dropped.
        let make = move || Rc::new(MaybeUninit::new(make())) as Rc<dyn Any>;
        let value = fresh::value(std::ptr::from_ref(self).addr(), make);
        let value = value.downcast_ref::<MaybeUninit<T>>().expect("an address is of one static");
        // SAFETY: it was made with a value, and stays where it is until the execution ends, which no thread of it outlives.
        unsafe { &*value.as_ptr() }
    }
}

/// A thread-local, as `thread_local!` declares it: each thread that asks for it makes a value of its own.
///
/// The values of a thread are dropped at its end, the last one first, as `std` does today on most systems; its documentation promises no order.
/// `join` waits for that, as it does in `std` (rust issue 127571 asks to promise it). The end of a scope waits for it, too; in `std` it
/// does not, see `std_scope_thread_local`. The values of the thread that runs the body are not dropped.
pub struct LocalKey<T> {
    make: fn() -> T,
    /// As in `std`, it is shared whatever the value is: who shares it gets a value of its own.
    value: PhantomData<fn() -> T>,
}

/// The thread-local has been dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccessError;

impl<T: 'static> LocalKey<T> {
    #[doc(hidden)]
    pub const fn new(make: fn() -> T) -> Self {
        LocalKey { make, value: PhantomData }
    }

    /// Calls `f` with the current thread's value.
    ///
    /// # Panics
    /// If the value has been dropped.
    pub fn with<R>(&'static self, f: impl FnOnce(&T) -> R) -> R {
        self.try_with(f).expect("a thread-local is used before it is dropped")
    }

    /// Calls `f` with the current thread's value.
    ///
    /// # Errors
    /// If the value has been dropped.
    pub fn try_with<R>(&'static self, f: impl FnOnce(&T) -> R) -> Result<R, AccessError> {
        let key = std::ptr::from_ref(self).addr();
        let value = fresh::local(raw::thread_index(), key, || Rc::new((self.make)()));
        let value = value.ok_or(AccessError)?;
        Ok(f(value.downcast_ref::<T>().expect("an address is of one thread-local")))
    }
}

/// Drops the thread-locals of the current thread, which is at its end.
pub(super) fn drop_locals() {
    while let Some(value) = fresh::take_local(raw::thread_index()) {
        match raw::stopped() {
            true => std::mem::forget(value),
            false => drop(value),
        }
    }
}

/// Declares thread-locals, as `std`'s.
#[doc(hidden)]
#[macro_export]
macro_rules! local_keys {
    ($($(#[$meta:meta])* $vis:vis static $name:ident: $t:ty = $make:expr;)+) => {$(
        $(#[$meta])* $vis static $name: $crate::LocalKey<$t> = $crate::LocalKey::new(|| $make);
    )+};
}
