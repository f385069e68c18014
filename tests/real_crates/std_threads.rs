//! `std`'s threads, channels and sockets: order, bounds, joins, and a pool and a server that outlive bad clients.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicUsize, Ordering::*};
use std::sync::mpsc::{self, TrySendError};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;

use crate::{assert_each_once, assert_producer_order};

const EACH: usize = 10_000;

/// One receiver gets what four producers send, each one's in order, until the last sender is gone.
///
/// Twin of `producer_order/arrival`.
/// Twin of `last_sender_drop/dropped`.
#[test]
fn mpsc_keeps_each_producers_order_to_the_end() {
    let (sender, receiver) = mpsc::channel();
    let received: Vec<usize> = thread::scope(|s| {
        for producer in 0..4 {
            let sender = sender.clone();
            s.spawn(move || {
                for number in 0..EACH {
                    sender.send(producer * EACH + number).unwrap();
                }
            });
        }
        drop(sender);
        receiver.iter().collect()
    });
    assert_producer_order(&received, EACH);
    assert_each_once(received, 4 * EACH);
}

/// The producers are never ahead of the consumer by more than the bound, and a bound of 0 is a rendezvous.
///
/// Twin of `back_pressure/bounded`.
/// Twin of `back_pressure/kept`.
/// Twin of `rendezvous/bound_0`.
#[test]
fn a_bound_holds_producers_back() {
    for bound in [0, 1, 4] {
        let (sender, receiver) = mpsc::sync_channel(bound);
        let accepted = (0..).find(|n| sender.try_send(*n) == Err(TrySendError::Full(*n)));
        assert_eq!(accepted, Some(bound), "a full channel gives the message back");
        assert_eq!(receiver.try_iter().count(), bound);
        let sent = AtomicUsize::new(0);
        thread::scope(|s| {
            for _ in 0..2 {
                s.spawn(|| {
                    for number in 0..EACH {
                        sender.send(number).unwrap();
                        sent.fetch_add(1, Relaxed); // Relaxed: counted too late, never too early
                    }
                });
            }
            let mut furthest = 0;
            for received in 0..2 * EACH {
                let ahead = sent.load(Relaxed).saturating_sub(received); // Relaxed: as above
                furthest = furthest.max(ahead);
                receiver.recv().unwrap();
            }
            assert!(furthest <= bound, "{furthest} ahead with a bound of {bound}");
        });
    }
}

/// A scope ends after all its threads, joined or not, and what they wrote to their parts is there.
///
/// Twin of `scoped_borrow/disjoint`.
#[test]
fn a_scope_waits_for_threads_that_nobody_joins() {
    for round in 0..200 {
        let mut data = [round; 100];
        thread::scope(|s| {
            for part in data.chunks_mut(25) {
                s.spawn(move || part.iter_mut().for_each(|number| *number += 1));
            }
        });
        assert_eq!(data, [round + 1; 100]);
    }
}

/// Two threads hand a turn to and fro, each parked until the flag says that it is its turn.
///
/// Twin of `park_token/flag_and_loop`.
#[test]
fn a_flag_and_park_lose_no_turn() {
    const TURNS: usize = 10_000;
    let turn = AtomicUsize::new(0);
    let play = |other: thread::Thread, me| {
        for mine in (0..TURNS).filter(|turn| turn % 2 == me) {
            // Acquire: pairs with the other's fetch_add.
            while turn.load(Acquire) != mine {
                thread::park();
            }
            turn.fetch_add(1, Release); // Release: pairs with the other's load
            other.unpark();
        }
    };
    thread::scope(|s| {
        let main = thread::current();
        let other = s.spawn(move || play(main, 1));
        play(other.thread().clone(), 0);
    });
    assert_eq!(turn.into_inner(), TURNS);
}

type Job = Box<dyn FnOnce() -> usize + Send>;

/// Every job of a pool runs once, one that panics is reported, and its worker takes the next.
///
/// Twin of `failing_job/worker_goes_on`.
/// Twin of `thread_pool/drained`.
/// Twin of `panicking_job/caught`.
#[test]
fn a_pool_survives_panics_and_drains_its_queue() {
    const JOBS: usize = 20_000;
    let (submit, queue) = mpsc::channel::<Job>();
    let queue = Arc::new(Mutex::new(queue));
    let (report, results) = mpsc::channel();
    let work = |queue: Arc<Mutex<mpsc::Receiver<Job>>>, report: mpsc::Sender<_>| {
        // The guard is gone before the job runs.
        let next = || queue.lock().unwrap().recv().ok();
        while let Some(job) = next() {
            report.send(catch_unwind(AssertUnwindSafe(job))).unwrap();
        }
    };
    let spawn = |_| {
        let (queue, report) = (queue.clone(), report.clone());
        thread::spawn(move || work(queue, report))
    };
    let workers: Vec<_> = (0..4).map(spawn).collect();
    for n in 0..JOBS {
        // A panic without the hook's message.
        let fail = move || resume_unwind(Box::new(n));
        submit.send(Box::new(move || if n % 7 == 0 { fail() } else { n })).unwrap();
    }
    drop((submit, report));
    workers.into_iter().for_each(|worker| worker.join().unwrap());
    let (done, failed): (Vec<_>, Vec<_>) = results.iter().partition(Result::is_ok);
    let failed = failed.into_iter().map(|failure| *failure.unwrap_err().downcast().unwrap());
    let failed: Vec<usize> = failed.collect();
    assert!(failed.iter().all(|n| n % 7 == 0), "{failed:?}");
    assert_each_once(done.into_iter().map(Result::unwrap).chain(failed), JOBS);
}

