//! `block_on` waits for its own wake-up, and its waker is counted.

use std::future::poll_fn;
use std::task::Poll;

use loom::sync::Arc;
use loom::sync::atomic::{AtomicBool, AtomicUsize, Ordering::*};
use loom::{future, model, thread};
use models::{failure, outcomes};

mod models;

/// A poll that parks takes a token of the thread's, and not the wake-up.
#[test]
fn a_poll_may_park() {
    model(|| {
        let mut polls = 0;
        future::block_on(poll_fn(|context| {
            polls += 1;
            if polls == 2 {
                return Poll::Ready(());
            }
            let (main, waker) = (thread::current(), context.waker().clone());
            thread::spawn(move || {
                waker.wake();
                main.unpark();
            });
            thread::park();
            Poll::Pending
        }));
    });
}

#[test]
fn a_forgotten_waker_leaks() {
    let told = failure(|| {
        future::block_on(poll_fn(|context| {
            std::mem::forget(context.waker().clone());
            Poll::Ready(())
        }));
    });
    assert!(told.contains("Arc leaked."), "{told}");
}

#[test]
fn wakers_are_cloned_compared_and_dropped() {
    model(|| {
        let ready = Arc::new(AtomicBool::new(false));
        future::block_on(poll_fn(|context| {
            if ready.load(Acquire) {
                return Poll::Ready(());
            }
            let (ready, waker) = (ready.clone(), context.waker().clone());
            assert!(waker.will_wake(context.waker()));
            thread::spawn(move || {
                ready.store(true, Release);
                waker.wake_by_ref();
            });
            Poll::Pending
        }));
    });
}

/// Each of those that wake comes before the poll that follows, and one wake-up is enough for both.
#[test]
fn a_poll_comes_after_all_that_woke_it() {
    let seen = outcomes(|| {
        let done = Arc::new(AtomicUsize::new(0));
        let mut polls = 0;
        future::block_on(poll_fn(|context| {
            polls += 1;
            if polls == 1 {
                for _ in 0..2 {
                    let (done, waker) = (done.clone(), context.waker().clone());
                    thread::spawn(move || {
                        done.fetch_add(1, Relaxed);
                        waker.wake();
                    });
                }
            }
            if done.load(Relaxed) == 2 { Poll::Ready(()) } else { Poll::Pending }
        }));
        polls
    });
    assert_eq!(seen, [1, 2, 3].into());
}

#[test]
fn a_future_that_nobody_wakes_is_a_deadlock() {
    let told = failure(|| future::block_on(poll_fn(|_| Poll::<()>::Pending)));
    assert!(told.starts_with("deadlock; "), "{told}");
}

/// Whoever is last to drop what holds a waker, by a count that the model does not see: the drop is nothing in the model.
#[test]
fn a_waker_may_be_dropped_by_any_thread() {
    model(|| {
        let shared = std::sync::Arc::new((AtomicUsize::new(0), future::AtomicWaker::new()));
        for _ in 0..2 {
            let other = shared.clone();
            thread::spawn(move || {
                other.0.fetch_add(1, Relaxed);
                other.1.wake();
            });
        }
        future::block_on(poll_fn(move |context| {
            shared.1.register_by_ref(context.waker());
            if shared.0.load(Relaxed) == 2 { Poll::Ready(()) } else { Poll::Pending }
        }));
    });
}
