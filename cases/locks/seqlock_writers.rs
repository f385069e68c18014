//! Several writers of a sequence lock exclude each other by its number, and the step that makes it odd has to acquire.
//!
//! Shape: each of two writers makes the number odd by an exchange from an even one, writes both words, and
//! makes it even again. To a reader nothing is new. But a writer's words have to come after those of the
//! writer before: if the exchange does not acquire, a word of the earlier writer may replace the later
//! one's, under a number that says that all is well. If the number is looked at and made odd in two
//! steps, both write at once.
//!
//! Source: crossbeam, `SeqLock::write` in crossbeam-utils (an Acquire swap takes it); Linux, `seqcount_t` and
//! `seqlock_t` (writers must be serialised, and the second type does it).
//! Does not show: the readers, and the fence that they need of a writer, see `seqlock`.

use super::rt::hint;
use super::rt::sync::atomic::{AtomicU32, Ordering, Ordering::*};
use super::rt::thread;

cases! {
    /// The weakest orderings that hold.
    sound: holds() => write_beside_write(|number| take(number, Acquire), Release);
    /// A writer's words may be placed before those of the writer whose number it has found.
    relaxed_take: fails(Assertion).weak() => write_beside_write(|number| take(number, Relaxed), Release);
    /// The next writer finds the even number, and not the words before it.
    relaxed_finish: fails(Assertion).weak() => write_beside_write(|number| take(number, Acquire), Relaxed);
    /// Both writers see the even number, and then make it odd.
    two_steps: fails(Assertion) => write_beside_write(|number| {
        let mut seen = number.load(Acquire); // Acquire: no ordering makes two steps one
        while !seen.is_multiple_of(2) {
            hint::spin_loop();
            seen = number.load(Acquire); // Acquire: as above
        }
        number.store(seen + 1, Relaxed); // Relaxed: as above
        seen
    }, Release);
}

/// Makes the number odd, and gives the even one back.
fn take(number: &AtomicU32, order: Ordering) -> u32 {
    loop {
        let seen = number.load(Relaxed); // Relaxed: checked by the exchange
        // Acquire: pairs with the other writer's last store; Relaxed leaves its words unordered with these
        if seen.is_multiple_of(2) && number.compare_exchange(seen, seen + 1, order, Relaxed).is_ok()
        {
            return seen;
        }
        hint::spin_loop();
    }
}

fn write_beside_write(take: fn(&AtomicU32) -> u32, finish: Ordering) {
    let [number, left, right] = [0; 3].map(AtomicU32::new);
    let (number, words) = (&number, [&left, &right]);
    thread::scope(|s| {
        for mine in [1, 2] {
            s.spawn(move || {
                let even = take(number);
                // Relaxed: the number orders them
                words.into_iter().for_each(|word| word.store(mine, Relaxed));
                number.store(even + 2, finish); // Release: pairs with the exchange that finds it
            });
        }
    });
    // Relaxed: the threads are joined
    assert_eq!(left.load(Relaxed), right.load(Relaxed), "half of one writer and half of the other");
}