/// A guard in the condition of a `while let` is held while the body runs: a job finds its own queue locked, and one that
/// panics poisons it for the other workers. With the guard dropped first, the others go on.
///
/// Twin of `shared_receiver/while_let`.
/// Twin of `shared_receiver/let_first`.
/// Twin of `poisoned_lock/unwrapped`.
#[test]
fn a_while_let_runs_its_body_under_the_lock() {
    let fail = || resume_unwind(Box::new(())); // a panic without the hook's message
    type Jobs<'a> = mpsc::Receiver<Box<dyn FnOnce(bool) + Send + 'a>>;
    let under_the_lock = |jobs: &Mutex<Jobs>| {
        while let Ok(job) = jobs.lock().unwrap().recv() {
            let is_free = jobs.try_lock().is_ok(); // that guard is gone here
            job(is_free);
        }
    };
    let after_the_lock = |jobs: &Mutex<Jobs>| {
        let next = || jobs.lock().unwrap().recv();
        while let Ok(job) = next() {
            let is_free = jobs.try_lock().is_ok(); // that guard is gone here
            job(is_free);
        }
    };
    let run = |work: &dyn Fn(&Mutex<Jobs>)| {
        let free = AtomicUsize::new(0);
        let (submit, jobs) = mpsc::channel::<Box<dyn FnOnce(bool) + Send>>();
        submit.send(Box::new(|_| fail())).unwrap();
        for _ in 0..EACH {
            let count = |is_free| {
                free.fetch_add(usize::from(is_free), Relaxed); // Relaxed: one thread counts
            };
            submit.send(Box::new(count)).unwrap();
        }
        drop(submit);
        let jobs = Mutex::new(jobs);
        let ends = [(); 2].map(|()| catch_unwind(AssertUnwindSafe(|| work(&jobs))).is_ok());
        drop(jobs);
        (ends, free.into_inner())
    };
    assert_eq!(run(&under_the_lock), ([false, false], 0), "both workers end");
    assert_eq!(run(&after_the_lock), ([false, true], EACH), "one ends, the other does the rest");
}

/// Whoever waits for a pool's jobs is told of those that panic, by a guard that is dropped while they do.
///
/// Twin of `awaited_panic/guard`.
/// Twin of `awaited_panic/reply_dropped`.
#[test]
fn a_job_that_panics_is_counted_off_and_drops_its_reply() {
    struct Off<'a>(&'a (Mutex<usize>, Condvar));
    impl Drop for Off<'_> {
        fn drop(&mut self) {
            *self.0.0.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
            self.0.1.notify_all();
        }
    }
    let pending = (Mutex::new(EACH), Condvar::new());
    let (submit, jobs) = mpsc::channel::<(usize, mpsc::Sender<usize>)>();
    let jobs = Mutex::new(jobs);
    thread::scope(|s| {
        for _ in 0..4 {
            s.spawn(|| {
                let next = || jobs.lock().unwrap().recv();
                while let Ok((n, reply)) = next() {
                    let job = || {
                        let _off = Off(&pending);
                        let reply = reply; // dropped with the job
                        if n.is_multiple_of(7) {
                            resume_unwind(Box::new(n));
                        }
                        reply.send(n).unwrap();
                    };
                    drop(catch_unwind(AssertUnwindSafe(job)));
                }
            });
        }
        let ask = |n| {
            let (reply, replied) = mpsc::channel();
            submit.send((n, reply)).unwrap();
            (n, replied)
        };
        for (n, replied) in (0..EACH).map(ask).collect::<Vec<_>>() {
            assert_eq!(replied.recv().ok(), (!n.is_multiple_of(7)).then_some(n));
        }
        let jobs = pending.0.lock().unwrap();
        drop(pending.1.wait_while(jobs, |jobs| *jobs > 0).unwrap());
        drop(submit);
    });
}

/// Reads a request for `/n` and answers with n².
fn answer(mut connection: TcpStream) {
    let head = BufReader::new(&connection).lines().map(Result::unwrap);
    let head: Vec<String> = head.take_while(|line| !line.is_empty()).collect();
    let path = head[0].split(' ').nth(1).and_then(|path| path.strip_prefix('/')).unwrap();
    let n: usize = path.parse().unwrap();
    let body = (n * n).to_string();
    let length = body.len();
    write!(connection, "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{body}").unwrap();
}

/// Asks for `/n`, and reads until the server closes the connection.
fn ask(mut connection: TcpStream, n: usize) -> usize {
    write!(connection, "GET /{n} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        .unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    answer.split_once("\r\n\r\n").expect("a head and a body").1.parse().unwrap()
}

/// A server with a thread for each connection answers all the others while its first client is silent.
///
/// Twin of `connection_server/thread_per_connection`.
#[test]
fn a_silent_client_delays_nobody() {
    const CLIENTS: usize = 50;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address: SocketAddr = listener.local_addr().unwrap();
    thread::scope(|s| {
        s.spawn(move || {
            for connection in listener.incoming().take(CLIENTS + 1) {
                s.spawn(move || answer(connection.unwrap()));
            }
        });
        let silent = TcpStream::connect(address).unwrap();
        let clients: Vec<_> = (0..CLIENTS)
            .map(|n| s.spawn(move || ask(TcpStream::connect(address).unwrap(), n)))
            .collect();
        for (n, client) in clients.into_iter().enumerate() {
            assert_eq!(client.join().unwrap(), n * n);
        }
        assert_eq!(ask(silent, 9), 81);
    });
}
