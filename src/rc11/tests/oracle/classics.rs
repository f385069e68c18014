//! The classic shapes have the counts that theory gives: a check of oracle and engine alike.

use super::oracle::Mode::{Acquire, Relaxed, Release, SeqCst};
use super::oracle::build::{X, Y, add, fence, program, read, write};
use super::oracle::{Mode, Op, Program, Waiting, executions};
use super::under_engine;

/// How many executions there are, and how many of them end in the outcome.
#[track_caller]
fn counts(program: &Program, outcome: &[i64]) -> (usize, usize) {
    let expected = executions(program);
    assert_eq!(under_engine::executions(program), expected);
    (expected.count(), expected.by_outcome.get(outcome).copied().unwrap_or(0))
}

/// Two reads with two sources each.
#[test]
fn store_buffering() {
    let shape = |w: Mode, r: Mode| {
        program([vec![write(X, 1, w), read(0, Y, r)], vec![write(Y, 1, w), read(0, X, r)]])
    };
    let both_miss = [0, 0, 1, 1];
    assert_eq!(counts(&shape(Relaxed, Relaxed), &both_miss), (4, 1));
    assert_eq!(counts(&shape(Release, Acquire), &both_miss), (4, 1));
    assert_eq!(counts(&shape(SeqCst, SeqCst), &both_miss), (3, 0));
    assert_eq!(counts(&shape(SeqCst, Acquire), &both_miss), (4, 1));
}

#[test]
fn store_buffering_with_fences() {
    let shape = |mode| {
        let thread =
            |own, other| vec![write(own, 1, Relaxed), fence(mode), read(0, other, Relaxed)];
        program([thread(X, Y), thread(Y, X)])
    };
    assert_eq!(counts(&shape(Mode::AcqRel), &[0, 0, 1, 1]), (4, 1));
    assert_eq!(counts(&shape(SeqCst), &[0, 0, 1, 1]), (3, 0));
}

#[test]
fn message_passing() {
    let shape = |w, r| {
        program([
            vec![write(X, 1, Relaxed), write(Y, 1, w)],
            vec![read(0, Y, r), read(1, X, Relaxed)],
        ])
    };
    let stale = [1, 0, 1, 1];
    assert_eq!(counts(&shape(Relaxed, Relaxed), &stale), (4, 1));
    assert_eq!(counts(&shape(Release, Relaxed), &stale), (4, 1));
    assert_eq!(counts(&shape(Relaxed, Acquire), &stale), (4, 1));
    assert_eq!(counts(&shape(Release, Acquire), &stale), (3, 0));
}

/// Two readers: SeqCst reads agree on an order of the writes; acquiring ones need not.
#[test]
fn independent_reads_of_independent_writes() {
    let shape = |w: Mode, r: Mode| {
        let reader = |first, second| vec![read(0, first, r), read(1, second, r)];
        program([vec![write(X, 1, w)], vec![write(Y, 1, w)], reader(X, Y), reader(Y, X)])
    };
    let disagree = [1, 0, 1, 0, 1, 1];
    assert_eq!(counts(&shape(Release, Acquire), &disagree), (16, 1));
    assert_eq!(counts(&shape(SeqCst, SeqCst), &disagree), (15, 0));
}

/// What one thread learned it passes on: release and acquire are transitive.
#[test]
fn write_to_read_causality() {
    let shape = |w, r| {
        program([
            vec![write(X, 1, Relaxed)],
            vec![read(0, X, r), write(Y, 1, w)],
            vec![read(0, Y, r), read(1, X, Relaxed)],
        ])
    };
    let forgotten = [1, 1, 0, 1, 1];
    assert_eq!(counts(&shape(Relaxed, Relaxed), &forgotten), (8, 1));
    // The write of X is relaxed, but its reader read it: coherence along happens-before.
    assert_eq!(counts(&shape(Release, Acquire), &forgotten), (7, 0));
}

/// Two writes to each of two locations in opposite orders: each location has two coherence orders.
#[test]
fn two_plus_two_writes() {
    let shape = |mode| {
        let thread = |first, second| vec![write(first, 1, mode), write(second, 2, mode)];
        program([thread(X, Y), thread(Y, X)])
    };
    assert_eq!(counts(&shape(Release), &[1, 1]), (4, 1));
    assert_eq!(counts(&shape(SeqCst), &[1, 1]), (3, 0));
}

/// N additions are in some order: N! executions.
#[test]
fn additions_commute() {
    let adders = |n: usize| Program {
        atomics: 1,
        threads: vec![vec![add(0, X, Relaxed)]; n],
        ..Program::default()
    };
    assert_eq!(counts(&adders(2), &[0, 1, 2]), (2, 1));
    assert_eq!(counts(&adders(3), &[0, 1, 2, 3]), (6, 1));
    assert_eq!(counts(&adders(4), &[0, 1, 2, 3, 4]), (24, 1));
}

/// N threads that each take a lock once: N! complete executions, in which the plain location behind it never races.
#[test]
fn critical_sections_are_ordered() {
    let sections = |n: usize| {
        let section = vec![
            Op::Lock { lock: 0 },
            read(0, 0, Mode::NonAtomic),
            write(0, 1, Mode::NonAtomic),
            Op::Unlock { lock: 0 },
        ];
        Program { plains: 1, locks: 1, threads: vec![section; n], ..Program::default() }
    };
    for (threads, orders) in [(2, 2), (3, 6), (4, 24)] {
        let expected = executions(&sections(threads));
        assert_eq!(expected.count(), orders);
        assert!(!expected.racy);
        assert_eq!(under_engine::executions(&sections(threads)), expected);
    }
}

/// The read before the wait is not part of the loop, although it goes through the same code; nor is the first wait part of
/// the second.
#[test]
fn waits_keep_apart_from_what_is_before() {
    let wait = Op::Await { location: X, value: 1, mode: Acquire };
    let waiter = vec![read(0, X, Acquire), wait.clone(), wait];
    for waiting in [Waiting::Provided, Waiting::SpinningLate] {
        let threads = vec![waiter.clone(), vec![write(X, 1, Release)]];
        let program = Program { atomics: 1, threads, waiting, ..Program::default() };
        let expected = executions(&program);
        assert_eq!(expected.by_outcome.keys().collect::<Vec<_>>(), [&[0, 1], &[1, 1]]);
        assert!(expected.is_within(&under_engine::executions(&program)));
    }
}
