//! The search for an order against all permutations.

use casebook_linear::{Agreement, Called, History, Spec, linearize};
use proptest::prelude::*;

/// A queue of at most two values: a full one makes a sender wait, an empty one says so.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
struct Queue(Vec<u8>);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Call {
    Send(u8),
    Take,
}

impl Spec for Queue {
    type Operation = Call;
    type Result = Option<u8>;

    fn apply(&mut self, call: &Call) -> Option<Option<u8>> {
        match *call {
            Call::Send(_) if self.0.len() == 2 => None,
            Call::Send(value) => {
                self.0.push(value);
                Some(None)
            }
            Call::Take if self.0.is_empty() => Some(None),
            Call::Take => Some(Some(self.0.remove(0))),
        }
    }
}

/// Whether some permutation explains the history: all of them are tried.
fn is_explained(history: &History<Call, Option<u8>>) -> bool {
    let returned = (0..history.0.len()).filter(|&nth| history.0[nth].result.is_some());
    let returned: Vec<_> = returned.collect();
    permutations(returned.clone()).into_iter().any(|order| {
        let place = |nth| order.iter().position(|&other| other == nth);
        let agrees = |&nth: &usize| {
            let mut before = returned.iter().filter(|&&o| history.0[nth].after & 1 << o != 0);
            before.all(|&other| place(other) < place(nth))
        };
        let mut queue = Queue::default();
        let does = |&nth: &usize| {
            let Called { operation, result, .. } = &history.0[nth];
            queue.apply(operation) == *result
        };
        order.iter().all(agrees) && order.iter().all(does) && {
            let mut waiting = history.0.iter().filter(|called| called.result.is_none());
            waiting.all(|called| queue.clone().apply(&called.operation).is_none())
        }
    })
}

fn permutations(items: Vec<usize>) -> Vec<Vec<usize>> {
    if items.is_empty() {
        return vec![Vec::new()];
    }
    let first = |nth: usize| {
        let mut rest = items.clone();
        let item = rest.remove(nth);
        permutations(rest).into_iter().map(move |order| [&[item][..], &order].concat())
    };
    (0..items.len()).flat_map(first).collect()
}

/// Histories of operations that come before each other as they like, with results that may be right.
fn histories() -> impl Strategy<Value = History<Call, Option<u8>>> {
    let send = (1..3_u8).prop_map(|value| (Call::Send(value), Some(None)));
    let wait = (1..3_u8).prop_map(|value| (Call::Send(value), None));
    let take = prop_oneof![Just(None), (1..3_u8).prop_map(Some)];
    let take = take.prop_map(|result| (Call::Take, Some(result)));
    let call = (prop_oneof![5 => send, 1 => wait, 5 => take], 0..64_u64, 0..64_u64);
    prop::collection::vec(call, 1..=6).prop_map(|calls| {
        let mut history = History(Vec::new());
        for (nth, ((operation, result), some, others)) in calls.into_iter().enumerate() {
            // Of those that are there about a quarter, and what comes before these.
            let direct = some & others & ((1 << nth) - 1) & history.returned();
            let earlier = history.0.iter().enumerate().filter(|(o, _)| direct & 1 << o != 0);
            let after = earlier.fold(direct, |all, (_, called)| all | called.after);
            history.0.push(Called {
                thread: nth,
                is_last: false,
                operation,
                result,
                after,
                sees: 0,
            });
        }
        history
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..Default::default() })]

    #[test]
    fn an_order_is_found_where_a_permutation_is(history in histories()) {
        prop_assert_eq!(linearize::<Queue>(&history).is_ok(), is_explained(&history));
    }
}

/// What is found is an order that explains, or none longer does.
#[test]
fn the_order_is_told() {
    let called = |operation, result, after| Called {
        thread: 0,
        is_last: false,
        operation,
        result: Some(result),
        after,
        sees: 0,
    };
    let right = History(vec![called(Call::Take, Some(1), 0), called(Call::Send(1), None, 0)]);
    assert_eq!(linearize::<Queue>(&right), Ok(vec![1, 0]));
    let wrong = History(vec![called(Call::Take, Some(1), 0), called(Call::Send(1), None, 1)]);
    assert_eq!(linearize::<Queue>(&wrong).unwrap_err().longest, Vec::<usize>::new());
}

/// A queue that agrees with less.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
struct Under<const QUIESCENCE: bool>(Queue);

impl<const QUIESCENCE: bool> Spec for Under<QUIESCENCE> {
    type Operation = Call;
    type Result = Option<u8>;
    const AGREES_WITH: Agreement =
        if QUIESCENCE { Agreement::Quiescence } else { Agreement::ProgramOrder };

    fn apply(&mut self, call: &Call) -> Option<Option<u8>> {
        self.0.apply(call)
    }
}

/// By linearizability, sequential consistency, quiescent consistency: whether the history is explained. Each call has its thread and those that
/// come before it; thread 2 is what is called last.
fn explained(calls: &[(usize, Call, Option<u8>, u64)]) -> [bool; 3] {
    let called = |(thread, operation, result, after): &(usize, Call, Option<u8>, u64)| Called {
        thread: *thread,
        is_last: *thread == 2,
        operation: operation.clone(),
        result: Some(*result),
        after: *after,
        sees: 0,
    };
    let history = History(calls.iter().map(called).collect());
    [
        linearize::<Queue>(&history).is_ok(),
        linearize::<Under<false>>(&history).is_ok(),
        linearize::<Under<true>>(&history).is_ok(),
    ]
}

#[test]
fn an_order_may_have_to_agree_with_less() {
    let send = |thread, value, after| (thread, Call::Send(value), None, after);
    let take = |thread, value, after| (thread, Call::Take, value, after);
    // Nothing is found by another thread that comes later.
    assert_eq!(explained(&[send(0, 1, 0), take(1, None, 1)]), [false, true, false]);
    // Nor by the same one.
    assert_eq!(explained(&[send(0, 1, 0), take(0, None, 1)]), [false; 3]);
    // The second of two comes first, while somebody overlaps both sends.
    let sends = [send(0, 1, 0), send(0, 2, 1)];
    assert_eq!(explained(&[&sends[..], &[take(1, Some(2), 0)]].concat()), [false, false, true]);
    // And after both.
    assert_eq!(explained(&[&sends[..], &[take(1, Some(2), 3)]].concat()), [false; 3]);
    // What is called last comes last by all three.
    assert_eq!(explained(&[send(0, 1, 0), send(1, 2, 0), take(2, None, 3)]), [false; 3]);
}
