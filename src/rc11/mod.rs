//! `rc11` explores every execution of a closure that the C++20 memory model (as RC11) allows, once each.
//!
//! What it proves: of the graphs that RC11 admits, none fails. What it does not: RC11 forbids cycles in program order and
//! reads-from, so *load buffering*, which C++ and Rust allow for Relaxed, is not explored; spurious events (weak
//! compare-exchange, condition variables, park) are explored up to [`Checker::spurious`] for each thread; a loop that comes round
//! a spin hint 200 times on the same values is taken to wait for ever ([`hint::spin_loop`]), and rounds that only
//! differ in what they count are taken as alike; a panic, caught or not, is a failure; the reference counts of `std`'s `Arc`
//! are no events, so a value's destructor should not use this module's types unless one thread is sure to run it.
//!
//! ```
//! use casebook::rc11::sync::{Arc, atomic::{AtomicBool, AtomicU32, Ordering::*}};
//! use casebook::rc11::{Checker, thread};
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
//! - A wait (lock, condition variable, park, and at spin hints `shadow`) is an ordinary read with any coherent source; with an unsatisfying one its thread
//!   stops, and a later write revisits it. An execution that stops so, but only because of a stale value, counts as blocked.
//!
//! `exec` runs the closure: threads are coroutines that first *replay* the events already in the graph, values recorded anew, each read
//! after its source, and then extend it. The first thread in the order of the spawn tree that can go on does.

mod checker;
mod clock;
mod consistency;
mod current;
mod display;
mod exec;
mod explore;
mod failure;
mod fiber;
mod frame;
mod graph;
mod grow;
mod heap;
mod hook;
mod label;
mod names;
mod ops;
mod portrait;
mod report;
mod rounds;
mod sc;
mod search;
mod shadow;
mod token;

pub mod boxed;
pub mod cell;
pub mod future;
pub mod hint;
pub mod sync;
pub mod thread;

#[doc(hidden)]
pub use checker::Axiom;
pub use checker::{Checker, Completed, Model, Progress};
pub use report::{
    BlockedThread, Error, Event, EventId, EventKind, Failure, FailureKind, Graph, Limit,
    LocationInfo, Report, Site, Step, Verdict, Wait,
};
pub use token::BadToken;

/// The running thread's place among those of this check, if the calling code runs in an execution.
#[doc(hidden)]
pub fn thread_index() -> Option<usize> {
    current::with(|exec| exec.running)
}

/// Explores every execution of `body`, and panics with a readable report unless all of them were explored and none fails.
///
/// ```
/// use casebook::rc11::sync::{Arc, atomic::{AtomicU32, Ordering::Relaxed}};
/// use casebook::rc11::thread;
///
/// casebook::rc11::model(|| {
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
