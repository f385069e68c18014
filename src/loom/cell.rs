//! Plain memory that threads share: accesses that nothing orders are data races.

use std::cmp::Ordering;

pub use unsafe_cell::{ConstPtr, MutPtr, UnsafeCell};

mod unsafe_cell {
    use std::fmt;

    use rc11::cell::Lasting;

    /// `std::cell::UnsafeCell` with accesses that the engine sees.
    pub struct UnsafeCell<T: ?Sized>(rc11::cell::UnsafeCell<T>);

    impl<T> UnsafeCell<T> {
        /// A cell that holds `data`.
        #[track_caller]
        pub fn new(data: T) -> UnsafeCell<T> {
            UnsafeCell(rc11::cell::UnsafeCell::new(data))
        }

        /// The data.
        #[track_caller]
        pub fn into_inner(self) -> T {
            self.0.into_inner()
        }
    }

    impl<T: ?Sized> UnsafeCell<T> {
        /// A read, for as long as `f` runs.
        #[track_caller]
        pub fn with<F, R>(&self, f: F) -> R
        where
            F: FnOnce(*const T) -> R,
        {
            self.0.with(f)
        }

        /// A write, for as long as `f` runs.
        #[track_caller]
        pub fn with_mut<F, R>(&self, f: F) -> R
        where
            F: FnOnce(*mut T) -> R,
        {
            self.0.with_mut(f)
        }

        /// A read, for as long as the pointer is kept. The cell may be moved meanwhile.
        #[track_caller]
        pub fn get(&self) -> ConstPtr<T> {
            let (ptr, lasting) = self.0.read();
            ConstPtr { ptr, _lasting: lasting }
        }

        /// A write, for as long as the pointer is kept.
        #[track_caller]
        pub fn get_mut(&self) -> MutPtr<T> {
            let (ptr, lasting) = self.0.write();
            MutPtr { ptr, _lasting: lasting }
        }
    }

    impl<T: Default> Default for UnsafeCell<T> {
        fn default() -> Self {
            UnsafeCell::new(T::default())
        }
    }

    impl<T> From<T> for UnsafeCell<T> {
        fn from(data: T) -> Self {
            UnsafeCell::new(data)
        }
    }

    impl<T: ?Sized> fmt::Debug for UnsafeCell<T> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.pad("UnsafeCell { .. }")
        }
    }

    /// Reads a cell as long as it lives.
    #[derive(Debug)]
    pub struct ConstPtr<T: ?Sized> {
        ptr: *const T,
        _lasting: Lasting,
    }

    impl<T: ?Sized> ConstPtr<T> {
        /// The data.
        ///
        /// # Safety
        /// As for a raw pointer; the engine looks for accesses that nothing orders.
        pub unsafe fn deref(&self) -> &T {
            // SAFETY: the caller's promise.
            unsafe { &*self.ptr }
        }

        /// Calls `f` with the pointer.
        pub fn with<F, R>(&self, f: F) -> R
        where
            F: FnOnce(*const T) -> R,
        {
            f(self.ptr)
        }
    }

    /// Writes a cell as long as it lives.
    #[derive(Debug)]
    pub struct MutPtr<T: ?Sized> {
        ptr: *mut T,
        _lasting: Lasting,
    }

    impl<T: ?Sized> MutPtr<T> {
        /// The data.
        ///
        /// # Safety
        /// As for a raw pointer; the engine looks for accesses that nothing orders.
        #[expect(clippy::mut_from_ref, reason = "loom has it so")]
        pub unsafe fn deref(&self) -> &mut T {
            // SAFETY: the caller's promise.
            unsafe { &mut *self.ptr }
        }

        /// Calls `f` with the pointer.
        pub fn with<F, R>(&self, f: F) -> R
        where
            F: FnOnce(*mut T) -> R,
        {
            f(self.ptr)
        }
    }
}

/// `std::cell::Cell` whose accesses the engine sees.
#[derive(Debug)]
pub struct Cell<T>(UnsafeCell<T>);

impl<T> Cell<T> {
    /// A cell that holds `value`.
    #[track_caller]
    pub fn new(value: T) -> Self {
        Cell(UnsafeCell::new(value))
    }

    /// Puts a value in place of the one there.
    #[track_caller]
    pub fn set(&self, value: T) {
        drop(self.replace(value));
    }

    /// Exchanges the values of two cells.
    #[track_caller]
    pub fn swap(&self, other: &Self) {
        if !std::ptr::eq(self, other) {
            // SAFETY: they are two cells, and neither lends its value out.
            self.0.with_mut(|a| other.0.with_mut(|b| unsafe { std::ptr::swap(a, b) }));
        }
    }

    /// Puts a value in place of the one there, which it returns.
    #[track_caller]
    pub fn replace(&self, value: T) -> T {
        // SAFETY: the cell lends its value to nobody.
        self.0.with_mut(|place| unsafe { std::mem::replace(&mut *place, value) })
    }

    /// A copy of the value.
    #[track_caller]
    pub fn get(&self) -> T
    where
        T: Copy,
    {
        // SAFETY: as for `replace`.
        self.0.with(|place| unsafe { *place })
    }

    /// Takes the value and leaves the default.
    #[track_caller]
    pub fn take(&self) -> T
    where
        T: Default,
    {
        self.replace(T::default())
    }

    /// The value.
    #[track_caller]
    pub fn into_inner(self) -> T {
        self.0.into_inner()
    }
}

impl<T: Default> Default for Cell<T> {
    fn default() -> Self {
        Cell::new(T::default())
    }
}

impl<T: Copy> Clone for Cell<T> {
    #[track_caller]
    fn clone(&self) -> Self {
        Cell::new(self.get())
    }
}

impl<T> From<T> for Cell<T> {
    fn from(value: T) -> Self {
        Cell::new(value)
    }
}

impl<T: PartialEq + Copy> PartialEq for Cell<T> {
    #[track_caller]
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

impl<T: Eq + Copy> Eq for Cell<T> {}

impl<T: PartialOrd + Copy> PartialOrd for Cell<T> {
    #[track_caller]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.get().partial_cmp(&other.get())
    }
}

impl<T: Ord + Copy> Ord for Cell<T> {
    #[track_caller]
    fn cmp(&self, other: &Self) -> Ordering {
        self.get().cmp(&other.get())
    }
}
