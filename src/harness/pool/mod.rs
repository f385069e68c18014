//! Checks run in worker processes, so that none can take another one down.
//!
//! loom and shuttle must not meet in one process (their panic hooks stack), loom aborts on some
//! deadlocks, a stack can overflow, a spin may never end, and memory can run out. A worker serves
//! one engine and one job at a time. If it dies or outlives its limit, that is the check's own
//! [`CheckError`], with the signal and the worker's last words; every other verdict stands.

pub mod litmus;
mod worker;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use casebook_core::verdict::{CheckError, EngineId, Report};
use casebook_engine::Request;
use serde::de::DeserializeOwned;

use crate::litmus::{Asked, Job, Told};
pub use worker::serve;
use worker::{Subject, Worker};

/// Starts workers as they are needed and keeps them for the next check of their engine.
pub struct Pool {
    program: PathBuf,
    arguments: Vec<String>,
    limit: Duration,
    idle: Mutex<HashMap<EngineId, Vec<Worker>>>,
}

/// How long a check may take before its worker is killed.
pub const LIMIT: Duration = Duration::from_secs(60);

impl Pool {
    /// A pool whose workers are `program arguments...`, which must call [`serve`].
    pub fn new(program: impl Into<PathBuf>, arguments: &[&str]) -> Self {
        Pool {
            program: program.into(),
            arguments: arguments.iter().map(|argument| argument.to_string()).collect(),
            limit: LIMIT,
            idle: Mutex::default(),
        }
    }

    /// Kills the worker of a check that takes longer than `limit`.
    pub fn with_limit(self, limit: Duration) -> Self {
        Pool { limit, ..self }
    }

    /// Checks a case in a worker.
    ///
    /// # Errors
    /// What kept the check from giving a verdict: a fault of the engine, the death of the worker,
    /// or the limit.
    pub fn check(
        &self,
        engine: EngineId,
        id: &str,
        request: &Request,
    ) -> Result<Report, CheckError> {
        self.ask(engine, Subject::Case(id.to_string()), request, Some(self.limit))
    }

    /// Runs the litmus test with this text in a worker: [`litmus::check`].
    ///
    /// # Errors
    /// As [`Pool::check`], or what keeps the engine from running the test.
    pub fn litmus(&self, engine: EngineId, text: &str) -> Result<Report, CheckError> {
        let subject = Subject::Litmus(text.to_string());
        self.ask(engine, subject, &Request::default(), Some(self.limit))
    }

    /// Answers a litmus file in a worker, which is killed after `limit`, if there is one.
    ///
    /// # Errors
    /// The worker died, or was killed.
    pub fn litmus_file(
        &self,
        asked: &Asked,
        file: &Path,
        limit: Option<Duration>,
    ) -> Result<Told, CheckError> {
        let job = Job { file: file.to_owned(), asked: asked.clone() };
        self.ask(EngineId::EXACT, Subject::File(job), &Request::default(), limit)
    }

    fn ask<T: DeserializeOwned>(
        &self,
        engine: EngineId,
        subject: Subject,
        request: &Request,
        limit: Option<Duration>,
    ) -> Result<T, CheckError> {
        let used = self.idle().get_mut(&engine).and_then(Vec::pop);
        let mut worker = match used {
            Some(worker) => worker,
            None => Worker::start(&self.program, &self.arguments)?,
        };
        let result = worker.ask(engine, subject, request, limit);
        // Real threads may have been left behind, and would disturb the next check.
        if worker.is_alive() && !engine.runs_real_threads() {
            self.idle().entry(engine).or_default().push(worker);
        }
        result
    }

    fn idle(&self) -> MutexGuard<'_, HashMap<EngineId, Vec<Worker>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
