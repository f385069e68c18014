//! Random clients of channels, caches and counters keep their promises in every schedule tried.
//!
//! Two or three threads, a few operations each; shuttle runs them. The last test plants a bug and
//! asks for more than that it is found: proptest must reduce it to the smallest client.

use std::fmt::Debug;

use casebook_core::verdict::Verdict;
use casebook_engine::{Body, Request, check_body};
use casebook_engine_shuttle as rt;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestError, TestRunner};

use rt::crossbeam::channel as crossbeam;
use rt::sync::atomic::{AtomicU32, Ordering::*};
use rt::sync::{Arc, Mutex, OnceLock, RwLock, mpsc};
use rt::thread;

/// The same clients each time: a red run must be red again.
const SEED: u64 = 0x00ca_5eb0;

/// Runs `client` on random inputs until one is refuted, and returns the smallest such input.
fn refute<I: Clone + Debug + std::marker::Send + Sync + 'static>(
    clients: u32,
    inputs: impl Strategy<Value = I>,
    client: fn(&I),
) -> Result<(), TestError<I>> {
    let config = Config {
        cases: clients,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(SEED),
        ..Config::default()
    };
    TestRunner::new(config).run(&inputs, |input| {
        let body = move || {
            client(&input);
            String::new()
        };
        let report = check_body(rt::ENGINE, &Body::new(body), &Request::default());
        match report.map_err(|error| TestCaseError::fail(error.to_string()))?.verdict {
            Verdict::Proved { .. } | Verdict::Sampled { .. } => Ok(()),
            Verdict::Refuted { failure, .. } => {
                Err(TestCaseError::fail(format!("{}: {}", failure.kind, failure.message)))
            }
            verdict => Err(TestCaseError::fail(format!("{verdict:?}"))),
        }
    })
}

/// Asserts that `client` keeps its promises.
fn keeps<I: Clone + Debug + std::marker::Send + Sync + 'static>(
    clients: u32,
    inputs: impl Strategy<Value = I>,
    client: fn(&I),
) {
    // The error shows the smallest client that breaks one.
    refute(clients, inputs, client).unwrap_or_else(|error| panic!("{error}"));
}

/// Two threads with one or two operations each, or three with one: few enough schedules.
fn few_threads<O: Clone + Debug>(
    operation: impl Strategy<Value = O> + Clone,
) -> impl Strategy<Value = Vec<Vec<O>>> {
    prop_oneof![vec(vec(operation.clone(), 1..=2), 2), vec(vec(operation, 1), 3)]
}

/// How each of a producer's messages is sent.
#[derive(Clone, Copy, Debug)]
enum Send {
    Waiting,
    /// Given up if there is no room.
    Trying,
}

type Producers = Vec<Vec<Send>>;

fn producers() -> impl Strategy<Value = Producers> {
    let send = prop_oneof![Just(Send::Waiting), Just(Send::Trying)];
    prop_oneof![vec(vec(send.clone(), 1..=3), 1), vec(vec(send, 1), 2)]
}

/// What was sent: the producer, and the message's number among its own.
type Message = (usize, usize);

/// Sends what a producer has to send; tells what was accepted.
fn produce(producer: usize, sends: &[Send], send: impl Fn(Send, Message) -> bool) -> Vec<Message> {
    let messages = sends.iter().enumerate().map(|(number, how)| (*how, (producer, number)));
    messages.filter(|(how, message)| send(*how, *message)).map(|(_, message)| message).collect()
}

/// Every message that was accepted is received once, and those of one producer in their order.
fn assert_conserved(sent: Vec<Vec<Message>>, received: Vec<Vec<Message>>) {
    for messages in &received {
        for producer in 0..sent.len() {
            let own: Vec<_> = messages.iter().filter(|message| message.0 == producer).collect();
            assert!(own.is_sorted(), "producer {producer}'s messages overtake: {own:?}");
        }
    }
    let mut received = received.concat();
    received.sort();
    assert_eq!(received, sent.concat(), "what is received is not what was sent");
}

