//! Under RC11 two readers may see two independent stores in opposite orders, unless all is SeqCst.
//!
//! Shape: IRIW. Two threads store to a location each; two others load both, in opposite order. With
//! Release and Acquire there is no order between the two stores, and each reader may see its own.
//! All six accesses must be SeqCst: under RC11 a single weaker store or load leaves the pattern
//! possible. By the letter of C++20 the four loads suffice, whatever they read (LWG issue 3941).
//! SeqCst fences between each reader's loads do it too, and then every access may be Relaxed.
//!
//! Source: Boehm and Adve, PLDI 2008 (IRIW); Lahav et al., PLDI 2017 (RC11); ISO C++20
//! [atomics.order] p3 and p4; LWG issue 3941, Boehm, 2023; miri issue 2301 (the letter's answer).
//! Minimal (seq_cst): `agree: first.load` SeqCst, `agree: second.load` SeqCst, `agree: x.store`
//! SeqCst, `agree: y.store` SeqCst (RC11, of Lahav et al., PLDI 2017).
//! Minimal (fences): `fences: fence #1` SeqCst, `fences: fence #2` SeqCst (P0668R5, 2018).
//! Does not show: the disagreement on x86 or Armv8, where a store reaches all other cores at once.

use super::rt::sync::atomic::{AtomicU32, Ordering, Ordering::*, fence};
use super::rt::thread;

cases! {
    /// One order of all six accesses: the readers agree.
    seq_cst: holds()
        .alarms(Loom, SeqCstAsAcqRel)
        => agree([SeqCst; 2], [SeqCst; 2], || {}, || {});
    /// SeqCst loads of a store that is only Release: RC11 puts that store nowhere in the order.
    one_store_release: fails(Assertion).beyond_letter()
        .weak()
        => agree([SeqCst, Release], [SeqCst; 2], || {}, || {});
    /// SeqCst loads of two Relaxed stores.
    stores_relaxed: fails(Assertion).beyond_letter()
        .weak()
        => agree([Relaxed; 2], [SeqCst; 2], || {}, || {});
    /// One reader's loads are only Acquire.
    one_reader_acquire: fails(Assertion)
        .weak()
        => agree([SeqCst; 2], [SeqCst, Acquire], || {}, || {});
    /// Each reader has an order of its own.
    release_acquire: fails(Assertion)
        .weak()
        => agree([Release; 2], [Acquire; 2], || {}, || {});
    /// SeqCst fences in both readers make Relaxed accesses suffice.
    fences: holds() => agree([Relaxed; 2], [Relaxed; 2], || fence(SeqCst), || fence(SeqCst));
    /// A fence in one reader has no fence to be ordered with.
    one_fence: fails(Assertion)
        .weak()
        => agree([SeqCst; 2], [Acquire; 2], || fence(SeqCst), || {});
}

/// An ordering for each store, one for both loads of each reader, and a fence between these.
fn agree(stores: [Ordering; 2], loads: [Ordering; 2], left_fence: fn(), right_fence: fn()) {
    let (x, y) = (AtomicU32::new(0), AtomicU32::new(0));
    let read = |first: &AtomicU32, second: &AtomicU32, load: Ordering, fence: fn()| {
        let seen = first.load(load); // SeqCst: after the store it reads, in the single order
        fence(); // SeqCst: ordered with the other reader's fence
        (seen, second.load(load)) // SeqCst: reading 0, before that location's store
    };
    let seen = thread::scope(|s| {
        let left = s.spawn(|| read(&x, &y, loads[0], left_fence));
        let right = s.spawn(|| read(&y, &x, loads[1], right_fence));
        s.spawn(|| x.store(1, stores[0])); // SeqCst: in one order with the other store
        y.store(1, stores[1]); // SeqCst: in one order with the other store
        (left.join().unwrap(), right.join().unwrap())
    });
    assert!(seen != ((1, 0), (1, 0)), "the readers disagree which store came first");
}
