//! Reference counting: what a drop orders is explored, and an execution that leaks fails.
//!
//! The value and the true count are in a `std::sync::Arc`. In the model the drops are [`Departures`]: who is
//! last comes after the others, and that is all. A clone is nothing there,
//! for this is enough: the drop with `n` others before it is the last one if `n + 1` references were made in
//! all. Each reference but the first is a clone of another one, made before that one is dropped. If one is
//! alive still, go back from it to what it was cloned from until that is alive too and was made before a
//! drop that is counted, or is the first: then it was known to be made, and `n + 1` is less.
//!
//! Whoever asks whether a reference is the only one ([`Arc::get_mut`], [`Arc::try_unwrap`]) may see some drops and
//! not others: then a drop is a `Release` read-modify-write of a count of drops. Whoever asks for the count
//! itself ([`Arc::strong_count`]), or has a weak reference, makes clones operations, too.

use std::borrow::Borrow;
use std::fmt;
use std::mem::ManuallyDrop;
use std::ops::Deref;
use std::pin::Pin;
use std::sync::Arc as Std;
use std::sync::atomic::AtomicUsize as Made;

use rc11::sync::atomic::AtomicUsize;
use rc11::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use rc11::sync::{Departures, References};

use crate::world::{self, Asked};

pub(crate) struct Count {
    /// How many references have been made. It is no part of the model, and orders nothing.
    made: Made,
    modelled: Modelled,
}

/// What the model has of a count.
enum Modelled {
    /// Who drops one, and who is last.
    Departures(Departures),
    /// How many have been dropped, where somebody asks whether one is left.
    Drops(AtomicUsize),
    /// How many there are, where somebody asks for that or has a weak one.
    Count(References),
}

/// `std::sync::Arc`.
pub struct Arc<T: ?Sized> {
    pub(super) value: ManuallyDrop<Std<T>>,
    pub(super) count: Std<Count>,
}

impl<T: ?Sized> std::panic::UnwindSafe for Arc<T> {}
impl<T: ?Sized> std::panic::RefUnwindSafe for Arc<T> {}

impl<T> Arc<T> {
    /// Shares `value`.
    #[track_caller]
    pub fn new(value: T) -> Arc<T> {
        Arc::from_std(Std::new(value))
    }

    /// Shares `value`, which stays where it is.
    #[track_caller]
    pub fn pin(value: T) -> Pin<Arc<T>> {
        // SAFETY: an `Arc` does not move its value.
        unsafe { Pin::new_unchecked(Arc::new(value)) }
    }

    /// The value, if this is the only reference.
    ///
    /// # Errors
    /// The reference, if there is another one.
    #[track_caller]
    pub fn try_unwrap(this: Arc<T>) -> Result<T, Arc<T>> {
        let only = match &this.count.modelled {
            Modelled::Count(references) => references.remove_only(),
            _ => this.is_unique(),
        };
        if !only {
            return Err(this);
        }
        is_gone(Arc::as_ptr(&this));
        Ok(Std::into_inner(this.into_parts().0).expect("it is the only reference"))
    }
}

impl<T: ?Sized> Arc<T> {
    /// Takes over a reference of `std`'s, the only one to its value.
    ///
    /// # Panics
    /// If there is another one.
    #[track_caller]
    pub fn from_std(mut std: Std<T>) -> Self {
        assert!(Std::get_mut(&mut std).is_some(), "Arc provided to `from_std` is not unique");
        let modelled = match world::asked() {
            Asked::Nothing => Modelled::Departures(Departures::new()),
            Asked::Unique => Modelled::Drops(AtomicUsize::new(0)),
            Asked::Count => Modelled::Count(References::new(1)),
        };
        let count = Std::new(Count { made: Made::new(1), modelled });
        register(&std, &count);
        Arc { value: ManuallyDrop::new(std), count }
    }

    /// How many references there are.
    #[track_caller]
    pub fn strong_count(this: &Self) -> usize {
        match this.count.references() {
            Some(references) => references.count().0,
            None => Std::strong_count(&this.value),
        }
    }

    /// One reference more to what `ptr` came from.
    ///
    /// # Safety
    /// `ptr` comes from [`into_raw`](Self::into_raw), and the reference is there still.
    #[track_caller]
    pub unsafe fn increment_strong_count(ptr: *const T) {
        count_at(ptr).one_more();
        // SAFETY: the caller's promise.
        unsafe { Std::increment_strong_count(ptr) };
    }

    /// One reference less to what `ptr` came from.
    ///
    /// # Safety
    /// `ptr` comes from [`into_raw`](Self::into_raw), and the reference is there still.
    #[track_caller]
    pub unsafe fn decrement_strong_count(ptr: *const T) {
        // SAFETY: the caller's promise.
        drop(unsafe { Arc::from_raw(ptr) });
    }

    /// The value, if this is the only reference.
    #[track_caller]
    pub fn get_mut(this: &mut Self) -> Option<&mut T> {
        if !this.is_unique() {
            return None;
        }
        // SAFETY: it is the only reference, and borrowed mutably.
        Some(unsafe { &mut *Std::as_ptr(&this.value).cast_mut() })
    }

    /// Whether two references share one value.
    pub fn ptr_eq(this: &Self, other: &Self) -> bool {
        Std::ptr_eq(&this.value, &other.value)
    }

    /// Gives the reference up to a raw pointer.
    pub fn into_raw(this: Self) -> *const T {
        Std::into_raw(this.into_parts().0)
    }

