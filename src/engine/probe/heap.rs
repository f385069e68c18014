//! The quarantined heap of an execution: use after free, double free and leaks become findings.
//!
//! Freed memory is kept until the execution ends, so an address never names two objects and a stale
//! access is caught before it can do harm.

use std::alloc::Layout;
use std::collections::BTreeMap;
use std::panic::Location;

use casebook_core::verdict::{Kind, Site};

use super::{Spot, fail, with};

struct Block {
    layout: Layout,
    allocated: Spot,
    freed: Option<Spot>,
}

#[derive(Default)]
pub(super) struct Heap {
    blocks: BTreeMap<usize, Block>,
    any_freed: bool,
}

impl Heap {
    /// Gives all memory back; nothing of the execution may run any more.
    pub(super) fn reset(&mut self) {
        self.any_freed = false;
        for (address, block) in std::mem::take(&mut self.blocks) {
            if block.layout.size() > 0 {
                // SAFETY: `allocated` registered the address with the layout it was allocated with,
                // and only this function deallocates what is registered.
                unsafe { std::alloc::dealloc(address as *mut u8, block.layout) };
            }
        }
    }

    pub(super) fn leak(&self) -> Option<String> {
        let block = self.blocks.values().find(|block| block.freed.is_none())?;
        let at = Site::from(block.allocated);
        Some(format!("what was allocated {} is never freed", at.phrase()))
    }

    fn freed_around(&self, address: usize) -> Option<&Block> {
        let (start, block) = self.blocks.range(..=address).next_back()?;
        (address < start + block.layout.size().max(1) && block.freed.is_some()).then_some(block)
    }
}

/// Takes over a block that was just allocated from the global allocator with `layout`.
pub fn allocated(address: usize, layout: Layout, at: &'static Location<'static>) {
    with(|probe| {
        let allocated = probe.spot(at);
        probe.heap.blocks.insert(address, Block { layout, allocated, freed: None });
    });
}

/// Stops the execution if the block at `address` has been freed before, or never existed.
#[track_caller]
pub fn check_owned(address: usize, at: &'static Location<'static>) {
    let complaint = with(|probe| match probe.heap.blocks.get(&address) {
        None => Some("memory that no `Box` owns is freed".to_string()),
        Some(Block { freed: Some(first), .. }) => {
            let (first, again) = (Site::from(*first), Site::from(probe.spot(at)));
            Some(format!("freed {} and again {}", first.phrase(), again.phrase()))
        }
        Some(_) => None,
    });
    if let Some(message) = complaint {
        fail(Kind::DoubleFree, message);
    }
}

/// Puts a block into quarantine; freeing it twice, or what was never allocated, stops the execution.
#[track_caller]
pub fn freed(address: usize, at: &'static Location<'static>) {
    check_owned(address, at);
    with(|probe| {
        probe.heap.any_freed = true;
        let at = probe.spot(at);
        if let Some(block) = probe.heap.blocks.get_mut(&address) {
            block.freed = Some(at);
        }
    });
}

/// Stops the execution if `address` lies in freed memory.
#[track_caller]
pub fn check_access(address: usize, at: &'static Location<'static>) {
    let freed = with(|probe| {
        let heap = &probe.heap;
        if !heap.any_freed {
            return None;
        }
        let freed = heap.freed_around(address).and_then(|block| block.freed)?;
        Some((Site::from(probe.spot(at)), Site::from(freed)))
    });
    if let Some((at, freed)) = freed {
        let (at, freed) = (at.phrase(), freed.phrase());
        fail(Kind::UseAfterFree, format!("used {at} after it was freed {freed}"));
    }
}