/// One or two producers, and the main thread receives from `std`'s channel with that bound.
fn mpsc_client((bound, producers): &(usize, Producers)) {
    let (sender, receiver) = mpsc::sync_channel(*bound);
    let (sent, received) = thread::scope(|scope| {
        let started: Vec<_> = producers
            .iter()
            .enumerate()
            .map(|(producer, sends)| {
                let sender = sender.clone();
                scope.spawn(move || {
                    produce(producer, sends, |how, message| match how {
                        Send::Waiting => sender.send(message).is_ok(),
                        Send::Trying => sender.try_send(message).is_ok(),
                    })
                })
            })
            .collect();
        drop(sender);
        let received: Vec<Message> = receiver.iter().collect();
        (started.into_iter().map(|thread| thread.join().unwrap()).collect(), received)
    });
    assert_conserved(sent, vec![received]);
}

/// One producer, and one or two consumers that share what `crossbeam`'s channel gives.
fn crossbeam_client((bound, (sends, two)): &(Option<usize>, (Vec<Send>, bool))) {
    let (sender, receiver) = bound.map_or_else(crossbeam::unbounded, crossbeam::bounded);
    let (sent, received) = thread::scope(|scope| {
        let other = two.then(|| {
            let receiver = receiver.clone();
            scope.spawn(move || receiver.iter().collect::<Vec<Message>>())
        });
        let producer = scope.spawn(move || {
            produce(0, sends, |how, message| match how {
                Send::Waiting => sender.send(message).is_ok(),
                Send::Trying => sender.try_send(message).is_ok(),
            })
        });
        let mine: Vec<Message> = receiver.iter().collect();
        (
            producer.join().unwrap(),
            vec![mine, other.map_or_else(Vec::new, |other| other.join().unwrap())],
        )
    });
    assert_conserved(vec![sent], received);
}

#[test]
fn mpsc_conserves_messages_and_their_order() {
    keeps(3, (0usize..3, producers()), mpsc_client);
}

#[test]
fn crossbeam_conserves_messages_and_their_order() {
    let bound = prop_oneof![Just(None), (0usize..3).prop_map(Some)];
    let send = prop_oneof![Just(Send::Waiting), Just(Send::Trying)];
    let alone = (vec(send.clone(), 1..=3), Just(false));
    let sends = prop_oneof![4 => alone, 1 => (vec(send, 1), Just(true))];
    keeps(4, (bound, sends), crossbeam_client);
}

/// What a thread asks of a cache of two keys.
#[derive(Clone, Copy, Debug)]
enum Ask {
    Put(usize, u32),
    Get(usize),
    /// The value that the first asker computes.
    Compute(usize),
}

/// A cache whose puts overwrite, and whose computed values are computed once.
struct Cache {
    put: RwLock<[Option<u32>; 2]>,
    computed: [OnceLock<u32>; 2],
    computations: Mutex<[u32; 2]>,
}

impl Cache {
    /// Asks; tells which key and value came back, if one did.
    fn ask(&self, ask: Ask) -> Option<(usize, u32)> {
        match ask {
            Ask::Put(key, value) => {
                self.put.write().unwrap()[key] = Some(value);
                None
            }
            Ask::Get(key) => self.put.read().unwrap()[key].map(|value| (key, value)),
            Ask::Compute(key) => {
                let value = self.computed[key].get_or_init(|| {
                    self.computations.lock().unwrap()[key] += 1;
                    10 + key as u32
                });
                assert_eq!(*value, 10 + key as u32, "a computed value is not what was computed");
                None
            }
        }
    }
}

