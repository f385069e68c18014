//! Small things that loom does, done here as loom does them.

use loom::cell::Cell;
use loom::sync::{Arc, Notify};
use loom::{hint, model, thread};
use models::failure;

mod models;

#[test]
fn what_cannot_be_reached_fails_the_execution_that_reaches_it() {
    // SAFETY: it panics.
    let told = failure(|| unsafe { hint::unreachable_unchecked() });
    assert!(told.contains("unreachable_unchecked was reached"), "{told}");
    assert!(told.contains(file!()), "{told}");
}

#[test]
fn cells_compare_as_their_values() {
    model(|| {
        let (one, two) = (Cell::new(1), Cell::new(2));
        assert!(one != two && one < two && one == Cell::new(1));
        assert_eq!(one.cmp(&two), std::cmp::Ordering::Less);
    });
    let race = failure(|| {
        let shared = Arc::new(Cell::new(1));
        let other = shared.clone();
        thread::spawn(move || other.set(2));
        _ = *shared == Cell::new(1);
    });
    assert!(race.starts_with("Causality violation"), "{race}");
}

#[test]
fn one_thread_waits_for_a_notification_and_no_second_one() {
    model(|| {
        let notify = Arc::new(Notify::new());
        let other = notify.clone();
        let first = thread::spawn(move || other.wait());
        notify.notify();
        first.join().unwrap();
        notify.notify();
        notify.wait();
    });
    let two = failure(|| {
        let notify = Arc::new(Notify::new());
        let other = notify.clone();
        let first = thread::spawn(move || other.wait());
        notify.notify();
        notify.notify();
        notify.wait();
        notify.notify();
        first.join().unwrap();
    });
    assert!(two.contains("only a single thread may wait on `Notify`"), "{two}");
}
