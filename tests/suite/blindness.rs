//! What an engine is known not to see is shown by a case, which fails when the engine learns to see.

use std::collections::BTreeMap;

use casebook::case::{self, Entry};
use casebook::expect::{Expectation, Grade};
use casebook::index;
use casebook::verdict::{EngineId, Failure, Reason, Report, Seen, Verdict};

/// The known limits are those of `Reason::engines`: each has a case, and no case declares another.
#[test]
fn known_limits_and_declared_limits_are_the_same() {
    let corpus = case::corpus();
    let mut complaints = Vec::new();
    for limit in index::blindness(&corpus) {
        let (engine, reason) = (limit.engine, limit.reason);
        match limit.shown_by.first() {
            None => complaints.push(format!("no case shows {reason:?} of {engine}")),
            Some(entry) if !reason.engines().contains(&engine) => complaints.push(format!(
                "{} declares {reason:?} of {engine}, which `Reason::engines` does not know",
                entry.id
            )),
            Some(_) => {}
        }
    }
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

/// A reason that is missing from the list would be in no table.
#[test]
fn every_declaration_is_in_the_table() {
    let corpus = case::corpus();
    let limits = index::blindness(&corpus);
    for entry in &corpus {
        for (engine, reason) in (entry.case.expect)().exceptions() {
            let listed = limits.iter().any(|limit| {
                let shows = |shown: &&Entry| shown.id == entry.id;
                (limit.engine, limit.reason) == (engine, reason) && limit.shown_by.iter().any(shows)
            });
            assert!(listed, "{}: {engine} {reason:?}", entry.id);
        }
    }
    for reason in Reason::ALL {
        assert!(!reason.engines().is_empty(), "{reason:?} is known of no engine");
    }
}

/// What an engine would report that sees all there is, and nothing else.
fn truth(expectation: &Expectation) -> Report {
    let proved = Verdict::Proved { executions: 1 };
    match expectation {
        Expectation::Property(_) => expectation.failure().map_or(proved, refuted).into(),
        Expectation::Observation(observation) => {
            let allowed =
                observation.outcomes().iter().filter(|outcome| outcome.grade != Grade::Forbidden);
            let outcomes: BTreeMap<String, Seen> = allowed
                .map(|outcome| {
                    (outcome.value.clone(), Seen { count: 1, replay: None, letter: None })
                })
                .collect();
            Report { outcomes, ..proved.into() }
        }
    }
}

fn refuted(kind: casebook::verdict::Kind) -> Verdict {
    let (message, replay) = (String::new(), String::new());
    let failure =
        Box::new(Failure { kind, message, trace: Vec::new(), graph: None, letter: None, replay });
    Verdict::Refuted { executions: 1, failure }
}

/// Where a limit is declared, the truth is not as declared.
#[test]
fn a_declaration_fails_when_its_engine_sees_the_truth() {
    for entry in case::corpus() {
        let expectation = (entry.case.expect)();
        let truth = truth(&expectation);
        for engine in EngineId::ALL {
            let as_declared = expectation.judge(engine, &truth).as_declared();
            let blind = !expectation.reasons(engine).is_empty();
            assert!(!(blind && as_declared), "{} under {engine}", entry.id);
        }
    }
}
