//! native: the case on real threads with the real crates, again and again for a while.
//!
//! It proves nothing and refutes only what this machine's hardware and luck bring about; its counts
//! say how often, and the report names the processor. A case whose failure is undefined behaviour, or
//! never ends, is not run.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use casebook_core::verdict::{CheckError, EngineId, Failure, Kind, Report, Seen, Verdict};
use casebook_engine::{Body, Engine, Request};

/// How long a case is run for, once it has been run as often as it must.
const WHILE: Duration = Duration::from_millis(40);
/// How often it is run at least, if it does not ask for more.
const FEWEST: u64 = 50;
/// However often it asks for, it is run no longer than this.
const LONGEST: Duration = Duration::from_secs(3);

/// What `std::thread` panics with where the system has no thread to give: no fault of the case.
const NO_THREAD: &str = "failed to spawn thread";

struct Native;

casebook_engine::register!(Native);

impl Engine for Native {
    fn id(&self) -> EngineId {
        crate::ENGINE
    }

    fn check(&self, body: &Body, request: &Request) -> Result<Report, CheckError> {
        if request.replay.is_some() {
            return Err(CheckError::new("real threads cannot be replayed"));
        }
        let processor = Some(processor());
        let mut outcomes: BTreeMap<String, Seen> = BTreeMap::new();
        let mut executions = 0;
        let start = Instant::now();
        let asked = |executions| executions < body.rounds() && start.elapsed() < LONGEST;
        while executions < FEWEST || start.elapsed() < WHILE || asked(executions) {
            executions += 1;
            match catch_unwind(AssertUnwindSafe(|| body.run())) {
                Ok(outcome) => {
                    let seen = Seen { count: 0, replay: None, letter: None };
                    outcomes.entry(outcome).or_insert(seen).count += 1;
                }
                Err(payload) => {
                    let message = payload.downcast_ref::<String>().cloned();
                    let message = message
                        .or_else(|| payload.downcast_ref::<&str>().map(|text| text.to_string()))
                        .unwrap_or_else(|| "a panic without a message".into());
                    if message.starts_with(NO_THREAD) {
                        return Err(CheckError::new(format!(
                            "the system gives no thread: {message}"
                        )));
                    }
                    let (kind, message) = Kind::told_by(&message);
                    let failure = Failure {
                        kind,
                        message: message.into(),
                        trace: Vec::new(),
                        graph: None,
                        letter: None,
                        replay: String::new(),
                    };
                    let verdict = Verdict::Refuted { executions, failure: Box::new(failure) };
                    return Ok(Report { outcomes, processor, ..verdict.into() });
                }
            }
        }
        let verdict = Verdict::Sampled { executions, seed: None };
        Ok(Report { outcomes, processor, ..verdict.into() })
    }
}

/// The processor's name where the system tells it, and its architecture.
fn processor() -> String {
    let architecture = std::env::consts::ARCH;
    let told = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let named = told.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    match named {
        Some((_, name)) => format!("{} ({architecture})", name.trim()),
        None => architecture.to_string(),
    }
}
