//! Is this ordering needed? What breaks without it, and the weakest orderings that still hold.
//!
//! Every ordering that a case gives is weakened by the harness, with no edit to the case, and the
//! case is checked again. The answer is for that client program, under the engine's model; where rc11
//! finds RC11 to need what the letter of C++20 does not, it says so. What
//! several cases of a file run at the same place is put together: an ordering is slack only if no
//! case of the file needs it. RC11 lets no load read a later store, which C++ and Rust do: where load buffering
//! could arise with a weaker ordering, that is slack under RC11 alone.

pub(crate) mod name;
mod place;
pub mod search;
pub mod stated;
mod structure;
mod weaken;

use std::collections::BTreeMap;
use std::io;

use serde::{Deserialize, Serialize};

use crate::cache::Cache;
use crate::pool::Pool;
use casebook_core::case::{Entry, Shape};
use casebook_core::ordering::{Role, Strength};
use casebook_core::verdict::{EngineId, Failure, Letter, LoadBuffering, Model};
use casebook_engine::Request;

pub use place::Place;
pub use structure::{Joint, Structure};

/// Checks of one case after which its search is given up.
pub const MOST_CHECKS: u64 = 2_000;

/// Whether an ordering is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// Every weaker ordering breaks the case.
    LoadBearing,
    /// A weaker ordering holds, all others being as they are.
    Slack,
    /// A bound was hit.
    Unknown,
}

/// What breaks where an ordering is weakened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Break {
    /// The ordering that the place was given.
    pub weakened_to: Strength,
    /// The execution that fails then.
    pub failure: Failure,
}

/// A weaker ordering with which a case holds, and load buffering could arise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// The ordering that the place was given.
    pub weakened_to: Strength,
    /// How it could arise.
    pub how: LoadBuffering,
}

/// What one case says about one place, all other orderings being as they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The place: an index into [`Justification::places`].
    pub place: usize,
    /// Whether its ordering is needed.
    pub need: Need,
    /// The orderings that hold, the declared one first.
    pub holds: Vec<Strength>,
    /// The weakest of them.
    pub weakest: Vec<Strength>,
    /// Those of `holds` with which load buffering could arise: slack under RC11 alone.
    pub opens: Vec<Opened>,
    /// What breaks one step below the weakest.
    pub breaks: Vec<Break>,
}

impl Break {
    /// Whether only executions that the letter of C++20 forbids fail then.
    pub fn is_beyond_letter(&self) -> bool {
        self.failure.letter == Some(Letter::Beyond)
    }
}

impl Finding {
    /// The weakest orderings with which load buffering could not arise.
    pub fn closed(&self, role: Role) -> Vec<Strength> {
        let holds = self.holds.iter().copied();
        structure::lowest(role, &holds.filter(|s| !self.is_opened_by(*s)).collect::<Vec<_>>())
    }

    /// Whether load buffering could arise with this ordering.
    pub fn is_opened_by(&self, strength: Strength) -> bool {
        self.opens.iter().any(|opened| opened.weakened_to == strength)
    }

    /// The orderings, below what RC11 needs, with which the case holds by the letter of C++20.
    pub fn slack_by_letter(&self) -> Vec<Strength> {
        let beyond = self.breaks.iter().filter(|broken| broken.is_beyond_letter());
        beyond.map(|broken| broken.weakened_to).collect()
    }
}

/// What one case says about all its orderings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The case.
    pub id: String,
    /// One for each place whose ordering could be weaker.
    pub findings: Vec<Finding>,
    /// The minimal assignments: one ordering for each finding, in their order.
    pub minimal: Vec<search::Assignment>,
    /// How many checks that took.
    pub checks: u64,
    /// What kept the answer from being complete; empty where it is.
    pub open: String,
}

/// What the cases of one file say about its orderings, under one engine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Justification {
    /// The file's stem.
    pub stem: String,
    /// The engine.
    pub engine: EngineId,
    /// The memory model, for rc11.
    pub model: Model,
    /// Every ordering that a case which holds gives.
    pub places: Vec<Place>,
    /// The cases that hold.
    pub answers: Vec<Answer>,
}

impl Justification {
    /// The cases put together that share a place: the clients of one structure.
    pub fn structures(&self) -> Vec<Structure> {
        structure::of(self)
    }

    /// The cases that need the ordering at a place.
    pub fn needed_by(&self, place: usize) -> Vec<&str> {
        let needs = |finding: &Finding| finding.place == place && finding.need == Need::LoadBearing;
        let answers = self.answers.iter().filter(|answer| answer.findings.iter().any(needs));
        answers.map(|answer| &answer.id[..]).collect()
    }

    /// How many checks it took.
    pub fn checks(&self) -> u64 {
        self.answers.iter().map(|answer| answer.checks).sum()
    }
}

/// The cases of a corpus whose orderings can be justified, by file: those that claim something.
pub fn files(corpus: &[Entry]) -> Vec<Vec<&Entry>> {
    let mut files: BTreeMap<(&str, &str), Vec<&Entry>> = BTreeMap::new();
    for entry in corpus.iter().filter(|entry| (entry.case.expect)().claims_to_hold()) {
        files.entry((entry.shape.family(), entry.shape.path)).or_default().push(entry);
    }
    files.into_values().collect()
}

/// What is kept about the orderings of one file, or else found now and kept; and whether it could be.
pub fn kept(
    cache: &Cache,
    pool: &Pool,
    engine: EngineId,
    model: Model,
    cases: &[&Entry],
) -> (Justification, Kept) {
    let shape = cases[0].shape;
    if let Some(found) = cache.get(&file_name(shape, engine, model), shape) {
        return (found, Kept::Before);
    }
    let found = justify(pool, engine, model, cases);
    let kept = keep(cache, engine, model, shape, &found);
    (found, Kept::Now(kept))
}

/// Keeps what was found about the orderings of one file.
///
/// # Errors
/// It cannot be written.
pub fn keep(
    cache: &Cache,
    engine: EngineId,
    model: Model,
    shape: &Shape,
    found: &Justification,
) -> io::Result<()> {
    cache.put(&file_name(shape, engine, model), shape, found)
}

fn file_name(shape: &Shape, engine: EngineId, model: Model) -> String {
    format!("{}.{}", shape.stem(), model.of(engine))
}

/// When a justification was found.
pub enum Kept {
    /// Before; it was kept.
    Before,
    /// Now, and whether it could be kept.
    Now(io::Result<()>),
}

/// Justifies the orderings of the cases of one file.
pub fn justify(pool: &Pool, engine: EngineId, model: Model, cases: &[&Entry]) -> Justification {
    let stem = cases.first().map(|entry| entry.shape.stem()).unwrap_or_default().to_string();
    let request = Request { uses: true, claims: true, ..Request::under(model) };
    let first: Vec<_> = cases.iter().map(|e| (*e, pool.check(engine, &e.id, &request))).collect();
    let reports = first.iter().filter_map(|(_, result)| result.as_ref().ok());
    let places = place::of(cases, &reports.map(|report| &report.uses[..]).collect::<Vec<_>>());

    let by = (engine, model);
    let answer = |(entry, result)| weaken::answer(pool, by, entry, &places, result);
    let answers = first.into_iter().map(answer).collect();
    Justification { stem, engine, model, places, answers }
}
