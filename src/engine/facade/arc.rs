//! Reference counting with `std`'s own orderings, so that its synchronisation is explored too.

use std::cell::UnsafeCell;
use std::ops::Deref;
use std::ptr::NonNull;

use super::atomic::{AtomicUsize, fence};
use super::boxed::Box;
use super::{raw, stopped};
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};

struct Inner<T> {
    strong: AtomicUsize,
    /// The weak references, and one for all strong ones together.
    weak: AtomicUsize,
    value: UnsafeCell<Option<T>>,
    /// Stands for `value` in the engine's race detection.
    access: raw::UnsafeCell<()>,
}

/// The weak count while `get_mut` looks at the strong one.
const LOCKED: usize = usize::MAX;

/// `std::sync::Arc` of a sized type.
pub struct Arc<T>(NonNull<Inner<T>>);

/// `std::sync::Weak` of a sized type.
pub struct Weak<T>(NonNull<Inner<T>>);

// SAFETY: as for `std::sync::Arc`: references to `T` are shared, and any owner may drop it.
unsafe impl<T: Send + Sync> Send for Arc<T> {}
// SAFETY: as above.
unsafe impl<T: Send + Sync> Sync for Arc<T> {}
// SAFETY: a `Weak` can become an `Arc`.
unsafe impl<T: Send + Sync> Send for Weak<T> {}
// SAFETY: as above.
unsafe impl<T: Send + Sync> Sync for Weak<T> {}

/// The counts live in quarantined memory for the whole execution.
fn inner<'a, T>(pointer: NonNull<Inner<T>>) -> &'a Inner<T> {
    // SAFETY: the block was allocated by `Arc::new` and stays readable until the execution ends;
    // the atomics in it report a use after it is freed.
    unsafe { pointer.as_ref() }
}

impl<T> Inner<T> {
    /// The value, by whoever the counts say owns it alone.
    #[track_caller]
    fn value_mut(&self) -> *mut Option<T> {
        if !stopped() {
            self.access.with_mut(|_| ());
        }
        self.value.get()
    }
}

impl<T> Arc<T> {
    /// Shares `value`.
    #[track_caller]
    pub fn new(value: T) -> Self {
        let inner = Box::new(Inner {
            strong: AtomicUsize::new(1),
            weak: AtomicUsize::new(1),
            value: UnsafeCell::new(Some(value)),
            access: raw::UnsafeCell::new(()),
        });
        Arc(NonNull::new(Box::into_raw(inner)).expect("a box is never null"))
    }

    /// Shares the value that `make` makes, which may keep a weak reference to it. Nobody can upgrade that before it is made.
    #[track_caller]
    pub fn new_cyclic(make: impl FnOnce(&Weak<T>) -> T) -> Self {
        let made = Box::into_raw(Box::new(Inner {
            strong: AtomicUsize::new(0),
            weak: AtomicUsize::new(1),
            value: UnsafeCell::new(None),
            access: raw::UnsafeCell::new(()),
        }));
        let weak = Weak(NonNull::new(made).expect("a box is never null"));
        let value = make(&weak);
        let inner = inner(weak.0);
        // SAFETY: the strong count is zero, so nobody reaches the value.
        unsafe { *inner.value_mut() = Some(value) };
        // Release: pairs with `upgrade`, which may be there already.
        inner.strong.fetch_add(1, Release);
        Arc(std::mem::ManuallyDrop::new(weak).0)
    }

    /// How many strong references there are; it says nothing about what their owners did.
    #[track_caller]
    pub fn strong_count(this: &Self) -> usize {
        inner(this.0).strong.load(Relaxed) // Relaxed: a number, by which nobody may go
    }

    /// A reference that does not keep the value alive.
    #[track_caller]
    pub fn downgrade(this: &Self) -> Weak<T> {
        let unlocked = |count| (count != LOCKED).then(|| count + 1);
        // Acquire: pairs with the Release that unlocks the weak count in `get_mut`.
        while inner(this.0).weak.fetch_update(Acquire, Relaxed, unlocked).is_err() {
            super::thread::spin_loop();
        }
        Weak(this.0)
    }

