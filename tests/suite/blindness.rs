//! What an engine is known not to see is shown by a case, which fails when the engine learns to see.

use std::collections::BTreeMap;

use casebook::case::{self, Entry};
use casebook::expect::{Expectation, Grade, fails, holds, linearizable, observes};
use casebook::index;
use casebook::verdict::{
    EngineId, Failure, Kind, LoadBuffering, Model, Reason, Report, Seen, Site, Verdict,
};

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

fn refuted(kind: Kind) -> Verdict {
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

/// What differs from a declaration ends with what to write if the engine is right, and what if the case is.
#[test]
fn a_complaint_says_what_to_do() {
    use EngineId::{Loom, Native, Rc11, Shuttle};
    let said = |expectation: Expectation, engine, verdict: Verdict| {
        let judgement = expectation.judge(engine, &verdict.into());
        judgement.complaints.last().expect("it differs").clone()
    };
    let proved = || Verdict::Proved { executions: 1 };
    let bounded = || Verdict::Bounded { executions: 1, limit: "a second".into() };
    let race = || refuted(Kind::DataRace);
    let unexplained = || refuted(Kind::NotLinearizable);
    let blind = || fails(Kind::DataRace).misses(Loom, Reason::SkipsInterleavings);
    for (said, right, wrong) in [
        (said(holds().into(), Loom, race()), "`fails(DataRace)`", "`.alarms(Loom, ..)`"),
        (said(holds().into(), Rc11, race()), "`fails(DataRace)`", "rc11 has a fault"),
        (said(fails(Kind::Leak).into(), Shuttle, proved()), "`holds()`", "`.misses(Shuttle, ..)`"),
        (said(fails(Kind::Leak).into(), Shuttle, race()), "`fails(DataRace)`", "`.reports(Shuttle"),
        (said(holds().into(), Loom, bounded()), "smaller", "`.bounded(Loom, TooLarge)`"),
        (said(blind().into(), Loom, race()), "if loom is right", "take `.misses(Loom, ..)` out"),
        (
            said(linearizable().into(), Shuttle, unexplained()),
            "`not_linearizable(NotLinearizable)`",
            "`.alarms(Shuttle, ..)`",
        ),
        (said(observes().required([1]).into(), Native, proved()), "`.required`", "`.misses(Native"),
    ] {
        assert!(said.contains(right) && said.contains(wrong), "{said}");
    }
}

/// A proof that load buffering could go beyond is declared to be one, and one that it could not is not.
#[test]
fn exposure_to_load_buffering_is_declared_both_ways() {
    let at = |line| Site { file: "a.rs".into(), line, column: 1, relation: Default::default() };
    let could = LoadBuffering::CouldArise { read: at(1), early: at(2), seen: at(3), found: at(4) };
    let report = |found: &LoadBuffering, model| Report {
        load_buffering: Some(found.clone()),
        model: Some(model),
        ..Verdict::Proved { executions: 1 }.into()
    };
    let cannot = LoadBuffering::CannotArise;
    let judged = |expectation: Expectation, found| {
        expectation.judge(EngineId::Rc11, &report(found, Model::Rc11)).complaints
    };
    assert_eq!(judged(holds().into(), &cannot), Vec::<String>::new());
    assert_eq!(judged(holds().exposed().into(), &could), Vec::<String>::new());
    assert!(judged(holds().into(), &could)[0].contains("a.rs:2:1 could be seen at a.rs:3:1"));
    assert!(judged(holds().exposed().into(), &cannot)[0].contains("take `.exposed()` out"));
    // The letter has other executions, and declarations are about RC11.
    let by_letter = report(&could, Model::C20);
    assert!(Expectation::from(holds()).judge(EngineId::Rc11, &by_letter).as_declared());
}
