//! rc11: every execution that the C++20 memory model allows, once each, load buffering excepted.
//!
//! `Proved` is about that model (RC11: Lahav et al., PLDI 2017, with C++20's release sequences). A
//! replay token names an execution graph. Traces come from running that one execution again.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{Body, Engine, Request};
use crate::case::tidy_path;
use crate::graph::Graph;
use crate::probe;
use crate::rc11::{self, Checker, FailureKind};
use crate::verdict::{CheckError, Failure, Kind, Report, Seen, Verdict};

/// Executions, complete and blocked together, after which the search is cut off: a few seconds.
const MOST_EXECUTIONS: u64 = 500_000;
/// Events of one thread after which an execution is cut off.
const MOST_EVENTS: u32 = 2_000;
/// After which the search is cut off, before the pool takes its worker for hung.
const LONGEST: Duration = Duration::from_secs(45);

pub(super) struct Rc11;

impl Engine for Rc11 {
    fn check(&self, body: &Body, request: &Request) -> Result<Report, CheckError> {
        let checker = Checker::new().max_executions(MOST_EXECUTIONS).max_events(MOST_EVENTS);
        let checker = checker.time_limit(LONGEST);
        let body = || {
            probe::begin();
            body.run()
        };
        if let Some(token) = &request.replay {
            return replay(&checker, token, body);
        }
        let mut outcomes: BTreeMap<String, Seen> = BTreeMap::new();
        probe::set_tracing(false);
        let found = checker.check_with(body, |outcome, completed| {
            let seen = outcomes.entry(outcome);
            seen.or_insert_with(|| Seen { count: 0, replay: Some(completed.token()) }).count += 1;
        });
        probe::set_tracing(true);
        let mut report = report(found)?;
        report.outcomes = outcomes;
        if let Verdict::Refuted { failure, .. } = &mut report.verdict {
            failure.trace = replay(&checker, &failure.replay, body)?.trace;
        }
        Ok(report)
    }
}

/// Runs the one execution that `token` names, and traces it.
fn replay(
    checker: &Checker,
    token: &str,
    body: impl Fn() -> String + Sync,
) -> Result<Report, CheckError> {
    let mut report = report(checker.replay(token, body).map_err(|bad| {
        CheckError::new(format!("`{token}` is no rc11 token of this case: {bad}"))
    })?)?;
    report.trace = probe::trace();
    probe::close();
    if let Verdict::Refuted { failure, .. } = &mut report.verdict {
        failure.trace.clone_from(&report.trace);
    }
    Ok(report)
}

/// rc11's answer as a verdict.
fn report(found: rc11::Report) -> Result<Report, CheckError> {
    let executions = found.complete + found.failed;
    let verdict = match found.verdict {
        rc11::Verdict::Proved => Verdict::Proved { executions },
        rc11::Verdict::Bounded(limit) => Verdict::Bounded { executions, limit: bound(limit) },
        rc11::Verdict::Failed(failure) => {
            Verdict::Refuted { executions, failure: Box::new(evidence(*failure)) }
        }
        rc11::Verdict::Error(error) => return Err(CheckError::new(error.to_string())),
    };
    Ok(Report { blocked: found.blocked, ..verdict.into() })
}

fn bound(limit: rc11::Limit) -> String {
    match limit {
        rc11::Limit::Executions(n) => format!("{n} executions"),
        rc11::Limit::Events(n) => format!("{n} events in one thread"),
        rc11::Limit::Time(time) => format!("{time:?}"),
        rc11::Limit::Loop(site) => {
            format!("rounds of the loop at {}:{}", tidy_path(site.file), site.line)
        }
    }
}

/// rc11 names files as the compiler does.
fn with_tidy_paths(message: &str) -> String {
    let words = message.split(' ');
    let tidy = words.map(|word| if word.contains("/../") { tidy_path(word) } else { word.into() });
    tidy.collect::<Vec<String>>().join(" ")
}

fn evidence(found: rc11::Failure) -> Failure {
    let mut graph = Graph::from(&found);
    let kind = match found.kind {
        FailureKind::Assertion => Kind::Assertion,
        FailureKind::DataRace => Kind::DataRace,
        FailureKind::Deadlock => Kind::Deadlock,
        FailureKind::Livelock => Kind::Livelock,
        FailureKind::UseAfterFree => Kind::UseAfterFree,
        FailureKind::DoubleFree => Kind::DoubleFree,
        FailureKind::Leak => Kind::Leak,
    };
    // The facade knows what a wait is for; rc11 knows its condition variables only.
    let (kind, message) = match kind {
        Kind::Deadlock => probe::deadlock(),
        kind => (kind, with_tidy_paths(&found.message)),
    };
    if kind == Kind::LostWakeup {
        graph.title = kind.to_string();
    }
    Failure { kind, message, trace: Vec::new(), graph: Some(graph), replay: found.replay }
}
