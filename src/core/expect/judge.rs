//! Judging a report: both ways, nothing unexpected and everything expected.

use super::{Exception, Expectation, Grade, Observation, Property};
use crate::verdict::{EngineId, Letter, LoadBuffering, Model, Report, Verdict};

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
            Expectation::Property(property) => property.judge(engine, report),
            Expectation::Observation(observation) => observation.judge(engine, report),
        };
        let skipped = matches!(report.verdict, Verdict::Inexpressible { .. });
        if report.verdict.executions() == 0 && !skipped {
            judgement.complaints.push(format!("{engine} visited no execution at all"));
        }
        judgement.complaints.extend(self.load_buffering(engine, report));
        judgement
    }
}

impl Expectation {
    /// What is declared of load buffering, and is not so.
    fn load_buffering(&self, engine: EngineId, report: &Report) -> Option<String> {
        let found = report.load_buffering.as_ref().filter(|_| report.model != Some(Model::C20));
        match (found?, self.is_exposed()) {
            (LoadBuffering::CannotArise, true) => Some(format!(
                "declared exposed to load buffering, but {engine} finds no way in which it could arise: take \
                 `.exposed()` out"
            )),
            (found @ LoadBuffering::CouldArise { .. }, false) => {
                Some(format!("{found}; declare `.exposed()`, or order these accesses"))
            }
            _ => None,
        }
    }
}

impl Property {
    fn judge(&self, engine: EngineId, report: &Report) -> Judgement {
        let verdict = &report.verdict;
        let by_letter = report.model == Some(Model::C20);
        if by_letter && self.beyond_letter {
            // By the letter no execution fails.
            let holds = Property { failure: None, beyond_letter: false, ..self.clone() };
            return holds.judge(engine, report);
        }
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
            (None, Some(kind)) if engine.runs_real_threads() => {
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
            self.letter(engine, verdict).into_iter().collect()
        } else {
            let found = match verdict.failure() {
                Some(failure) => format!("{}: {}", failure.kind, failure.message),
                None => verdict.word().to_string(),
            };
            let differs = format!("declared {expected}, but {engine} says {found}");
            vec![differs, self.advice(engine, verdict)]
        };
        Judgement { expected, complaints }
    }

    /// What to write or do where a verdict is not as declared: if the engine is right, and if the case is.
    fn advice(&self, engine: EngineId, verdict: &Verdict) -> String {
        if let Some(exception) = self.exceptions.get(&engine) {
            let name = exception.name();
            return format!(
                "if {engine} is right, take `.{name}({engine:?}, ..)` out, or change it"
            );
        }
        let unless = |declaration: String| match engine.is_exact() {
            true => format!("if the case is, {engine} has a fault, which is worth a report"),
            false => format!("if the case is, declare `{declaration}` with its reason"),
        };
        let [right, wrong] = match self.is_of_clients {
            true => ["linearizable", "not_linearizable"],
            false => ["holds", "fails"],
        };
        match (verdict, self.failure) {
            (Verdict::Refuted { failure, .. }, None) => {
                let (kind, alarms) = (failure.kind, unless(format!(".alarms({engine:?}, ..)")));
                format!(
                    "if {engine} is right, mend the program or declare `{wrong}({kind:?})`; {alarms}"
                )
            }
            (Verdict::Refuted { failure, .. }, Some(_)) => {
                let kind = failure.kind;
                let reports = unless(format!(".reports({engine:?}, {kind:?})"));
                format!("if {engine} is right, declare `{wrong}({kind:?})`; {reports}")
            }
            (Verdict::Inexpressible { reason }, _) => {
                format!("declare `.skips({engine:?}, {reason:?})`")
            }
            (Verdict::Bounded { .. }, _) => {
                format!("make the case smaller, or declare `.bounded({engine:?}, TooLarge)`")
            }
            (_, _) => {
                let misses = unless(format!(".misses({engine:?}, ..)"));
                format!("if {engine} is right, nothing fails: declare `{right}()`; {misses}")
            }
        }
    }

    /// What is declared of the letter of C++20, and is not so.
    fn letter(&self, engine: EngineId, verdict: &Verdict) -> Option<String> {
        self.failure?;
        match (verdict.letter()?, self.beyond_letter) {
            (Letter::Within, false) | (Letter::Beyond, true) => None,
            (Letter::Within, true) => Some(format!(
                "declared beyond the letter, but {engine} shows a failing execution that the letter \
                 of C++20 allows: take `.beyond_letter()` out"
            )),
            (Letter::Beyond, false) => Some(format!(
                "{engine} refutes it {} only: the letter of C++20 forbids every execution that fails; \
                 declare `.beyond_letter()`",
                Letter::BEYOND
            )),
            (Letter::Undecided, _) => Some(format!(
                "{engine} was stopped at a bound before it knew whether the letter of C++20 allows a \
                 failing execution: make the case smaller"
            )),
        }
    }
}

impl Observation {
    fn judge(&self, engine: EngineId, report: &Report) -> Judgement {
        let by_letter = report.model == Some(Model::C20);
        let allowed = self.outcomes.iter().filter(|outcome| outcome.grade != Grade::Forbidden);
        let expected: Vec<&str> = allowed
            .map(|outcome| outcome.value.as_str())
            .filter(|value| !(by_letter && self.puts_beyond_letter(value)))
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
            complaints.push(if by_letter && self.puts_beyond_letter(value) {
                format!(
                    "{value} is declared beyond the letter, but {engine} sees it under the letter of \
                     C++20: take it out of `.beyond_letter([..])`"
                )
            } else if self.allows(value) {
                format!("{engine} is declared not to see {value}, but it does")
            } else {
                format!("{engine} sees {value}, which is not allowed")
            });
        }
        for (value, seen) in report.outcomes.iter().filter(|(value, _)| self.allows(value)) {
            complaints.extend(match (seen.letter, self.puts_beyond_letter(value)) {
                // Under the letter itself it is said above.
                (Some(Letter::Within), true) if !by_letter => Some(format!(
                    "{value} is declared beyond the letter, but {engine} shows an execution that the \
                     letter of C++20 allows: take it out of `.beyond_letter([..])`"
                )),
                (Some(Letter::Beyond), false) => Some(format!(
                    "{engine} sees {value} {} only: declare `.beyond_letter([{value}])`",
                    Letter::BEYOND
                )),
                _ => None,
            });
        }
        let exhaustive =
            matches!(report.verdict, Verdict::Proved { .. } | Verdict::Explored { .. });
        if exhaustive {
            for value in expected.iter().filter(|value| !report.outcomes.contains_key(**value)) {
                complaints.push(format!("{engine} never sees {value}"));
            }
        }
        if !complaints.is_empty() {
            complaints.push(format!(
                "if {engine} is right, grade the outcomes anew (`.required`, `.interesting`, `.forbidden`); if the case \
                 is, declare `.misses({engine:?}, [..], ..)`, `.alarms({engine:?}, [..], ..)` or \
                 `.bounded({engine:?}, ..)` with its reason"
            ));
        }
        Judgement { expected: summary, complaints }
    }
}
