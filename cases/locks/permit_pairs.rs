//! Taking two permits one after the other deadlocks when everybody holds one and wants another.
//!
//! Shape: two threads need two of two permits each. One by one they may end with one each, and wait
//! for ever. Asking for the second only if it is free, or serialising who asks, avoids it. A permit
//! that is forgotten is never given back, and the next who needs it waits for ever.
//!
//! Source: Coffman, Elphick and Shoshani, Computing Surveys 3(2), 1971 (hold and wait).
//! Does not show: an acquisition of several permits at once, which other libraries offer.

use super::rt::sync::{Mutex, Semaphore};
use super::rt::thread;

cases! {
    /// Each holds one permit and waits for the other's.
    one_by_one: fails(Deadlock) => by_two(one_by_one);
    /// Only one at a time gathers its permits.
    one_gatherer: holds() => by_two(one_gatherer);
    /// The second thread waits for a permit that nobody has.
    forgotten: fails(Deadlock) => by_two(forget);
}

fn by_two(work: fn(&Semaphore, &Mutex<()>)) {
    let (permits, gathering) = (Semaphore::new(2), Mutex::new(()));
    thread::scope(|s| {
        s.spawn(|| work(&permits, &gathering));
        s.spawn(|| work(&permits, &gathering));
    });
    assert_eq!(permits.available_permits(), 2, "every permit is given back");
}

fn one_by_one(permits: &Semaphore, _: &Mutex<()>) {
    let _first = permits.acquire();
    let _second = permits.acquire();
}

fn one_gatherer(permits: &Semaphore, gathering: &Mutex<()>) {
    let gathers = gathering.lock().unwrap();
    let _first = permits.acquire();
    let _second = permits.acquire();
    drop(gathers);
}

fn forget(permits: &Semaphore, gathering: &Mutex<()>) {
    let gathers = gathering.lock().unwrap();
    let _first = permits.acquire();
    permits.acquire().forget();
    drop(gathers);
}
