//! crossbeam's queues and deques: whoever pops, steals or displaces a value is the only one to have it.

use std::iter;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::*};
use std::thread;

use crossbeam::deque::{Injector, Steal, Stealer, Worker};
use crossbeam::queue::{ArrayQueue, SegQueue};

use crate::{Counted, assert_each_once, assert_producer_order, on_threads};

const EACH: usize = 5_000;

/// A bounded queue gives a value back that has no room, or displaces its oldest; none is lost either way.
///
/// Twin of `vyukov_bounded_queue/release_acquire`.
#[test]
fn an_array_queue_hands_over_displaces_or_refuses() {
    const ROOM: usize = 8;
    let queue = ArrayQueue::new(ROOM);
    assert_eq!((0..).find(|number| queue.push(*number) == Err(*number)), Some(ROOM));
    assert!(iter::from_fn(|| queue.pop()).eq(0..ROOM));
    let producing = AtomicUsize::new(2);
    let pop_all = || {
        let mut popped = Vec::new();
        // Acquire: pairs with the producers' fetch_sub; what is pushed after a vain pop is taken below.
        while producing.load(Acquire) > 0 {
            popped.extend(iter::from_fn(|| queue.pop()));
            thread::yield_now();
        }
        popped
    };
    let shares = on_threads(4, |t| {
        let numbers = t * EACH..(t + 1) * EACH;
        let had = match t {
            0 => numbers.filter_map(|number| queue.force_push(number)).collect(),
            1 => {
                for number in numbers {
                    while queue.push(number).is_err_and(|returned| returned == number) {
                        thread::yield_now();
                    }
                }
                Vec::new()
            }
            _ => return pop_all(),
        };
        producing.fetch_sub(1, Release); // Release: pairs with pop_all's load
        had
    });
    shares.iter().for_each(|share| assert_producer_order(share, EACH));
    let rest = iter::from_fn(|| queue.pop());
    assert_each_once(shares.into_iter().flatten().chain(rest), 2 * EACH);
}

/// An unbounded queue that is dropped with values in it drops each that nobody has popped.
///
/// Twin of `michael_scott_queue/release_acquire`.
/// Twin of `linked_block_discard/cleared_at_the_end`.
#[test]
fn a_seg_queue_drops_what_is_left() {
    for _ in 0..200 {
        let dropped = AtomicUsize::new(0);
        let queue = SegQueue::new();
        let shares = on_threads(4, |t| {
            let mut popped = Vec::new();
            for number in 0..100 {
                queue.push((t * 100 + number, Counted(&dropped)));
                if number % 2 == 0 {
                    popped.extend(queue.pop());
                }
            }
            popped
        });
        let popped: usize = shares.iter().map(Vec::len).sum();
        assert_eq!((popped + queue.len(), dropped.load(Relaxed)), (400, 0));
        drop(queue);
        assert_eq!(dropped.load(Relaxed), 400 - popped);
        for share in &shares {
            let numbers: Vec<usize> = share.iter().map(|(number, _)| *number).collect();
            assert_producer_order(&numbers, 100);
        }
        drop(shares);
        assert_eq!(dropped.into_inner(), 400);
    }
}

/// Steals again until the answer is more than "try again".
fn insist<T>(steal: impl Fn() -> Steal<T>) -> Option<T> {
    iter::repeat_with(steal).find(|found| !found.is_retry()).and_then(Steal::success)
}

/// A worker pushes and pops at one end while thieves take from the other, and its buffer grows meanwhile.
///
/// Twin of `chase_lev_deque/take_and_steal`.
/// Twin of `deque_buffer_swap/looked_up_each_time`.
#[test]
fn a_deque_gives_each_task_to_its_owner_or_to_one_thief() {
    const TASKS: usize = 150_000;
    let worker = Worker::new_lifo();
    let stealers = [worker.stealer(), worker.stealer()];
    let working = AtomicBool::new(true);
    let steal_all = |stealer: &Stealer<usize>| {
        let mut stolen = Vec::new();
        // Acquire: pairs with the owner's store, after which the deque stays empty.
        while working.load(Acquire) {
            stolen.extend(iter::from_fn(|| insist(|| stealer.steal())));
            thread::yield_now();
        }
        stolen
    };
    let (own, stolen) = thread::scope(|s| {
        let thieves = stealers.each_ref().map(|stealer| s.spawn(|| steal_all(stealer)));
        let mut own = Vec::new();
        for number in 0..TASKS {
            worker.push(number);
            if number % 3 == 0 {
                own.extend(worker.pop());
            }
        }
        own.extend(iter::from_fn(|| worker.pop()));
        working.store(false, Release); // Release: pairs with the thieves' load
        (own, thieves.map(|thief| thief.join().unwrap()))
    });
    assert_each_once(stolen.into_iter().flatten().chain(own), TASKS);
}

/// Workers that take batches from an injector and from each other run every task once, those that tasks add too.
///
/// Twin of `chase_lev_deque/push_and_steal`.
#[test]
fn an_injector_and_stealers_run_every_task_once() {
    const TASKS: usize = 100_000;
    let injector = Injector::new();
    let workers: Vec<Worker<usize>> = (0..4).map(|_| Worker::new_fifo()).collect();
    let stealers: Vec<Stealer<usize>> = workers.iter().map(Worker::stealer).collect();
    let find = |own: &Worker<usize>| {
        own.pop().or_else(|| insist(|| injector.steal_batch_and_pop(own))).or_else(|| {
            stealers.iter().find_map(|stealer| insist(|| stealer.steal_batch_and_pop(own)))
        })
    };
    let work = |own: Worker<usize>| {
        let mut done = Vec::new();
        // A worker that finds nothing leaves; whoever holds tasks runs them itself.
        while let Some(task) = find(&own) {
            if task < TASKS {
                own.push(task + TASKS);
            }
            done.push(task);
        }
        done
    };
    (0..TASKS).for_each(|task| injector.push(task));
    let done: Vec<Vec<usize>> = thread::scope(|s| {
        let threads: Vec<_> = workers.into_iter().map(|own| s.spawn(|| work(own))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_each_once(done.into_iter().flatten(), 2 * TASKS);
}
