//! Weak references, which keep no value.

use std::fmt;
use std::mem::ManuallyDrop;
use std::sync::Arc as Std;

use super::Arc;
use super::arc::{self, Count};
use rc11::sync::References;

/// `std::sync::Weak`. Where a model has one, each clone and drop of an [`Arc`] is an operation.
pub struct Weak<T: ?Sized> {
    value: std::sync::Weak<T>,
    /// None of a reference to nothing.
    count: Option<Std<Count>>,
}

impl<T: ?Sized> std::panic::UnwindSafe for Weak<T> {}
impl<T: ?Sized> std::panic::RefUnwindSafe for Weak<T> {}

impl<T> Weak<T> {
    /// A reference to nothing.
    pub fn new() -> Weak<T> {
        Weak { value: std::sync::Weak::new(), count: None }
    }
}

impl<T: ?Sized> Weak<T> {
    #[track_caller]
    fn of(value: std::sync::Weak<T>, count: Std<Count>) -> Weak<T> {
        if let Some(references) = count.references() {
            references.add_weak();
        }
        Weak { value, count: Some(count) }
    }

    /// A reference that keeps the value, if that is there still.
    #[track_caller]
    pub fn upgrade(&self) -> Option<Arc<T>> {
        let count = self.count.as_ref()?;
        let value = match count.references() {
            Some(references) => {
                // The model has one that is not dropped, and so it is not dropped here.
                let alive = references.upgrade();
                alive.then(|| self.value.upgrade().expect("a counted reference is there"))?
            }
            None => {
                let value = self.value.upgrade()?;
                count.one_more();
                value
            }
        };
        Some(Arc { value: ManuallyDrop::new(value), count: count.clone() })
    }

    /// How many references keep the value.
    #[track_caller]
    pub fn strong_count(&self) -> usize {
        let Some(count) = &self.count else { return 0 };
        count.references().map_or_else(|| self.value.strong_count(), |found| found.count().0)
    }

    /// How many weak references there are; none once the value is gone.
    #[track_caller]
    pub fn weak_count(&self) -> usize {
        let Some(count) = &self.count else { return 0 };
        match count.references().map(References::count) {
            Some((0, _)) => 0,
            Some((_, weak)) => weak,
            None => self.value.weak_count(),
        }
    }

    /// Where the value is, or was.
    pub fn as_ptr(&self) -> *const T {
        self.value.as_ptr()
    }

    /// Whether two references are to one value.
    pub fn ptr_eq(&self, other: &Self) -> bool {
        self.value.ptr_eq(&other.value)
    }
}

impl<T: ?Sized> Clone for Weak<T> {
    #[track_caller]
    fn clone(&self) -> Self {
        match &self.count {
            Some(count) => Weak::of(self.value.clone(), count.clone()),
            None => Weak { value: self.value.clone(), count: None },
        }
    }
}

impl<T: ?Sized> Drop for Weak<T> {
    #[track_caller]
    fn drop(&mut self) {
        if let Some(references) = self.count.as_ref().and_then(|count| count.references()) {
            references.remove_weak();
        }
    }
}

impl<T> Default for Weak<T> {
    fn default() -> Self {
        Weak::new()
    }
}

impl<T: ?Sized> fmt::Debug for Weak<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad("(Weak)")
    }
}

impl<T> Arc<T> {
    /// Shares a value that has a weak reference to itself, which can be upgraded once the value is there.
    #[track_caller]
    pub fn new_cyclic<F>(make: F) -> Arc<T>
    where
        F: FnOnce(&Weak<T>) -> T,
    {
        let count = Std::new(Count::counting(0));
        let value = Std::new_cyclic(|weak| make(&Weak::of(weak.clone(), count.clone())));
        if let Some(references) = count.references() {
            references.add_first();
        }
        arc::register(&value, &count);
        Arc { value: ManuallyDrop::new(value), count }
    }
}

impl<T: ?Sized> Arc<T> {
    /// A weak reference to the value.
    #[track_caller]
    pub fn downgrade(this: &Self) -> Weak<T> {
        Weak::of(Std::downgrade(&this.value), this.count.clone())
    }

    /// How many weak references there are.
    #[track_caller]
    pub fn weak_count(this: &Self) -> usize {
        match this.count.references() {
            Some(references) => references.count().1,
            None => Std::weak_count(&this.value),
        }
    }
}
