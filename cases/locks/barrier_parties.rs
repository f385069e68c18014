//! A barrier opens when everybody it was made for has come: one too many parties is a deadlock.
//!
//! Shape: two threads write their own cells, meet at a barrier, and read the other's. A barrier for
//! three waits for ever; without one the reads race with the writes. Exactly one thread of each
//! meeting is told that it is the leader.
//!
//! Source: `std::sync::Barrier` documentation.
//! Does not show: the orderings inside a barrier; `spin_barrier` does.

use super::rt::cell::UnsafeCell;
use super::rt::sync::Barrier;
use super::rt::thread;

cases! {
    /// After the barrier each sees what the other wrote, and one of them leads.
    everybody_comes: holds() => meet(Some(2));
    /// The third party never comes.
    one_too_many: fails(Deadlock) => meet(Some(3));
    /// Nothing separates the reads from the writes.
    no_barrier: fails(DataRace) => meet(None);
}

fn meet(parties: Option<usize>) {
    let barrier = parties.map(Barrier::new);
    let cells = [0; 2].map(UnsafeCell::new);
    let work = &|me: usize| {
        // SAFETY: until the barrier opens this cell is this thread's alone; without one the other
        // thread may be reading it.
        cells[me].with_mut(|c| unsafe { *c = 1 });
        let leads = barrier.as_ref().map(|barrier| barrier.wait().is_leader());
        // SAFETY: the barrier opens after both writes, and no other follows; without one nothing
        // puts the other's write before this read.
        (leads, cells[1 - me].with(|c| unsafe { *c }))
    };
    thread::scope(|s| {
        let [left, right] = [0, 1].map(|me| s.spawn(move || work(me)));
        let [(left_leads, left), (right_leads, right)] = [left, right].map(|t| t.join().unwrap());
        assert_eq!((left, right), (1, 1), "each sees what the other wrote");
        assert_ne!(left_leads, right_leads, "one of them leads");
    });
}
