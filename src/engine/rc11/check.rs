//! rc11: every execution that the request's model allows, once each.
//!
//! `Proved` is about that model: RC11 (Lahav et al., PLDI 2017) with C++20's release sequences, or the
//! letter of C++20. Load buffering is outside both. What RC11 refutes or sees is told with what the
//! letter says to it: an execution that the letter allows is shown wherever there is one. A replay
//! token names an execution graph. Traces come from running that one execution again.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::graph;
use casebook_core::verdict::{
    CheckError, EngineId, Failure, Kind, Letter, LoadBuffering, Model, Report, Seen, Verdict,
};
use casebook_core::verdict::{Relation, is_own, tidy_path};
use casebook_engine::probe;
use casebook_engine::search::{Search, Searched};
use casebook_engine::{Body, Engine, Request};
use rc11::{BadToken, Checker, Completed};

/// Executions, complete and blocked together, after which the search is cut off: a few seconds.
const MOST_EXECUTIONS: u64 = 500_000;
/// Events of one thread after which an execution is cut off.
const MOST_EVENTS: u32 = 2_000;
/// After which the search is cut off, before the pool takes its worker for hung.
const LONGEST: Duration = Duration::from_secs(45);

struct Rc11;

casebook_engine::register!(Rc11);

impl Engine for Rc11 {
    fn id(&self) -> EngineId {
        crate::ENGINE
    }

    fn check(&self, body: &Body, request: &Request) -> Result<Report, CheckError> {
        let checker = checker(request.model).max_executions(MOST_EXECUTIONS).time_limit(LONGEST);
        let body = probed(body);
        let mut report = match &request.replay {
            Some(token) => replay(&checker, token, body)?,
            None => searched(&checker, &body, Some(LONGEST))?,
        };
        report.model = Some(request.model);
        Ok(report)
    }

    fn search(&self, body: &Body, model: Model, search: &Search) -> Result<Searched, CheckError> {
        let mut found = crate::parts::search(checker(model), &probed(body), search)?;
        found.report.model = Some(model);
        Ok(found)
    }
}

fn checker(model: Model) -> Checker {
    let model = match model {
        Model::Rc11 => rc11::Model::Rc11,
        Model::C20 => rc11::Model::Cxx20,
    };
    Checker::new().max_events(MOST_EVENTS).model(model)
}

fn probed(body: &Body) -> impl Fn() -> String + Sync {
    || {
        probe::begin();
        body.run()
    }
}

/// Searches, and once more by the letter of C++20 if the failure that is found is beyond it; both within `limit`.
pub fn searched(
    checker: &Checker,
    body: &(impl Fn() -> String + Sync),
    limit: Option<Duration>,
) -> Result<Report, CheckError> {
    let start = Instant::now();
    let mut report = search(checker, body)?;
    if report.verdict.letter() == Some(Letter::Beyond) {
        let mut letter = checker.clone().model(rc11::Model::Cxx20);
        if let Some(limit) = limit {
            letter = letter.time_limit(limit.saturating_sub(start.elapsed()));
        }
        by_the_letter(&mut report, search(&letter, body)?);
    }
    with_trace(checker, body, &mut report)?;
    Ok(report)
}

/// Gives a failure the steps of its execution.
pub fn with_trace(
    checker: &Checker,
    body: &(impl Fn() -> String + Sync),
    report: &mut Report,
) -> Result<(), CheckError> {
    if let Verdict::Refuted { failure, .. } = &mut report.verdict {
        // The probe has watched it where it was found: perhaps on another thread.
        let again = replay(checker, &failure.replay, body)?;
        if let Verdict::Refuted { failure: again, .. } = again.verdict {
            **failure = Failure { letter: failure.letter, ..*again };
        }
    }
    Ok(())
}

/// Runs the body untraced, on whatever thread that is.
pub fn quiet(body: &(impl Fn() -> String + Sync)) -> impl Fn() -> String + Sync {
    move || {
        probe::set_tracing(false);
        body()
    }
}

/// Outcomes, each with how often it was seen.
pub type Outcomes = BTreeMap<String, Seen>;

/// Adds the outcome of one execution.
pub fn add(outcomes: &mut Outcomes, outcome: String, completed: &Completed<'_>) {
    let none = || Seen { count: 0, replay: None, letter: None };
    let seen = outcomes.entry(outcome).or_insert_with(none);
    seen.count += completed.stands_for();
    if seen.letter != Some(Letter::Within) {
        let letter = letter(completed.is_beyond_letter());
        if letter == Letter::Within || seen.replay.is_none() {
            seen.replay = Some(completed.token());
        }
        seen.letter = Some(letter);
    }
}

