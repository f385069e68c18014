//! What a test asks of a model.
#![allow(dead_code, reason = "each test program asks something else")]

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use loom::model;

/// How often `f` comes to its end.
pub fn executions(f: impl Fn() + Send + Sync + 'static) -> usize {
    let ends = Arc::new(AtomicUsize::new(0));
    let count = ends.clone();
    model(move || {
        f();
        count.fetch_add(1, Ordering::Relaxed);
    });
    ends.load(Ordering::Relaxed)
}

/// The message with which a model of `f` fails.
pub fn failure(f: impl Fn() + Send + Sync + 'static) -> String {
    let panic = catch_unwind(AssertUnwindSafe(|| model(f))).expect_err("it fails");
    panic.downcast_ref::<String>().cloned().expect("it says why")
}

/// What `f` returns in one execution or another.
pub fn outcomes<T: Ord + Send + 'static>(f: impl Fn() -> T + Send + Sync + 'static) -> BTreeSet<T> {
    let seen = Arc::new(Mutex::new(BTreeSet::new()));
    let outcomes = seen.clone();
    model(move || {
        let outcome = f();
        outcomes.lock().unwrap().insert(outcome);
    });
    std::mem::take(&mut *seen.lock().unwrap())
}
