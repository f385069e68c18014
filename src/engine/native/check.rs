//! native: the case on real threads with the real crates, again and again for a while.
//!
//! It proves nothing and refutes only what this machine's hardware and luck bring about; its counts
//! say how often, and the report names the processor. A case whose failure is undefined behaviour, or
//! never ends, is not run.
//!
//! A thread that panics may leave another one waiting for ever for what it will not do any more. So the rounds run on a
//! thread of their own, and one that does not end after a panic ends the check: it fails by that panic, and its threads
//! are left to the process, which has to end. One check at a time, as a worker runs them: a panic does not tell whose it is.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use casebook_core::verdict::{CheckError, EngineId, Failure, Kind, Report, Seen, Verdict};
use casebook_engine::{Body, Engine, Request};

/// How long a case is run for, once it has been run as often as it must.
const WHILE: Duration = Duration::from_millis(40);
/// How often it is run at least, if it does not ask for more.
const FEWEST: u64 = 50;
/// However often it asks for, it is run no longer than this.
const LONGEST: Duration = Duration::from_secs(3);

/// How long a round may go on after one of its threads has panicked, which another one may catch.
const PATIENCE: Duration = Duration::from_secs(5);

/// What `std::thread` panics with where the system has no thread to give: no fault of the case.
const NO_THREAD: &str = "failed to spawn thread";

/// What is said of a panic whose message is no text.
const NO_MESSAGE: &str = "a panic without a message";

struct Native;

casebook_engine::register!(Native);

impl Engine for Native {
    fn id(&self) -> EngineId {
        crate::ENGINE
    }

    fn check(&self, body: &Body, request: &Request) -> Result<Report, CheckError> {
        if request.replay.is_some() {
            return Err(CheckError::new("real threads cannot be replayed"));
        }
        note_panics();
        let seen = Arc::new(Mutex::new(Rounds::default()));
        let (told, said) = mpsc::channel();
        let (body, rounds) = (body.clone(), Arc::clone(&seen));
        // Nobody listens any more if a check has ended without them.
        let rounds = thread::Builder::new().spawn(move || _ = told.send(run(&body, &rounds)));
        rounds.map_err(|error| CheckError::new(format!("the system gives no thread: {error}")))?;
        let failure = loop {
            match said.recv_timeout(PATIENCE) {
                Ok(failure) => break failure?,
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(CheckError::new("the rounds ended without a word"));
                }
                Err(RecvTimeoutError::Timeout) => {
                    let is_left = |(at, _): &mut (Instant, String)| at.elapsed() >= PATIENCE;
                    if let Some((_, message)) = lock(&PANICKED).take_if(is_left) {
                        break Some(told_by(&message)?);
                    }
                }
            }
        };
        let Rounds { executions, outcomes } = lock(&seen).clone();
        let verdict = match failure {
            Some(failure) => Verdict::Refuted { executions, failure: Box::new(failure) },
            None => Verdict::Sampled { executions, seed: None },
        };
        Ok(Report { outcomes, processor: Some(processor()), ..verdict.into() })
    }
}

/// What the rounds have come to.
#[derive(Clone, Default)]
struct Rounds {
    executions: u64,
    outcomes: BTreeMap<String, Seen>,
}

/// Runs the body until it fails, or has been run often enough.
fn run(body: &Body, rounds: &Mutex<Rounds>) -> Result<Option<Failure>, CheckError> {
    let start = Instant::now();
    let asked = |executions| executions < body.rounds() && start.elapsed() < LONGEST;
    for executions in 0.. {
        if executions >= FEWEST && start.elapsed() >= WHILE && !asked(executions) {
            break;
        }
        lock(rounds).executions += 1;
        *lock(&PANICKED) = None;
        match catch_unwind(AssertUnwindSafe(|| body.run())) {
            Ok(outcome) => {
                let seen = Seen { count: 0, replay: None, letter: None };
                lock(rounds).outcomes.entry(outcome).or_insert(seen).count += 1;
            }
            Err(payload) => {
                let message = payload.downcast_ref::<String>().cloned();
                let message = message
                    .or_else(|| payload.downcast_ref::<&str>().map(|text| text.to_string()))
                    .unwrap_or_else(|| NO_MESSAGE.into());
                return told_by(&message).map(Some);
            }
        }
    }
    Ok(None)
}

/// What a panic with this message is.
fn told_by(message: &str) -> Result<Failure, CheckError> {
    if message.starts_with(NO_THREAD) {
        return Err(CheckError::new(format!("the system gives no thread: {message}")));
    }
    let (kind, message) = Kind::told_by(message);
    Ok(Failure {
        kind,
        message: message.into(),
        trace: Vec::new(),
        graph: None,
        letter: None,
        replay: String::new(),
    })
}

/// The first panic of the round that runs, and when it was.
static PANICKED: Mutex<Option<(Instant, String)>> = Mutex::new(None);

/// Keeps the first panic of each round, and has it reported as before.
fn note_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let report = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            let message = panic.payload_as_str().unwrap_or(NO_MESSAGE).to_string();
            lock(&PANICKED).get_or_insert((Instant::now(), message));
            report(panic);
        }));
    });
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The processor's name where the system tells it, and its architecture.
fn processor() -> String {
    let architecture = std::env::consts::ARCH;
    let told = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let named = told.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    match named {
        Some((_, name)) => format!("{} ({architecture})", name.trim()),
        None => architecture.to_string(),
    }
}
