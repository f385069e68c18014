//! Random walks through a search that is cut off.

use std::time::Duration;

use super::*;

/// Cut off after one execution, and then a number of walks.
fn walk(body: impl Fn() + Send + Sync, walks: u64) -> rc11::Report {
    Checker::new().max_executions(1).walk(Duration::from_secs(3_600)).walks(walks).check(body)
}

fn increments(n: usize) -> impl Fn() + Send + Sync {
    move || {
        let count = Arc::new(AtomicU32::new(0));
        threads(n, move |_| _ = count.fetch_add(1, Relaxed));
    }
}

fn critical_sections(n: usize) -> impl Fn() + Send + Sync {
    move || {
        let lock = Arc::new(Mutex::new(0));
        threads(n, move |_| *lock.lock().unwrap() += 1);
    }
}

/// Some reads of what others write: trees that branch more here than there.
fn store_buffers(n: usize) -> impl Fn() + Send + Sync {
    move || {
        let places: Arc<Vec<_>> = Arc::new((0..n).map(|_| AtomicU32::new(0)).collect());
        threads(n, move |t| {
            places[t].store(1, Relaxed);
            places.iter().for_each(|place| _ = place.load(Relaxed));
        });
    }
}

/// The dice are the same every time, so this is no matter of luck.
#[test]
fn walks_estimate_how_large_a_search_is() {
    let near = |body: &(dyn Fn() + Send + Sync)| {
        let whole = Checker::new().check(body);
        let walked = walk(body, 4_000).walked.expect("it has walked");
        let size = (whole.complete + whole.blocked) as f64;
        assert!((walked.executions - size).abs() < 3.0 * walked.error, "{size}: {walked:?}");
        assert!(walked.error < 0.15 * size, "{size}: {walked:?}");

        assert_eq!(walked.walks, 4_000);
    };
    near(&increments(5));
    near(&critical_sections(4));
    near(&store_buffers(3));
}

/// What fails in one execution of 64, and not in the first one.
#[test]
fn a_walk_may_find_a_failure() {
    let body = || {
        let flags: Arc<Vec<_>> = Arc::new((0..6).map(|_| AtomicU32::new(0)).collect());
        let other = flags.clone();
        let writer = thread::spawn(move || other.iter().for_each(|flag| flag.store(1, Relaxed)));
        let set = flags.iter().filter(|flag| flag.load(Relaxed) == 0).count();
        assert!(set < 6, "none was seen");
        writer.join().unwrap();
    };
    let report = walk(body, 4_000);
    let failure = report.failure().expect("some walk comes there");
    assert!(Checker::new().replay(&failure.replay, body).unwrap().failure().is_some());
}

#[test]
fn what_is_not_cut_off_is_not_walked_through() {
    let report = Checker::new().walk(Duration::from_secs(3_600)).check(increments(3));
    assert!(report.is_proved() && report.walked.is_none(), "{report}");
}

/// Few walks meet where most of a lopsided search is.
#[test]
fn an_estimate_that_is_too_low_is_not_told_as_the_size() {
    let mut report = walk(increments(3), 10);
    assert!(report.to_string().contains("(1 execution, of about "), "{report}");
    report.complete = 1_000;
    assert!(report.to_string().contains("(1000 executions, though 10 random walks "), "{report}");
}
