//! A refill that races with an invalidation caches the old value for ever, unless a version tells.
//!
//! Shape: one thread refills a cache from its source while another changes the source and then
//! invalidates. The refill may have read before the change and insert after the invalidation. So an
//! invalidation counts a version up; a refill notes the version *before* it reads the source and
//! inserts only if it is still the same, in one step with the comparison. The source must be
//! changed *before* the version. At the end the cache is empty or right.
//!
//! Source: Nishtala et al., NSDI 2013, section 3.2.1 (stale sets and leases).
//! Does not show: the value that a reader gets meanwhile; it may be old, as in any cache.

use super::rt::sync::Mutex;
use super::rt::sync::atomic::{AtomicU32, Ordering::*};
use super::rt::thread;

cases! {
    /// Noted before the read, compared in one step with the insertion.
    version_checked: holds() => race(refill, update);
    /// Nothing tells that the value is old.
    no_version: fails(Assertion) => race(|system| {
        let value = system.read();
        system.cache.lock().unwrap().entry = Some(value);
    }, update);
    /// Noted after the read, the version is the new one and the value the old one.
    noted_too_late: fails(Assertion) => race(|system| {
        let value = system.read();
        let version = system.cache.lock().unwrap().version;
        system.insert(value, version);
    }, update);
    /// Compared under one lock, inserted under the next.
    checked_too_early: fails(Assertion) => race(|system| {
        let version = system.cache.lock().unwrap().version;
        let value = system.read();
        if system.cache.lock().unwrap().version == version {
            system.cache.lock().unwrap().entry = Some(value);
        }
    }, update);
    /// The refill finds the new version and still the old source.
    invalidated_first: fails(Assertion) => race(refill, |system| {
        system.invalidate();
        system.source.store(2, Relaxed); // Relaxed: the flaw is that it comes after
    });
}

struct Cache {
    entry: Option<u32>,
    version: u32,
}

struct System {
    source: AtomicU32,
    cache: Mutex<Cache>,
}

impl System {
    fn read(&self) -> u32 {
        self.source.load(Relaxed) // Relaxed: the cache's lock orders it after a version seen
    }

    fn insert(&self, value: u32, version: u32) {
        let mut cache = self.cache.lock().unwrap();
        if cache.version == version {
            cache.entry = Some(value);
        }
    }

    fn invalidate(&self) {
        let mut cache = self.cache.lock().unwrap();
        *cache = Cache { entry: None, version: cache.version + 1 };
    }
}

fn refill(system: &System) {
    let version = system.cache.lock().unwrap().version;
    let value = system.read();
    system.insert(value, version);
}

fn update(system: &System) {
    system.source.store(2, Relaxed); // Relaxed: the cache's lock orders it before the new version
    system.invalidate();
}

fn race(refill: fn(&System), update: fn(&System)) {
    let cache = Mutex::new(Cache { entry: None, version: 0 });
    let system = System { source: AtomicU32::new(1), cache };
    thread::scope(|s| {
        s.spawn(|| refill(&system));
        s.spawn(|| update(&system));
    });
    let entry = system.cache.lock().unwrap().entry;
    assert_ne!(entry, Some(1), "an old value stays in the cache");
}
