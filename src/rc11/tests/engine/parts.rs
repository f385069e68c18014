//! A search in parts: what its units hold, what does not fit, and how it ends.

use rc11::{BadUnit, Split, Unit};

use super::*;

fn increments(n: usize) -> impl Fn() + Send + Sync {
    move || {
        let count = Arc::new(AtomicU32::new(0));
        threads(n, move |_| _ = count.fetch_add(1, Relaxed));
    }
}

fn split(body: impl Fn() + Send + Sync, unit: &Unit, n: usize) -> Split {
    Checker::new().split(unit, n, body, |(), (), _| {}).expect("the unit fits").1
}

fn search(body: impl Fn() + Send + Sync, unit: &Unit) -> Result<Report, BadUnit> {
    Checker::new().collect_unit(unit, body, |(), (), _| {}).map(|((), report)| report)
}

#[test]
fn units_are_about_alike_and_split_again() {
    let parts = split(increments(6), &Unit::whole(), 10);
    assert_eq!(parts.units.len(), 10);
    let share: f64 = parts.units.iter().map(Unit::share).sum();
    assert!((share - 1.0).abs() < 1e-9, "{share}");

    let mut complete = parts.report.complete;
    let largest = parts.units.iter().map(|unit| {
        let found = search(increments(6), unit).unwrap();
        complete += found.complete;
        found.complete
    });
    let largest = largest.max().unwrap();
    assert_eq!(complete, 720);
    assert!(largest < 3 * 72, "{largest} of 720 in one of ten");

    // One of them again, in three.
    let unit = &parts.units[4];
    let again = split(increments(6), unit, 3);
    let sum = again.units.iter().map(|unit| search(increments(6), unit).unwrap().complete);
    let sum = again.report.complete + sum.sum::<u64>();
    assert_eq!((again.units.len(), sum), (3, search(increments(6), unit).unwrap().complete));
}

/// Whether a failed try is left out is learnt by a rehearsal, which a unit does not share: nothing is left out of parts.
#[test]
fn failed_tries_are_explored_in_parts() {
    let updates = || {
        let x = Arc::new(AtomicU32::new(0));
        threads(3, move |_| _ = x.fetch_update(Relaxed, Relaxed, |x| Some(x + 1)));
    };
    let parts = split(updates, &Unit::whole(), 4);
    let sum = parts.units.iter().map(|unit| search(updates, unit).unwrap().complete);
    let sum = parts.report.complete + sum.sum::<u64>();
    let whole = |unreduced| Checker::new().unreduced(unreduced).check(updates).complete;
    assert!(parts.unreduced);
    assert_eq!(sum, whole(true));
    assert!(whole(false) < sum);
}

#[test]
fn what_is_split_twice_is_split_alike() {
    let [one, two] = [(); 2].map(|()| split(increments(5), &Unit::whole(), 4).units);
    assert_eq!(one, two);
}

#[test]
fn a_unit_of_another_program_does_not_fit() {
    let units = split(increments(5), &Unit::whole(), 4).units;
    for unit in &units {
        let bad = search(increments(2), unit).expect_err("it has other choices");
        assert!(matches!(bad, BadUnit::Mismatch(_)), "{bad}");
        assert!(bad.to_string().contains("belongs to another program"), "{bad}");
    }
}

#[test]
fn what_is_no_unit_is_told() {
    let text = split(increments(4), &Unit::whole(), 1).units[0].to_string();
    assert_eq!(text.parse::<Unit>().map(|unit| unit.to_string()), Ok(text.clone()));
    let [version, rounds, first] = [0, 1, 2].map(|line| text.lines().nth(line).unwrap());
    let of = |lines: &[&str]| lines.join("\n").parse::<Unit>();
    assert!(of(&[version, rounds, first]).is_ok());
    let bad: [&[&str]; 7] = [
        &[],
        &["rc11.unit.0", rounds, first],
        &[version, "rounds", first],
        &[version, rounds],
        &[version, rounds, "NaN"],
        &[version, rounds, "0.5 12x3"],
        &[version, rounds, "0.5 12r"],
    ];
    for lines in bad {
        let bad = of(lines).expect_err("it is none");
        assert!(matches!(bad, BadUnit::Malformed(_)), "{bad}");
    }
}

/// One execution in 720 fails; in parts it is in one of them.
#[test]
fn a_failure_is_in_one_unit_and_replays() {
    let body = || {
        let seen = Arc::new((AtomicU32::new(0), Mutex::new(Vec::new())));
        let orders = seen.clone();
        threads(6, move |t| orders.1.lock().unwrap().push(t));
        let order = std::mem::take(&mut *seen.1.lock().unwrap());
        assert_ne!(order, [3, 5, 0, 2, 4, 1]);
    };
    let parts = split(body, &Unit::whole(), 5);
    let found = parts.units.iter().map(|unit| search(body, unit).unwrap());
    let reports: Vec<_> = found.chain([parts.report]).collect();
    let failures: Vec<_> = reports.iter().filter_map(Report::failure).collect();
    let [failure] = failures[..] else { panic!("{} failures", failures.len()) };
    let again = Checker::new().replay(&failure.replay, body).unwrap();
    assert_eq!(again.failure().map(|f| &f.message), Some(&failure.message));
}

#[test]
fn a_unit_that_is_cut_off_says_so() {
    let parts = split(increments(6), &Unit::whole(), 2);
    let cut = Checker::new().max_executions(10);
    let report = cut.collect_unit(&parts.units[0], increments(6), |(), (), _| {}).unwrap().1;
    assert!(matches!(report.verdict, Verdict::Bounded(Limit::Executions(10))), "{report}");
    assert_eq!(report.complete, 10);
}

/// Whether a round can be left out depends on rounds that may be in other units.
#[test]
fn waiting_loops_are_explored_in_parts() {
    let body = || {
        let ready = Arc::new(AtomicU32::new(0));
        let other = ready.clone();
        let writer = thread::spawn(move || other.store(1, Release));
        while ready.load(Acquire) == 0 {
            hint::spin_loop();
        }
        writer.join().unwrap();
    };
    let parts = split(body, &Unit::whole(), 2);
    assert!(parts.unreduced && parts.units.iter().all(Unit::is_unreduced));
    let bad = search(body, &Unit::whole()).expect_err("it has a loop");
    assert_eq!(bad, BadUnit::Learnt);
    let whole = Checker::new().unreduced(true).check(body);
    let sum: u64 = parts.units.iter().map(|unit| search(body, unit).unwrap().complete).sum();
    assert_eq!(parts.report.complete + sum, whole.complete);
}
