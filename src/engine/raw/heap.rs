//! The heap as an engine sees it: a free is a write of the whole block, and every access reads it.
//!
//! An access that does not happen before the free may come after it, in this execution or in
//! another; so it is a use after free wherever the engine's own clocks find the two unordered.

use std::alloc::Layout;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::panic::Location;
use std::rc::Rc;

use super::UnsafeCell;
use casebook_engine::probe;

pub use probe::check_owned;

struct Life {
    size: usize,
    cell: Rc<UnsafeCell<()>>,
}

thread_local! {
    static LIVES: RefCell<BTreeMap<usize, Life>> = const { RefCell::new(BTreeMap::new()) };
}

/// Forgets the execution before.
pub fn begin() {
    LIVES.take();
}

/// Takes over a block that was just allocated.
pub fn allocated(address: usize, layout: Layout, at: &'static Location<'static>) {
    probe::allocated(address, layout, at);
    let life = Life { size: layout.size(), cell: Rc::new(UnsafeCell::new(())) };
    LIVES.with_borrow_mut(|lives| lives.insert(address, life));
}

/// The cell that stands for the block around `address`.
fn block_around(address: usize) -> Option<Rc<UnsafeCell<()>>> {
    LIVES.with_borrow(|lives| {
        let (start, life) = lives.range(..=address).next_back()?;
        (address < start + life.size).then(|| life.cell.clone())
    })
}

/// Notes an access to `address`; stops the execution if it lies in freed memory.
#[track_caller]
pub fn check_access(address: usize, at: &'static Location<'static>) {
    probe::check_access(address, at);
    if let Some(block) = block_around(address) {
        block.with(|_| ());
    }
}

/// Puts a block into quarantine; stops the execution if an access is unordered with this.
#[track_caller]
pub fn freed(address: usize, at: &'static Location<'static>) {
    check_owned(address, at);
    probe::freeing(true);
    if let Some(block) = block_around(address) {
        block.with_mut(|_| ());
    }
    probe::freeing(false);
    probe::freed(address, at);
}
