//! The harness catches what it must: wrong declarations, silent engines, and workers that die.
//!
//! This program is its own worker: it compiles cases that misbehave (`harness/`) beside the corpus,
//! and checks them as the corpus is checked.

use std::process::ExitCode;
use std::time::Duration;

use casebook::case;
use casebook::engine::Request;
use casebook::expect::{Expectation, fails, holds, observes};
use casebook::pool::{self, Pool};
use casebook::run::{self, Checked};
use casebook::verdict::{EngineId, Kind, Letter, Model, Report, Verdict};
use libtest_mimic::{Arguments, Failed, Trial};

#[macro_use]
extern crate casebook;

mod harness {
    pub mod on_loom;
    pub mod on_native;
    pub mod on_rc11;
    pub mod on_shuttle;
}

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some("worker") {
        pool::serve();
    }
    let mut trials = vec![
        Trial::test("hostile_cases_fail_alone", hostile_cases_fail_alone),
        Trial::test(
            "a_thread_that_panics_leaves_nobody_waiting",
            a_thread_that_panics_leaves_nobody_waiting,
        ),
        Trial::test("a_missing_worker_is_an_error", a_missing_worker_is_an_error),
        Trial::test("an_engine_that_returns_nothing_fails", an_engine_that_returns_nothing_fails),
        Trial::test("a_replay_is_exact", a_replay_is_exact),
        Trial::test("a_bad_token_is_refused", a_bad_token_is_refused),
        Trial::test("what_the_letter_allows_is_shown", what_the_letter_allows_is_shown),
    ];
    let wrong = case::corpus().into_iter().filter(|entry| entry.shape.stem() == "wrong");
    trials.extend(wrong.map(|entry| {
        Trial::test(format!("wrong::{}", entry.case.name), move || wrong_declaration(&entry.id))
    }));
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn own_pool() -> Pool {
    let program = std::env::current_exe().expect("a running program has a path");
    Pool::new(program, &["worker"])
}

fn checked(pool: &Pool, engine: EngineId, id: &str) -> Checked {
    let corpus = case::corpus();
    let entry = corpus.iter().find(|entry| entry.id == id).expect("the case exists");
    run::check(pool, engine, entry, &Request::default())
}

fn require(condition: bool, message: impl std::fmt::Display) -> Result<(), Failed> {
    if condition { Ok(()) } else { Err(message.to_string().into()) }
}

/// Each hostile case is its own check's error; the decent one beside it gets its verdict.
fn hostile_cases_fail_alone() -> Result<(), Failed> {
    let pool = own_pool().with_limit(Duration::from_secs(2));
    for engine in EngineId::ALL {
        for (name, words) in [
            ("aborts", "SIGABRT"),
            ("is_killed", "SIGKILL"),
            ("spins", "longer than"),
            ("overflows", "overflow"),
            ("eats", "the worker died of SIGABRT"),
            ("closes_its_output", "the worker died of SIGKILL"),
        ] {
            let hostile = checked(&pool, engine, &format!("hostile/{name}"));
            let message = hostile.complaints.join("\n");
            require(hostile.word() == "error", format!("{engine} gives {name} a verdict"))?;
            require(message.contains(words), format!("{name} under {engine}: {message}"))?;
            let decent = checked(&pool, engine, "hostile/decent");
            require(decent.as_declared(), format!("after {name}: {:?}", decent.complaints))?;
        }
        if engine.runs_real_threads() {
            let without = checked(&pool, engine, "hostile/has_no_thread");
            let message = without.complaints.join("\n");
            require(without.word() == "error" && message.contains("gives no thread"), message)?;
        }
        for name in ["prints", "prints_bytes", "prints_half_a_line", "floods"] {
            let prints = checked(&pool, engine, &format!("hostile/{name}"));
            require(prints.as_declared(), format!("{name}: {:?}", prints.complaints))?;
        }
    }
    Ok(())
}

/// Where real threads wait for one that has panicked, the check still ends, and says what it panicked with.
fn a_thread_that_panics_leaves_nobody_waiting() -> Result<(), Failed> {
    let report =
        checked(&own_pool(), EngineId::Native, "hostile/waits_for_one_that_panics").result?;
    let failure = report.verdict.failure().ok_or_else(|| format!("{report:?}"))?;
    let is_its_own = failure.kind == Kind::Assertion && failure.message == "before it is done";
    require(is_its_own, format!("{failure:?}"))
}

