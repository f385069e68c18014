//! A case that fails beyond the letter of C++20 alone, and one that fails within it as well.

use super::rt::sync::atomic::{AtomicU32, Ordering::*};
use super::rt::thread;

cases! {
    /// The letter forbids the only execution that fails.
    beyond: fails(Assertion).beyond_letter().weak()
        => assert_ne!(conclude(), ((1, 0), 0));
    /// The same one fails first, and another one that the letter allows.
    within_too: fails(Assertion)
        => assert!(![((1, 0), 0), ((0, 0), 0)].contains(&conclude()));
}

/// Who sees x and who misses it disagree about y.
fn conclude() -> ((u32, u32), u32) {
    let (x, y) = (AtomicU32::new(0), AtomicU32::new(0));
    thread::scope(|s| {
        s.spawn(|| x.store(1, Relaxed));
        let middle = s.spawn(|| (x.load(SeqCst), y.load(SeqCst)));
        let last = s.spawn(|| {
            y.store(1, SeqCst);
            x.load(SeqCst)
        });
        (middle.join().unwrap(), last.join().unwrap())
    })
}
