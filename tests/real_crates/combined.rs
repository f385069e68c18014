//! tokio, Rayon, crossbeam and `std` together, as servers and pipelines use them: every answer arrives, and is counted.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, RwLock, mpsc as std_mpsc};
use std::thread;

use crossbeam::channel;
use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};
use tokio::task::{JoinSet, block_in_place, spawn, yield_now};

use crate::assert_each_once;
use crate::tokio_tasks::on_workers;

fn pool() -> ThreadPool {
    ThreadPoolBuilder::new().num_threads(2).build().expect("threads can be started")
}

/// The sum of the squares below `n`.
fn compute(n: u64) -> u64 {
    (0..n).into_par_iter().map(|n| n * n).sum()
}

/// What both sides of the server share.
struct Service {
    pool: ThreadPool,
    /// Requests whose result has been sent back to its connection, or is about to be.
    computed: AtomicUsize,
}

/// Reads numbers, has the pool compute with them, and writes the results back.
async fn serve(mut connection: TcpStream, service: Arc<Service>) {
    let mut answered = 0;
    while let Ok(n) = connection.read_u64().await {
        let (reply, replied) = oneshot::channel();
        let counting = service.clone();
        service.pool.spawn(move || {
            let result = compute(n);
            counting.computed.fetch_add(1, Relaxed); // Relaxed: the reply publishes it
            reply.send(result).expect("the connection's task waits");
        });
        let result = replied.await.unwrap();
        answered += 1;
        let counted = service.computed.load(Relaxed); // Relaxed: the reply is received after the count
        assert!(counted >= answered, "{answered} answers, and {counted} of them counted");
        connection.write_u64(result).await.unwrap();
    }
}

/// Asks for several sums, one after another.
async fn ask(mut connection: TcpStream, numbers: Range<u64>) {
    for n in numbers {
        connection.write_u64(n).await.unwrap();
        let answer = connection.read_u64().await.unwrap();
        assert_eq!(answer, (0..n).map(|n| n * n).sum());
    }
}

/// Connections are tokio's, sums are Rayon's, and a channel brings each result back to its connection.
///
/// Twin of `metered_pipeline/count_then_send`.
/// Twin of `worker_pool/senders_dropped`.
#[test]
fn a_server_computes_in_a_pool_and_answers_each_client() {
    const CLIENTS: u64 = 8;
    let service = Arc::new(Service { pool: pool(), computed: AtomicUsize::new(0) });
    on_workers(2, async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (mut clients, mut connections) = (JoinSet::new(), JoinSet::new());
        for client in 0..CLIENTS {
            let connection = TcpStream::connect(address).await.unwrap();
            clients.spawn(ask(connection, client * 100..client * 100 + 50));
            connections.spawn(serve(listener.accept().await.unwrap().0, service.clone()));
        }
        clients.join_all().await;
        connections.join_all().await;
    });
    assert_eq!(service.computed.load(Relaxed), 400);
}

/// The article's program with its end waited for: a task sends, a pool squares, and a message says that it is done.
///
/// Twin of `joined_output/told`.
/// Twin of `last_sender_drop/dropped`.
#[test]
fn a_task_feeds_a_pool_and_waits_for_its_output() {
    const ITEMS: usize = 20_000;
    let pool = pool();
    let results = on_workers(2, async {
        let (to_pool, items) = channel::unbounded();
        let (done, output) = oneshot::channel();
        spawn(async move {
            for item in 0..ITEMS {
                to_pool.send(item).unwrap();
                yield_now().await;
            }
        });
        pool.spawn(move || {
            let squares: Vec<usize> = items.iter().map(|item| item * item).collect();
            done.send(squares).unwrap();
        });
        output.await.unwrap()
    });
    assert!(results.into_iter().eq((0..ITEMS).map(|item| item * item)));
}

