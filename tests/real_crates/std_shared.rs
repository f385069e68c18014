//! `std`'s locks and atomics keep whole states whole: counts, pairs, caches, turns and phases.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Barrier, Condvar, Mutex, OnceLock, RwLock};
use std::thread;

use crate::{assert_each_once, on_threads};

const ROUNDS: usize = 50_000;

/// Gives the others a chance to come between two steps, now and then.
fn let_others_come(round: usize) {
    if round.is_multiple_of(500) {
        thread::yield_now();
    }
}

/// Ten threads count in an `Arc<Mutex<_>>`, and no addition is lost.
///
/// Twin of `mutex_counter/shared_ownership`.
#[test]
fn a_mutex_loses_no_addition() {
    let counter = Arc::new(Mutex::new(0));
    let count = |counter: Arc<Mutex<usize>>| {
        for round in 0..ROUNDS {
            let mut counter = counter.lock().unwrap();
            let before = *counter;
            let_others_come(round);
            *counter = before + 1;
        }
    };
    let threads: Vec<_> = (0..10)
        .map(|_| {
            let counter = counter.clone();
            thread::spawn(move || count(counter))
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    assert_eq!(*counter.lock().unwrap(), 10 * ROUNDS);
}

/// A collector that swaps a metric for zero again and again gets every request once.
///
/// Twin of `metrics_snapshot/swap`.
/// Twin of `lost_update/fetch_add_relaxed`.
#[test]
fn a_swapped_metric_counts_each_request_once() {
    // Long enough for the scheduler to interrupt a step that is no single one; a yield would come between two.
    const REQUESTS: usize = 20 * ROUNDS;
    let requests = AtomicUsize::new(0);
    let collected = on_threads(5, |t| {
        let each = |_| match t {
            // Relaxed: each is one read-modify-write of one location.
            0 => requests.swap(0, Relaxed),
            _ => {
                requests.fetch_add(1, Relaxed);
                0
            }
        };
        (0..REQUESTS).map(each).sum::<usize>()
    });
    assert_eq!(collected[0] + requests.into_inner(), 4 * REQUESTS);
}

/// Five readers beside a writer see both halves of a state, and never an older one after a newer.
///
/// Twin of `rwlock_counter/readers_and_writer`.
#[test]
fn readers_see_whole_states_in_order() {
    let state = RwLock::new((0, 0));
    on_threads(6, |t| {
        let mut newest = 0;
        for n in 1..=ROUNDS {
            if t == 0 {
                let mut state = state.write().unwrap();
                state.0 = n;
                let_others_come(n);
                state.1 = n;
            } else {
                let (left, right) = *state.read().unwrap();
                assert_eq!(left, right, "half of each state");
                assert!(left >= newest, "{left} after {newest}");
                newest = left;
            }
        }
    });
}

/// Four threads ask a read-through cache for the same keys: each is computed once, for all of them.
///
/// Twin of `read_through/looks_again`.
#[test]
fn a_cache_computes_each_key_once() {
    const KEYS: usize = 20;
    for _ in 0..200 {
        let cache = RwLock::new(HashMap::new());
        let computed = AtomicUsize::new(0);
        let compute = |key| {
            computed.fetch_add(1, Relaxed); // Relaxed: read after the threads are joined
            Arc::new(key * key)
        };
        let get = |key| {
            if let Some(value) = cache.read().unwrap().get(&key) {
                return Arc::clone(value);
            }
            Arc::clone(cache.write().unwrap().entry(key).or_insert_with(|| compute(key)))
        };
        let got = on_threads(4, |_| (0..KEYS).map(get).collect::<Vec<_>>());
        let same =
            |other: &Vec<Arc<usize>>| got[0].iter().zip(other).all(|(a, b)| Arc::ptr_eq(a, b));
        assert!(got.iter().all(same), "one key, two values");
        assert_eq!(computed.into_inner(), KEYS);
    }
}

/// However many threads ask first, one initialises, and the others have its value.
///
/// Twin of `once_by_hand/library`.
#[test]
fn a_once_lock_is_initialised_once() {
    for _ in 0..300 {
        let cell = OnceLock::new();
        let initialised = AtomicUsize::new(0);
        let values = on_threads(4, |t| {
            *cell.get_or_init(|| {
                initialised.fetch_add(1, Relaxed); // Relaxed: read after the threads are joined
                thread::yield_now(); // the others come meanwhile, and wait
                t
            })
        });
        assert_eq!(initialised.into_inner(), 1);
        assert!(values.iter().all(|value| Some(value) == cell.get()), "{values:?}");
    }
}

/// Nobody begins a phase before all have ended the one before, and each phase has one leader.
///
/// Twin of `barrier_parties/everybody_comes`.
#[test]
fn a_barrier_separates_phases_and_names_one_leader() {
    const PHASES: usize = 1_000;
    let barrier = Barrier::new(4);
    let arrived = AtomicUsize::new(0);
    // A thread that failed would keep the others at the barrier, so what is wrong is told at the end.
    let told = on_threads(4, |_| {
        let (mut led, mut early) = (0, 0);
        for phase in 1..=PHASES {
            arrived.fetch_add(1, Relaxed); // Relaxed: the barrier orders it
            led += usize::from(barrier.wait().is_leader());
            early += usize::from(arrived.load(Relaxed) != 4 * phase); // Relaxed: as above
            barrier.wait();
        }
        (led, early)
    });
    assert_eq!(told.iter().map(|(led, _)| led).sum::<usize>(), PHASES);
    assert_eq!(told.iter().map(|(_, early)| early).sum::<usize>(), 0);
}

/// A buffer with a condition variable for each side never overflows, and hands each item over once.
///
/// Twin of `condvar_notify_one/one_condvar_each`.
/// Twin of `condvar_if_for_while/wait_while`.
#[test]
fn a_buffer_with_two_condvars_keeps_its_bound_and_its_items() {
    const ROOM: usize = 3;
    let buffer = Mutex::new(VecDeque::new());
    let (has_items, has_room) = (Condvar::new(), Condvar::new());
    let put = |item| {
        let items = buffer.lock().unwrap();
        let mut items = has_room.wait_while(items, |items| items.len() == ROOM).unwrap();
        items.push_back(item);
        has_items.notify_one();
        items.len()
    };
    let take = || {
        let items = buffer.lock().unwrap();
        let mut items = has_items.wait_while(items, |items| items.is_empty()).unwrap();
        has_room.notify_one();
        items.pop_front()
    };
    let each = ROUNDS / 2;
    let done = on_threads(4, |t| match t {
        0 | 1 => {
            let fullest = (t * each..(t + 1) * each).map(put).max();
            assert!(fullest <= Some(ROOM), "{fullest:?} items");
            Vec::new()
        }
        _ => (0..each).filter_map(|_| take()).collect(),
    });
    assert_each_once(done.into_iter().flatten(), ROUNDS);
}

/// One thread writes the even numbers and one the odd ones, in turn.
///
/// Twin of `alternating_turns/condvar`.
#[test]
fn two_threads_take_turns() {
    let written = Mutex::new(Vec::new());
    let changed = Condvar::new();
    on_threads(2, |t| {
        for number in (1..=5_000).filter(|number| number % 2 == t) {
            let written = written.lock().unwrap();
            let mut written =
                changed.wait_while(written, |written| written.len() + 1 != number).unwrap();
            written.push(number);
            changed.notify_one();
        }
    });
    assert_eq!(written.into_inner().unwrap(), (1..=5_000).collect::<Vec<_>>());
}
