//! What a case declares, typed by hand, and the judgement whether a verdict is as declared.
//!
//! A *property* either holds or fails with a [`Kind`]. An *observation* grades every outcome. Both
//! are about RC11; what the letter of C++20 forbids of it is declared as beyond the letter. An engine
//! that is known to see something else is declared with a [`Reason`]. Each declaration is checked both
//! ways: if the engine learns to see it, the check fails until the case says so.

mod judge;
mod observation;

use std::collections::BTreeMap;

use crate::verdict::{EngineId, Kind, Model, Reason};

pub use judge::Judgement;
pub use observation::{Grade, Observation, Outcome, observes};

/// Everything a declaration may name, in scope inside `cases!`.
pub mod prelude {
    pub use super::{fails, holds, linearizable, not_linearizable, observes};
    pub use crate::verdict::EngineId::*;
    pub use crate::verdict::Kind::*;
    pub use crate::verdict::Reason::*;
}

/// Marks what the letter of C++20 forbids and RC11 allows.
pub const BEYOND_MARK: &str = "‡";

/// Marks a proof that load buffering could go beyond.
pub const EXPOSED_MARK: &str = "†";

/// What a case declares.
#[derive(Clone, Debug)]
pub enum Expectation {
    /// The body asserts.
    Property(Property),
    /// The body returns a value.
    Observation(Observation),
}

/// An ordering that is stronger than every case of its file needs. What no case declares slack is
/// *tight*: some case breaks with anything weaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slack {
    /// The place, as `casebook justify` names it: `Ring::push: self.tail.store`.
    pub place: &'static str,
    /// The weakest orderings that hold: `Release`, `Acquire or Release`, `none` for a fence.
    pub weakest: &'static str,
    /// Why it is stronger all the same.
    pub why: &'static str,
}

/// A property: the body holds, or fails with a kind.
#[derive(Clone, Debug)]
pub struct Property {
    failure: Option<Kind>,
    /// Whether the body is one program for each client of an object.
    is_of_clients: bool,
    is_exposed: bool,
    beyond_letter: bool,
    slack: Vec<Slack>,
    exceptions: BTreeMap<EngineId, Exception>,
}

/// In which way an engine differs from the truth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// It does not see what an execution does.
    Misses,
    /// It sees what no execution does.
    Alarms,
    /// It cannot run the case, or stops at a bound.
    NoVerdict,
}

/// How one engine's verdict on a property differs from the truth.
#[derive(Clone, Copy, Debug)]
enum Exception {
    /// It passes a case that fails.
    Misses(Reason),
    /// It refutes a case that holds.
    Alarms(Reason),
    /// It cannot run the case.
    Skips(Reason),
    /// It stops at a bound.
    Bounded(Reason),
    /// It refutes the case, by another kind of failure.
    Reports(Kind),
}

impl Exception {
    /// What it is declared by.
    fn name(self) -> &'static str {
        match self {
            Exception::Misses(_) => "misses",
            Exception::Alarms(_) => "alarms",
            Exception::Skips(_) => "skips",
            Exception::Bounded(_) => "bounded",
            Exception::Reports(_) => "reports",
        }
    }
}

/// The case holds: no execution fails.
pub fn holds() -> Property {
    property(None)
}

/// Some execution of the case fails with `kind`.
pub fn fails(kind: Kind) -> Property {
    property(Some(kind))
}

/// The object is what its specification says, in every execution of every client that the body lists.
pub fn linearizable() -> Property {
    holds().of_all_clients()
}

/// Some execution of some client fails with `kind`: no order explains it, it publishes nothing, or it fails by itself.
pub fn not_linearizable(kind: Kind) -> Property {
    fails(kind).of_all_clients()
}

fn property(failure: Option<Kind>) -> Property {
    Property {
        failure,
        is_of_clients: false,
        is_exposed: false,
        beyond_letter: false,
        slack: Vec::new(),
        exceptions: BTreeMap::new(),
    }
}

impl Property {
    /// The body is one program for each client of an object: an engine that runs one has no verdict.
    fn of_all_clients(self) -> Self {
        let one = EngineId::ALL.into_iter().filter(|engine| !engine.chooses());
        let this = Property { is_of_clients: true, ..self };
        one.fold(this, |this, engine| this.skips(engine, Reason::NoInputs))
    }

    fn except(mut self, engine: EngineId, exception: Exception) -> Self {
        let earlier = self.exceptions.insert(engine, exception);
        assert!(earlier.is_none(), "two exceptions are declared for {engine}");
        self
    }

