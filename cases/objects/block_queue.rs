//! A queue of blocks can do without SeqCst: whoever reads how far the pops are acquires what the pops had read of the pushes.
//!
//! Shape: pushes and pops each have a counter of places, and the block that the next place is in. Who claims
//! the last place of a block sets the next block and raises the counter over a gap, in which others wait. A
//! pop claims a place unless the counters are equal, and waits until it is ready. One that reads a counter of
//! pushes older than its own would wait for a place that nobody fills; each claim releases, and so does the
//! mark of a next block, so it cannot. The source forbids that by SeqCst exchanges and a SeqCst fence.
//!
//! Source: crossbeam, `SegQueue::push` and `pop` (crossbeam-queue 0.3.14).
//! Does not show: how blocks are freed, which is the harder half; larger clients.

use super::rt::cell::UnsafeCell;
use super::rt::hint;
use super::rt::linear::specs::{Fifo, Hold};
use super::rt::linear::{Clients, Object, Role, Size, linearizable};
use super::rt::sync::atomic::{AtomicBool, AtomicUsize, Ordering::*};

cases! {
    /// Two threads with up to two operations each.
    every_client: linearizable() => linearizable::<Queue<NONE>>(&clients());
    /// One thread that puts and two that take, up to five operations: over the end of a block.
    next_block: linearizable() => linearizable::<Queue<NONE>>(&blocks());
    /// A pop claims a place although, as far as it can tell, no push has; and waits for good.
    relaxed_claim: not_linearizable(Livelock).weak() => linearizable::<Queue<CLAIM>>(&clients());
    /// Who reads the counter goes on in the block before.
    relaxed_count: not_linearizable(DataRace).weak() => linearizable::<Queue<COUNT>>(&clients());
    /// The last pop of a block does not know that pushes have passed the gap, and the next one waits for good.
    relaxed_gap: not_linearizable(Livelock).weak() => linearizable::<Queue<GAP>>(&blocks());
    /// The place is marked, and its value is not there.
    relaxed_mark: not_linearizable(DataRace) => linearizable::<Queue<MARK>>(&clients());
}

/// Without a fault, and with one.
const NONE: u8 = 0;
const CLAIM: u8 = 1;
const COUNT: u8 = 2;
const MARK: u8 = 3;
const GAP: u8 = 4;

fn clients() -> Clients<Hold> {
    Clients::new([Role::any([Hold::Put(0), Hold::Take])], Size::new(2, 2)).numbered(Hold::number)
}

/// One thread puts, any others take: the smallest of these that pass a gap have five operations.
fn blocks() -> Clients<Hold> {
    let calls = [Role::one([Hold::Put(0)]), Role::any([Hold::Take])];
    Clients::new(calls, Size::new(3, 2).up_to(5)).numbered(Hold::number)
}

/// Places are numbered, three a block, of which the third is none: the next block is being set.
struct Queue<const FAULT: u8> {
    /// How many places pushes and pops have claimed, in this order, and in which blocks they go on.
    counts: [AtomicUsize; 2],
    blocks: [AtomicUsize; 2],
    values: [UnsafeCell<u8>; 9],
    /// Whether a place has its value; the third of a block, whether there is a next block.
    is_ready: [AtomicBool; 9],
}

impl<const FAULT: u8> Queue<FAULT> {
    /// Claims a place. None for a pop that has come as far as pushes have.
    fn claim(&self, is_pop: bool) -> Option<usize> {
        let won = if FAULT == CLAIM { Relaxed } else { Release };
        let (acquire, release) = if FAULT == GAP { (Relaxed, Relaxed) } else { (Acquire, Release) };
        let [counter, block] = [&self.counts, &self.blocks].map(|of| &of[usize::from(is_pop)]);
        loop {
            // Acquire: pairs with the store below, whose block it is, and with the exchange
            let count = counter.load(if FAULT == COUNT { Relaxed } else { Acquire });
            let place = 3 * block.load(Relaxed) + count % 3; // Relaxed: the count has acquired it
            if count % 3 == 2 {
                hint::spin_loop();
            // Relaxed: the count of pops has acquired how far pushes were
            } else if is_pop && self.counts[0].load(Relaxed) == count {
                return None;
            // Release: pairs with the load above: how far pushes are, to who reads how far pops are
            } else if counter.compare_exchange(count, count + 1, won, Relaxed).is_ok() {
                if count % 3 == 1 {
                    let mark = &self.is_ready[place + 1];
                    // Acquire: pairs with the mark below: the pops know that pushes have passed the gap
                    while is_pop && !mark.load(acquire) {
                        hint::spin_loop();
                    }
                    block.store(place / 3 + 1, Relaxed); // Relaxed: the count publishes it
                    counter.store(count + 2, Release); // Release: pairs with the load of it
                    mark.store(true, release); // Release: pairs with the load of the mark
                }
                return Some(place);
            }
        }
    }
}

impl<const FAULT: u8> Object for Queue<FAULT> {
    type Spec = Fifo;

    fn new() -> Self {
        let [counts, blocks] = [(); 2].map(|()| [0; 2].map(AtomicUsize::new));
        let (values, is_ready) = ([0; 9].map(UnsafeCell::new), [false; 9].map(AtomicBool::new));
        Queue { counts, blocks, values, is_ready }
    }

    fn call(&self, operation: &Hold) -> Option<u8> {
        if let Hold::Put(value) = *operation {
            let place = self.claim(false)?;
            // SAFETY: this push alone has claimed the place, and who reads it waits for the mark; where
            // a count or the mark is Relaxed, this races.
            self.values[place].with_mut(|place| unsafe { *place = value });
            // Release: pairs with the pop's load of the mark
            self.is_ready[place].store(true, if FAULT == MARK { Relaxed } else { Release });
            return None;
        }
        let place = self.claim(true)?;
        // Acquire: pairs with the push's mark
        while !self.is_ready[place].load(Acquire) {
            hint::spin_loop();
        }
        // SAFETY: written before the mark, and claimed by this pop alone; where one is Relaxed, this races.
        Some(self.values[place].with(|place| unsafe { *place }))
    }
}
