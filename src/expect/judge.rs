//! Judging a report: both ways, nothing unexpected and everything expected.

use super::{Exception, Expectation, Grade, Observation, Property};
use crate::verdict::{EngineId, Report, Verdict};

/// Whether a report is as declared, and in which words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// The declaration for this engine, in a few words.
    pub expected: String,
    /// What differs from it; empty where the report is as declared.
    pub complaints: Vec<String>,
}

impl Judgement {
    /// Whether nothing differs from the declaration.
    pub fn as_declared(&self) -> bool {
        self.complaints.is_empty()
    }
}

impl Expectation {
    /// Compares what `engine` reports with what the case declares.
    pub fn judge(&self, engine: EngineId, report: &Report) -> Judgement {
        let mut judgement = match self {
            Expectation::Property(property) => property.judge(engine, &report.verdict),
            Expectation::Observation(observation) => observation.judge(engine, report),
        };
        let skipped = matches!(report.verdict, Verdict::Inexpressible { .. });
        if report.verdict.executions() == 0 && !skipped {
            judgement.complaints.push(format!("{engine} visited no execution at all"));
        }
        judgement
    }
}

impl Property {
    fn judge(&self, engine: EngineId, verdict: &Verdict) -> Judgement {
        let passed = matches!(
            verdict,
            Verdict::Proved { .. } | Verdict::Explored { .. } | Verdict::Sampled { .. }
        );
        let bounded = matches!(verdict, Verdict::Bounded { .. });
        let refuted = verdict.failure().map(|failure| failure.kind);
        let skipped = |reason| *verdict == (Verdict::Inexpressible { reason });

        let (expected, fits) = match (self.exceptions.get(&engine), self.failure) {
            (Some(Exception::Skips(reason)), _) => {
                (format!("skipped ({reason:?})"), skipped(*reason))
            }
            (Some(Exception::Bounded(reason)), _) => (format!("bounded ({reason:?})"), bounded),
            (Some(Exception::Misses(reason)), _) => {
                (format!("missed ({reason:?})"), passed || bounded)
            }
            (Some(Exception::Alarms(reason)), _) => {
                (format!("false alarm ({reason:?})"), refuted.is_some())
            }
            (Some(Exception::Reports(kind)), _) => (kind.to_string(), refuted == Some(*kind)),
            (None, None) => ("holds".into(), passed),
            (None, Some(kind)) if engine == EngineId::Native => {
                if let Some(reason) = Expectation::from(self.clone()).forbids_running(engine) {
                    (format!("not run ({reason:?})"), skipped(reason))
                } else {
                    // Real threads may or may not meet the failure.
                    (format!("{kind} or a pass"), passed || refuted == Some(kind))
                }
            }
            (None, Some(kind)) => (kind.to_string(), refuted == Some(kind)),
        };
        let complaints = if fits {
            Vec::new()
        } else {
            let found = match verdict.failure() {
                Some(failure) => format!("{}: {}", failure.kind, failure.message),
                None => verdict.word().to_string(),
            };
            vec![format!("declared {expected}, but {engine} says {found}")]
        };
        Judgement { expected, complaints }
    }
}

impl Observation {
    fn judge(&self, engine: EngineId, report: &Report) -> Judgement {
        let allowed = self.outcomes.iter().filter(|outcome| outcome.grade != Grade::Forbidden);
        let expected: Vec<&str> = allowed
            .map(|outcome| outcome.value.as_str())
            .filter(|value| !self.misses.contains_key(&(engine, value.to_string())))
            .chain(self.alarms.keys().filter(|(e, _)| *e == engine).map(|(_, value)| &value[..]))
            .collect();
        let mut summary = format!("outcomes {}", expected.join(" "));

        let skip = self.skips.get(&engine);
        let bound = self.bounded.get(&engine);
        let mut complaints = Vec::new();
        match (&report.verdict, skip, bound) {
            (Verdict::Inexpressible { reason }, Some(declared), _) if reason == declared => {
                return Judgement { expected: format!("skipped ({declared:?})"), complaints };
            }
            (verdict, Some(declared), _) => complaints
                .push(format!("declared skipped ({declared:?}), but {engine} {}", verdict.word())),
            (Verdict::Bounded { .. }, None, Some(declared)) => {
                summary = format!("at most {summary}, bounded ({declared:?})");
            }
            (verdict, None, Some(declared)) => complaints
                .push(format!("declared bounded ({declared:?}), but it is {}", verdict.word())),
            (Verdict::Refuted { failure, .. }, None, None) => {
                complaints.push(format!("{}: {}", failure.kind, failure.message));
            }
            (Verdict::Inexpressible { reason }, None, None) => {
                complaints.push(format!("{engine} cannot run it: {}", reason.sentence()));
            }
            (Verdict::Bounded { limit, .. }, None, None) => {
                complaints.push(format!("{engine} stopped at a bound: {limit}"));
            }
            (_, None, None) => {}
        }

        for value in report.outcomes.keys().filter(|value| !expected.contains(&value.as_str())) {
            complaints.push(if self.allows(value) {
                format!("{engine} is declared not to see {value}, but it does")
            } else {
                format!("{engine} sees {value}, which is not allowed")
            });
        }
        let exhaustive =
            matches!(report.verdict, Verdict::Proved { .. } | Verdict::Explored { .. });
        if exhaustive {
            for value in expected.iter().filter(|value| !report.outcomes.contains_key(**value)) {
                complaints.push(format!("{engine} never sees {value}"));
            }
        }
        Judgement { expected: summary, complaints }
    }
}
