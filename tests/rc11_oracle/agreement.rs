//! On random programs engine and oracle agree: same outcomes, as many executions for each, same races.
//!
//! `CASEBOOK_ORACLE_PROGRAMS` sets how many random programs each comparison takes (300), `CASEBOOK_ORACLE_SEED` which (0).

use casebook::rc11::Checker;
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

use super::oracle::{Program, executions};
use super::{random_programs, under_engine};

fn from_environment(name: &str, default: u32) -> u32 {
    std::env::var(name)
        .map_or(default, |text| text.parse().unwrap_or_else(|_| panic!("{name} is not a number")))
}

/// Compares engine and oracle on random programs; a mismatch comes with its seed and the smallest program that shows it.
fn agree(programs: impl Strategy<Value = Program>) {
    agree_under(&Checker::new(), programs);
}

fn agree_under(checker: &Checker, programs: impl Strategy<Value = Program>) {
    let cases = from_environment("CASEBOOK_ORACLE_PROGRAMS", 300);
    let seed = from_environment("CASEBOOK_ORACLE_SEED", 0);
    let mut bytes = [0; 32];
    bytes[..4].copy_from_slice(&seed.to_le_bytes());
    let config =
        Config { cases, failure_persistence: None, max_shrink_iters: 20_000, ..Config::default() };
    let mut runner =
        TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let verdict = runner.run(&programs, |program| {
        let (expected, found) = (executions(&program), under_engine::explore(&program, checker).0);
        let agrees = if program.spins() { expected.is_within(&found) } else { expected == found };
        if agrees {
            return Ok(());
        }
        Err(TestCaseError::fail(format!(
            "the oracle says {expected:?}\n  the engine says {found:?}"
        )))
    });
    if let Err(mismatch) = verdict {
        panic!("CASEBOOK_ORACLE_SEED={seed}\n{mismatch}");
    }
}

#[test]
fn atomics_and_fences() {
    agree(random_programs::atomics_and_fences());
}

#[test]
fn read_modify_writes() {
    agree(random_programs::read_modify_writes());
}

#[test]
fn sequentially_consistent_accesses_and_fences() {
    agree(random_programs::sequentially_consistent());
}

#[test]
fn writers_and_readers() {
    agree(random_programs::writers_and_readers());
}

#[test]
fn rings() {
    agree(random_programs::rings());
}

#[test]
fn conditionals() {
    agree(random_programs::conditionals());
}

#[test]
fn plain_accesses_and_races() {
    agree(random_programs::plain_accesses());
}

#[test]
fn awaits() {
    agree(random_programs::awaits());
}

#[test]
fn locks() {
    agree(random_programs::locks());
}

#[test]
fn two_workers_find_the_same() {
    agree_under(&Checker::new().workers(2), random_programs::read_modify_writes());
}
