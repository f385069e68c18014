//! tokio's locks, channels, permits and notifications: whole states, exact counts, and nothing lost with a cancelled task.

use std::future::pending;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{Mutex, Notify, OnceCell, RwLock, Semaphore, broadcast, mpsc, oneshot, watch};
use tokio::task::{JoinSet, spawn, yield_now};

use crate::tokio_tasks::{on_this_thread, on_workers};

/// A guard may be held across an await, and the read and the write around it are still one step.
///
/// Twin of `guard_across_await/task_lock`.
#[test]
fn a_mutex_is_held_across_an_await() {
    const EACH: usize = 2_000;
    let counter = Arc::new(Mutex::new(0));
    on_workers(2, async {
        let mut tasks = JoinSet::new();
        for _ in 0..8 {
            let counter = counter.clone();
            tasks.spawn(async move {
                for _ in 0..EACH {
                    let mut counter = counter.lock().await;
                    let before = *counter;
                    yield_now().await;
                    *counter = before + 1;
                }
            });
        }
        tasks.join_all().await;
    });
    assert_eq!(*counter.try_lock().unwrap(), 8 * EACH);
}

/// Two tasks write the even and the odd numbers in turn, because each waits for its turn and not for luck.
///
/// Twin of `alternating_turns/condvar`.
#[test]
fn two_tasks_take_turns() {
    let written = Arc::new(std::sync::Mutex::new(Vec::new()));
    let turns = Arc::new([Notify::new(), Notify::new()]);
    on_workers(2, async {
        let mut tasks = JoinSet::new();
        turns[1].notify_one();
        for mine in 0..2 {
            let (written, turns) = (written.clone(), turns.clone());
            tasks.spawn(async move {
                for number in (1..=10_000).filter(|number| number % 2 == mine) {
                    turns[mine].notified().await;
                    written.lock().unwrap().push(number);
                    turns[1 - mine].notify_one();
                }
            });
        }
        tasks.join_all().await;
    });
    assert!(written.lock().unwrap().iter().copied().eq(1..=10_000));
}

/// Readers see no state that a writer has half written, although it awaits in between.
///
/// Twin of `torn_pair/one_lock`.
#[test]
fn readers_see_whole_states() {
    let pair = Arc::new(RwLock::new((0, 0)));
    on_workers(2, async {
        let mut tasks = JoinSet::new();
        for task in 0..4 {
            let pair = pair.clone();
            tasks.spawn(async move {
                for n in 1..=10_000 {
                    if task == 0 {
                        let mut pair = pair.write().await;
                        pair.0 = n;
                        yield_now().await;
                        pair.1 = n;
                    } else {
                        let (left, right) = *pair.read().await;
                        assert_eq!(left, right, "half of each state");
                        yield_now().await;
                    }
                }
            });
        }
        tasks.join_all().await;
    });
}

/// One task computes and the others wait for it; if it is cancelled, the next one computes.
///
/// Twin of `single_flight/marked`.
#[test]
fn a_once_cell_computes_once_and_survives_a_cancelled_start() {
    on_workers(2, async {
        for round in 0..1_000 {
            let (cell, computed) = (Arc::new(OnceCell::new()), Arc::new(AtomicUsize::new(0)));
            let start = cell.clone();
            let cancelled = spawn(async move { *start.get_or_init(pending).await });
            yield_now().await;
            cancelled.abort();
            let mut tasks = JoinSet::new();
            for _ in 0..4 {
                let (cell, computed) = (cell.clone(), computed.clone());
                let compute = async move || {
                    computed.fetch_add(1, Relaxed); // Relaxed: read after the tasks are joined
                    yield_now().await;
                    round
                };
                tasks.spawn(async move { *cell.get_or_init(compute).await });
            }
            assert_eq!(tasks.join_all().await, [round; 4]);
            assert_eq!(computed.load(Relaxed), 1);
        }
    });
}

/// A receiver that is too slow is told how many messages it has missed, and gets the others in order.
///
/// Twin of `broadcast_lag/number_in_the_slot`.
#[test]
fn a_broadcast_counts_what_it_drops() {
    const MESSAGES: u64 = 100_000;
    on_workers(2, async {
        let (sender, first) = broadcast::channel(4);
        let mut receivers = JoinSet::new();
        for mut receiver in [first, sender.subscribe(), sender.subscribe()] {
            receivers.spawn(async move {
                let mut next = 0;
                loop {
                    match receiver.recv().await {
                        Ok(message) => {
                            assert_eq!(message, next);
                            next += 1;
                        }
                        Err(RecvError::Lagged(missed)) => next += missed,
                        Err(RecvError::Closed) => return next,
                    }
                }
            });
        }
        for message in 0..MESSAGES {
            sender.send(message).expect("there are receivers");
        }
        drop(sender);
        assert_eq!(receivers.join_all().await, [MESSAGES; 3]);
    });
}

