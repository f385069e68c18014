//! `rc11` explores every execution of a closure that its memory model allows, once each.
//!
//! The model is RC11 with C++20's release sequences, or the letter of C++20: see [`Model`]. `Proved` says that no execution of
//! that model fails, save for what is outside.
//!
//! # What is outside
//!
//! - **Load buffering.** The models have no cycle in program order and reads-from. C++ and Rust let a Relaxed load read a store
//!   that comes later in every interleaving; that is not explored. [`Report::exposure`] says whether it could add anything, by a
//!   criterion that is argued and tested, and not proved.
//! - **Endless bad luck.** A weak compare-exchange, a condition variable, a futex and a park fail or wake without a cause as often as
//!   [`Checker::spurious`] says, for each thread and execution; once by default.
//! - **Patience.** No time passes. A wait with a time-out ends by it at any moment, once for each thread and execution, or as often as
//!   [`Checker::time_outs`] says. An execution in which a thread then waits for one more is cut off there, and makes the verdict
//!   [`Bounded`](Verdict::Bounded) ([`Limit::TimeOut`]).
//! - **Waiting loops.** A loop around [`hint::spin_loop`] or [`thread::yield_now`] that would do the same for ever is taken to wait: it goes
//!   on once what it reads changes, and others get their turn. It does the same for ever if its stack and registers are the same 200
//!   rounds on. A count of its rounds that is kept on the heap or in a static, and ends the loop after more than 200, is not seen.
//!   A round that changes nothing is left out if stack and registers are then as they would be without it; what it leaves on the heap or in
//!   a static for later is not seen, nor whether an address that it found there is of one block of the heap or of another. A loop that
//!   counts on its stack, or writes in each round what others can tell apart, is cut off and makes the verdict
//!   [`Bounded`](Verdict::Bounded), for that loop alone ([`Limit::Loop`]).
//! - **Threads left behind.** When the closure returns, the program ends. A thread that waits for good then is no deadlock, and what it owns
//!   is no leak; [`Report::left_waiting`] counts such executions. What such a thread owns is never freed in the
//!   checking process either.
//! - **Panics** that reach the top of their thread fail the check: `join` never returns one, and no lock is ever poisoned. A panic that the
//!   program catches is none of the checker's business. A destructor that panics during another panic aborts the process, as
//!   anywhere; the failure and its token are printed first.
//! - **What is no event**: the reference counts of `std`'s `Arc`, so that a value whose destructor uses this module's types should be
//!   dropped by one thread for sure; memory that is not in these types; `compiler_fence`, signals, mixed-size accesses; time.
//! - **More than one machine's worth**: at most 65,535 threads, 16 at a condition variable, 15 at a futex, and the bounds of the [`Checker`].
//!
//! `RwLock` promises what `std` does and no more: a waiting writer may hold back readers, or not, and readers order nothing among
//! themselves.
//!
//! # An example
//!
//! ```
//! use rc11::sync::{Arc, atomic::{AtomicBool, AtomicU32, Ordering::*}};
//! use rc11::{Checker, thread};
//!
//! let publish = |store| move || {
//!     let (data, ready) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicBool::new(false)));
//!     let (data2, ready2) = (data.clone(), ready.clone());
//!     thread::spawn(move || {
//!         data2.store(42, Relaxed);
//!         ready2.store(true, store);
//!     });
//!     if ready.load(Acquire) {
//!         assert_eq!(data.load(Relaxed), 42);
//!     }
//! };
//! assert!(Checker::new().check(publish(Release)).is_proved());
//! assert!(Checker::new().check(publish(Relaxed)).failure().is_some());
//! ```
//!
//! # How it works
//!
//! An execution is a graph: events, program order `po`, reads-from `rf`, coherence `co`. RC11's axioms say which graphs exist:
//! Lahav, Vafeiadis, Kang, Hur, Dreyer, *Repairing Sequential Consistency in C/C++11*, PLDI 2017, with the release sequences of C++20
//! (P0982R1: `rs = [W≥rlx] ; (rf ; rmw)*`, no later stores of the same thread). They are the functions of `consistency` and `sc`, over vector clocks that
//! `graph` computes once for each event.
//!
//! `explore` is TruSt: Kokologiannakis, Marmanis, Gladstein, Vafeiadis, *Truly Stateless, Optimal Dynamic Partial Order
//! Reduction*, POPL 2022. Depth first; each consistent graph once; memory linear in the program. Events are added one by one. A
//! read tries each coherent source; a write tries each coherent place in `co`, and *revisits* each earlier read that could read it:
//! the events added after that read, but not before the write in `po ∪ rf`, are dropped, if all were added in the one canonical way.
//!
//! - A read-modify-write is two events, an exclusive read and right after it an exclusive write. Another one may for a moment read
//!   a source already consumed: that graph is dropped, but the revisits of its write half are how the other order is found.
//! - A failed compare-exchange is a read with its failure ordering, decided by the value it reads in this graph.
//! - A wait (lock, condition variable, park) is a read that goes on from some values only. As long as the latest value is none of them it is no event, and
//!   its thread comes later: `explore::revisit` says why that loses nothing.
//! - A round of a waiting loop is its reads, with any coherent source. A round that fails is no part of any execution, if the loop
//!   does not remember it (`waits`). Else its thread stops on the values that do not end it, and a later write revisits it; an execution that stops so,
//!   but only because of a stale value, counts as blocked.
//! - A compare-exchange that fails and is repeated with what it found is left out, too, and the load before it reads that instead (`waits::retries`).
//! - Threads that nothing tells apart are explored in one order, if their first operation has one (`alike`).
//! - What whoever leaves last does, a destructor for example, is done by a thread of its own, where nobody can tell who does it
//!   (`sync::finalizer`).
//! - The executions in which no wait times out may be visited before all others (`explore::later`).
//!
//! `shadow` tells loops that wait from loops that do not, `waits` those that remember. `exec` runs the closure: threads are coroutines that first
//! *replay* the events already in the graph, values recorded anew, each read after its source, and then extend it. The first thread in the
//! order of the spawn tree that can go on does (`schedule`). With a bound on preemptions the search is another one, of schedules (`preemptions`).

