//! Statics that an execution makes when they are first used.

use std::any::Any;
use std::fmt;
use std::marker::PhantomData;
use std::rc::Rc;

use rc11::sync::atomic::Ordering::{Acquire, Release};

use crate::world;

pub use crate::thread::{AccessError, panicking, yield_now};

/// What [`lazy_static!`](crate::lazy_static!) declares.
pub struct Lazy<T> {
    /// Makes the value.
    #[doc(hidden)]
    pub init: fn() -> T,
    #[doc(hidden)]
    pub _p: PhantomData<fn(T)>,
}

impl<T: 'static> Lazy<T> {
    /// The value of this execution; whoever comes first makes it.
    #[track_caller]
    pub fn get(&'static self) -> &'static T {
        let it = world::lazy(std::ptr::from_ref(self).addr());
        // Acquire: pairs with the store below, as the one of `std::sync::Once`.
        if !it.ready.load(Acquire) {
            let _making = it.making.lock();
            if it.value.borrow().is_none() {
                let value: Rc<dyn Any> = Rc::new((self.init)());
                *it.value.borrow_mut() = Some(value);
                it.ready.store(true, Release); // Release: pairs with the load above
            }
        }
        let value = it.value.borrow();
        let value = value.as_ref().and_then(|value| value.downcast_ref::<T>());
        let value = std::ptr::from_ref(value.expect("it is made, and of this type"));
        // SAFETY: the value stays where it is until the execution ends; a reference that a program keeps
        // beyond that, it keeps beyond the execution's memory altogether.
        unsafe { &*value }
    }
}

impl<T: 'static> fmt::Debug for Lazy<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad("Lazy { .. }")
    }
}
