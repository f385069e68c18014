//! A single-threaded program must give the same results on a type of the facade and on the real one.
//!
//! `programs` says what can be done to each type, `interpret` does it (written once, compiled for
//! the real types and for the engine of the test binary that includes this folder), `types` holds
//! one test a type. loom and shuttle each have a binary: their panic hooks must not meet.

mod on_native;
pub mod programs;
mod types;

use std::fmt::Debug;
use std::time::Duration;

use casebook_core::verdict::Verdict;
use casebook_engine::{Body, Request, check_body};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};

use crate::ENGINE;

/// What a program did: a line a step.
type Story = Vec<String>;

/// How many programs a type is given.
const PROGRAMS: u32 = 128;
/// The same programs each time: a red run must be red again.
const SEED: u64 = 0x00ca_5eb0;

/// Compares `model`, run by this binary's engine, with `real` on random programs.
fn conform<P: Clone + Debug + Send + Sync + 'static>(
    programs: impl Strategy<Value = P>,
    real: fn(&P) -> Story,
    model: fn(&P) -> Story,
) {
    let config = Config {
        cases: PROGRAMS,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(SEED),
        ..Config::default()
    };
    let result = TestRunner::new(config).run(&programs, |program| {
        let expected = real(&program);
        let found = by_engine(model, program)?;
        prop_assert_eq!(found, expected, "the model (left) is not the real type (right)");
        Ok(())
    });
    // The error shows the smallest program that tells the two apart.
    result.unwrap_or_else(|error| panic!("{error}"));
}

/// How long a wait with a time-out lasts on real threads. In a model it times out at any moment, once for each thread: so a
/// program of one thread waits in vain once.
pub const A_MOMENT: Duration = Duration::from_millis(1);

/// What a program does in every execution that an engine sees of it: one, or a few where it has threads that come one after the other, or
/// where rc11 lets a weak compare-exchange fail without a cause.
fn by_engine<P: Send + Sync + 'static>(
    model: fn(&P) -> Story,
    program: P,
) -> Result<Story, TestCaseError> {
    let body = move || model(&program).join("\n");
    let report = check_body(ENGINE, &Body::new(body), &Request::default());
    let report = report.map_err(|error| TestCaseError::fail(error.to_string()))?;
    match report.verdict {
        Verdict::Explored { .. } | Verdict::Proved { .. } => {}
        verdict => return Err(TestCaseError::fail(format!("{verdict:#?}"))),
    }
    let outcomes: Vec<String> = report.outcomes.into_keys().collect();
    prop_assert_eq!(outcomes.len(), 1, "one thread has one outcome");
    Ok(outcomes[0].lines().map(String::from).collect())
}
