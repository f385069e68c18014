//! crossbeam's scope and channels: each message once and in its producer's order, through `select!`, closing and dropping.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread;

use crossbeam::channel::{self, Receiver, Sender};
use crossbeam::select;
use crossbeam::sync::WaitGroup;

use crate::{Counted, assert_each_once, assert_producer_order, on_threads};

const EACH: usize = 5_000;

/// Several consumers of one bounded channel share the messages out, and all end when it is closed.
///
/// Twin of `close_wakes_receivers/dropped`.
#[test]
fn consumers_share_messages_and_all_end() {
    let (sender, receiver) = channel::bounded(4);
    let shares: Vec<Vec<usize>> = thread::scope(|s| {
        let consume = |_| {
            let receiver = receiver.clone();
            s.spawn(move || receiver.iter().collect())
        };
        let consumers: Vec<_> = (0..3).map(consume).collect();
        for producer in 0..3 {
            let sender = sender.clone();
            s.spawn(move || {
                for number in 0..EACH {
                    sender.send(producer * EACH + number).unwrap();
                }
            });
        }
        drop(sender);
        consumers.into_iter().map(|consumer| consumer.join().unwrap()).collect()
    });
    shares.iter().for_each(|share| assert_producer_order(share, EACH));
    assert_each_once(shares.into_iter().flatten(), 3 * EACH);
}

/// Sends each number into whichever channel has room.
fn send_to_either(to: [Sender<usize>; 2], numbers: std::ops::Range<usize>) {
    for number in numbers {
        select! {
            send(to[0], number) -> sent => sent.unwrap(),
            send(to[1], number) -> sent => sent.unwrap(),
        }
    }
}

/// Receives from whichever channel has a message, until both are closed.
fn receive_from_both(mut from: [Receiver<usize>; 2]) -> Vec<usize> {
    let mut received = Vec::new();
    let mut open = 2;
    while open > 0 {
        let (from, message) = select! {
            recv(from[0]) -> message => (&mut from[0], message),
            recv(from[1]) -> message => (&mut from[1], message),
        };
        match message {
            Ok(message) => received.push(message),
            Err(_) => {
                *from = channel::never();
                open -= 1;
            }
        }
    }
    received
}

/// The arm of a `select!` that is not taken has no effect: nothing is sent twice, nothing received is dropped.
///
/// Twin of `select_two/take_one`.
/// Twin of `merged_channels/taken_out`.
#[test]
fn select_takes_one_arm() {
    let (left, right) = (channel::bounded(1), channel::bounded(0));
    let shares: Vec<Vec<usize>> = thread::scope(|s| {
        let receive = |_| {
            let from = [left.1.clone(), right.1.clone()];
            s.spawn(|| receive_from_both(from))
        };
        let receivers: Vec<_> = (0..2).map(receive).collect();
        for producer in 0..2 {
            let to = [left.0.clone(), right.0.clone()];
            s.spawn(move || send_to_either(to, producer * EACH..(producer + 1) * EACH));
        }
        drop((left, right));
        receivers.into_iter().map(|receiver| receiver.join().unwrap()).collect()
    });
    assert_each_once(shares.into_iter().flatten(), 2 * EACH);
}

/// A channel without room synchronises both ways: each side sees what the other did before it came.
///
/// Twin of `rendezvous/bound_0`.
#[test]
fn a_rendezvous_synchronises_both_sides() {
    let (sender, receiver) = channel::bounded(0);
    let came = [AtomicUsize::new(0), AtomicUsize::new(0)];
    let early = on_threads(2, |t| {
        let meets = |round: &usize| {
            if (round + t).is_multiple_of(2) {
                thread::yield_now(); // each side is late in turn
            }
            came[t].store(*round, Relaxed); // Relaxed: the channel publishes it
            match t {
                0 => sender.send(()).unwrap(),
                _ => receiver.recv().unwrap(),
            }
            came[1 - t].load(Relaxed) >= *round // Relaxed: as above; the other may be further on
        };
        (1..=EACH).filter(|round| !meets(round)).count()
    });
    assert_eq!(early, [0, 0], "one side went on before the other came");
}

/// Workers between jobs and results: a wait group counts those that have been started, so none is missed.
///
/// Twin of `wait_group/add_before_start`.
/// Twin of `worker_pool/joined_with_room`.
#[test]
fn a_wait_group_waits_for_every_worker() {
    for _ in 0..50 {
        let (submit, jobs) = channel::unbounded();
        let (results, collected) = channel::unbounded();
        (0..100).for_each(|job| submit.send(job).unwrap());
        drop(submit);
        let group = WaitGroup::new();
        for _ in 0..3 {
            let (jobs, results, group) = (jobs.clone(), results.clone(), group.clone());
            thread::spawn(move || {
                for job in jobs {
                    thread::yield_now(); // gives the waiter time to be wrong
                    results.send(job).unwrap();
                }
                drop(group);
            });
        }
        group.wait();
        assert_each_once(collected.try_iter(), 100);
    }
}

/// The receiver leaves while producers send: each message is dropped once, wherever it was by then.
///
/// Twin of `receiver_drop/boxes_in_the_buffer`.
/// Twin of `linked_block_discard/cleared_at_the_end`.
#[test]
fn a_receiver_that_leaves_drops_each_message_once() {
    const MESSAGES: usize = 100;
    for round in 0..200 {
        let dropped = AtomicUsize::new(0);
        let (sender, receiver) = channel::unbounded();
        let refused = thread::scope(|s| {
            let producer = |_| {
                let (sender, dropped) = (sender.clone(), &dropped);
                let refused = move |_: &usize| sender.send(Counted(dropped)).is_err();
                s.spawn(move || (0..MESSAGES).filter(refused).count())
            };
            let producers: Vec<_> = (0..3).map(producer).collect();
            receiver.iter().take(round).for_each(drop);
            drop(receiver);
            producers.into_iter().map(|producer| producer.join().unwrap()).sum::<usize>()
        });
        assert!(refused <= 3 * MESSAGES - round, "{refused} refused, and {round} received");
        drop(sender);
        assert_eq!(dropped.into_inner(), 3 * MESSAGES);
    }
}

/// A scope joins threads that threads of it have started, lends them the stack, and reports a panic as an error.
///
/// Twin of `scoped_borrow/disjoint`.
/// Twin of `joined_output/joined`.
#[test]
fn a_scope_joins_nested_threads_and_reports_panics() {
    for round in 0..100 {
        let mut data = [0; 2];
        let scope = crossbeam::scope(|s| {
            let [left, right] = &mut data;
            s.spawn(move |s| {
                s.spawn(move |_| *right = round);
                *left = round;
                if round % 2 == 1 {
                    resume_unwind(Box::new("no hook, no message"));
                }
            });
        });
        assert_eq!(scope.is_err(), round % 2 == 1);
        assert_eq!(data, [round; 2]);
    }
}

/// A token in a channel is a lock: who has received it is alone until it is sent back.
///
/// Twin of `channel_as_lock/receive_to_lock`.
#[test]
fn a_token_in_a_channel_lets_one_in() {
    let (unlock, lock) = channel::bounded(1);
    unlock.send(()).unwrap();
    let count = AtomicUsize::new(0);
    on_threads(4, |_| {
        for _ in 0..EACH {
            lock.recv().unwrap();
            // Relaxed: the token orders both, and nobody else comes between them.
            let before = count.load(Relaxed);
            thread::yield_now(); // whoever else were let in would come now
            count.store(before + 1, Relaxed); // Relaxed: as above
            unlock.send(()).unwrap();
        }
    });
    assert_eq!(count.into_inner(), 4 * EACH);
}
