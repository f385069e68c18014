//! Types of `std::sync` that loom does not have.

use std::cell::Cell;
use std::sync::atomic::{AtomicUsize as Seen, Ordering};

use loom::cell::UnsafeCell;
use loom::sync::atomic::{AtomicBool, AtomicUsize, Ordering::*};
use loom::sync::{Arc, LazyLock, Mutex, OnceLock};
use loom::{Static, model, thread};
use models::{executions, failure, outcomes};

mod models;

static COUNT: Static<AtomicUsize> = Static::new(|| AtomicUsize::new(5));
static LIST: Static<Mutex<Vec<u32>>> = Static::new(|| Mutex::new(Vec::new()));
static CELL: Static<AssertSync<UnsafeCell<u32>>> = Static::new(|| AssertSync(UnsafeCell::new(7)));

struct AssertSync<T: ?Sized>(T);
// SAFETY: the engine looks for races.
unsafe impl<T: ?Sized> Sync for AssertSync<T> {}

#[test]
fn a_static_is_fresh_in_every_execution() {
    let count = executions(|| {
        let other = thread::spawn(|| {
            LIST.lock().unwrap().push(1);
            COUNT.fetch_add(1, Relaxed)
        });
        LIST.lock().unwrap().push(2);
        let mine = COUNT.fetch_add(1, Relaxed);
        assert_eq!(mine + other.join().unwrap(), 11);
        assert_eq!(LIST.lock().unwrap().len(), 2);
    });
    assert_eq!(count, 4, "who is first at the list, and who at the count");
}

/// As under `std`, and not as with a lazy static: it is there before everything, and orders nobody behind the first user.
#[test]
fn a_static_is_made_before_everything_and_orders_nothing() {
    model(|| {
        // SAFETY: nobody writes.
        let look = || CELL.0.with(|place| assert_eq!(unsafe { *place }, 7));
        thread::spawn(look);
        look();
    });
    let race = failure(|| {
        let shared = Arc::new(UnsafeCell::new(0));
        let other = shared.clone();
        thread::spawn(move || {
            other.with_mut(|_| ());
            COUNT.load(Acquire);
        });
        COUNT.load(Acquire);
        shared.with(|_| ());
    });
    assert!(race.starts_with("Causality violation"), "{race}");
}

#[test]
fn a_value_is_made_once() {
    let seen = outcomes(|| {
        let place = Arc::new(OnceLock::new());
        let other = place.clone();
        let thread = thread::spawn(move || *other.get_or_init(|| 1));
        let before = place.get().copied();
        let mine = *place.get_or_init(|| 2);
        assert_eq!(thread.join().unwrap(), mine);
        assert_eq!(place.set(3), Err(3));
        (before, mine)
    });
    assert_eq!(seen, [(None, 1), (None, 2), (Some(1), 1)].into());
}

/// Whoever finds the value comes after who made it, and after nobody else who asked.
#[test]
fn a_value_orders_its_maker_before_those_who_find_it() {
    fn beside_a_cell(find: fn(&OnceLock<u32>) -> u32) {
        model(move || {
            let shared = Arc::new((OnceLock::new(), UnsafeCell::new(0)));
            let other = shared.clone();
            thread::spawn(move || {
                other.1.with_mut(|_| ());
                _ = other.0.set(1);
            });
            if find(&shared.0) == 1 {
                shared.1.with(|_| ());
            }
        });
    }
    beside_a_cell(|place| place.get().copied().unwrap_or(0));
    beside_a_cell(|place| *place.get_or_init(|| 2));
    beside_a_cell(|place| place.set(2).map_or(1, |()| 2));
    let race = failure(|| {
        let shared = Arc::new((OnceLock::new(), UnsafeCell::new(0), AtomicBool::new(false)));
        shared.0.set(0).unwrap();
        let other = shared.clone();
        thread::spawn(move || {
            other.1.with_mut(|_| ());
            _ = other.0.set(1);
            other.2.store(true, Relaxed);
        });
        if shared.2.load(Relaxed) {
            _ = shared.0.set(2);
            shared.1.with(|_| ());
        }
    });
    assert!(race.starts_with("Causality violation"), "{race}");
}

/// Who comes while the value is made waits for it; if its making panics, that is somebody else's turn.
#[test]
fn a_value_whose_making_panics_is_made_by_another() {
    let seen = outcomes(|| {
        let place = Arc::new(OnceLock::new());
        let other = place.clone();
        let thread = thread::spawn(move || {
            std::panic::catch_unwind(|| *other.get_or_init(|| panic!("it is caught"))).unwrap_or(0)
        });
        let mine = *place.get_or_init(|| {
            thread::yield_now();
            2
        });
        (mine, thread.join().unwrap())
    });
    assert_eq!(seen, [(2, 0), (2, 2)].into());
}

#[test]
fn a_lazy_value_is_made_when_it_is_needed() {
    static MADE: Seen = Seen::new(0);
    let count = executions(|| {
        MADE.store(0, Ordering::Relaxed);
        let value = Arc::new(LazyLock::new(|| MADE.fetch_add(1, Ordering::Relaxed)));
        assert_eq!(MADE.load(Ordering::Relaxed), 0);
        let other = value.clone();
        let thread = thread::spawn(move || **other);
        assert_eq!((**value, thread.join().unwrap()), (0, 0));
    });
    assert!(count >= 2, "who makes it makes a difference, {count}");
}

loom::thread_local! {
    static LEAVES: Leaves = Leaves;
}

thread_local! {
    static LEFT: Cell<usize> = const { Cell::new(0) };
}

struct Leaves;

impl Drop for Leaves {
    fn drop(&mut self) {
        LEFT.set(LEFT.get() + 1);
    }
}

#[test]
fn a_scoped_thread_borrows_and_drops_its_locals() {
    model(|| {
        let count = AtomicUsize::new(0);
        let before = LEFT.get();
        thread::scope(|scope| {
            let other = scope.spawn(|| {
                LEAVES.with(|_| ());
                scope.spawn(|| count.fetch_add(1, Relaxed));
            });
            other.join().unwrap();
            assert_eq!(LEFT.get(), before + 1);
        });
        assert_eq!(count.load(Relaxed), 1);
    });
}

#[test]
fn a_cell_may_hold_what_has_no_size() {
    model(|| {
        let shared: std::sync::Arc<AssertSync<UnsafeCell<[u32]>>> =
            std::sync::Arc::new(AssertSync(UnsafeCell::new([1, 2])));
        let shared = Arc::from_std(shared);
        let other = shared.clone();
        // SAFETY: the only other one that looks does so afterwards.
        let write = move || other.0.with_mut(|it| unsafe { (&mut *it)[1] = 3 });
        thread::spawn(write).join().unwrap();
        // SAFETY: the only one that writes has ended.
        shared.0.with(|it| assert_eq!(unsafe { &*it }, [1, 3]));
        let dynamic: Box<UnsafeCell<dyn Fn() -> u32>> = Box::new(UnsafeCell::new(|| 4));
        // SAFETY: nobody else has it.
        assert_eq!(dynamic.with(|it| unsafe { (*it)() }), 4);
        let locked: Box<Mutex<dyn Fn() -> u32>> = Box::new(Mutex::new(|| 5));
        assert_eq!(locked.lock().unwrap()(), 5);
    });
}
