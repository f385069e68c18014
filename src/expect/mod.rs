//! What a case declares, typed by hand, and the judgement whether a verdict is as declared.
//!
//! A *property* either holds or fails with a [`Kind`]. An *observation* grades every outcome. An
//! engine that is known to see something else is declared with a [`Reason`], and the declaration
//! is checked both ways: if the engine learns to see it, the check fails until the case says so.

mod judge;

use std::collections::BTreeMap;
use std::fmt::Debug;

use crate::verdict::{EngineId, Kind, Reason};

pub use judge::Judgement;

/// Everything a declaration may name, in scope inside `cases!`.
pub mod prelude {
    pub use super::{fails, holds, observes};
    pub use crate::verdict::EngineId::*;
    pub use crate::verdict::Kind::*;
    pub use crate::verdict::Reason::*;
}

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
    slack: Vec<Slack>,
    exceptions: BTreeMap<EngineId, Exception>,
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

/// The case holds: no execution fails.
pub fn holds() -> Property {
    Property { failure: None, slack: Vec::new(), exceptions: BTreeMap::new() }
}

/// Some execution of the case fails with `kind`.
pub fn fails(kind: Kind) -> Property {
    Property { failure: Some(kind), slack: Vec::new(), exceptions: BTreeMap::new() }
}

impl Property {
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

/// How an outcome of an observation is graded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grade {
    /// Allowed; every exhaustive engine must see it.
    Required,
    /// Allowed and surprising; every exhaustive engine must see it, and the case says why it is so.
    Interesting,
    /// Not allowed; said because a reader may expect it.
    Forbidden,
}

/// A graded outcome.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The value as `{:?}` prints it.
    pub value: String,
    /// Its grade.
    pub grade: Grade,
    /// Why, for the interesting and the forbidden ones.
    pub why: &'static str,
}

/// An observation: every value the body may return, graded.
#[derive(Clone, Debug, Default)]
pub struct Observation {
    outcomes: Vec<Outcome>,
    slack: Vec<Slack>,
    misses: BTreeMap<(EngineId, String), Reason>,
    alarms: BTreeMap<(EngineId, String), Reason>,
    skips: BTreeMap<EngineId, Reason>,
    bounded: BTreeMap<EngineId, Reason>,
}

/// The case returns a value; the outcomes are graded by the calls that follow.
pub fn observes() -> Observation {
    Observation::default()
}

impl Observation {
    fn grade(mut self, value: impl Debug, grade: Grade, why: &'static str) -> Self {
        let value = format!("{value:?}");
        assert!(
            self.outcomes.iter().all(|outcome| outcome.value != value),
            "the outcome {value} is graded twice"
        );
        self.outcomes.push(Outcome { value, grade, why });
        self
    }

    /// The ordering at `place` is stronger than any case of the file needs, and why.
    pub fn slack(mut self, place: &'static str, weakest: &'static str, why: &'static str) -> Self {
        self.slack.push(Slack { place, weakest, why });
        self
    }

    /// Outcomes that are allowed and expected.
    pub fn required<T: Debug>(self, values: impl IntoIterator<Item = T>) -> Self {
        values.into_iter().fold(self, |this, value| this.grade(value, Grade::Required, ""))
    }

    /// An outcome that is allowed and surprising, and why it happens.
    pub fn interesting(self, value: impl Debug, why: &'static str) -> Self {
        self.grade(value, Grade::Interesting, why)
    }

    /// An outcome that is not allowed, and why not.
    pub fn forbidden(self, value: impl Debug, why: &'static str) -> Self {
        self.grade(value, Grade::Forbidden, why)
    }

    /// `engine` never sees these allowed outcomes.
    pub fn misses<T: Debug>(
        mut self,
        engine: EngineId,
        values: impl IntoIterator<Item = T>,
        reason: Reason,
    ) -> Self {
        for value in values {
            let value = format!("{value:?}");
            assert!(self.allows(&value), "only an allowed outcome can be missed, not {value}");
            self.misses.insert((engine, value), reason);
        }
        self
    }

    /// `engine` sees these outcomes although the memory model does not allow them.
    pub fn alarms<T: Debug>(
        mut self,
        engine: EngineId,
        values: impl IntoIterator<Item = T>,
        reason: Reason,
    ) -> Self {
        for value in values {
            let value = format!("{value:?}");
            assert!(!self.allows(&value), "the outcome {value} is allowed, so it is no alarm");
            self.alarms.insert((engine, value), reason);
        }
        self
    }

    /// `engine` cannot run the case.
    pub fn skips(mut self, engine: EngineId, reason: Reason) -> Self {
        self.skips.insert(engine, reason);
        self
    }

    /// `engine` stops at a bound.
    pub fn bounded(mut self, engine: EngineId, reason: Reason) -> Self {
        self.bounded.insert(engine, reason);
        self
    }

    /// The graded outcomes, in the order of the declaration.
    pub fn outcomes(&self) -> &[Outcome] {
        &self.outcomes
    }

    fn allows(&self, value: &str) -> bool {
        self.outcomes
            .iter()
            .any(|outcome| outcome.value == value && outcome.grade != Grade::Forbidden)
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
        let mut all: Vec<(EngineId, Reason)> = match self {
            Expectation::Property(property) => property
                .exceptions
                .iter()
                .filter_map(|(engine, exception)| match exception {
                    Exception::Misses(reason)
                    | Exception::Alarms(reason)
                    | Exception::Skips(reason)
                    | Exception::Bounded(reason) => Some((*engine, *reason)),
                    Exception::Reports(_) => None,
                })
                .collect(),
            Expectation::Observation(o) => {
                let values = o.misses.iter().chain(&o.alarms);
                let whole = o.skips.iter().chain(&o.bounded);
                values
                    .map(|((engine, _), reason)| (*engine, *reason))
                    .chain(whole.map(|(engine, reason)| (*engine, *reason)))
                    .collect()
            }
        };
        all.sort();
        all.dedup();
        all
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
    /// on real threads, or would never end there.
    pub fn forbids_running(&self, engine: EngineId) -> Option<Reason> {
        match self {
            Expectation::Property(Property { failure: Some(kind), .. })
                if engine == EngineId::Native =>
            {
                if kind.is_undefined_behaviour() {
                    Some(Reason::UndefinedBehaviour)
                } else {
                    kind.never_ends().then_some(Reason::NeverEnds)
                }
            }
            _ => None,
        }
    }
}
