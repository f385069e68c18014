//! What a cache hands out must outlive its eviction: count it, or pin it, while the lock is held.
//!
//! Shape: a reader takes an entry out of the cache and uses it without the lock; meanwhile it is
//! evicted. A counted reference keeps the memory. A pin keeps the entry in the cache, if it is
//! counted before the lock is released; counted after, the eviction can come first, and the reader
//! uses memory that is free.
//!
//! Source: Rust std, `Arc`; McKenney, "Is Parallel Programming Hard", ch. 13 (existence).
//! Does not show: that safe Rust refuses the reference without the lock's guard.

use super::rt::boxed::Box;
use super::rt::sync::atomic::{AtomicU32, Ordering::*};
use super::rt::sync::{Arc, Mutex};
use super::rt::thread;

cases! {
    /// The reader's reference keeps the entry after the cache has dropped its own.
    counted: holds() => evict_counted();
    /// Pinned under the lock: the evictor sees it.
    pinned_under_lock: holds() => evict_pinned(true, true);
    /// Pinned a moment too late.
    pinned_after_unlock: fails(UseAfterFree) => evict_pinned(true, false);
    /// The evictor does not look.
    pins_ignored: fails(UseAfterFree) => evict_pinned(false, true);
}

fn evict_counted() {
    let slot = Mutex::new(Some(Arc::new(AtomicU32::new(7))));
    thread::scope(|s| {
        s.spawn(|| {
            let entry = slot.lock().unwrap().clone();
            if let Some(entry) = entry {
                assert_eq!(entry.load(Relaxed), 7); // Relaxed: the lock published it
            }
        });
        s.spawn(|| drop(slot.lock().unwrap().take()));
    });
}

struct Entry {
    value: AtomicU32,
    pins: AtomicU32,
}

/// The cache's pointer to its entry.
struct Slot(*mut Entry);

// SAFETY: it is used under the cache's lock, and by whoever has pinned the entry.
unsafe impl Send for Slot {}

fn evict_pinned(respect_pins: bool, pin_under_lock: bool) {
    let entry = Entry { value: AtomicU32::new(7), pins: AtomicU32::new(0) };
    let cache = Mutex::new(Some(Slot(Box::into_raw(Box::new(entry)))));
    thread::scope(|s| {
        s.spawn(|| {
            let held = cache.lock().unwrap();
            let Some(Slot(entry)) = *held else { return };
            // SAFETY: an evictor that takes the lock after a pin under the lock sees it and leaves
            // the entry; one that comes before the pin, or does not look, frees it.
            let entry = unsafe { &*entry };
            let held = pin_under_lock.then_some(held); // else unlocked here
            entry.pins.fetch_add(1, Relaxed); // Relaxed: the lock orders it before the look
            drop(held);
            assert_eq!(entry.value.load(Relaxed), 7); // Relaxed: the lock published it
            entry.pins.fetch_sub(1, Release); // Release: pairs with the evictor's look
        });
        s.spawn(|| evict(&cache, respect_pins));
    });
    evict(&cache, true);
}

fn evict(cache: &Mutex<Option<Slot>>, respect_pins: bool) {
    let mut slot = cache.lock().unwrap();
    let evicted = slot.take_if(|Slot(entry)| {
        // SAFETY: the entry is still in the cache, and the lock keeps it there.
        let pins = unsafe { &(**entry).pins };
        !respect_pins || pins.load(Acquire) == 0 // Acquire: pairs with the reader's decrement
    });
    if let Some(Slot(entry)) = evicted {
        // SAFETY: it came from `into_raw` and has left the cache; nobody has pinned it.
        drop(unsafe { Box::from_raw(entry) });
    }
}
