//! native: the case on real threads with the real crates, again and again for a while.
//!
//! It proves nothing and refutes only what this machine's hardware and luck bring about; its counts
//! say how often. A case whose failure is undefined behaviour, or never ends, is not run.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use super::{Body, Engine, Request};
use crate::verdict::{CheckError, Failure, Kind, Report, Seen, Verdict};

/// How long a case is run for, once it has been run [`FEWEST`] times.
const WHILE: Duration = Duration::from_millis(40);
/// How often it is run at least.
const FEWEST: u64 = 50;

pub(super) struct Native;

impl Engine for Native {
    fn check(&self, body: &Body, request: &Request) -> Result<Report, CheckError> {
        if request.replay.is_some() {
            return Err(CheckError::new("real threads cannot be replayed"));
        }
        let mut outcomes: BTreeMap<String, Seen> = BTreeMap::new();
        let mut executions = 0;
        let start = Instant::now();
        while executions < FEWEST || start.elapsed() < WHILE {
            executions += 1;
            match catch_unwind(AssertUnwindSafe(|| body.run())) {
                Ok(outcome) => {
                    outcomes.entry(outcome).or_insert(Seen { count: 0, replay: None }).count += 1;
                }
                Err(payload) => {
                    let message = payload.downcast_ref::<String>().cloned();
                    let message = message
                        .or_else(|| payload.downcast_ref::<&str>().map(|text| text.to_string()))
                        .unwrap_or_else(|| "a panic without a message".into());
                    let failure = Failure {
                        kind: Kind::Assertion,
                        message,
                        trace: Vec::new(),
                        graph: None,
                        replay: String::new(),
                    };
                    return Ok(Report {
                        outcomes,
                        ..Verdict::Refuted { executions, failure: Box::new(failure) }.into()
                    });
                }
            }
        }
        Ok(Report { outcomes, ..Verdict::Sampled { executions, seed: None }.into() })
    }
}
