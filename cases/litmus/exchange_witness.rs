//! What a compare-exchange failed against is what it returns; what is there afterwards may be what it had hoped for.
//!
//! Shape: two threads store 0 and 1 while a third tries to exchange 0 for 1. If it fails, and then loads
//! to see why, it may find the 0 that it had expected: as if the exchange had failed without a cause.
//! The value that the failed exchange gives back is the one that it met, and never the expected one. In a
//! lock for readers and a writer the witness says by whom one was refused, and a second look may say by
//! somebody else, or by nobody.
//!
//! Source: jcstress, RMW_10_FailureWitness, RMW_11_FailureWitnessRWL and RMW_12_FailureWitnessLoops (the
//! same in Java); ISO C++20 [atomics.types.operations] p23.
//! Does not show: a weak exchange, which may fail against the expected value: `weak_compare_exchange`;
//! loops, see `compare_exchange_counter`.

use super::rt::sync::atomic::{AtomicU32, Ordering::Relaxed};
use super::rt::thread;

cases! {
    /// After the failure a load.
    looked_again: observes()
        .required([(true, 0), (true, 1), (false, 1)])
        .interesting((false, 0), "the 0 came between the exchange and the load")
        => exchange_beside_stores(|x| {
            // Relaxed: there is one location
            let won = x.compare_exchange(0, 1, Relaxed, Relaxed).is_ok();
            (won, x.load(Relaxed)) // Relaxed: there is one location
        });
    /// The value that the exchange gives back.
    witness: observes()
        .required([(true, 0), (false, 1)])
        .forbidden((false, 0), "it fails only against what is not expected")
        // Relaxed: there is one location
        => exchange_beside_stores(|x| match x.compare_exchange(0, 1, Relaxed, Relaxed) {
            Ok(was) => (true, was),
            Err(was) => (false, was),
        });
    /// Refused by a writer, and told that nobody was there.
    refused_by_nobody: fails(Assertion) => lock_beside_writer(|lock| {
        // Relaxed: nothing is protected here
        lock.compare_exchange(FREE, READER, Relaxed, Relaxed).map_err(|_| lock.load(Relaxed))
    });
    /// The same, told by the exchange.
    refused_by_writer: holds()
        // Relaxed: nothing is protected here
        => lock_beside_writer(|lock| lock.compare_exchange(FREE, READER, Relaxed, Relaxed));
}

const FREE: u32 = 0;
const READER: u32 = 1;
const WRITER: u32 = 2;

fn exchange_beside_stores(exchange: fn(&AtomicU32) -> (bool, u32)) -> (bool, u32) {
    let x = AtomicU32::new(0);
    thread::scope(|s| {
        s.spawn(|| x.store(0, Relaxed)); // Relaxed: there is one location
        s.spawn(|| x.store(1, Relaxed)); // Relaxed: there is one location
        s.spawn(|| exchange(&x)).join().unwrap()
    })
}

fn lock_beside_writer(lock_shared: fn(&AtomicU32) -> Result<u32, u32>) {
    let lock = AtomicU32::new(WRITER);
    thread::scope(|s| {
        s.spawn(|| lock.store(FREE, Relaxed)); // Relaxed: nothing is protected here
        s.spawn(|| {
            if let Err(owner) = lock_shared(&lock) {
                assert_eq!(owner, WRITER, "refused, and nobody holds it");
            }
        });
    });
}