    /// The ordering at `place` is stronger than any case of the file needs, and why.
    pub fn slack(mut self, place: &'static str, weakest: &'static str, why: &'static str) -> Self {
        self.slack.push(Slack { place, weakest, why });
        self
    }

    /// It is not ruled out that load buffering goes beyond what RC11 allows here, as C++ and Rust might. How that is told is cautious.
    pub fn exposed(self) -> Self {
        assert!(
            self.failure.is_none(),
            "whether load buffering could arise is known of what holds"
        );
        Property { is_exposed: true, ..self }
    }

    /// The letter of C++20 forbids every execution that fails (LWG issue 3941).
    pub fn beyond_letter(self) -> Self {
        assert!(self.failure.is_some(), "nothing is beyond the letter in a case that holds");
        Property { beyond_letter: true, ..self }
    }

    /// The failure shows only in executions that are not sequentially consistent: an engine that has no others does not see it.
    pub fn weak(self) -> Self {
        let blind = EngineId::ALL.into_iter().filter(|engine| engine.is_sequentially_consistent());
        blind.fold(self, |this, engine| this.misses(engine, Reason::SequentiallyConsistent))
    }

    /// `engine` does not see the failure.
    pub fn misses(self, engine: EngineId, reason: Reason) -> Self {
        assert!(self.failure.is_some(), "there is no failure to miss in a case that holds");
        self.except(engine, Exception::Misses(reason))
    }

    /// `engine` reports a failure that the memory model does not allow.
    pub fn alarms(self, engine: EngineId, reason: Reason) -> Self {
        assert!(self.failure.is_none(), "an alarm is false only where the case holds");
        self.except(engine, Exception::Alarms(reason))
    }

    /// `engine` cannot run the case.
    pub fn skips(self, engine: EngineId, reason: Reason) -> Self {
        self.except(engine, Exception::Skips(reason))
    }

    /// `engine` stops at a bound.
    pub fn bounded(self, engine: EngineId, reason: Reason) -> Self {
        self.except(engine, Exception::Bounded(reason))
    }

    /// `engine` refutes the case, but calls the failure `kind`.
    pub fn reports(self, engine: EngineId, kind: Kind) -> Self {
        assert!(self.failure.is_some(), "a case that holds has no failure to report");
        self.except(engine, Exception::Reports(kind))
    }
}

impl From<Property> for Expectation {
    fn from(property: Property) -> Self {
        Expectation::Property(property)
    }
}

impl From<Observation> for Expectation {
    fn from(observation: Observation) -> Self {
        Expectation::Observation(observation)
    }
}

impl Expectation {
    /// The declaration in a few words, without its exceptions.
    pub fn summary(&self) -> String {
        match self {
            Expectation::Property(Property { failure: None, .. }) => "holds".into(),
            Expectation::Property(Property { failure: Some(kind), .. }) => kind.to_string(),
            Expectation::Observation(observation) => {
                let allowed = observation
                    .outcomes
                    .iter()
                    .filter(|outcome| outcome.grade != Grade::Forbidden)
                    .count();
                format!("{allowed} outcome{}", if allowed == 1 { "" } else { "s" })
            }
        }
    }

    /// The declaration as it reads under `model`, with a mark where the two differ.
    pub fn summary_under(&self, model: Model) -> String {
        match (self, model) {
            (Expectation::Property(property), Model::C20) if property.beyond_letter => {
                format!("holds {BEYOND_MARK}")
            }
            (_, Model::Rc11) if self.is_beyond_letter() => {
                format!("{} {BEYOND_MARK}", self.summary())
            }
            _ => self.summary(),
        }
    }

    /// Whether the failure, or an outcome, shows only in executions that are not sequentially consistent.
    pub fn is_weak(&self) -> bool {
        self.exceptions().iter().any(|(_, reason)| *reason == Reason::SequentiallyConsistent)
    }

    /// Whether the body is one program for each client of an object.
    pub fn is_of_clients(&self) -> bool {
        matches!(self, Expectation::Property(property) if property.is_of_clients)
    }

    /// Whether load buffering could arise: so it is declared, or an outcome is that only load buffering gives.
    pub fn is_exposed(&self) -> bool {
        let is_declared = match self {
            Expectation::Property(property) => property.is_exposed,
            Expectation::Observation(observation) => observation.is_exposed,
        };
        is_declared || self.exceptions().iter().any(|(_, why)| *why == Reason::NoLoadBuffering)
    }

