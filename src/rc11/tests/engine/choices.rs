//! Choices: every number in executions of its own, whatever else is explored beside it.

use super::*;

/// Each number as often as `body` has executions with it.
fn chosen(body: impl Fn() -> usize + Sync) -> Vec<usize> {
    let add = |seen: &mut Vec<usize>, number, _: &Completed<'_>| seen.push(number);
    let (seen, report) = Checker::new().collect(body, add);
    assert!(report.is_proved(), "{report}");
    seen
}

/// In their order, and once each; 300 has two digits.
#[test]
fn a_choice_is_every_number() {
    for end in [1, 2, 128, 129, 300] {
        assert_eq!(chosen(|| rc11::choose(end)), (0..end).collect::<Vec<_>>());
    }
}

/// A choice that comes first is several programs: so many threads that add have as many orders.
#[test]
fn a_choice_is_an_input() {
    let body = || {
        let (count, n) = (Arc::new(AtomicU32::new(0)), rc11::choose(4));
        threads(n, move |_| _ = count.fetch_add(1, Relaxed));
        n
    };
    let orders = |n| (1..=n).product();
    let seen = chosen(body);
    assert!((0..4).all(|n| seen.iter().filter(|other| **other == n).count() == orders(n)));
    assert!(seen.is_sorted());
}

/// A choice between accesses of others: a read that comes before it is revisited all the same.
#[test]
fn a_choice_beside_a_race() {
    let executions = |choices: [usize; 2]| {
        let body = move || {
            let (x, y) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
            threads(2, move |t| {
                let (mine, other) = if t == 0 { (&x, &y) } else { (&y, &x) };
                other.load(Relaxed);
                let chosen = rc11::choose(choices[t]) as u32;
                mine.store(1 + chosen, Relaxed);
            });
        };
        let report = check(body);
        assert!(report.is_proved());
        report.complete
    };
    // Neither read sees the other's write, or one of them does.
    assert_eq!(executions([1, 1]), 3);
    assert_eq!(executions([3, 5]), 3 * 15);
}

#[test]
fn a_token_says_what_was_chosen() {
    let failure = fails(|| assert_ne!(rc11::choose(200), 150));
    assert_eq!(failure.kind, FailureKind::Assertion);
}

/// The moments at which an operation of an object is called and returns are events that its caller has named, each in its own execution.
#[test]
fn a_call_is_told_by_its_name() {
    let failure = fails(|| {
        if rc11::choose(2) == 0 {
            Moment::of_call("Put(1)".into());
            Moment::of_return("Put(1) → None".into());
            return;
        }
        Moment::now();
        Moment::of_return("Take → None".into());
        panic!("it is what it says");
    });
    let moments = failure.graph.threads[0].iter().filter(|event| {
        matches!(event.kind, EventKind::Call | EventKind::Return | EventKind::Moment)
    });
    let moments: Vec<_> = moments.map(|event| (event.kind, &event.operation[..])).collect();
    assert_eq!(moments, [(EventKind::Moment, "publish"), (EventKind::Return, "Take → None")]);
}
