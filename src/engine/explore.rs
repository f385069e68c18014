//! What the exploring engines share: outcomes of executions, and how an exploration stopped.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::probe::{self, Panic, Stop};
use casebook_core::verdict::{CheckError, Failure, Kind, Reason, Report, Seen, Verdict};

/// What an exploration has seen so far.
#[derive(Default)]
struct Log {
    executions: u64,
    outcomes: BTreeMap<String, Seen>,
}

thread_local! {
    static LOG: RefCell<Log> = RefCell::default();
}

/// Notes the beginning of an execution.
pub fn execution_begins() {
    LOG.with_borrow_mut(|log| log.executions += 1);
    probe::begin();
}

/// Notes the end of an execution whose body returned `outcome`; `token` names the execution.
pub fn execution_ends(outcome: String, token: impl FnOnce() -> String) {
    probe::end();
    LOG.with_borrow_mut(|log| {
        let seen = log.outcomes.entry(outcome);
        seen.or_insert_with(|| Seen { count: 0, replay: Some(token()), letter: None }).count += 1;
    });
}

/// Forgets what has been seen: it was no execution of the case.
pub fn forget() {
    LOG.take();
}

/// How many executions have begun.
pub fn executions() -> u64 {
    LOG.with_borrow(|log| log.executions)
}

/// What an engine makes of a panic that is not the case's own.
pub enum Meaning {
    /// All threads wait for each other.
    Deadlock,
    /// A stop that the probe can name.
    Stop(Stop),
    /// The panic came from the case.
    TheCase,
    /// The engine itself failed.
    Fault,
}

/// How an exploration ended.
pub enum End {
    /// It ran to its end.
    Finished,
    /// An execution stopped.
    Stopped(Stop),
}

/// Runs an exploration and says how it ended.
pub fn explore(
    run: impl FnOnce(),
    meaning: impl FnOnce(&Panic) -> Meaning,
) -> Result<End, CheckError> {
    // A coroutine of an earlier check may have unwound after that check's end.
    probe::take_panic();
    probe::close();
    let result = catch_unwind(AssertUnwindSafe(run));
    let panic = probe::take_panic();
    if let Some(panic) = &panic {
        match meaning(panic) {
            Meaning::Deadlock => probe::note_deadlock(),
            Meaning::Stop(stop) => probe::note(stop),
            Meaning::TheCase => {
                let (kind, message) = Kind::told_by(&panic.message);
                probe::note(Stop::Failure(kind, message.into()));
            }
            Meaning::Fault => {
                probe::close();
                let Panic { message, file, line } = panic;
                return Err(CheckError::new(format!(
                    "the engine failed at {file}:{line}: {message}"
                )));
            }
        }
    }
    let threads_left = probe::threads_left();
    match (probe::close(), result) {
        (Some(stop), _) => Ok(End::Stopped(stop)),
        (None, Ok(())) => Ok(End::Finished),
        // Their executions end with the last thread, not with the body.
        (None, Err(_)) if threads_left => {
            Ok(End::Stopped(Stop::Inexpressible(Reason::NotModelled)))
        }
        (None, Err(_)) => Err(CheckError::new(
            "the engine stopped without saying why, as loom does when a stack overflows",
        )),
    }
}

/// Makes the report: `passed` if every execution went well.
pub fn report(end: End, passed: Verdict, token: impl FnOnce() -> String) -> Report {
    let log = LOG.take();
    let executions = log.executions;
    let verdict = match end {
        End::Finished => passed,
        End::Stopped(Stop::Bound(limit)) => Verdict::Bounded { executions, limit },
        End::Stopped(Stop::Inexpressible(reason)) => Verdict::Inexpressible { reason },
        End::Stopped(Stop::Failure(kind, message)) => {
            let failure = Failure {
                kind,
                message,
                trace: probe::trace(),
                graph: None,
                letter: None,
                replay: token(),
            };
            Verdict::Refuted { executions, failure: Box::new(failure) }
        }
    };
    Report { outcomes: log.outcomes, ..verdict.into() }
}