/// Visits the executions of the checker's model.
fn search(checker: &Checker, body: &(impl Fn() -> String + Sync)) -> Result<Report, CheckError> {
    let (mut outcomes, found) = checker.collect(quiet(body), add);
    probe::set_tracing(true);
    let mut report = reported(found)?;
    if !matches!(report.verdict, Verdict::Proved { .. }) {
        // Another execution with the outcome may be to come.
        let beyond = |seen: &&mut Seen| seen.letter == Some(Letter::Beyond);
        let beyond = outcomes.values_mut().filter(beyond);
        beyond.for_each(|seen| seen.letter = Some(Letter::Undecided));
    }
    report.outcomes = outcomes;
    Ok(report)
}

fn letter(is_beyond: bool) -> Letter {
    if is_beyond { Letter::Beyond } else { Letter::Within }
}

/// Adds to a failure that the letter forbids what a search of the executions that it allows found.
fn by_the_letter(report: &mut Report, found: Report) {
    let Verdict::Refuted { executions, failure } = &mut report.verdict else { return };
    match found.verdict {
        Verdict::Refuted { executions: more, failure: allowed } => {
            *executions += more;
            *failure = allowed;
        }
        Verdict::Bounded { .. } => failure.letter = Some(Letter::Undecided),
        _ => {}
    }
}

/// Runs the one execution that `token` names, and traces it.
fn replay(
    checker: &Checker,
    token: &str,
    body: impl Fn() -> String + Sync,
) -> Result<Report, CheckError> {
    // Its head alone fits every program, and names no execution.
    if !token.contains(',') {
        return Err(CheckError::new(format!(
            "`{token}` is no rc11 token of this case: it is cut short"
        )));
    }
    let mut report = reported(checker.replay(token, body).map_err(|bad| match bad {
        forbidden @ BadToken::Forbidden(_) => CheckError::new(forbidden.to_string()),
        bad => CheckError::new(format!("`{token}` is no rc11 token of this case: {bad}")),
    })?)?;
    report.trace = probe::trace();
    probe::close();
    if let Verdict::Refuted { failure, .. } = &mut report.verdict {
        failure.trace.clone_from(&report.trace);
    }
    Ok(report)
}

/// rc11's answer as a verdict.
pub fn reported(found: rc11::Report) -> Result<Report, CheckError> {
    let executions = found.complete + found.failed;
    let load_buffering = found.is_proved().then(|| load_buffering(found.exposure));
    let verdict = match found.verdict {
        rc11::Verdict::Proved => Verdict::Proved { executions: found.in_every_order },
        rc11::Verdict::Bounded(limit) => Verdict::Bounded { executions, limit: bound(limit) },
        rc11::Verdict::Failed(failure) => {
            Verdict::Refuted { executions, failure: Box::new(evidence(*failure)) }
        }
        rc11::Verdict::Error(error) => return Err(CheckError::new(error.to_string())),
    };
    Ok(Report { blocked: found.blocked, load_buffering, ..verdict.into() })
}

fn load_buffering(found: Option<rc11::Exposure>) -> LoadBuffering {
    let Some(rc11::Exposure { read, early, seen, found }) = found else {
        return LoadBuffering::CannotArise;
    };
    // The threads of a client of an object may wait for each other once, in nobody's source.
    let own = |site: &rc11::Site| is_own(site.file);
    let sites = [read, early, seen, found];
    let of = graph::site(sites.iter().find(|site| own(site)).unwrap_or(&read));
    let place = |site| match own(&site) {
        true => graph::site(&site),
        false => of.related(Relation::HandOff),
    };
    let [read, early, seen, found] = sites.map(place);
    LoadBuffering::CouldArise { read, early, seen, found }
}

fn bound(limit: rc11::Limit) -> String {
    match limit {
        rc11::Limit::Executions(1) => "1 execution".to_string(),
        rc11::Limit::Executions(n) => format!("{n} executions"),
        rc11::Limit::Events(n) => format!("{n} events in one thread"),
        rc11::Limit::Time(time) => format!("{time:?}"),
        rc11::Limit::Preemptions(n) => format!("{n} preemptions"),
        rc11::Limit::Graphs(n) => format!("{n} graphs remembered"),
        rc11::Limit::Loop(site) => {
            format!("rounds of the loop at {}:{}", tidy_path(site.file), site.line)
        }
        rc11::Limit::TimeOut(site) => {
            format!("a thread's second time-out, at {}:{}", tidy_path(site.file), site.line)
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
    let mut graph = graph::of(&found);
    let kind = graph::kind(&found);
    // The facade knows what a wait is for; rc11 knows its condition variables only.
    let (kind, message) = match kind {
        Kind::Deadlock => probe::deadlock(),
        kind => (kind, with_tidy_paths(Kind::told_by(&graph::message(&found)).1)),
    };
    if kind == Kind::LostWakeup {
        graph.title = kind.to_string();
    }
    let (graph, letter) = (Some(graph), Some(letter(found.beyond_letter)));
    Failure { kind, message, trace: Vec::new(), graph, letter, replay: found.replay }
}
