//! Accesses of plain memory.

use rc11::cell::UnsafeCell;

use super::*;

struct Shared {
    flag: AtomicBool,
    value: UnsafeCell<u32>,
}

// SAFETY: whether accesses are ordered is what the tests are about.
unsafe impl Sync for Shared {}

/// An access lasts as long as its closure: what is done in there after a release races with who acquires it.
#[test]
fn an_access_lasts_as_long_as_its_closure() {
    let found = |first: fn(&Shared), second: fn(&Shared)| {
        let report = Checker::new().check(move || {
            let value = UnsafeCell::new(0);
            let shared = Arc::new(Shared { flag: AtomicBool::new(false), value });
            let other = shared.clone();
            let thread = thread::spawn(move || first(&other));
            if shared.flag.load(Acquire) {
                second(&shared);
            }
            thread.join().unwrap();
        });
        report.failure().map(|f| f.kind)
    };
    let write = |shared: &Shared| {
        shared.value.with_mut(|value| {
            shared.flag.store(true, Release);
            // SAFETY: as above.
            unsafe { *value = 1 }
        })
    };
    let read = |shared: &Shared| {
        _ = shared.value.with(|value| {
            shared.flag.store(true, Release);
            // SAFETY: as above.
            unsafe { *value }
        })
    };
    assert_eq!(found(write, read), Some(FailureKind::DataRace));
    assert_eq!(found(read, write), Some(FailureKind::DataRace));
    assert_eq!(found(read, read), None);
}
