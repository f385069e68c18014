//! loom's interface over [rc11]: the loom tests that a crate has, run under an exact engine.
//!
//! [`model()`] explores every execution that RC11 allows, and panics if one fails. The crate under test needs no change in its code: it
//! depends on this library by loom's name.
//!
//! ```toml
//! [target.'cfg(loom)'.dependencies]
//! loom = { package = "casebook-loom", version = "0.1" }
//! ```
//!
//! Nor in its manifest, where the sources of this library are at hand: they have the same library as a package that a patch puts in
//! loom's place, for the crates that it depends on, too.
//!
//! ```toml
//! [patch.crates-io]
//! loom = { path = "casebook/src/loom/patch" }
//! ```
//!
//! loom's own tests end as they do under loom, but for three: they expect loom's bound on branches, what it does to lazy statics, and a
//! future polled without a cause.
//!
//! # Where it differs from loom
//!
//! - `SeqCst` is sequentially consistent, not `AcqRel`; a load may read any store that RC11 allows, however
//!   old; no execution is skipped. What loom calls correct may fail here, and the reverse.
//! - A channel puts a message's sender before its receiver and orders nothing else; loom's orders all who use it.
//! - Whoever drops the last reference to an [`Arc`](sync::Arc) runs the value's destructor after the other drops, as `std` documents, and
//!   acquires nothing else; drops in another order are no other executions. Where the destructor uses nothing of this library's but what
//!   it destroys, who is last is not explored either: one that notes in a static of `std`'s which thread it runs in sees one of them.
//! - There may be more than five threads. [`model::Builder::max_threads`] is not looked at.
//! - How often a loop that waits came round, and that it did at all, makes no further executions, unless the loop remembers it.
//!   [`thread::yield_now`] and [`hint::spin_loop`] say that it waits, and send no thread behind another.
//! - A wait on a condition variable, a park, or a weak compare-exchange returns without a cause never, as in
//!   loom; [`sync::Notify::wait`] waits for its notification, and [`future::block_on`] polls when it is woken, where loom's may wake
//!   once without a cause.
//! - A wait with a time-out may end by it at any moment: [`sync::Condvar::wait_timeout`], [`sync::mpsc::Receiver::recv_timeout`],
//!   [`thread::park_timeout`]. loom's never do. Each thread times out once in an execution. If one waits for a
//!   second time-out the execution is cut off there, and the answer is bounded, not proved.
//! - Two accesses of a cell that overlap race if they are of two threads and nothing orders them. Two of one thread are no failure, as where a
//!   [`cell::UnsafeCell::with`] is within a `with_mut`; loom fails there.
//! - A lazy static lives as long as the execution's threads. loom drops it when the body ends, and fails a thread that uses it later.
//!   Statics are dropped one after the other, and a destructor may use those that are left.
//! - [`stop_exploring`], [`explore`] and [`skip_branch`] change nothing.
//! - A search may be bounded by loom's variables `LOOM_MAX_PERMUTATIONS` and `LOOM_MAX_DURATION`, and is then
//!   said to be. Of the duration a sixteenth goes to random walks, which estimate how large the search is, and an eighth to executions
//!   with few preemptions, or thirteen sixteenths if it cannot end in the time; both may find a failure. `LOOM_MAX_PREEMPTIONS` is a
//!   bound where the first 200,000 executions are not all: a search without one often ends sooner. `LOOM_MAX_BRANCHES` and checkpoints are not looked at.
//! - A failure is told with rc11's report: the execution's steps and a token that replays it. A panic that a thread does not catch is
//!   one, and so `join` returns none and no lock is poisoned.
//!
//! # What it has besides
//!
//! From `std`: [`sync::Weak`], [`sync::OnceLock`], [`sync::LazyLock`], [`sync::Barrier`], [`thread::scope`], and cells and locks of what
//! has no size. Statics that are no lazy ones: [`Static`].
//!
//! # What is told
//!
//! Where the environment names a file in `CASEBOOK_REPORT`, each model adds a line of JSON to it:
//! what was found, and what it took. `cargo casebook test` reads them. Where `CASEBOOK_REPLAY` has the
//! token of a failure, a model runs that one execution, under a debugger if you like; a test none of whose models it fits aborts. Where
//! a search had to begin anew, for the statics and counts of references that it met, such searches come first again. `CASEBOOK_ORDERINGS` asks
//! for the memory orderings that a model uses, and may put a weaker one in the place of one of them.

pub mod alloc;
pub mod cell;
pub mod future;
pub mod hint;
pub mod lazy_static;
pub mod model;
pub mod sync;
pub mod thread;

mod graph;
mod orderings;
mod places;
mod replay;
mod scope;
mod statics;
mod told;
mod world;

#[doc(inline)]
pub use model::model;
pub use statics::Static;

/// As many threads as loom has; here there may be more.
pub const MAX_THREADS: usize = 5;

/// loom's switch for parts of a model that are not to be explored: everything is.
pub fn stop_exploring() {}

/// As [`stop_exploring`].
pub fn explore() {}

/// loom's way to give a branch up; here it goes on.
pub fn skip_branch() {}

/// `std::thread_local!` of the threads of a model.
#[macro_export]
macro_rules! thread_local {
    () => {};
    ($(#[$attribute:meta])* $vis:vis static $name:ident: $type:ty = const { $init:expr } $(; $($rest:tt)*)?) => {
        $crate::thread_local!($(#[$attribute])* $vis static $name: $type = $init $(; $($rest)*)?);
    };
    ($(#[$attribute:meta])* $vis:vis static $name:ident: $type:ty = $init:expr $(; $($rest:tt)*)?) => {
        $(#[$attribute])* $vis static $name: $crate::thread::LocalKey<$type> =
            $crate::thread::LocalKey { init: (|| $init) as fn() -> $type, _p: ::std::marker::PhantomData };
        $($crate::thread_local!($($rest)*);)?
    };
}

/// `lazy_static::lazy_static!` of an execution of a model.
#[macro_export]
macro_rules! lazy_static {
    () => {};
    ($(#[$attribute:meta])* $vis:vis static ref $name:ident: $type:ty = $init:expr; $($rest:tt)*) => {
        #[allow(missing_copy_implementations, non_camel_case_types, dead_code)]
        $(#[$attribute])* $vis struct $name { __private_field: () }
        #[doc(hidden)]
        $vis static $name: $name = $name { __private_field: () };
        impl ::core::ops::Deref for $name {
            type Target = $type;
            fn deref(&self) -> &$type {
                static LAZY: $crate::lazy_static::Lazy<$type> = $crate::lazy_static::Lazy {
                    init: (|| $init) as fn() -> $type,
                    _p: ::core::marker::PhantomData,
                };
                LAZY.get()
            }
        }
        $crate::lazy_static!($($rest)*);
    };
}
