//! RC11 and the letter of C++20 are told apart, by oracle and engine alike: the smallest programs that differ, and some that do not.
//!
//! Source: LWG issue 3941 (Boehm, 2023) on [atomics.order] p3 and p4, found by Lahav.

use rc11::{Checker, Model};

use super::oracle::Mode::{AcqRel, Relaxed, Release, SeqCst};
use super::oracle::build::{X, Y, add, fence, program, read, write};
use super::oracle::{Program, executions_under};
use super::under_engine::explore;

/// Whether RC11 and the letter of C++20 allow the outcome; the engine under RC11 also says of each execution what the letter says.
#[track_caller]
fn allowed(program: &Program, outcome: &[i64]) -> (bool, bool) {
    let under = |model| {
        let expected = executions_under(model, program);
        let (found, _) = explore(program, &Checker::new().model(model));
        assert_eq!(found, expected, "{model:?}");
        assert_eq!(found.beyond_letter, expected.beyond_letter, "{model:?}");
        expected.by_outcome.contains_key(outcome)
    };
    (under(Model::Rc11), under(Model::Cxx20))
}

const ONLY_RC11: (bool, bool) = (true, false);
const BOTH: (bool, bool) = (true, true);
const NEITHER: (bool, bool) = (false, false);

/// SB+rfis: each thread sees its own store before the other one's. x86-64's store buffer shows it.
#[test]
fn store_buffering_with_early_reads_of_ones_own_store() {
    let shape = |store| {
        let thread =
            |own, other| vec![write(own, 1, store), read(0, own, SeqCst), read(1, other, SeqCst)];
        program([thread(X, Y), thread(Y, X)])
    };
    assert_eq!(allowed(&shape(Release), &[1, 0, 1, 0, 1, 1]), ONLY_RC11);
    assert_eq!(allowed(&shape(Relaxed), &[1, 0, 1, 0, 1, 1]), ONLY_RC11);
    assert_eq!(allowed(&shape(SeqCst), &[1, 0, 1, 0, 1, 1]), NEITHER);
}

/// IRIW with SeqCst loads: RC11 needs SeqCst stores, or fences, for the readers to agree.
#[test]
fn independent_reads_of_weaker_writes() {
    let shape = |store, load| {
        let reader = |first, second| vec![read(0, first, load), read(1, second, load)];
        program([vec![write(X, 1, store)], vec![write(Y, 1, store)], reader(X, Y), reader(Y, X)])
    };
    let disagree = [1, 0, 1, 0, 1, 1];
    assert_eq!(allowed(&shape(Relaxed, SeqCst), &disagree), ONLY_RC11);
    assert_eq!(allowed(&shape(SeqCst, SeqCst), &disagree), NEITHER);
    assert_eq!(allowed(&shape(SeqCst, Relaxed), &disagree), BOTH);
}

#[test]
fn read_write_causality_from_a_weaker_write() {
    let shape = |first| {
        program([
            vec![write(X, 1, first)],
            vec![read(0, X, SeqCst), read(1, Y, SeqCst)],
            vec![write(Y, 1, SeqCst), read(0, X, SeqCst)],
        ])
    };
    assert_eq!(allowed(&shape(Release), &[1, 0, 0, 1, 1]), ONLY_RC11);
    assert_eq!(allowed(&shape(SeqCst), &[1, 0, 0, 1, 1]), NEITHER);
}

/// The relaxed store between two SeqCst ones carries the order of `x` for the letter, and not for RC11.
#[test]
fn a_relaxed_store_between() {
    let shape = program([
        vec![write(Y, 1, SeqCst), write(X, 1, SeqCst)],
        vec![write(X, 2, Relaxed)],
        vec![read(0, X, SeqCst), read(1, Y, SeqCst)],
    ]);
    assert_eq!(allowed(&shape, &[2, 0, 2, 1]), ONLY_RC11);
}

/// A SeqCst load orders a reader behind a SeqCst fence only for the letter.
#[test]
fn a_load_against_a_fenced_reader() {
    let shape = program([
        vec![write(X, 1, Relaxed)],
        vec![read(0, X, SeqCst), read(1, Y, SeqCst)],
        vec![write(Y, 1, Relaxed), fence(SeqCst), read(0, X, Relaxed)],
    ]);
    assert_eq!(allowed(&shape, &[1, 0, 0, 1, 1]), ONLY_RC11);
}

/// The two halves of a read-modify-write are one operation of S: no program of these may lose its executions to a cycle between them.
#[test]
fn a_read_modify_write_is_one_operation() {
    let adders = program([
        vec![add(0, X, SeqCst), add(1, Y, SeqCst)],
        vec![add(0, Y, SeqCst), add(1, X, SeqCst)],
    ]);
    assert_eq!(allowed(&adders, &[1, 0, 1, 0, 2, 2]), NEITHER);
    assert_eq!(allowed(&adders, &[0, 1, 0, 1, 2, 2]), BOTH);
    let mixed = program([
        vec![add(0, X, AcqRel), read(1, Y, SeqCst)],
        vec![add(0, Y, SeqCst), read(1, X, SeqCst)],
    ]);
    assert_eq!(allowed(&mixed, &[0, 0, 0, 0, 1, 1]), BOTH);
}
