//! Rayon: every item once and in order, joins that one thread can serve, scopes that wait, and work that is stolen.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Barrier, Mutex};

use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::{Counted, assert_each_once};

fn pool(threads: usize) -> ThreadPool {
    ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can be started")
}

/// The sum of squares that the articles compute: wide it is right; as `i32` it wraps alike with and
/// without Rayon, so that comparing the two finds nothing wrong.
///
/// Twin of `parallel_sum/wide_total`.
/// Twin of `parallel_sum/narrow_square`.
#[test]
fn a_wide_sum_is_right_and_narrow_sums_agree_on_a_wrong_one() {
    let numbers: Vec<i32> = (1..1_000_000).collect();
    let square = |n: &i32| i64::from(*n) * i64::from(*n);
    let right = 333_332_833_333_500_000;
    let narrow_sum = numbers.iter().fold(0_i32, |sum, n| sum.wrapping_add(n.wrapping_mul(*n)));
    pool(4).install(|| {
        assert_eq!(numbers.par_iter().map(square).sum::<i64>(), right);
        let wrapped = numbers.par_iter().map(|n| n.wrapping_mul(*n));
        assert_eq!(wrapped.reduce(|| 0, i32::wrapping_add), narrow_sum);
        let checked = numbers.par_iter().map(|n| n.checked_mul(*n));
        assert_eq!(checked.clone().try_reduce(|| 0, i32::checked_add), None);
        assert_eq!(checked.position_first(|square| square.is_none()), Some(46_341 - 1));
    });
    assert_ne!(i64::from(narrow_sum), right);
}

/// A parallel map calls its closure once for each item, and collects in the order of the input.
///
/// Twin of `parallel_sum/float_in_order`.
#[test]
fn a_map_visits_each_item_once_and_collects_in_order() {
    const ITEMS: usize = 100_000;
    let visits: Vec<AtomicUsize> = (0..ITEMS).map(|_| AtomicUsize::new(0)).collect();
    let visit = |n: usize| {
        visits[n].fetch_add(1, Relaxed); // Relaxed: read after the map has ended
        n as f32 / 3.0
    };
    let parts: Vec<f32> = pool(4).install(|| (0..ITEMS).into_par_iter().map(visit).collect());
    assert!(visits.iter().all(|visits| visits.load(Relaxed) == 1));
    assert!(parts.iter().copied().eq((0..ITEMS).map(|n| n as f32 / 3.0)), "out of order");
}

/// Chunks that do not overlap are changed in parallel, each of them by one thread.
///
/// Twin of `scoped_borrow/disjoint`.
#[test]
fn chunks_are_changed_in_place() {
    let mut numbers = vec![0; 10_007];
    pool(4).install(|| {
        numbers.par_chunks_mut(100).enumerate().for_each(|(chunk, part)| {
            part.iter_mut().zip(chunk * 100..).for_each(|(number, n)| *number += n);
        });
    });
    assert_each_once(numbers, 10_007);
}

fn fibonacci(n: usize) -> usize {
    if n < 2 {
        return n;
    }
    let (a, b) = rayon::join(|| fibonacci(n - 1), || fibonacci(n - 2));
    a + b
}

/// A task that joins its subtasks runs them itself if nobody else does, so that one worker suffices.
///
/// Twin of `fork_join/worker_given_back`.
#[test]
fn nested_joins_end_on_any_number_of_workers() {
    for threads in 1..=4 {
        assert_eq!(pool(threads).install(|| fibonacci(22)), 17_711);
    }
}

/// A worker without work takes the other half of a join: the two halves meet at a barrier.
///
/// Twin of `chase_lev_deque/push_and_steal`.
#[test]
fn an_idle_worker_steals_the_other_half() {
    let pool = pool(2);
    for _ in 0..2_000 {
        let both_here = Barrier::new(2);
        let meet = || {
            both_here.wait();
            rayon::current_thread_index()
        };
        let (left, right) = pool.join(meet, meet);
        assert!(left.is_some() && right.is_some() && left != right, "{left:?} and {right:?}");
    }
}

/// Tasks may start tasks and borrow the stack; a scope ends after all of them, and passes a panic on.
///
/// Twin of `failing_job/worker_goes_on`.
/// Twin of `wait_group/add_before_start`.
#[test]
fn a_scope_waits_for_all_its_tasks_even_if_one_panics() {
    let pool = pool(3);
    for round in 0..500 {
        let ended = AtomicUsize::new(0);
        let scope = || {
            pool.scope(|s| {
                for task in 0..10 {
                    let ended = &ended;
                    s.spawn(move |s| {
                        let _counted = Counted(ended);
                        s.spawn(move |_| drop(Counted(ended)));
                        if round % 2 == 1 && task == 5 {
                            resume_unwind(Box::new("no hook, no message"));
                        }
                    });
                }
            })
        };
        let result = catch_unwind(AssertUnwindSafe(scope));
        assert_eq!(result.is_err(), round % 2 == 1);
        assert_eq!(ended.into_inner(), 20);
    }
}

/// A broadcast reaches every worker, those that sleep as well, once each.
///
/// Twin of `rayon_broadcast_sleep/both_queues`.
#[test]
fn a_broadcast_reaches_each_worker_once() {
    let pool = pool(4);
    for _ in 0..1_000 {
        let reached = Mutex::new(Vec::new());
        let answers = pool.broadcast(|worker| {
            reached.lock().unwrap().push(worker.index());
            worker.index()
        });
        assert_eq!(answers, [0, 1, 2, 3]);
        assert_each_once(reached.into_inner().unwrap(), 4);
    }
}

/// An iterator that starts parallel work in its own `next` can be bridged, and gives each item once.
///
/// Twin of `rayon_par_bridge/marked`.
#[test]
fn a_bridged_iterator_may_work_in_parallel_itself() {
    const ITEMS: usize = 20_000;
    let next = |n: usize| rayon::join(|| n, || 1).0;
    let found: Vec<usize> =
        pool(3).install(|| (0..ITEMS).map(next).par_bridge().map(|n| n).collect());
    assert_each_once(found, ITEMS);
}

/// What is spawned into a pool runs, although the pool's owner has dropped it by then.
///
/// Twin of `thread_pool/drained`.
#[test]
fn a_dropped_pool_drains_its_queue() {
    for _ in 0..50 {
        let (done, results) = std::sync::mpsc::channel();
        let pool = pool(2);
        for n in 0..100 {
            let done = done.clone();
            pool.spawn(move || done.send(n).unwrap());
        }
        drop((pool, done));
        assert_each_once(results, 100);
    }
}