    /// Whether the failure, or an outcome, is declared beyond the letter of C++20.
    pub fn is_beyond_letter(&self) -> bool {
        match self {
            Expectation::Property(property) => property.beyond_letter,
            Expectation::Observation(observation) => observation.is_beyond_letter(),
        }
    }

    /// Whether this outcome is declared beyond the letter of C++20.
    pub fn puts_beyond_letter(&self, value: &str) -> bool {
        match self {
            Expectation::Property(_) => false,
            Expectation::Observation(observation) => observation.puts_beyond_letter(value),
        }
    }

    /// How often real threads are to run it at least.
    pub fn rounds(&self) -> u64 {
        match self {
            Expectation::Property(_) => 0,
            Expectation::Observation(observation) => observation.rounds,
        }
    }

    /// Whether the case claims that something never happens, so that its orderings can be needed:
    /// a property that holds, or an observation with a forbidden outcome.
    pub fn claims_to_hold(&self) -> bool {
        match self {
            Expectation::Property(property) => property.failure.is_none(),
            Expectation::Observation(observation) => {
                observation.outcomes.iter().any(|outcome| outcome.grade == Grade::Forbidden)
            }
        }
    }

    /// Whether an execution may end with this value.
    pub fn allows(&self, value: &str) -> bool {
        match self {
            Expectation::Property(_) => true,
            Expectation::Observation(observation) => observation.allows(value),
        }
    }

    /// The orderings that the case declares stronger than it needs.
    pub fn slack(&self) -> &[Slack] {
        match self {
            Expectation::Property(property) => &property.slack,
            Expectation::Observation(observation) => &observation.slack,
        }
    }

    /// The exceptions that are declared, each with its reason.
    pub fn exceptions(&self) -> Vec<(EngineId, Reason)> {
        let ways = self.ways().into_iter();
        let mut all: Vec<(EngineId, Reason)> = ways.map(|(engine, _, why)| (engine, why)).collect();
        all.sort();
        all.dedup();
        all
    }

    /// In which ways engines differ from the truth, each with its reason.
    pub fn ways(&self) -> Vec<(EngineId, Way, Reason)> {
        match self {
            Expectation::Property(property) => property
                .exceptions
                .iter()
                .filter_map(|(engine, exception)| match exception {
                    Exception::Misses(reason) => Some((*engine, Way::Misses, *reason)),
                    Exception::Alarms(reason) => Some((*engine, Way::Alarms, *reason)),
                    Exception::Skips(reason) | Exception::Bounded(reason) => {
                        Some((*engine, Way::NoVerdict, *reason))
                    }
                    Exception::Reports(_) => None,
                })
                .collect(),
            Expectation::Observation(o) => {
                let misses = o.misses.iter().map(|((e, _), reason)| (*e, Way::Misses, *reason));
                let alarms = o.alarms.iter().map(|((e, _), reason)| (*e, Way::Alarms, *reason));
                let whole = o.skips.iter().chain(&o.bounded);
                let whole = whole.map(|(engine, reason)| (*engine, Way::NoVerdict, *reason));
                misses.chain(alarms).chain(whole).collect()
            }
        }
    }

    /// The failure that is declared; none where the case holds or grades its outcomes.
    pub fn failure(&self) -> Option<Kind> {
        match self {
            Expectation::Property(property) => property.failure,
            Expectation::Observation(_) => None,
        }
    }

    /// Whether `engine` finds the declared failure; native may find it.
    pub fn refuted_by(&self, engine: EngineId) -> bool {
        self.failure().is_some() && self.reasons(engine).is_empty()
    }

    /// Why `engine` does not see what the case declares; nothing where it does.
    pub fn reasons(&self, engine: EngineId) -> Vec<Reason> {
        let declared = self.exceptions().into_iter().filter(|(blind, _)| *blind == engine);
        declared.map(|(_, reason)| reason).chain(self.forbids_running(engine)).collect()
    }

    /// Why `engine` must not run the case at all: its declared failure would be undefined behaviour
    /// on real threads, or might never end there, as any client of a broken object.
    pub fn forbids_running(&self, engine: EngineId) -> Option<Reason> {
        match self {
            Expectation::Property(Property { failure: Some(kind), .. })
                if engine.runs_real_threads() =>
            {
                let may_wait = kind.never_ends() || self.is_of_clients();
                if kind.is_undefined_behaviour() {
                    Some(Reason::UndefinedBehaviour)
                } else {
                    may_wait.then_some(Reason::NeverEnds)
                }
            }
            _ => None,
        }
    }
}
