//! loom's interface does what loom's does, and where it is documented to differ it differs.

use std::cell::Cell;
use std::panic::catch_unwind;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize as Seen, Ordering};

use loom::cell::UnsafeCell;
use loom::sync::atomic::{AtomicBool, AtomicUsize, Ordering::*, fence};
use loom::sync::{Arc, Barrier, Condvar, Mutex, Notify, mpsc};
use loom::{alloc::Track, future, model, thread};
use models::{executions, failure, outcomes};

mod models;

#[test]
fn seq_cst_is_sequentially_consistent() {
    let seen = outcomes(|| {
        let (x, y) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let (x2, y2) = (x.clone(), y.clone());
        let other = thread::spawn(move || {
            x2.store(1, SeqCst);
            y2.load(SeqCst)
        });
        y.store(1, SeqCst);
        let mine = x.load(SeqCst);
        (mine, other.join().unwrap())
    });
    assert_eq!(seen, [(0, 1), (1, 0), (1, 1)].into());
}

/// loom stops at five threads in all.
#[test]
fn there_may_be_more_than_five_threads() {
    model(|| {
        // Who drops its reference last is no matter here.
        let count = std::sync::Arc::new(AtomicUsize::new(0));
        let add = |_| {
            let count = count.clone();
            thread::spawn(move || count.fetch_add(1, Relaxed))
        };
        let threads: Vec<_> = (0..6).map(add).collect();
        threads.into_iter().for_each(|thread| drop(thread.join()));
        assert_eq!(count.load(Relaxed), 6);
    });
}

#[test]
fn messages_begin_as_those_of_loom() {
    let race = failure(|| {
        let cell = Arc::new(UnsafeCell::new(0));
        let shared = cell.clone();
        // SAFETY: there is none: the race is to be found.
        thread::spawn(move || shared.with_mut(|place| unsafe { *place = 1 }));
        // SAFETY: as above.
        cell.with(|place| unsafe { *place });
    });
    assert!(race.starts_with("Causality violation: Concurrent"), "{race}");
    let deadlock = failure(|| {
        let lock = Mutex::new(());
        let _first = lock.lock().unwrap();
        let _second = lock.lock().unwrap();
    });
    assert!(deadlock.starts_with("deadlock; "), "{deadlock}");
    assert!(failure(|| assert_eq!(1, 2, "so it is")).contains("so it is"));
}

/// A guard of a cell is an access until it is dropped, also if the cell is moved meanwhile.
#[test]
fn a_guard_of_a_cell_lasts() {
    fn raced<G: 'static>(keep: fn(&UnsafeCell<u32>) -> G, touch: fn(&UnsafeCell<u32>)) {
        let race = failure(move || {
            let cell = Arc::new(UnsafeCell::new(0));
            let ready = Arc::new(AtomicBool::new(false));
            let (shared, is_ready) = (cell.clone(), ready.clone());
            thread::spawn(move || {
                if is_ready.load(Acquire) {
                    touch(&shared);
                }
            });
            let guard = keep(&cell);
            ready.store(true, Release);
            drop(guard);
        });
        assert!(race.starts_with("Causality violation"), "{race}");
    }
    raced(UnsafeCell::get, |cell| cell.with_mut(|_| ()));
    raced(UnsafeCell::get_mut, |cell| cell.with(|_| ()));
    model(|| {
        let cell = UnsafeCell::new(1);
        let guard = cell.get_mut();
        let moved = Box::new(cell);
        drop(guard);
        assert_eq!(moved.into_inner(), 1);
    });
}

#[test]
fn references_are_counted_in_the_model() {
    model(|| {
        let mut shared = Arc::new(UnsafeCell::new(0));
        let other = shared.clone();
        // SAFETY: nobody else looks before the reference is dropped.
        let write = move || other.with_mut(|place| unsafe { *place = 1 });
        let thread = thread::spawn(write);
        // Whoever finds the other reference gone comes after what was done with it.
        if let Some(cell) = Arc::get_mut(&mut shared) {
            // SAFETY: as above.
            assert_eq!(cell.with(|place| unsafe { *place }), 1);
        }
        thread.join().unwrap();
        assert_eq!(Arc::try_unwrap(shared).expect("it is alone").into_inner(), 1);
    });
    let leak = failure(|| std::mem::forget(Arc::new(1)));
    assert!(leak.contains("Arc leaked"), "{leak}");
    model(|| {
        let raw = Arc::into_raw(Arc::new(7));
        // SAFETY: the pointer is owed once, and then twice.
        unsafe {
            Arc::increment_strong_count(raw);
            drop(Arc::from_raw(raw));
            assert_eq!(*Arc::from_raw(raw), 7);
        }
    });
    let lost = failure(|| _ = Arc::into_raw(Arc::new(7)));
    assert!(lost.contains("Arc leaked"), "{lost}");
}