    /// Whether two references share one value.
    pub fn ptr_eq(this: &Self, other: &Self) -> bool {
        this.0 == other.0
    }

    /// The value, if this is the only reference, strong or weak.
    #[track_caller]
    pub fn get_mut(this: &mut Self) -> Option<&mut T> {
        let inner = inner(this.0);
        // Acquire: pairs with the Release decrement of every weak reference that is gone. Locked, the
        // count keeps new ones away while the strong count is looked at.
        if inner.weak.compare_exchange(1, LOCKED, Acquire, Relaxed).is_err() {
            return None;
        }
        // Acquire: pairs with the Release decrement of every owner that is gone.
        let alone = inner.strong.load(Acquire) == 1;
        inner.weak.store(1, Release); // Release: pairs with `downgrade`
        if !alone {
            return None;
        }
        // SAFETY: this is the only reference and it is borrowed mutably.
        unsafe { (*inner.value_mut()).as_mut() }
    }

    /// Moves the value out, if this is the only strong reference.
    ///
    /// # Errors
    /// The reference itself, if there is another one.
    #[track_caller]
    pub fn try_unwrap(this: Self) -> Result<T, Self> {
        // Relaxed: the fence below acquires what the other owners' Release decrements published.
        let found = inner(this.0).strong.compare_exchange(1, 0, Relaxed, Relaxed);
        if found.is_err() {
            return Err(this);
        }
        fence(Acquire); // pairs with the Release decrements of the others
        let this = std::mem::ManuallyDrop::new(this);
        // SAFETY: the count said that nobody else can reach the value.
        let value = unsafe { (*inner(this.0).value_mut()).take() };
        drop(Weak(this.0));
        Ok(value.expect("a strong reference keeps the value"))
    }
}

impl<T> Clone for Arc<T> {
    #[track_caller]
    fn clone(&self) -> Self {
        // Relaxed: the clone's owner gets it from somebody who had it.
        inner(self.0).strong.fetch_add(1, Relaxed);
        Arc(self.0)
    }
}

impl<T> Deref for Arc<T> {
    type Target = T;

    #[track_caller]
    fn deref(&self) -> &T {
        if !stopped() {
            inner(self.0).access.with(|_| ());
        }
        // SAFETY: a strong reference keeps the value, and nobody writes it meanwhile.
        let value = unsafe { (*inner(self.0).value.get()).as_ref() };
        value.expect("a strong reference keeps the value")
    }
}

impl<T> Drop for Arc<T> {
    #[track_caller]
    fn drop(&mut self) {
        if stopped() {
            return;
        }
        // Release: pairs with the fence of the last owner.
        if inner(self.0).strong.fetch_sub(1, Release) == 1 {
            fence(Acquire); // pairs with the Release decrements of the others
            // SAFETY: the count said that nobody else can reach the value.
            let value = unsafe { (*inner(self.0).value_mut()).take() };
            drop(value);
            drop(Weak(self.0));
        }
    }
}

impl<T> Weak<T> {
    /// A strong reference, if there is one left.
    #[track_caller]
    pub fn upgrade(&self) -> Option<Arc<T>> {
        let strong = &inner(self.0).strong;
        let more = |count| (count > 0).then(|| count + 1);
        // Acquire: pairs with the initialisation, as `std` does since `Arc::new_cyclic`.
        strong.fetch_update(Acquire, Relaxed, more).ok().map(|_| Arc(self.0))
    }
}

impl<T> Clone for Weak<T> {
    #[track_caller]
    fn clone(&self) -> Self {
        // Relaxed: who clones has a reference, so nobody frees the memory meanwhile.
        inner(self.0).weak.fetch_add(1, Relaxed);
        Weak(self.0)
    }
}

impl<T> Drop for Weak<T> {
    #[track_caller]
    fn drop(&mut self) {
        if stopped() {
            return;
        }
        // Release: pairs with the fence of whoever frees the memory.
        if inner(self.0).weak.fetch_sub(1, Release) == 1 {
            fence(Acquire); // pairs with the Release decrements of the others
            // SAFETY: the counts said that nobody can reach the memory any more.
            drop(unsafe { Box::from_raw(self.0.as_ptr()) });
        }
    }
}
