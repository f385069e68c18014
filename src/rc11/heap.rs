//! Allocations of one execution: freed memory stays mapped until the execution ends, so no address comes twice.

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::collections::BTreeMap;
use std::ptr::NonNull;

use super::ops::At;

/// One allocation.
pub(super) struct Allocation {
    layout: Layout,
    /// Its location.
    pub location: u32,
    /// Freed in this execution.
    pub freed: bool,
    /// Where it was made.
    pub at: At,
}

/// The allocations of one execution, by address.
#[derive(Default)]
pub(super) struct Heap {
    allocations: BTreeMap<usize, (NonNull<u8>, Allocation)>,
}

impl Heap {
    /// Memory that holds `value`; it is never dropped by the heap.
    pub fn allocate<T>(&mut self, location: u32, at: At, value: T) -> NonNull<T> {
        // An allocation has an address of its own, so it has a size.
        let layout = Layout::new::<T>().pad_to_align();
        let layout = Layout::from_size_align(layout.size().max(1), layout.align())
            .expect("it is as large as the value");
        // SAFETY: the size is not 0.
        let base =
            NonNull::new(unsafe { alloc(layout) }).unwrap_or_else(|| handle_alloc_error(layout));
        // SAFETY: fresh memory of the layout of a `T`, or a larger one.
        unsafe { base.cast::<T>().write(value) };
        let allocation = Allocation { layout, location, freed: false, at };
        self.allocations.insert(base.addr().get(), (base, allocation));
        base.cast()
    }

    /// The allocation that begins at an address.
    pub fn at(&mut self, address: usize) -> Option<&mut Allocation> {
        self.allocations.get_mut(&address).map(|(_, allocation)| allocation)
    }

    fn around(&self, address: usize) -> Option<(usize, &Allocation)> {
        let (&start, (_, allocation)) = self.allocations.range(..=address).next_back()?;
        (address - start < allocation.layout.size()).then_some((start, allocation))
    }

    /// The location of the allocation that holds an address.
    pub fn find(&self, address: usize) -> Option<u32> {
        self.around(address).map(|(_, allocation)| allocation.location)
    }

    /// A value that is no address of this heap; or, if it is, an address that is the same in every run.
    pub fn stable(&self, value: u64) -> u64 {
        match self.around(value as usize) {
            Some((start, a)) => 0x1_0000 * (u64::from(a.location) + 1) + (value - start as u64),
            None => value,
        }
    }

    /// Returns all memory; values still in it are forgotten.
    pub fn release(&mut self) {
        for (base, a) in std::mem::take(&mut self.allocations).into_values() {
            // SAFETY: allocated with this layout by `allocate`, and released once.
            unsafe { dealloc(base.as_ptr(), a.layout) };
        }
    }
}

impl Drop for Heap {
    fn drop(&mut self) {
        self.release();
    }
}
