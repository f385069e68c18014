//! A weak compare-exchange may fail although it finds what it expects: it belongs in a loop.
//!
//! Shape: one thread, one attempt, no contention. On machines that build a compare-exchange from
//! load-linked and store-conditional the store can fail for reasons outside the program, such as an
//! interrupt; the strong form retries inside, the weak one reports a failure with the expected
//! value. Who tries once must use the strong form; who loops anyway may use the weak one.
//!
//! Source: ISO C++20 [atomics.types.operations] p27; std docs,
//! `AtomicU32::compare_exchange_weak`.
//! Does not show: how often; x86 has no spurious failure at all.

use super::rt::hint;
use super::rt::sync::atomic::{AtomicU32, Ordering::Relaxed};
use super::rt::thread;

cases! {
    /// The only attempt can fail for no visible reason.
    weak: observes()
        .required([Ok::<u32, u32>(0)])
        .interesting(Err::<u32, u32>(0), "a spurious failure returns the very value it expected")
        .misses(Loom, [Err::<u32, u32>(0)], NothingSpurious)
        .misses(Shuttle, [Err::<u32, u32>(0)], NothingSpurious)
        => attempt(|count| count.compare_exchange_weak(0, 1, Relaxed, Relaxed)); // Relaxed: it publishes nothing
    /// The strong form fails only on another value.
    strong: observes()
        .required([Ok::<u32, u32>(0)])
        .forbidden(Err::<u32, u32>(0), "nobody else writes")
        => attempt(|count| count.compare_exchange(0, 1, Relaxed, Relaxed)); // Relaxed: it publishes nothing
    /// An initialiser that takes one failure to mean "somebody else has done it" leaves it undone.
    weak_once: fails(Assertion)
        .misses(Loom, NothingSpurious)
        .misses(Shuttle, NothingSpurious)
        => claimed(|owner| { owner.compare_exchange_weak(0, 1, Relaxed, Relaxed).is_ok() }); // Relaxed: it publishes nothing
    /// Trying twice is not enough either: any number of attempts may fail without a cause.
    weak_twice: fails(Assertion)
        .misses(Loom, NothingSpurious)
        .misses(Shuttle, NothingSpurious)
        .misses(Rc11, SpuriousOnce)
        => claimed(|owner| {
            let mut attempts = (0..2).map(|_| owner.compare_exchange_weak(0, 1, Relaxed, Relaxed)); // Relaxed: it publishes nothing
            attempts.any(|attempt| attempt != Err(0))
        });
    /// With the strong form one of two claimants always wins.
    strong_once: holds()
        => claimed(|owner| { owner.compare_exchange(0, 1, Relaxed, Relaxed).is_ok() }); // Relaxed: it publishes nothing
    /// With the weak form in a loop that looks at the value, too.
    weak_loop: holds() => claimed(|owner| {
        while let Err(0) = owner.compare_exchange_weak(0, 1, Relaxed, Relaxed) { // Relaxed: as above
            hint::spin_loop();
        }
        true
    });
}

fn attempt(exchange: fn(&AtomicU32) -> Result<u32, u32>) -> Result<u32, u32> {
    let count = AtomicU32::new(0);
    thread::scope(|s| s.spawn(|| exchange(&count)).join().unwrap()) // Relaxed: nothing is published
}

fn claimed(claim: fn(&AtomicU32) -> bool) {
    let owner = AtomicU32::new(0);
    thread::scope(|s| {
        for _ in 0..2 {
            s.spawn(|| claim(&owner)); // Relaxed: only the exchange itself matters
        }
    });
    // Relaxed: the scope's joins order both threads before this load.
    assert_eq!(owner.load(Relaxed), 1, "nobody has claimed it");
}
