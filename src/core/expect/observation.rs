//! Observations: cases that return a value, every outcome graded.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use super::Slack;
use crate::verdict::{EngineId, Reason};

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
    pub(super) outcomes: Vec<Outcome>,
    pub(super) slack: Vec<Slack>,
    pub(super) is_exposed: bool,
    pub(super) beyond_letter: BTreeSet<String>,
    pub(super) rounds: u64,
    pub(super) misses: BTreeMap<(EngineId, String), Reason>,
    pub(super) alarms: BTreeMap<(EngineId, String), Reason>,
    pub(super) skips: BTreeMap<EngineId, Reason>,
    pub(super) bounded: BTreeMap<EngineId, Reason>,
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

    /// It is not ruled out that load buffering goes beyond what RC11 allows here, as C++ and Rust might. How that is told is cautious.
    pub fn exposed(self) -> Self {
        Observation { is_exposed: true, ..self }
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

    /// Allowed outcomes of which the letter of C++20 forbids every execution (LWG issue 3941).
    pub fn beyond_letter<T: Debug>(mut self, values: impl IntoIterator<Item = T>) -> Self {
        for value in values {
            let value = format!("{value:?}");
            assert!(
                self.allows(&value),
                "only an allowed outcome is beyond the letter, not {value}"
            );
            self.beyond_letter.insert(value);
        }
        self
    }

    /// Real threads run it this often, so that what is rare can be seen; they need not see it.
    pub fn rounds(self, rounds: u64) -> Self {
        Observation { rounds, ..self }
    }

    /// These allowed outcomes show only in executions that are not sequentially consistent: an engine that has no others never sees
    /// them.
    pub fn weak<T: Debug>(self, values: impl IntoIterator<Item = T>) -> Self {
        let values: Vec<T> = values.into_iter().collect();
        let blind = EngineId::ALL.into_iter().filter(|engine| engine.is_sequentially_consistent());
        blind
            .fold(self, |this, engine| this.misses(engine, &values, Reason::SequentiallyConsistent))
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

    /// Whether some outcome is declared beyond the letter of C++20.
    pub fn is_beyond_letter(&self) -> bool {
        !self.beyond_letter.is_empty()
    }

    /// Whether this outcome is.
    pub fn puts_beyond_letter(&self, value: &str) -> bool {
        self.beyond_letter.contains(value)
    }

    pub(super) fn allows(&self, value: &str) -> bool {
        self.outcomes
            .iter()
            .any(|outcome| outcome.value == value && outcome.grade != Grade::Forbidden)
    }
}