fn cache_client(threads: &[Vec<Ask>]) {
    let cache = Cache {
        put: RwLock::new([None; 2]),
        computed: [OnceLock::new(), OnceLock::new()],
        computations: Mutex::new([0; 2]),
    };
    let seen: Vec<(usize, u32)> = thread::scope(|scope| {
        let start = |asks| {
            let cache = &cache;
            scope.spawn(move || {
                let asks: &Vec<Ask> = asks;
                asks.iter().filter_map(|ask| cache.ask(*ask)).collect::<Vec<_>>()
            })
        };
        let started: Vec<_> = threads.iter().map(start).collect();
        started.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let asks = || threads.iter().flatten();
    for (key, value) in seen {
        let written = asks().any(|ask| matches!(ask, Ask::Put(k, v) if (*k, *v) == (key, value)));
        assert!(written, "nobody wrote {value} under {key}");
    }
    for (key, times) in cache.computations.into_inner().unwrap().into_iter().enumerate() {
        let asked = asks().any(|ask| matches!(ask, Ask::Compute(k) if *k == key));
        assert_eq!(times, u32::from(asked), "computations of {key}");
    }
}

#[test]
fn caches_invent_nothing_and_compute_once() {
    // Mostly one key: threads that ask for different ones do not meet.
    let key = || prop_oneof![4 => Just(0usize), 1 => Just(1usize)];
    let ask = prop_oneof![
        1 => (key(), 1u32..4).prop_map(|(key, value)| Ask::Put(key, value)),
        1 => key().prop_map(Ask::Get),
        2 => key().prop_map(Ask::Compute),
    ];
    keeps(8, few_threads(ask), |threads| cache_client(threads));
}

/// How a number is added to a counter.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Add {
    InOneStep(u32),
    ByExchange(u32),
    /// The planted bug: what is stored in between is lost.
    ByTwoSteps(u32),
}

fn count_client(threads: &[Vec<Add>]) {
    let count = Arc::new(AtomicU32::new(0));
    let start = |adds: &Vec<Add>| {
        let (adds, count) = (adds.clone(), count.clone());
        thread::spawn(move || adds.into_iter().for_each(|add| perform(add, &count)))
    };
    let started: Vec<_> = threads.iter().map(start).collect();
    started.into_iter().for_each(|thread| thread.join().unwrap());
    let amounts = threads.iter().flatten().map(|add| match add {
        Add::InOneStep(n) | Add::ByExchange(n) | Add::ByTwoSteps(n) => n,
    });
    assert_eq!(count.load(Relaxed), amounts.sum::<u32>(), "an update is lost");
}

fn perform(add: Add, count: &AtomicU32) {
    match add {
        Add::InOneStep(n) => {
            count.fetch_add(n, Relaxed);
        }
        Add::ByExchange(n) => {
            let added = count.fetch_update(Relaxed, Relaxed, |seen| Some(seen + n));
            added.expect("the sum is always given");
        }
        Add::ByTwoSteps(n) => {
            let seen = count.load(Relaxed);
            count.store(seen + n, Relaxed);
        }
    }
}

fn sound() -> impl Strategy<Value = Add> + Clone {
    prop_oneof![(1u32..9).prop_map(Add::InOneStep), (1u32..9).prop_map(Add::ByExchange)]
}

#[test]
fn counters_lose_nothing() {
    keeps(5, few_threads(sound()), |threads| count_client(threads));
}

#[test]
fn a_planted_bug_is_found_and_shrunk() {
    let add = prop_oneof![4 => sound(), 1 => (1u32..9).prop_map(Add::ByTwoSteps)];
    let clients = vec(vec(add, 1..=3), 2..=3);
    let Err(TestError::Fail(reason, mut smallest)) =
        refute(100, clients, |threads| count_client(threads))
    else {
        panic!("the planted bug is not found");
    };
    assert!(reason.message().contains("an update is lost"), "{reason}");
    smallest.sort_by_key(|adds| adds != &[Add::ByTwoSteps(1)]);
    assert_eq!(smallest, [[Add::ByTwoSteps(1)], [Add::InOneStep(1)]]);
}
