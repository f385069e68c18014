//! tokio's tasks: what `select!`, an abort, a panic and a shutdown leave behind, and who runs while another does not await.

use std::future::{Future, pending, ready};
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, mpsc as blocking};

use tokio::runtime::{Builder, Handle};
use tokio::select;
use tokio::sync::mpsc;
use tokio::task::{JoinSet, spawn, spawn_blocking, yield_now};

use crate::assert_each_once;

/// Runs a future on a runtime with `workers` threads beside this one.
pub fn on_workers<T>(workers: usize, future: impl Future<Output = T>) -> T {
    let runtime = Builder::new_multi_thread().worker_threads(workers).enable_all().build();
    runtime.expect("threads can be started").block_on(future)
}

/// Runs a future and what it spawns on this thread alone.
pub fn on_this_thread<T>(future: impl Future<Output = T>) -> T {
    Builder::new_current_thread().build().expect("it takes no thread").block_on(future)
}

/// A `recv` that loses in `select!` loses no message, however often it does.
///
/// Twin of `select_two/take_one`.
#[test]
fn a_receive_that_loses_a_select_loses_no_message() {
    const MESSAGES: usize = 10_000;
    let received = on_workers(2, async {
        let (sender, mut receiver) = mpsc::channel(4);
        spawn(async move {
            for message in 0..MESSAGES {
                sender.send(message).await.unwrap();
            }
        });
        let mut received = Vec::new();
        loop {
            select! {
                message = receiver.recv() => match message {
                    Some(message) => received.push(message),
                    None => return received,
                },
                () = yield_now() => {}
            }
        }
    });
    assert!(received.into_iter().eq(0..MESSAGES), "lost, twice, or out of order");
}

/// A future that has taken a message when it loses drops it: two receives in one future are no longer safe to cancel.
///
/// Twin of `select_two/take_both`.
#[test]
fn two_receives_in_one_future_lose_the_first() {
    on_this_thread(async {
        let (sender, mut receiver) = mpsc::channel(4);
        sender.send(1).await.unwrap();
        let pair = async { (receiver.recv().await, receiver.recv().await) };
        select! {
            biased;
            pair = pair => panic!("there is one message, and here are {pair:?}"),
            () = ready(()) => {}
        }
        sender.send(2).await.unwrap();
        assert_eq!(receiver.recv().await, Some(2), "and not 1, which went with the future");
    });
}

/// A task that never awaits keeps the only thread, so what it waits for does not happen; if it yields, it does.
///
/// Twin of `starved_executor/never_yields`.
/// Twin of `starved_executor/yields`.
#[test]
fn a_task_that_does_not_await_starves_the_others() {
    for yields in [false, true] {
        let raised = Arc::new(AtomicBool::new(false));
        let flag = raised.clone();
        let seen = on_this_thread(async move {
            let waiting = spawn(async move {
                for _ in 0..1_000 {
                    if yields {
                        yield_now().await;
                    }
                    if flag.load(Relaxed) {
                        return true; // Relaxed: one thread runs both tasks
                    }
                }
                false
            });
            spawn(async move { raised.store(true, Relaxed) }); // Relaxed: as above
            waiting.await.unwrap()
        });
        assert_eq!(seen, yields);
    }
}

/// A blocking wait on a thread of its own leaves the only worker to the task that ends it.
///
/// Twin of `starved_executor/two_threads`.
#[test]
fn spawn_blocking_leaves_the_worker_to_tasks() {
    on_workers(1, async {
        let mut waits = JoinSet::new();
        for n in 0..200 {
            let (sender, receiver) = blocking::channel();
            waits.spawn_blocking(move || receiver.recv().unwrap());
            spawn(async move {
                yield_now().await;
                sender.send(n).unwrap();
            });
        }
        assert_each_once(waits.join_all().await, 200);
    });
}

/// A panicking task and an aborted one are told from each other, and the others give their results.
///
/// Twin of `failing_job/worker_goes_on`.
#[test]
fn failures_stay_with_their_tasks() {
    const TASKS: usize = 3_000;
    on_workers(2, async {
        let mut tasks = JoinSet::new();
        for n in 0..TASKS {
            let abort = tasks.spawn(async move {
                yield_now().await;
                match n % 3 {
                    0 => n,
                    1 => resume_unwind(Box::new(n)),
                    _ => pending().await,
                }
            });
            if n % 3 == 2 {
                abort.abort();
            }
        }
        let mut told = [0; 3];
        while let Some(joined) = tasks.join_next().await {
            match joined {
                Ok(n) => told[n % 3] += 1,
                Err(error) if error.is_cancelled() => told[2] += 1,
                Err(error) => {
                    let n = error.into_panic().downcast::<usize>().expect("the number it had");
                    told[*n % 3] += 1;
                }
            }
        }
        assert_eq!(told, [TASKS / 3; 3]);
    });
}

/// Counts itself as dropped, and starts another task while it is.
struct Spawner {
    dropped: Arc<AtomicUsize>,
    late: Option<Arc<AtomicUsize>>,
}

impl Drop for Spawner {
    fn drop(&mut self) {
        self.dropped.fetch_add(1, Relaxed); // Relaxed: read after the runtime is gone
        if let Some(dropped) = self.late.take() {
            let late = Spawner { dropped, late: None };
            Handle::current().spawn(hold(late));
        }
    }
}

/// Never ends, and holds `held` all the while.
async fn hold(held: Spawner) {
    let _held = held;
    pending().await
}

/// A runtime that is dropped drops every task's future, those that are spawned by its shutdown too.
///
/// Twin of `tokio_shutdown_late_task/look_under_lock`.
#[test]
fn a_dropped_runtime_drops_every_task_once() {
    for _ in 0..100 {
        let [dropped, late] = [(); 2].map(|()| Arc::new(AtomicUsize::new(0)));
        let runtime = Builder::new_multi_thread().worker_threads(2).build().unwrap();
        for _ in 0..100 {
            runtime.spawn(hold(Spawner { dropped: dropped.clone(), late: Some(late.clone()) }));
        }
        drop(runtime);
        assert_eq!((dropped.load(Relaxed), late.load(Relaxed)), (100, 100));
    }
}

/// What a blocking thread has begun is finished and can be awaited, although nobody polls meanwhile.
///
/// Twin of `joined_output/joined`.
#[test]
fn a_blocking_task_is_joined_with_what_it_wrote() {
    on_workers(1, async {
        for round in 0..200 {
            let written = Arc::new(AtomicUsize::new(0));
            let writer = written.clone();
            let task = spawn_blocking(move || writer.store(round, Relaxed)); // Relaxed: the join orders it
            task.await.unwrap();
            assert_eq!(written.load(Relaxed), round); // Relaxed: as above
        }
    });
}
