//! Each axiom of the model matters: some program's answer changes when the engine is run without it.

use rc11::{Axiom, Checker};

use super::oracle::Mode::{AcqRel, Acquire, NonAtomic, Relaxed, Release, SeqCst};
use super::oracle::build::{X, Y, add, fence, program, read, write};
use super::oracle::{Op, Outcome, Program, executions};
use super::under_engine;

/// The outcome is forbidden: for the oracle, for the engine, and no more once the axiom is gone.
fn forbidden_by(axiom: Axiom, program: &Program, outcome: &[i64]) {
    let outcome: Outcome = outcome.into();
    let expected = executions(program);
    assert_eq!(under_engine::executions(program), expected);
    assert!(!expected.by_outcome.contains_key(&outcome), "the model allows {outcome:?}");
    let (loose, _) = under_engine::explore(program, &Checker::new().without(axiom));
    assert!(
        loose.by_outcome.contains_key(&outcome),
        "{axiom:?} is not what forbids {outcome:?}: {loose:?}"
    );
}

fn allowed(program: &Program, outcome: &[i64]) {
    let expected = executions(program);
    assert!(expected.by_outcome.contains_key(outcome), "the model forbids {outcome:?}");
    assert_eq!(under_engine::executions(program), expected);
}

#[test]
fn coherence_forbids_reading_backwards() {
    let program =
        program([vec![write(X, 1, Relaxed)], vec![read(0, X, Relaxed), read(1, X, Relaxed)]]);
    forbidden_by(Axiom::Coherence, &program, &[1, 0, 1, 0]);
}

#[test]
fn atomicity_forbids_a_lost_addition() {
    let program = program([vec![add(0, X, Relaxed)], vec![add(0, X, Relaxed)]]);
    forbidden_by(Axiom::Atomicity, &program, &[0, 0, 1, 0]);
}

#[test]
fn psc_base_forbids_store_buffering() {
    let program = program([
        vec![write(X, 1, SeqCst), read(0, Y, SeqCst)],
        vec![write(Y, 1, SeqCst), read(0, X, SeqCst)],
    ]);
    forbidden_by(Axiom::PscBase, &program, &[0, 0, 1, 1]);
}

/// The first two SeqCst accesses of this cycle are ordered only by synchronization through another location.
#[test]
fn psc_base_sees_happens_before_through_other_locations() {
    let z = 2;
    let mut program = program([
        vec![write(X, 1, SeqCst), write(Y, 1, Release)],
        vec![read(0, Y, Acquire), read(1, z, SeqCst)],
        vec![write(z, 1, SeqCst), read(0, X, SeqCst)],
    ]);
    program.atomics = 3;
    forbidden_by(Axiom::PscBase, &program, &[1, 0, 0, 1, 1, 1]);
}

/// With relaxed accesses, what orders the fences of the two readers goes through reads-from: only `psc_F` has that.
#[test]
fn psc_fence_forbids_readers_that_disagree() {
    let reader =
        |first, second| vec![read(0, first, Relaxed), fence(SeqCst), read(1, second, Relaxed)];
    let program = program([
        vec![write(X, 1, Relaxed)],
        vec![write(Y, 1, Relaxed)],
        reader(X, Y),
        reader(Y, X),
    ]);
    forbidden_by(Axiom::PscFence, &program, &[1, 0, 1, 0, 1, 1]);
}

#[test]
fn release_sequence_runs_through_a_relaxed_addition() {
    let program = program([
        vec![write(X, 1, Relaxed), write(Y, 1, Release)],
        vec![add(0, Y, Relaxed)],
        vec![read(0, Y, Acquire), read(1, X, Relaxed)],
    ]);
    forbidden_by(Axiom::ReleaseSequence, &program, &[1, 2, 0, 1, 2]);
}

/// C++20 took the later stores of the releasing thread out of the release sequence (P0982R1).
#[test]
fn release_sequence_ends_at_a_relaxed_store() {
    let program = program([
        vec![write(X, 1, Relaxed), write(Y, 1, Release), write(Y, 2, Relaxed)],
        vec![read(0, Y, Acquire), read(1, X, Relaxed)],
    ]);
    allowed(&program, &[2, 0, 1, 2]);
}

#[test]
fn fences_synchronize() {
    let program = program([
        vec![write(X, 1, Relaxed), fence(Release), write(Y, 1, Relaxed)],
        vec![read(0, Y, Relaxed), fence(Acquire), read(1, X, Relaxed)],
    ]);
    forbidden_by(Axiom::FenceSynchronization, &program, &[1, 0, 1, 1]);
}

/// A failed compare-exchange is a load with the failure ordering, whatever the success ordering.
#[test]
fn failed_compare_exchange_has_its_failure_ordering() {
    let exchange = Op::Cas {
        reg: 0,
        location: Y,
        expected: 5,
        new: 6,
        success: AcqRel,
        failure: Relaxed,
        weak: false,
    };
    let program = program([
        vec![write(X, 1, Relaxed), write(Y, 1, Release)],
        vec![exchange, read(1, X, Relaxed)],
    ]);
    allowed(&program, &[1, 0, 1, 1]);
}

/// RC11's `po ∪ rf` is acyclic: C++ allows this outcome, and no execution of it is explored.
#[test]
fn load_buffering_is_outside_the_model() {
    let program = program([
        vec![read(0, X, Relaxed), write(Y, 1, Relaxed)],
        vec![read(0, Y, Relaxed), write(X, 1, Relaxed)],
    ]);
    let expected = executions(&program);
    assert_eq!(under_engine::executions(&program), expected);
    assert!(!expected.by_outcome.contains_key(&vec![1, 1, 1, 1]));
    assert_eq!(expected.count(), 3);
}

#[test]
fn unordered_plain_accesses_race() {
    let threads = vec![vec![write(X, 1, NonAtomic)], vec![read(0, X, NonAtomic)]];
    let program = Program { plains: 1, threads, ..Program::default() };
    let expected = executions(&program);
    assert!(expected.racy);
    assert_eq!(under_engine::executions(&program), expected);
    let (loose, _) = under_engine::explore(&program, &Checker::new().without(Axiom::RaceFreedom));
    assert!(!loose.racy, "race freedom is not what finds this race");
}
