//! A critical section orders what is in it for those who take the same lock; it is no fence, and an empty one even less.
//!
//! Shape: in the first program a writer stores x, passes through a lock, and stores y; a reader loads y,
//! passes through a lock, and loads x. If each has a lock of its own the reader may see y and not x. In
//! the second, each stores and then looks at the other's store, as in store buffering. With one lock for
//! both, one passes first, and the second sees what was before that: the empty section orders. A
//! compiler may leave out the lock that nobody else takes, or make one section of two.
//!
//! Source: jcstress, AdvancedJMM_14_SynchronizedAreNotFences and AdvancedJMM_01_SynchronizedBarriers
//! (the same in Java); ISO C++20 [intro.races] p6.
//! Does not show: that processors order more; a lock of one's own is a fence on x86-64.

use super::rt::sync::Mutex;
use super::rt::sync::atomic::{AtomicU32, Ordering::Relaxed};
use super::rt::thread;

cases! {
    /// Each passes through a lock that nobody else takes.
    own_locks: observes()
        .required([(0, 0), (0, 1), (1, 1)])
        .interesting((1, 0), "no section of the writer's comes before one of the reader's")
        .weak([(1, 0)])
        // Relaxed: whether the empty section orders the two stores is the question
        => pass(|x, locks| { x[0].store(1, Relaxed); empty(&locks[0]); x[1].store(1, Relaxed) });
    /// The stores are in two sections, and the reader takes another lock.
    stores_inside: observes()
        .required([(0, 0), (0, 1), (1, 1)])
        .interesting((1, 0), "sections of a lock are in order for those who take it, and nobody else does")
        .weak([(1, 0)])
        => pass(|x, locks| x.iter().for_each(|x| {
            let _held = locks[0].lock().unwrap();
            x.store(1, Relaxed); // Relaxed: the lock orders it for who takes the lock
        }));
    /// The writer passes through the reader's lock.
    one_lock: observes()
        .required([(0, 0), (0, 1), (1, 1)])
        .forbidden((1, 0), "who passes second has x, and a reader that passed first had looked at y before it was stored")
        => pass(|x, locks| { x[0].store(1, Relaxed); empty(&locks[1]); x[1].store(1, Relaxed) });
    /// Store buffering, each with a lock of its own.
    buffered_own_locks: observes()
        .required([(0, 1), (1, 0), (1, 1)])
        .interesting((0, 0), "nobody else takes either lock")
        .weak([(0, 0)])
        => store_and_look(|thread| thread);
    /// Store buffering, with one lock for both: who passes second sees what was before the first.
    buffered_one_lock: observes()
        .required([(0, 1), (1, 0), (1, 1)])
        .forbidden((0, 0), "the second section comes after the first, and so do the loads behind it")
        => store_and_look(|_| 0);
}

/// Passes through a lock.
fn empty(lock: &Mutex<()>) {
    drop(lock.lock().unwrap());
}

/// `write` stores both, the reader looks at the second, passes through its lock, and looks at the first.
fn pass(write: fn(&[AtomicU32; 2], &[Mutex<()>; 2])) -> (u32, u32) {
    let (x, locks) = ([0; 2].map(AtomicU32::new), [(); 2].map(Mutex::new));
    thread::scope(|s| {
        s.spawn(|| write(&x, &locks)); // Relaxed: as the claim is about the locks
        let reader = s.spawn(|| {
            let last = x[1].load(Relaxed); // Relaxed: as the claim is about the locks
            empty(&locks[1]);
            (last, x[0].load(Relaxed)) // Relaxed: as above
        });
        reader.join().unwrap()
    })
}

/// Which lock a thread passes through.
fn store_and_look(lock: fn(usize) -> usize) -> (u32, u32) {
    let (x, locks) = ([0; 2].map(AtomicU32::new), [(); 2].map(Mutex::new));
    thread::scope(|s| {
        let (x, locks) = (&x, &locks);
        let [left, right] = [0, 1].map(|me| {
            s.spawn(move || {
                x[me].store(1, Relaxed); // Relaxed: as the claim is about the locks
                empty(&locks[lock(me)]);
                x[1 - me].load(Relaxed) // Relaxed: as above
            })
        });
        (left.join().unwrap(), right.join().unwrap())
    })
}
