//! Statics with a fresh value in every execution.

use std::any::Any;
use std::fmt;
use std::marker::PhantomData;
use std::mem::transmute;
use std::ops::Deref;
use std::rc::Rc;

use crate::world;

/// A static whose value every execution makes anew, before anything else happens in it. It is known by its address, so it belongs into a
/// `static`.
///
/// A constructor of this library is an operation of the thread that calls it, and others may race with it; so none can be a
/// `const fn`, which cannot even tell whether it runs in an execution. What the crate has without loom as
/// `static COUNT: AtomicUsize = AtomicUsize::new(0)` is this in a model:
///
/// ```
/// use loom::sync::atomic::{AtomicUsize, Ordering::Relaxed};
///
/// static COUNT: loom::Static<AtomicUsize> = loom::Static::new(|| AtomicUsize::new(0));
///
/// loom::model(|| {
///     let other = loom::thread::spawn(|| COUNT.fetch_add(1, Relaxed));
///     COUNT.fetch_add(1, Relaxed);
///     other.join().unwrap();
///     assert_eq!(COUNT.load(Relaxed), 2);
/// });
/// ```
///
/// [`lazy_static!`](crate::lazy_static!) would order who comes second behind who came first, as a lazy static does, and hide races.
/// The value is dropped when the execution ends, after all threads; the destructor of another static may still use it, unless it has been
/// dropped before: that fails. `std` never drops a static: a reference to it that outlives the execution, in
/// a real static or in the destructor of another `Static`, dangles here, and must not be kept.
pub struct Static<T> {
    init: fn() -> T,
    /// It may be shared where the value may.
    value: PhantomData<T>,
}

impl<T: 'static> Static<T> {
    /// A static with the value that `init` makes.
    pub const fn new(init: fn() -> T) -> Static<T> {
        Static { init, value: PhantomData }
    }
}

impl<T: 'static> Deref for Static<T> {
    type Target = T;

    #[track_caller]
    fn deref(&self) -> &T {
        let value = world::fixed(std::ptr::from_ref(self).addr(), Make::new(self.init));
        let value = std::ptr::from_ref(value.downcast_ref::<T>().expect("it is of this type"));
        // SAFETY: the value stays where it is until the execution ends. A reference that a program keeps beyond that dangles, as one to a
        // lazy static of loom does; the documentation says so.
        unsafe { &*value }
    }
}

impl<T> fmt::Debug for Static<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad("Static { .. }")
    }
}

/// Makes the value of a static, whatever its type is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Make {
    /// A function of another result: `call` knows which.
    init: fn(),
    call: fn(fn()) -> Rc<dyn Any>,
}

impl PartialEq for Make {
    /// Its address says which static it makes.
    fn eq(&self, _: &Make) -> bool {
        true
    }
}

impl Eq for Make {}

impl Make {
    fn new<T: 'static>(init: fn() -> T) -> Make {
        // SAFETY: a pointer to a function is as good as any other, until it is called.
        let init = unsafe { transmute::<fn() -> T, fn()>(init) };
        let call = |init| {
            // SAFETY: it is called as what it was.
            let init = unsafe { transmute::<fn(), fn() -> T>(init) };
            Rc::new(init()) as Rc<dyn Any>
        };
        Make { init, call }
    }

    pub fn make(self) -> Rc<dyn Any> {
        (self.call)(self.init)
    }
}
