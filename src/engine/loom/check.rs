//! loom: interleavings and part of the C11 memory model, to the end of its own search.
//!
//! Its end is `Explored`, not `Proved`: the search is known to skip executions (loom's issues 166
//! and 392). A replay token is the number of the execution; the search is deterministic.

use crate::raw;
use casebook_core::verdict::{CheckError, EngineId, Reason, Report, Verdict};
use casebook_engine::explore::{self, End, Meaning};
use casebook_engine::probe::{self, Panic, Stop};
use casebook_engine::{Body, Engine, Request};

/// Executions after which the search is cut off: a few seconds.
const MOST_EXECUTIONS: u64 = 50_000;

struct Loom;

casebook_engine::register!(Loom);

impl Engine for Loom {
    fn id(&self) -> EngineId {
        crate::ENGINE
    }

    fn check(&self, body: &Body, request: &Request) -> Result<Report, CheckError> {
        let only = request.replay.as_deref().map(parse_token).transpose()?;
        let body = body.clone();
        let run = move || {
            explore::execution_begins();
            let number = explore::executions();
            raw::begin();
            if number > MOST_EXECUTIONS {
                probe::halt(Stop::Bound(format!("{MOST_EXECUTIONS} executions")));
            }
            let outcome = body.run();
            explore::execution_ends(outcome, || number.to_string());
            if Some(number) == only {
                probe::halt(Stop::Bound(REPLAYED.into()));
            }
        };
        let mut builder = ::loom::model::Builder::new();
        // The environment must not change what a verdict says.
        builder.max_threads = ::loom::MAX_THREADS;
        builder.max_branches = 1_000;
        builder.preemption_bound = None;
        builder.max_permutations = None;
        builder.max_duration = None;
        builder.checkpoint_file = None;
        let end = explore::explore(|| builder.check(run), meaning)?;

        let executions = explore::executions();
        if let Some(only) = only.filter(|only| *only != executions) {
            let message = format!("there is no execution {only}; the search has {executions}");
            return Err(CheckError::new(message));
        }
        let (end, trace) = match end {
            End::Stopped(Stop::Bound(limit)) if limit == REPLAYED => (End::Finished, true),
            end => (end, only.is_some()),
        };
        let mut report =
            explore::report(end, Verdict::Explored { executions }, || executions.to_string());
        if trace {
            report.trace = probe::trace();
        }
        Ok(report)
    }
}

/// The bound at which a replay stops.
const REPLAYED: &str = "the replayed execution";

fn parse_token(token: &str) -> Result<u64, CheckError> {
    let number = token.parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| {
        CheckError::new(format!("`{token}` is no loom token: it is the number of an execution"))
    })
}

/// loom reports by panics; its words are all there is to tell them apart.
fn meaning(panic: &Panic) -> Meaning {
    let Panic { message, file, .. } = panic;
    if message.starts_with("deadlock") {
        Meaning::Deadlock
    } else if message.starts_with("Causality violation") {
        let kind = casebook_core::verdict::Kind::DataRace;
        Meaning::Stop(Stop::Failure(kind, message.replace('\n', " ")))
    } else if message == "assertion failed: state.notified" {
        Meaning::Stop(Stop::Inexpressible(Reason::UnparkWakesJoin))
    } else if message.starts_with("Model exceeded maximum number of branches") {
        Meaning::Stop(Stop::Bound("1,000 branches in one execution".into()))
    } else if ["/loom-", "/generator-"].iter().any(|crate_| file.contains(crate_)) {
        Meaning::Fault
    } else {
        Meaning::TheCase
    }
}
