//! Who finds its debt paid by another owns a share, and under RC11 need acquire nothing to give that up: the count itself is in order.
//!
//! Shape: a reader borrows a value by noting a debt, without counting. A writer takes the value away:
//! it counts one for the reader, strikes out the debt by an exchange, and drops its own share. A reader
//! that cannot strike out its debt finds it paid: it has a share now, and drops that. The failed
//! exchange was Relaxed, and a report took that for the cause of a use after free: the reader might count
//! down before the writer has counted up. Under RC11 it cannot: the payment was made before it was seen,
//! and both are exchanges of one counter. What could be otherwise is load buffering, so Acquire stands
//! there now. The use after free had another cause: `arc_swap_debt`.
//!
//! Source: arc-swap pull request 195, 2026 (`Debt::pay`).
//! Does not show: how a debt is found; a failed exchange that leads to data, see `parking_lot_lost_init`.

use super::rt::boxed::Box;
use super::rt::sync::atomic::{AtomicBool, AtomicUsize, Ordering, Ordering::*, fence};
use super::rt::thread;

cases! {
    /// As it was: no execution of RC11 fails.
    relaxed_failure: holds()
        .exposed()
        .slack("give_back_beside_payment: debt.compare_exchange #2", "Relaxed", "as published")
        .slack(
            "give_back_beside_payment: debt.compare_exchange (failure) #2",
            "Relaxed",
            "as published; the fence of the last one acquires as well",
        )
        => give_back_beside_payment(Relaxed, true);
    /// As it is now, out of reach of load buffering as well.
    acquire_failure: holds()
        .slack(
            "give_back_beside_payment: debt.compare_exchange (failure) #1",
            "Relaxed",
            "as published: against load buffering",
        )
        => give_back_beside_payment(Acquire, true);
    /// Struck out first, and then counted: no ordering helps.
    paid_later: fails(UseAfterFree) => give_back_beside_payment(Acquire, false);
}

fn give_back_beside_payment(failure: Ordering, counts_first: bool) {
    let (debt, value) = (AtomicBool::new(true), Box::into_raw(Box::new(AtomicUsize::new(1))));
    let address = value.expose_provenance();
    let value = || std::ptr::with_exposed_provenance_mut::<AtomicUsize>(address);
    // SAFETY: who counts or drops has a share, and the last one frees. The writer has its own, and the
    // reader's was counted before its debt was struck out; `paid_later` breaks that.
    let count = || unsafe { &*value() };
    let drop_share = || {
        // Release: pairs with the last one's fence
        if count().fetch_sub(1, Release) == 1 {
            fence(Acquire); // Acquire: pairs with the other one's decrement
            // SAFETY: it was the last share, so nobody else counts any more.
            drop(unsafe { Box::from_raw(value()) });
        }
    };
    thread::scope(|s| {
        s.spawn(|| {
            assert!(count().load(Relaxed) > 0); // the use; Relaxed: whatever is counted
            // Release: pairs with the writer's exchange, if it fails: the use is over. Acquire: as above
            if debt.compare_exchange(true, false, Release, failure).is_err() {
                drop_share();
            }
        });
        s.spawn(|| {
            let pay = || count().fetch_add(1, Relaxed); // Relaxed: what follows it is no earlier
            if counts_first {
                pay();
            }
            // Release: pairs with the reader's failure. Acquire: pairs with its success
            let is_paid = debt.compare_exchange(true, false, Release, Acquire).is_ok();
            if !counts_first && is_paid {
                pay();
            } else if counts_first && !is_paid {
                drop_share();
            }
            drop_share();
        });
    });
}
