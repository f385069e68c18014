//! One case: every ordering weakened by itself, then several together.

use super::search::{self, Domain};
use super::structure::lowest;
use super::{Answer, Break, Finding, MOST_CHECKS, Need, Opened, Place};
use crate::pool::Pool;
use casebook_core::case::Entry;
use casebook_core::ordering::Override;
use casebook_core::verdict::{
    CheckError, EngineId, Failure, LoadBuffering, Model, Report, Verdict,
};
use casebook_engine::Request;

/// What weaker orderings make of a case.
enum Outcome {
    /// And what is known of load buffering.
    Holds(Option<LoadBuffering>),
    Breaks(Box<Failure>),
    /// Why it is not known.
    Open(String),
}

/// Justifies the orderings of one case, from the report of its first check.
pub(super) fn answer(
    pool: &Pool,
    (engine, model): (EngineId, Model),
    entry: &Entry,
    places: &[Place],
    first: Result<Report, CheckError>,
) -> Answer {
    let uses = first.as_ref().map(|report| report.uses.clone()).unwrap_or_default();
    let mut weakener =
        Weakener { pool, engine, model, entry, places, checks: 1, open: String::new() };
    let mine = (0..places.len()).filter(|place| {
        let used = &places[*place].used;
        uses.contains(used) && !used.role.weaker(used.ordering).is_empty()
    });
    let mine: Vec<usize> = mine.collect();

    let (findings, minimal) = match weakener.outcome(first) {
        Outcome::Holds(as_it_is) => {
            let alone = |place: &usize| weakener.alone(*place, as_it_is.clone());
            let findings: Vec<_> = mine.iter().map(alone).collect();
            let minimal = weakener.together(&findings);
            (findings, minimal)
        }
        Outcome::Breaks(failure) => {
            weakener.open = format!("{engine} does not pass the case as it is: {}", failure.kind);
            (mine.iter().map(|place| unknown(*place, places)).collect(), Vec::new())
        }
        Outcome::Open(why) => {
            weakener.open = why;
            (mine.iter().map(|place| unknown(*place, places)).collect(), Vec::new())
        }
    };
    let Weakener { checks, open, .. } = weakener;
    Answer { id: entry.id.clone(), findings, minimal, checks, open }
}

fn unknown(place: usize, places: &[Place]) -> Finding {
    let declared = vec![places[place].used.ordering];
    let (holds, weakest) = (declared.clone(), declared);
    Finding { place, need: Need::Unknown, holds, weakest, opens: Vec::new(), breaks: Vec::new() }
}

struct Weakener<'a> {
    pool: &'a Pool,
    engine: EngineId,
    model: Model,
    entry: &'a Entry,
    places: &'a [Place],
    checks: u64,
    open: String,
}

impl Weakener<'_> {
    /// Weakens one place as far as the case holds.
    fn alone(&mut self, place: usize, as_it_is: Option<LoadBuffering>) -> Finding {
        let used = &self.places[place].used;
        let mut holds = vec![used.ordering];
        let mut opens = Vec::new();
        let mut holds_with = |weakened_to, found: Option<LoadBuffering>| {
            let how = found.filter(|found| *found != LoadBuffering::CannotArise);
            opens.extend(how.map(|how| Opened { weakened_to, how }));
        };
        holds_with(used.ordering, as_it_is);
        let mut breaks = Vec::new();
        let mut open = false;
        for strength in used.role.up_to(used.ordering).into_iter().skip(1) {
            // If a stronger one breaks the case, so does this.
            let stronger = used.role.up_to(used.ordering);
            let mut above = stronger.iter().filter(|s| used.role.weaker(**s).contains(&strength));
            if !above.all(|s| holds.contains(s)) {
                continue;
            }
            match self.check(vec![Override { of: used.clone(), by: strength }]) {
                Outcome::Holds(found) => {
                    holds.push(strength);
                    holds_with(strength, found);
                }
                Outcome::Breaks(failure) => {
                    breaks.push(Break { weakened_to: strength, failure: *failure });
                }
                Outcome::Open(why) => {
                    self.open = why;
                    open = true;
                }
            }
        }
        let weakest = lowest(used.role, &holds);
        let need = match (holds.len(), open) {
            (1, true) => Need::Unknown,
            (1, false) => Need::LoadBearing,
            _ => Need::Slack,
        };
        Finding { place, need, holds, weakest, opens, breaks }
    }

    /// Weakens several places at once: every minimal assignment. What breaks the case alone breaks
    /// it in company, so only what holds alone is tried.
    fn together(&mut self, findings: &[Finding]) -> Vec<search::Assignment> {
        let domains: Vec<Domain> = findings
            .iter()
            .map(|finding| {
                let role = self.places[finding.place].used.role;
                Domain { role, strengths: finding.holds.clone() }
            })
            .collect();
        let found = search::minimal(&domains, MOST_CHECKS, |assignment| {
            let weakened: Vec<Override> = findings
                .iter()
                .zip(assignment)
                .map(|(f, by)| Override { of: self.places[f.place].used.clone(), by: *by })
                .filter(|o| o.of.ordering != o.by)
                .collect();
            // None or one weakened: known to hold.
            if weakened.len() < 2 {
                return search::Answer::Holds;
            }
            match self.check(weakened) {
                Outcome::Holds(_) => search::Answer::Holds,
                Outcome::Breaks(_) => search::Answer::Breaks,
                Outcome::Open(why) => {
                    self.open = why;
                    search::Answer::Unknown
                }
            }
        });
        if !found.complete && self.open.is_empty() {
            self.open = format!("the search was given up after {MOST_CHECKS} checks");
        }
        found.minimal
    }

    fn check(&mut self, overrides: Vec<Override>) -> Outcome {
        self.checks += 1;
        let request = Request { overrides, claims: true, ..Request::under(self.model) };
        let result = self.pool.check(self.engine, &self.entry.id, &request);
        self.outcome(result)
    }

    fn outcome(&self, result: Result<Report, CheckError>) -> Outcome {
        let report = match result {
            Ok(report) => report,
            Err(error) => return Outcome::Open(error.to_string()),
        };
        match report.verdict {
            Verdict::Refuted { failure, .. } => Outcome::Breaks(failure),
            Verdict::Bounded { limit, .. } => {
                Outcome::Open(format!("{} stopped at a bound: {limit}", self.engine))
            }
            Verdict::Inexpressible { reason } => {
                Outcome::Open(format!("{} cannot run it: {}", self.engine, reason.sentence()))
            }
            _ => Outcome::Holds(report.load_buffering),
        }
    }
}
