//! The steps of a failing execution say where they stand in the case, which value is an old one, and what it was at first.

use casebook::case;
use casebook::engine::Request;
use casebook::pool::Pool;
use casebook::report;
use casebook::run;
use casebook::verdict::EngineId;

/// The steps of a failure, as `show` prints them.
fn steps(engine: EngineId, id: &str) -> String {
    let pool = Pool::new(env!("CARGO_BIN_EXE_casebook"), &["worker"]);
    let corpus = case::corpus();
    let entry = corpus.iter().find(|entry| entry.id == id).expect("the case exists");
    let checked = run::check(&pool, engine, entry, &Request::default());
    let report = checked.result.expect("there is a verdict");
    report::steps(&report.verdict.failure().expect("it fails").trace)
}

/// The engines that show steps.
const EXPLORING: [EngineId; 3] = [EngineId::Loom, EngineId::Shuttle, EngineId::Rc11];

#[test]
fn what_drops_a_guard_is_told_by_the_line_that_took_it() {
    let cases = [
        ("alternating_tasks/two_threads", " unlock "),
        ("pipeline_config/read_twice", " read unlock "),
        ("pipeline_config/read_twice", " write unlock "),
        ("upgradable_read_lock/gap", " read unlock "),
    ];
    for engine in EXPLORING {
        for (id, operation) in cases {
            let told = steps(engine, id);
            let drops: Vec<&str> = told.lines().filter(|step| step.contains(operation)).collect();
            assert!(!drops.is_empty(), "{engine}: no {operation} in\n{told}");
            for step in drops {
                assert!(step.contains("  the guard taken at cases/"), "{engine}: {step}");
            }
        }
    }
}

/// The places of all steps begin in one column, however long a value is.
#[test]
fn the_places_of_steps_stand_below_each_other() {
    for id in ["w_rwc/relaxed_load", "narrow_count/half_a_byte", "message_passing/relaxed"] {
        let told = steps(EngineId::Rc11, id);
        let columns = told.lines().map(|step| {
            let place = step.split("  ").last().expect("a step has a place").trim_start();
            step.chars().count() - place.chars().count()
        });
        let columns: std::collections::BTreeSet<usize> = columns.collect();
        assert_eq!(columns.len(), 1, "{told}");
    }
}

/// A waker is called by the standard library, and the step before is the user's.
#[test]
fn what_the_standard_library_calls_stands_behind_the_step_before() {
    for engine in EXPLORING {
        let told = steps(engine, "alternating_tasks/two_threads");
        let wakes: Vec<&str> = told.lines().filter(|step| step.contains(" unpark ")).collect();
        assert!(!wakes.is_empty(), "{told}");
        for wake in wakes {
            assert!(wake.contains("  after cases/asynchronous/alternating_tasks.rs:"), "{wake}");
        }
    }
}

#[test]
fn an_old_value_is_told_with_the_newer_one_and_the_first_one() {
    let id = "w_rwc/relaxed_load";
    let told = steps(EngineId::Rc11, id);
    let made = told.lines().filter(|step| step.contains(" new #")).count();
    assert!(made >= 2, "each atomic begins with a value:\n{told}");
    assert!(told.lines().next().is_some_and(|first| first.contains(" new #1 ")), "{told}");
    let old: Vec<&str> = told.lines().filter(|step| step.contains("old value; ")).collect();
    assert!(!old.is_empty(), "{told}");
    for step in old {
        let newer = step.split("newer: line ").nth(1).and_then(|rest| rest.split(' ').next());
        let newer: usize = newer.and_then(|line| line.parse().ok()).expect("a line");
        assert!(step.contains(" load #"), "{step}");
        assert!(told.contains(&format!(".rs:{newer}\n")), "{newer} is no step of\n{told}");
    }
    // Where there is no newer value nothing is said.
    let strong = steps(EngineId::Shuttle, "message_passing/relaxed");
    assert!(!strong.contains("old value"), "{strong}");
}