fn a_missing_worker_is_an_error() -> Result<(), Failed> {
    let pool = Pool::new("/nowhere/casebook", &["worker"]);
    let missing = checked(&pool, EngineId::Loom, "hostile/decent");
    let message = missing.complaints.join("\n");
    require(message.contains("/nowhere/casebook does not start"), message)
}

/// Whatever is declared, a report of no executions is not as declared.
fn an_engine_that_returns_nothing_fails() -> Result<(), Failed> {
    let declared: [Expectation; 3] =
        [holds().into(), fails(Kind::Assertion).into(), observes().required([1]).into()];
    for expectation in declared {
        for engine in EngineId::ALL {
            for verdict in [
                Verdict::Proved { executions: 0 },
                Verdict::Explored { executions: 0 },
                Verdict::Sampled { executions: 0, seed: None },
            ] {
                let judgement = expectation.judge(engine, &Report::from(verdict));
                require(!judgement.as_declared(), format!("{expectation:?} under {engine}"))?;
            }
        }
    }
    Ok(())
}

/// A wrong declaration is not as declared under any exploring engine; the right one is.
fn wrong_declaration(id: &str) -> Result<(), Failed> {
    let pool = own_pool();
    for engine in [EngineId::Loom, EngineId::Shuttle, EngineId::Rc11] {
        let checked = checked(&pool, engine, id);
        let right = id == "wrong/right";
        let message = format!("{engine}: {} {:?}", checked.word(), checked.complaints);
        require(checked.result.is_ok(), &message)?;
        require(checked.as_declared() == right, &message)?;
    }
    Ok(())
}

/// The token of a failure gives the same failure with the same steps.
fn a_replay_is_exact() -> Result<(), Failed> {
    let pool = own_pool();
    let id = "wrong/fails_though_it_should_hold";
    for engine in [EngineId::Loom, EngineId::Shuttle, EngineId::Rc11] {
        let first = checked(&pool, engine, id).result?;
        let failure = first.verdict.failure().ok_or("the case fails")?;
        let request = Request { replay: Some(failure.replay.clone()), ..Request::default() };
        let again = pool.check(engine, id, &request)?;
        require(again.verdict.failure() == Some(failure), format!("{engine} replays another one"))?;
    }
    Ok(())
}

/// Where the first failure is beyond the letter, one within it is looked for and shown.
fn what_the_letter_allows_is_shown() -> Result<(), Failed> {
    let pool = own_pool();
    let corpus = case::corpus();
    let under = |model, id: &str| {
        let entry = corpus.iter().find(|entry| entry.id == id).expect("the case exists");
        let checked = run::check(&pool, EngineId::Rc11, entry, &Request::under(model));
        require(checked.as_declared(), format!("{id}: {:?}", checked.complaints))?;
        Ok::<_, Failed>(checked.result?)
    };
    let beyond = under(Model::Rc11, "letter/beyond")?;
    require(beyond.verdict.letter() == Some(Letter::Beyond), format!("{beyond:?}"))?;
    require(under(Model::C20, "letter/beyond")?.verdict.word() == "proved", "by the letter")?;
    let (shown, allowed) =
        (under(Model::Rc11, "letter/within_too")?, under(Model::C20, "letter/within_too")?);
    require(shown.verdict.letter() == Some(Letter::Within), format!("{shown:?}"))?;
    require(shown.verdict.failure() == allowed.verdict.failure(), "the same execution")?;
    // The one beyond the letter comes first, and then those that the letter allows are visited.
    let visited = beyond.verdict.executions() + allowed.verdict.executions();
    require(shown.verdict.executions() == visited, format!("{shown:?}"))
}

fn a_bad_token_is_refused() -> Result<(), Failed> {
    let pool = own_pool();
    for (engine, token) in [
        (EngineId::Loom, "nonsense"),
        (EngineId::Loom, "0"),
        (EngineId::Loom, "999999999"),
        (EngineId::Shuttle, "nonsense"),
        (EngineId::Shuttle, "7x3"),
        (EngineId::Shuttle, "0x99999999999"),
        (EngineId::Rc11, "nonsense"),
        (EngineId::Rc11, "rc11.1;0:r9.9,"),
        (EngineId::Native, "1"),
    ] {
        let request = Request { replay: Some(token.into()), ..Request::default() };
        let refused = pool.check(engine, "wrong/right", &request);
        require(refused.is_err(), format!("{engine} takes {token}: {refused:?}"))?;
    }
    Ok(())
}
