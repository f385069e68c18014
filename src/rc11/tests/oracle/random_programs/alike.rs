//! Programs some of whose threads have the same code.

use proptest::collection::vec;
use proptest::prelude::*;

use super::super::oracle::{Op, Program};
use super::{cas, copy, fence, load, plain_load, plain_store, rmw, store, with_registers};

/// Two or three threads that mostly begin with a read-modify-write, beside at most one other.
pub fn alike_updates() -> impl Strategy<Value = Program> {
    let simple = || prop_oneof![3 => load(2), 2 => store(2), 1 => copy(2), 2 => rmw(2), 1 => cas(2), 1 => fence()];
    let first = prop_oneof![9 => rmw(1), 1 => load(1)];
    let conditional = (any::<usize>(), 0..3i64, vec(simple(), 1..2));
    let conditional = conditional.prop_map(|(reg, equals, then)| Op::If { reg, equals, then });
    let code = (first, vec(prop_oneof![3 => simple(), 1 => conditional], 0..=2));
    let code = code.prop_map(|(first, rest)| [first].into_iter().chain(rest).collect());
    among_others(2, 0, 0, code, vec(simple(), 1..3))
}

/// Two or three threads that begin with a critical section, perhaps with another one in it, beside at most one other thread.
pub fn alike_lockers() -> impl Strategy<Value = Program> {
    let plain = prop_oneof![Just(plain_load(1)), (1..3i64).prop_map(|v| plain_store(1, v))];
    let inside = prop_oneof![3 => plain, 1 => load(1), 1 => store(1)];
    let section = |outer: std::ops::Range<usize>| {
        (outer, prop::bool::weighted(0.2), vec(inside.clone(), 0..2)).prop_map(
            |(outer, nested, inside): (usize, bool, Vec<Op>)| {
                let locks = if nested { vec![outer, 1 - outer] } else { vec![outer] };
                let taken = locks.iter().map(|&lock| Op::Lock { lock });
                let given = locks.iter().rev().map(|&lock| Op::Unlock { lock });
                taken.chain(inside).chain(given).collect::<Vec<Op>>()
            },
        )
    };
    let after = prop_oneof![1 => load(1), 1 => store(1), 1 => rmw(1)];
    let code = (section(0..1), vec(after.clone(), 0..2));
    let code = code.prop_map(|(section, after)| [section, after].concat());
    among_others(1, 1, 2, code, prop_oneof![2 => section(0..2), 1 => vec(after, 1..2)])
}

/// Threads with this code, more of them the shorter it is, and at most one with the other, before or after them.
fn among_others(
    atomics: usize,
    plains: usize,
    locks: usize,
    code: impl Strategy<Value = Vec<Op>> + Clone,
    other: impl Strategy<Value = Vec<Op>> + Clone,
) -> impl Strategy<Value = Program> {
    (code, vec(other, 0..=1), any::<bool>()).prop_map(move |(code, others, before)| {
        let others_do: usize = others.iter().map(Vec::len).sum();
        let alike = if 3 * code.len() + others_do <= 7 { 3 } else { 2 };
        let alike = vec![with_registers(code, &mut 0); alike];
        let others: Vec<_> = others.into_iter().map(|ops| with_registers(ops, &mut 0)).collect();
        let start = if before { others.len() } else { 0 };
        let range = start..start + alike.len();
        let mut threads = others;
        threads.splice(start..start, alike);
        Program { atomics, plains, locks, threads, alike: range, ..Program::default() }
    })
}