/// A value whose destructor uses a thread local.
struct Looks;

impl Drop for Looks {
    fn drop(&mut self) {
        MINE.with(Cell::get);
    }
}

/// A value whose destructor looks at what it destroys, and drops a reference to something else.
struct LooksAtItself(Arc<AtomicUsize>);

impl Drop for LooksAtItself {
    fn drop(&mut self) {
        self.0.load(Relaxed);
    }
}

/// Whoever drops the last reference drops the value, and no other order of drops is told apart. Who that is does not matter to a value
/// without a destructor, nor to one whose destructor touches nothing else.
#[test]
fn each_may_drop_the_last_reference() {
    fn dropped<T: 'static>(n: usize, value: fn() -> T) -> usize {
        executions(move || {
            let shared = Arc::new(value());
            let others: Vec<_> = (1..n).map(|_| shared.clone()).collect();
            others.into_iter().for_each(|other| drop(thread::spawn(move || drop(other))));
            drop(shared);
        })
    }
    let looks = || LooksAtItself(Arc::new(AtomicUsize::new(0)));
    for n in 1..=4 {
        assert_eq!((dropped(n, looks), dropped(n, || ())), (1, 1));
        // Where it is told apart the search begins again, and the first body has ended as well.
        assert_eq!(dropped(n, || Looks), n + 1);
    }
}

/// Whoever asks whether a reference is the only one may see each drop, or not yet.
#[test]
fn whether_a_reference_is_the_only_one_is_explored() {
    let seen = outcomes(|| {
        let mut shared = Arc::new(UnsafeCell::new(0));
        let other = shared.clone();
        // SAFETY: nobody else accesses it until this reference is dropped.
        let thread = thread::spawn(move || other.with_mut(|it| unsafe { *it = 1 }));
        if let Some(only) = Arc::get_mut(&mut shared) {
            // What the other wrote happens before.
            // SAFETY: there is no other reference.
            only.with(|it| assert_eq!(unsafe { *it }, 1));
        }
        let alone = Arc::get_mut(&mut shared).is_some();
        thread.join().unwrap();
        assert!(Arc::get_mut(&mut shared).is_some());
        alone
    });
    assert_eq!(seen, [false, true].into());
}

/// Whoever looks at the count makes clones operations: all counts are seen.
#[test]
fn the_count_of_references_is_explored() {
    let seen = outcomes(|| {
        let shared = Arc::new(());
        let other = shared.clone();
        let thread = thread::spawn(move || drop(other.clone()));
        let count = Arc::strong_count(&shared);
        thread.join().unwrap();
        assert_eq!(Arc::strong_count(&shared), 1);
        count
    });
    assert_eq!(seen, [1, 2, 3].into());
}

loom::thread_local! {
    static MINE: Cell<u32> = Cell::new(1);
    static LEAVES: Leaves = Leaves;
}

static LEFT: Seen = Seen::new(0);

struct Leaves;

impl Drop for Leaves {
    fn drop(&mut self) {
        LEFT.fetch_add(1, Ordering::Relaxed);
    }
}

#[test]
fn each_thread_has_its_own_and_drops_it() {
    model(|| {
        MINE.with(|mine| mine.set(2));
        let before = LEFT.load(Ordering::Relaxed);
        let other = thread::spawn(|| {
            LEAVES.with(|_| ());
            MINE.with(Cell::get)
        });
        assert_eq!(other.join().unwrap(), 1);
        assert_eq!(LEFT.load(Ordering::Relaxed), before + 1, "its value goes with the thread");
        assert_eq!(MINE.with(Cell::get), 2);
    });
}

loom::lazy_static! {
    static ref SHARED: AtomicUsize = AtomicUsize::new(5);
}

#[test]
fn a_lazy_static_is_made_once_an_execution() {
    let found = executions(|| {
        let other = thread::spawn(|| SHARED.fetch_add(1, Relaxed));
        let mine = SHARED.fetch_add(1, Relaxed);
        assert_eq!(mine + other.join().unwrap(), 11);
    });
    assert!(found >= 2, "who comes first makes a difference, {found}");
}

/// A flag that another thread sets and tells of.
fn signalled() -> Arc<(Mutex<bool>, Condvar)> {
    let pair = Arc::new((Mutex::new(false), Condvar::new()));
    let other = pair.clone();
    thread::spawn(move || {
        *other.0.lock().unwrap() = true;
        other.1.notify_one();
    });
    pair
}

