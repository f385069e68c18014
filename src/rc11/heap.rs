//! Allocations of one execution: freed memory stays mapped until the execution ends, so no address comes twice.

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::ptr::NonNull;

use super::ops::At;

/// What stands before an allocation's value.
pub(super) struct Header {
    /// The allocation's location.
    pub location: u32,
    /// The execution it belongs to.
    pub epoch: u64,
    /// Freed in this execution.
    pub freed: bool,
    /// Where it was made.
    pub at: At,
}

struct Allocation {
    base: NonNull<u8>,
    layout: Layout,
    location: u32,
}

/// The allocations of one execution.
#[derive(Default)]
pub(super) struct Heap {
    allocations: Vec<Allocation>,
}

/// The layout of a header and a value after it, and the value's offset.
fn layout<T>() -> (Layout, usize) {
    Layout::new::<Header>().extend(Layout::new::<T>()).expect("the layout of a boxed value")
}

/// The header before a boxed value.
///
/// # Safety
/// `value` comes from [`Heap::allocate`] of an execution that has not ended, and no other borrow of the header is in use.
pub(super) unsafe fn header_of<'a, T>(value: NonNull<T>) -> &'a mut Header {
    let (_, offset) = layout::<T>();
    // SAFETY: the caller's.
    unsafe { value.cast::<u8>().sub(offset).cast::<Header>().as_mut() }
}

impl Heap {
    /// Memory for a header and a value; both are written here.
    pub fn allocate<T>(&mut self, header: Header, value: T) -> NonNull<T> {
        let (layout, offset) = layout::<T>();
        let location = header.location;
        // SAFETY: the layout has at least the header's size.
        let base =
            NonNull::new(unsafe { alloc(layout) }).unwrap_or_else(|| handle_alloc_error(layout));
        // SAFETY: `base` is fresh memory for the header and, at `offset`, the value.
        let value = unsafe {
            base.cast::<Header>().write(header);
            let place = base.add(offset).cast::<T>();
            place.write(value);
            place
        };
        self.allocations.push(Allocation { base, layout, location });
        value
    }

    /// The location of the allocation that holds an address.
    pub fn find(&self, address: usize) -> Option<u32> {
        let holds = |a: &&Allocation| {
            (a.base.as_ptr() as usize..a.base.as_ptr() as usize + a.layout.size())
                .contains(&address)
        };
        self.allocations.iter().find(holds).map(|a| a.location)
    }

    /// A value that is no address of this heap; or, if it is, an address that is the same in every run.
    pub fn stable(&self, value: u64) -> u64 {
        let start = |a: &Allocation| a.base.as_ptr().addr() as u64;
        let holds =
            |a: &&Allocation| (start(a)..start(a) + a.layout.size() as u64).contains(&value);
        match self.allocations.iter().find(holds) {
            Some(a) => 0x1_0000 * (u64::from(a.location) + 1) + (value - start(a)),
            None => value,
        }
    }

    /// Returns all memory; values still in it are forgotten.
    pub fn release(&mut self) {
        for a in self.allocations.drain(..) {
            // SAFETY: allocated with this layout by `allocate`, and released once.
            unsafe { dealloc(a.base.as_ptr(), a.layout) };
        }
    }
}

impl Drop for Heap {
    fn drop(&mut self) {
        self.release();
    }
}
