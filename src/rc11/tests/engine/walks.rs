//! Random walks through a search that is cut off.

use super::*;

/// Cut off after one execution, and then a number of walks.
fn walk(body: impl Fn() + Send + Sync, walks: u64) -> rc11::Report {
    Checker::new().max_executions(1).walk(HOUR).walks(walks).check(body)
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
fn fails_once_in_64() {
    let flags: Arc<Vec<_>> = Arc::new((0..6).map(|_| AtomicU32::new(0)).collect());
    let other = flags.clone();
    let writer = thread::spawn(move || other.iter().for_each(|flag| flag.store(1, Relaxed)));
    let left = flags.iter().filter(|flag| flag.load(Relaxed) == 0).count();
    assert!(left > 0, "all were seen");
    writer.join().unwrap();
}

#[test]
fn a_walk_may_find_a_failure() {
    let report = walk(fails_once_in_64, 4_000);
    let failure = report.failure().expect("some walk comes there");
    assert!(Checker::new().replay(&failure.replay, fails_once_in_64).unwrap().failure().is_some());
}

#[test]
fn what_is_not_cut_off_is_not_walked_through() {
    let report = Checker::new().walk(HOUR).check(increments(3));
    assert!(report.is_proved() && report.walked.is_none(), "{report}");
}

/// So large a search cannot end in an hour.
#[test]
fn a_search_that_cannot_end_in_its_time_stops_early() {
    let ahead = Checker::new().time_limit(HOUR).look_ahead(Duration::ZERO, HOUR).walks(50);
    let report = ahead.check(store_buffers(9));
    assert!(matches!(report.verdict, Verdict::Bounded(Limit::Time(Duration::ZERO))), "{report}");
    assert_eq!((report.complete, report.walked.map(|walked| walked.walks)), (1, Some(50)));

    let report = ahead.check(increments(5));
    assert!(report.is_proved() && report.walked.is_none(), "{report}");
    assert_eq!(report.complete, 120);
}

#[test]
fn what_is_met_ahead_is_a_failure() {
    let ahead = Checker::new().look_ahead(Duration::ZERO, HOUR).walks(4_000);
    let report = ahead.check(fails_once_in_64);
    assert!(report.failure().is_some(), "{report}");
    assert_eq!(report.complete, 1);
}

/// What was estimated ahead is how many executions there are in which no wait times out.
#[test]
fn a_second_pass_that_is_cut_off_is_estimated_anew() {
    let body = || {
        let count = Arc::new(AtomicU32::new(0));
        threads(2, move |_| {
            count.fetch_add(1, Relaxed);
            thread::park_timeout(HOUR);
            count.fetch_add(1, Relaxed);
        });
    };
    let last = Checker::new().time_outs_last().look_ahead(Duration::ZERO, HOUR);
    let report = last.walk(HOUR).walks(50).max_executions(3).check(body);
    let untimed = report.untimed.as_ref().expect("these were all visited");
    assert_eq!((untimed.complete, untimed.blocked), (0, 2));
    assert!(report.walked.is_some_and(|walked| walked.executions > 3.0), "{report}");
}

/// Few walks meet where most of a lopsided search is.
#[test]
fn an_estimate_that_is_too_low_is_not_told_as_the_size() {
    let mut report = walk(increments(3), 10);
    assert!(report.to_string().contains("(1 execution, of about "), "{report}");
    report.complete = 1_000;
    assert!(report.to_string().contains("(1000 executions, though 10 random walks "), "{report}");
}
