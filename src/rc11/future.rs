//! `block_on` over park and unpark: the waker is the thread's handle.

use std::future::Future;
use std::panic::Location;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake};

use super::ops::At;
use super::thread::{self, Thread};

/// Wakes a thread.
struct Unpark(Thread, At);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark_at(self.1);
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.0.unpark_at(self.1);
    }
}

/// Runs a future to its end on the calling thread.
#[track_caller]
pub fn block_on<F: Future>(future: F) -> F::Output {
    let at = Location::caller();
    let waker = Arc::new(Unpark(thread::current(), at)).into();
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
        thread::park_at(at);
    }
}