/// The example of the README compiles and holds.
#[cfg(doctest)]
#[doc = include_str!("README.md")]
struct Readme;

mod alike;
mod asked;
mod checker;
mod choice;
mod clock;
mod consistency;
mod current;
mod display;
mod ending;
mod exec;
mod explore;
mod exposure;
mod failure;
mod fiber;
mod frame;
mod graph;
mod grow;
mod hash;
mod heap;
mod hook;
mod label;
mod learnt;
mod names;
mod ops;
mod portrait;
mod preemptions;
mod report;
mod rounds;
mod sc;
mod schedule;
mod search;
mod shadow;
mod split;
mod token;
mod waits;

pub mod boxed;
pub mod cell;
pub mod future;
pub mod hint;
pub mod sync;
pub mod thread;

pub use asked::{Orderings, Role};
#[doc(hidden)]
pub use checker::Axiom;
pub use checker::{Checker, Completed, Model, Progress};
pub use choice::choose;
pub use exposure::Exposure;
#[doc(hidden)]
pub use frame::{arrive, settle};
pub use report::{
    BlockedThread, Error, Event, EventId, EventKind, Failure, FailureKind, Graph, Limit,
    LocationInfo, Report, Site, Step, Verdict, Wait, Walked,
};
pub use split::{BadUnit, Split, Unit};
pub use token::BadToken;

/// The running thread's place among those of this check, if the calling code runs in an execution.
#[doc(hidden)]
pub fn thread_index() -> Option<usize> {
    current::with(|exec| exec.host)
}

/// What the running thread does next depends on which thread it is: so it matters who is last of
/// [`Departures`](sync::Departures), if that is what it does there.
#[doc(hidden)]
pub fn thread_matters() {
    current::perform_if_inside(exec::Exec::thread_matters);
}

/// Explores every execution of `body`, and panics with a readable report unless all of them were explored and none fails.
///
/// ```
/// use rc11::sync::{Arc, atomic::{AtomicU32, Ordering::Relaxed}};
/// use rc11::thread;
///
/// rc11::model(|| {
///     let count = Arc::new(AtomicU32::new(0));
///     let count2 = count.clone();
///     let other = thread::spawn(move || count2.fetch_add(1, Relaxed));
///     count.fetch_add(1, Relaxed);
///     other.join().unwrap();
///     assert_eq!(count.load(Relaxed), 2);
/// });
/// ```
#[track_caller]
pub fn model(body: impl Fn() + Send + Sync) {
    let report = Checker::new().check(body);
    assert!(report.is_proved(), "{report}");
}
