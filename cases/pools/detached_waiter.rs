//! The end of `main` is the end of the program, also for a thread that waits for good.
//!
//! Shape: a thread is started, never joined, and parks. Where nobody unparks it, it still waits when the
//! body returns, and that is no deadlock: the process ends. Where the body joins it, both wait for good.
//!
//! Source: `std::thread` documentation ("when the main thread of a Rust program terminates, the entire
//! program shuts down, even if other threads are still running").
//! Does not show: that what such a thread owns is never dropped.

use super::rt::thread;

cases! {
    /// Nobody waits for the parked thread.
    detached: holds()
        .skips(Loom, NotModelled)
        .skips(Shuttle, NotModelled)
        => drop(thread::spawn(thread::park));
    /// The body does.
    joined: fails(Deadlock) => thread::spawn(thread::park).join().unwrap();
}