/// A watcher may skip values, but sees none twice or late, and always the last.
///
/// Twin of `watch_latest/version_then_value`.
#[test]
fn a_watch_ends_with_the_last_value() {
    for _ in 0..50 {
        on_workers(2, async {
            let (sender, receiver) = watch::channel(0);
            let mut receivers = JoinSet::new();
            for mut receiver in [receiver.clone(), receiver] {
                receivers.spawn(async move {
                    let mut newest = 0;
                    while receiver.changed().await.is_ok() {
                        let value = *receiver.borrow_and_update();
                        assert!(value > newest, "{value} after {newest}");
                        newest = value;
                    }
                    newest
                });
            }
            (1..=2_000).for_each(|value| sender.send(value).expect("there are receivers"));
            drop(sender);
            assert_eq!(receivers.join_all().await, [2_000; 2]);
        });
    }
}

/// A value sent while its receiver closes is had by one of the two sides; a sender that goes is noticed.
///
/// Twin of `tokio_send_after_close/set_if_open`.
/// Twin of `oneshot_future/closed`.
#[test]
fn a_oneshot_value_is_had_by_one_side() {
    on_workers(2, async {
        for round in 0..2_000 {
            let (sender, mut receiver) = oneshot::channel();
            let returned = spawn(async move { sender.send(round).err() });
            receiver.close();
            let received = receiver.try_recv().ok();
            let returned = returned.await.unwrap();
            assert_eq!(received.or(returned), Some(round));
            assert!(received.is_none() || returned.is_none(), "both sides have it");
            let (sender, receiver) = oneshot::channel::<()>();
            spawn(async move { drop(sender) });
            assert!(receiver.await.is_err());
        }
    });
}

/// Senders wait for room, a full channel gives the message back, and a reserved place that is not used is free again.
///
/// Twin of `back_pressure/bounded`.
#[test]
fn a_bound_holds_senders_back() {
    const ROOM: usize = 4;
    const EACH: usize = 10_000;
    on_workers(2, async {
        let (sender, mut receiver) = mpsc::channel(ROOM);
        let accepted = (0..).find(|n| sender.try_send(*n) == Err(TrySendError::Full(*n)));
        assert_eq!(accepted, Some(ROOM));
        for n in 0..ROOM {
            assert_eq!(receiver.recv().await, Some(n));
        }
        let sent = Arc::new(AtomicUsize::new(0));
        for task in 0..3 {
            let (sender, sent) = (sender.clone(), sent.clone());
            spawn(async move {
                for n in 0..EACH {
                    drop(sender.reserve().await.unwrap());
                    sender.send(task * EACH + n).await.unwrap();
                    sent.fetch_add(1, Relaxed); // Relaxed: counted too late, never too early
                }
            });
        }
        drop(sender);
        let mut received = Vec::new();
        loop {
            let ahead = sent.load(Relaxed).saturating_sub(received.len()); // Relaxed: as above
            assert!(ahead <= ROOM, "{ahead} ahead");
            let Some(message) = receiver.recv().await else { break };
            received.push(message);
        }
        crate::assert_producer_order(&received, EACH);
        crate::assert_each_once(received, 3 * EACH);
    });
}

/// Leaves the room when it is dropped.
struct Inside(Arc<AtomicUsize>);

impl Drop for Inside {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Relaxed); // Relaxed: the permit orders it
    }
}

/// No more tasks are inside than there are permits, and tasks cancelled while they wait or work keep none.
///
/// Twin of `cancelled_waiter/passed_on`.
/// Twin of `tokio_permit_release/release_and_wake`.
#[test]
fn permits_survive_cancelled_tasks() {
    const PERMITS: usize = 2;
    on_workers(2, async {
        let semaphore = Arc::new(Semaphore::new(PERMITS));
        let inside = Arc::new(AtomicUsize::new(0));
        for _ in 0..1_000 {
            let mut tasks = JoinSet::new();
            for task in 0..16 {
                let (semaphore, inside) = (semaphore.clone(), inside.clone());
                let handle = tasks.spawn(async move {
                    let _permit = semaphore.acquire().await.unwrap();
                    let before = inside.fetch_add(1, Relaxed); // Relaxed: one location, no other data
                    let _inside = Inside(inside);
                    assert!(before < PERMITS, "{before} were inside already");
                    yield_now().await;
                });
                if task % 2 == 1 {
                    handle.abort();
                }
            }
            while let Some(joined) = tasks.join_next().await {
                assert!(joined.err().is_none_or(|error| error.is_cancelled()), "too many inside");
            }
            assert_eq!(semaphore.available_permits(), PERMITS);
        }
    });
}

/// A notification waits for the waiter that comes late, and goes on to the next if its waiter is dropped.
///
/// Twin of `stored_notification/permit_stored`.
/// Twin of `tokio_notified_drop/exchange`.
#[test]
fn a_notification_is_stored_and_passed_on() {
    on_this_thread(async {
        let notify = Notify::new();
        notify.notify_one();
        notify.notified().await;
        for _ in 0..100 {
            let mut first = Box::pin(notify.notified());
            let mut second = pin!(notify.notified());
            assert!(!first.as_mut().enable() && !second.as_mut().enable());
            notify.notify_one();
            drop(first);
            second.await;
        }
    });
}