/// Three stages, each of another kind and each bounded: a thread, a parallel bridge, and a task that collects.
///
/// Twin of `back_pressure/bounded`.
/// Twin of `producer_order/arrival`.
#[test]
fn a_pipeline_over_all_three_loses_nothing() {
    const ITEMS: usize = 20_000;
    let pool = pool();
    let (to_pool, items) = channel::bounded(8);
    let (to_task, mut results) = mpsc::channel(8);
    let collected = thread::scope(|s| {
        s.spawn(move || (0..ITEMS).for_each(|item| to_pool.send(item).unwrap()));
        pool.spawn(move || {
            // A full channel holds the pool's workers back, which is what bounds the pipeline.
            items.iter().par_bridge().for_each(|item| to_task.blocking_send(item).unwrap());
        });
        on_workers(1, async {
            let mut collected = Vec::new();
            while let Some(item) = results.recv().await {
                collected.push(item);
                yield_now().await;
            }
            collected
        })
    });
    assert_each_once(collected, ITEMS);
}

/// Scoped workers scale items by a shared configuration, each item by one reading of it, while it is replaced.
///
/// Twin of `pipeline_config/read_once`.
/// Twin of `pipeline_config/copied_before_send`.
#[test]
fn each_item_is_processed_under_one_configuration() {
    const ITEMS: usize = 2_000;
    let config = RwLock::new((1, 1));
    let (submit, items) = channel::bounded(4);
    let (results, scaled) = channel::bounded(4);
    thread::scope(|s| {
        for _ in 0..2 {
            let (items, results) = (items.clone(), results.clone());
            let config = &config;
            s.spawn(move || {
                for item in items {
                    let config = config.read().unwrap();
                    let factor = config.0;
                    thread::yield_now(); // the next configuration comes meanwhile, and waits
                    let scaled = item * factor / config.1;
                    drop(config);
                    results.send(scaled).unwrap();
                }
            });
        }
        drop((items, results));
        let config = &config;
        s.spawn(move || {
            for item in 0..ITEMS {
                *config.write().unwrap() = (item + 1, item + 1);
                submit.send(item).unwrap();
            }
        });
        assert_each_once(scaled, ITEMS);
    });
}

/// A job that blocks on a task of the runtime: its pool has one thread and the runtime one worker.
fn job(runtime: &Handle, n: usize) -> usize {
    runtime
        .block_on(runtime.spawn(async move {
            yield_now().await;
            n
        }))
        .unwrap()
}

/// A job of the pool blocks on a task while another task awaits the job, or blocks on it and says so: either way the runtime's
/// only worker is not held, and runs what the job waits for.
///
/// Twin of `two_runtimes/task_awaits`.
/// Twin of `two_runtimes/handed_over`.
#[test]
fn a_task_that_waits_for_a_pool_leaves_its_worker_to_others() {
    let pool = ThreadPoolBuilder::new().num_threads(1).build().expect("a thread can be started");
    on_workers(1, async {
        let task = spawn(async move {
            for n in 0..500 {
                let (runtime, (reply, replied)) = (Handle::current(), oneshot::channel());
                pool.spawn(move || reply.send(job(&runtime, n)).unwrap());
                assert_eq!(replied.await, Ok(n));
                let runtime = Handle::current();
                assert_eq!(block_in_place(|| pool.install(|| job(&runtime, n))), n);
            }
        });
        task.await.unwrap();
    });
}

/// While a task blocks the only worker, a task that a job has started does not run, so a job that waited for it would wait
/// for good: this one looks, and gives up.
///
/// Twin of `two_runtimes/both_block`.
#[test]
fn a_task_that_blocks_keeps_its_worker_from_what_the_job_started() {
    let pool = ThreadPoolBuilder::new().num_threads(1).build().expect("a thread can be started");
    on_workers(1, async {
        let task = spawn(async move {
            for n in 0..500 {
                let (runtime, (reply, replied)) = (Handle::current(), std_mpsc::channel());
                pool.spawn(move || {
                    let started = runtime.spawn(async move { n });
                    (0..100).for_each(|_| thread::yield_now());
                    reply.send((started.is_finished(), started)).unwrap();
                });
                let (finished, started) = replied.recv().unwrap(); // blocks the worker
                assert!(!finished, "the only worker was blocked");
                assert_eq!(started.await.unwrap(), n);
            }
        });
        task.await.unwrap();
    });
}