    /// Where the value is.
    pub fn as_ptr(this: &Self) -> *const T {
        Std::as_ptr(&this.value)
    }

    /// Takes a reference back from a raw pointer.
    ///
    /// # Safety
    /// `ptr` comes from [`into_raw`](Self::into_raw) or [`as_ptr`](Self::as_ptr), and each reference is dropped
    /// once.
    ///
    /// # Panics
    /// If it leads to no value of this execution.
    #[track_caller]
    pub unsafe fn from_raw(ptr: *const T) -> Self {
        let count = count_at(ptr);
        // SAFETY: the caller's promise.
        Arc { value: ManuallyDrop::new(unsafe { Std::from_raw(ptr) }), count }
    }

    fn into_parts(self) -> (Std<T>, Std<Count>) {
        let this = ManuallyDrop::new(self);
        // SAFETY: `this` is neither used again nor dropped.
        unsafe { (std::ptr::read(&*this.value), std::ptr::read(&this.count)) }
    }

    /// Whether every other reference has been dropped before.
    #[track_caller]
    fn is_unique(&self) -> bool {
        // Acquire: pairs with the Release of the drops.
        match &self.count.modelled {
            Modelled::Departures(_) => {
                world::learn_asked(Asked::Unique);
                Std::strong_count(&self.value) == 1
            }
            // Relaxed: what was made is no part of the model, whose threads run one at a time.
            Modelled::Drops(drops) => drops.load(Acquire) + 1 == self.count.made.load(Relaxed),
            Modelled::Count(references) => references.is_only(),
        }
    }
}

/// Notes where a value is, so that raw pointers lead back to its count.
pub(super) fn register<T: ?Sized>(value: &Std<T>, count: &Std<Count>) {
    let address = address(Std::as_ptr(value));
    world::with(|world| world.counts.insert(address, count.clone()));
}

fn address<T: ?Sized>(value: *const T) -> usize {
    value.cast::<()>().addr()
}

/// The count of the references to a value.
fn count_at<T: ?Sized>(value: *const T) -> Std<Count> {
    let count = world::with(|world| world.counts.get(&address(value)).cloned());
    count.expect("the raw pointer leads to no value of this execution")
}

/// The last reference to a value goes.
fn is_gone<T: ?Sized>(value: *const T) {
    world::with(|world| world.counts.remove(&address(value)));
}

impl Count {
    /// A count of `strong` references, for somebody who knows that it is asked for.
    #[track_caller]
    pub(super) fn counting(strong: u32) -> Count {
        if world::asked() < Asked::Count {
            world::learn_asked(Asked::Count);
        }
        Count { made: Made::new(1), modelled: Modelled::Count(References::new(strong)) }
    }

    /// The references, as somebody asks for them; none where that is learnt only now, and a panic unwinds.
    pub(super) fn references(&self) -> Option<&References> {
        match &self.modelled {
            Modelled::Count(references) => Some(references),
            _ => {
                world::learn_asked(Asked::Count);
                None
            }
        }
    }

    #[track_caller]
    pub(super) fn one_more(&self) {
        self.made.fetch_add(1, Relaxed); // Relaxed: no part of the model, whose threads run one at a time
        if let Modelled::Count(references) = &self.modelled {
            references.add();
        }
    }

    /// Calls `then` with whether the reference that goes is the last one; if so, all that the others did comes before what it does.
    #[track_caller]
    fn one_less(&self, then: impl FnOnce(bool)) {
        // Relaxed: as above.
        let made = || self.made.load(Relaxed);
        match &self.modelled {
            Modelled::Departures(departures) => departures.leave(made, then),
            Modelled::Count(references) => then(references.remove()),
            Modelled::Drops(drops) => {
                let last = drops.fetch_add(1, Release) + 1 == made(); // pairs with the Acquire of the last one
                if last {
                    drops.load(Acquire);
                }
                then(last);
            }
        }
    }
}

impl<T: ?Sized> Clone for Arc<T> {
    #[track_caller]
    fn clone(&self) -> Self {
        self.count.one_more();
        Arc { value: self.value.clone(), count: self.count.clone() }
    }
}

impl<T: ?Sized> Drop for Arc<T> {
    #[track_caller]
    fn drop(&mut self) {
        // Outside of an execution nothing is in order any more, and the value is forgotten.
        if rc11::thread_index().is_none() {
            return;
        }
        let Arc { value, count } = self;
        count.one_less(|last| {
            if last {
                is_gone(Std::as_ptr(value));
            }
            // Whoever is last in the model is last here: the drops that it comes after have been run.
            // SAFETY: it is taken once, here.
            drop(unsafe { ManuallyDrop::take(value) });
        });
    }
}

impl<T: ?Sized> Deref for Arc<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: ?Sized> AsRef<T> for Arc<T> {
    fn as_ref(&self) -> &T {
        self
    }
}

impl<T: ?Sized> Borrow<T> for Arc<T> {
    fn borrow(&self) -> &T {
        self
    }
}

impl<T: Default> Default for Arc<T> {
    #[track_caller]
    fn default() -> Self {
        Arc::new(T::default())
    }
}

impl<T> From<T> for Arc<T> {
    #[track_caller]
    fn from(value: T) -> Self {
        Arc::new(value)
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for Arc<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl<T: ?Sized + fmt::Display> fmt::Display for Arc<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&**self, f)
    }
}