#[test]
fn waiting_ends_with_what_is_waited_for() {
    model(|| {
        let (notify, cell) = (Arc::new(Notify::new()), Arc::new(UnsafeCell::new(0)));
        let (token, place) = (notify.clone(), cell.clone());
        let other = thread::spawn(move || {
            // SAFETY: the reader waits for the notification.
            place.with_mut(|place| unsafe { *place = 1 });
            token.notify();
        });
        notify.wait();
        // SAFETY: as above.
        assert_eq!(cell.with(|place| unsafe { *place }), 1);
        other.join().unwrap();
    });
    model(|| {
        let pair = signalled();
        let mut ready = pair.0.lock().unwrap();
        while !*ready {
            ready = pair.1.wait(ready).unwrap();
        }
    });
    model(|| {
        let barrier = Arc::new(Barrier::new(2));
        let other = barrier.clone();
        let thread = thread::spawn(move || other.wait().is_leader());
        assert_ne!(barrier.wait().is_leader(), thread.join().unwrap(), "one of them leads");
    });
}

/// As under loom, a wait ends for a cause only.
#[test]
fn nothing_wakes_without_a_cause() {
    model(|| {
        let pair = signalled();
        let mut ready = pair.0.lock().unwrap();
        if !*ready {
            ready = pair.1.wait(ready).unwrap();
        }
        assert!(*ready);
    });
}

#[test]
fn a_channel_ends_with_its_senders() {
    model(|| {
        let (sender, receiver) = mpsc::channel();
        let thread = thread::spawn(move || sender.send(1).unwrap());
        assert_eq!((receiver.recv(), receiver.recv()), (Ok(1), Err(mpsc::RecvError)));
        thread.join().unwrap();
    });
}

/// Who sends comes before who receives that message, and before nobody else: under loom the lock of the
/// channel would order the two senders.
#[test]
fn a_message_orders_its_sender_and_its_receiver_only() {
    model(|| {
        let (sender, receiver) = mpsc::channel();
        let cell = Arc::new(UnsafeCell::new(0));
        let shared = cell.clone();
        thread::spawn(move || {
            // SAFETY: the receiver reads after it has the message.
            shared.with_mut(|place| unsafe { *place = 1 });
            sender.send(()).unwrap();
        });
        receiver.recv().unwrap();
        // SAFETY: as above.
        assert_eq!(cell.with(|place| unsafe { *place }), 1);
    });
    let race = failure(|| {
        let (sender, _receiver) = mpsc::channel();
        let shared = Arc::new((UnsafeCell::new(0), AtomicBool::new(false)));
        let (other, others) = (shared.clone(), sender.clone());
        thread::spawn(move || {
            other.0.with_mut(|_| ());
            _ = others.send(1);
            other.1.store(true, Relaxed);
        });
        if shared.1.load(Relaxed) {
            _ = sender.send(2);
            shared.0.with(|_| ());
        }
    });
    assert!(race.starts_with("Causality violation"), "{race}");
}

/// Half a megabyte, which takes several copies where nothing is optimised.
#[test]
fn a_thread_has_a_large_stack() {
    model(|| {
        let large = || std::hint::black_box([1_u8; 1 << 19])[1 << 18];
        assert_eq!(thread::spawn(large).join().unwrap() + large(), 2);
    });
}

#[test]
fn a_future_is_woken() {
    model(|| {
        let shared = Arc::new((AtomicBool::new(false), future::AtomicWaker::new()));
        let other = shared.clone();
        thread::spawn(move || {
            other.0.store(true, Release);
            other.1.wake();
        });
        future::block_on(std::future::poll_fn(|context| {
            shared.1.register_by_ref(context.waker());
            match shared.0.load(Acquire) {
                true => std::task::Poll::Ready(()),
                false => std::task::Poll::Pending,
            }
        }));
    });
}

#[test]
fn what_is_tracked_must_be_dropped() {
    model(|| assert_eq!(Track::new(1).into_inner(), 1));
    let leak = failure(|| std::mem::forget(Track::new(1)));
    assert!(leak.contains("Allocation leaked"), "{leak}");
}

#[test]
fn a_thread_may_have_what_is_not_send_and_catch_its_panics() {
    model(|| {
        let mine = Rc::new(1);
        let other = mine.clone();
        assert_eq!(*thread::spawn(move || other).join().unwrap(), 1);
        let caught = thread::spawn(|| catch_unwind(|| panic!("it is caught")).is_err());
        assert!(caught.join().unwrap());
    });
}

#[test]
fn a_bound_bounds_and_is_no_failure() {
    let mut builder = loom::model::Builder::new();
    builder.max_permutations = Some(1);
    let ends = std::sync::Arc::new(Seen::new(0));
    let count = ends.clone();
    builder.check(move || {
        let x = Arc::new(AtomicUsize::new(0));
        let other = x.clone();
        thread::spawn(move || other.store(1, Relaxed));
        x.store(2, Relaxed);
        fence(SeqCst);
        count.fetch_add(1, Ordering::Relaxed);
    });
    assert_eq!(ends.load(Ordering::Relaxed), 1);
}
