//! A failure has places of the program alone: no step stands in the standard library, or in what stands in loom's place.

use loom::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use loom::sync::{Arc, Mutex};
use loom::{future, thread};
use models::failure;

mod models;

/// Fails if a place in a text is elsewhere.
fn require_own_places(text: &str) {
    for foreign in ["/rustc/", "/library/", "loom/sync", "loom/future.rs", "rc11/"] {
        assert!(!text.contains(foreign), "`{foreign}` in {text}");
    }
}

#[test]
fn a_guard_is_dropped_with_the_line_that_took_it() {
    let text = failure(|| {
        let shared = Arc::new(Mutex::new(0));
        let other = shared.clone();
        thread::spawn(move || *other.lock().unwrap() += 1).join().unwrap();
        assert_eq!(*shared.lock().unwrap(), 2);
    });
    require_own_places(&text);
    let unlocks: Vec<&str> = text.lines().filter(|line| line.contains(" unlock ")).collect();
    assert!(!unlocks.is_empty(), "{text}");
    for line in unlocks {
        assert!(line.contains("the guard taken at ") && line.contains("places.rs:"), "{line}");
    }
}

#[test]
fn what_a_destructor_does_stands_behind_the_last_step() {
    let text = failure(|| {
        let shared = Arc::new(AtomicUsize::new(0));
        let other = shared.clone();
        thread::spawn(move || other.store(1, Relaxed)).join().unwrap();
        drop(shared.clone());
        assert_eq!(Arc::strong_count(&shared), 2);
    });
    require_own_places(&text);
    assert!(
        text.lines().any(|line| line.contains("  after ") && line.contains("places.rs:")),
        "{text}"
    );
}

#[test]
fn a_wake_stands_behind_the_last_step_of_who_wakes() {
    let text = failure(|| {
        let flag = Arc::new(AtomicUsize::new(0));
        let other = flag.clone();
        future::block_on(std::future::poll_fn(move |context| {
            if other.load(Relaxed) == 1 {
                return std::task::Poll::Ready(());
            }
            let (waker, other) = (context.waker().clone(), other.clone());
            thread::spawn(move || {
                other.store(1, Relaxed);
                waker.wake();
            });
            std::task::Poll::Pending
        }));
        panic!("it has been woken");
    });
    require_own_places(&text);
    let wake = text.lines().find(|line| line.contains(" unpark "));
    assert!(wake.is_some_and(|line| line.contains("  after ")), "{text}");
}
