//! `casebook litmus`: herd's C litmus format in, herd's answers out, in the order of the files.

mod answers;
mod files;

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use crate::pool::Pool;
use casebook_core::verdict::{EngineId, Model};
use casebook_litmus::{self as litmus, Answer, Error, Test};
use clap::Args;
use rc11::Checker;

use super::{End, Refusal};
use answers::{Answers, Found};

#[derive(Args)]
pub struct Litmus {
    /// Litmus tests in herd's C format: files, folders (every *.litmus below), patterns
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,
    /// Run the tests there: rc11 answers as herd does; with loom or shuttle, a table compares the states that each sees
    #[arg(long, value_parser = engine, value_delimiter = ',', default_value = "rc11")]
    engine: Vec<EngineId>,
    /// Whose executions rc11 counts: those of rc11, or of c20, the letter of C++20; rc11-lb and c20-lb add those with load
    /// buffering, for tests whose threads do the same whatever they read
    #[arg(long, default_value = "rc11", value_parser = Executions::parse)]
    model: Executions,
    /// One JSON object a file, on one line: its answer under each engine, or its error
    #[arg(long)]
    json: bool,
    /// Give a file up if rc11 has come to no end after so long; it has no answer then, and the others have theirs
    #[arg(long, value_name = "SECONDS")]
    time_limit: Option<u64>,
}

/// Which executions are counted.
#[derive(Clone, Copy, PartialEq)]
pub struct Executions {
    pub model: Model,
    /// Those with load buffering, too.
    pub late: bool,
}

impl Executions {
    fn parse(name: &str) -> Result<Executions, String> {
        let (model, late) = match name.strip_suffix("-lb") {
            Some(model) => (model, true),
            None => (name, false),
        };
        match super::model(model) {
            Ok(model) => Ok(Executions { model, late }),
            Err(_) => Err("the models are rc11, c20, rc11-lb and c20-lb".into()),
        }
    }

    /// Its name on the command line and in JSON.
    pub fn name(self) -> String {
        let late = if self.late { "-lb" } else { "" };
        format!("{}{late}", self.model.name())
    }
}

impl fmt::Display for Executions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let late = if self.late { " with load buffering" } else { "" };
        write!(f, "{}{late}", self.model)
    }
}

fn engine(name: &str) -> Result<EngineId, String> {
    let engine: EngineId = name.parse()?;
    if engine.runs_real_threads() {
        return Err(format!("{engine} runs no litmus tests; rc11, loom and shuttle do"));
    }
    Ok(engine)
}

impl Litmus {
    pub fn run(mut self) -> Result<End, Refusal> {
        let files = files::find(&self.files)?;
        let mut seen = Vec::new();
        self.engine.retain(|engine| {
            !seen.contains(engine) && {
                seen.push(*engine);
                true
            }
        });
        if !self.engine.contains(&EngineId::EXACT) {
            super::has_model(self.engine[0], self.model.model)?;
        }
        let model = match self.model.model {
            Model::Rc11 => rc11::Model::Rc11,
            Model::C20 => rc11::Model::Cxx20,
        };
        let pool = super::pool()?;
        let progress = super::progress(files.len() as u64);
        let (mut complete, mut refusal) = (true, None);
        let cores = thread::available_parallelism().map_or(1, usize::from);
        // Several files keep the cores busy; one file alone may have them all.
        let mut checker = Checker::new().model(model).workers(cores / files.len());
        if let Some(seconds) = self.time_limit {
            checker = checker.time_limit(Duration::from_secs(seconds));
        }
        let answer = |file: &PathBuf| answer(file, &self.engine, self.model, &checker, &pool);
        in_order(&files, cores, answer, |file, answers| {
            progress.step(file.display().to_string());
            complete &= answers.as_ref().is_ok_and(Answers::complete);
            let told = progress.bar.suspend(|| self.tell(file, &answers));
            refusal = told.err();
            refusal.is_none()
        });
        progress.bar.finish_and_clear();
        match refusal {
            Some(refusal) => Err(refusal),
            None if complete => Ok(End::Done),
            None => Ok(End::NotAsDeclared),
        }
    }

    fn tell(&self, file: &Path, answers: &Result<Answers, Error>) -> Result<(), Refusal> {
        if self.json {
            return super::print(&format!("{}\n", answers::json(file, answers)));
        }
        match answers {
            Ok(answers) => {
                answers.errors().for_each(|error| eprintln!("{}: {error}", file.display()));
                super::print(&answers.text())
            }
            Err(error) => {
                eprintln!("{error}");
                Ok(())
            }
        }
    }
}

/// Reads a file and runs it under each engine.
fn answer(
    file: &Path,
    engines: &[EngineId],
    model: Executions,
    checker: &Checker,
    pool: &Pool,
) -> Result<Answers, Error> {
    let name = file.display().to_string();
    let text = std::fs::read_to_string(file)
        .map_err(|error| Error::unreadable(&name, &error.to_string()))?;
    let test = litmus::parse(&text, &name)?;
    let found = engines.iter().map(|&engine| {
        let found = match engine {
            exact if exact.is_exact() => counted(&test, model, checker)
                .map(|answer| Found::Answered(Box::new(answer)))
                .map_err(|error| error.what().to_owned()),
            engine => pool
                .litmus(engine, &text)
                .map_err(|error| error.message)
                .and_then(|report| Found::searched(&test, &report)),
        };
        (engine, found)
    });
    Ok(Answers { found: found.collect(), model, test })
}

/// Every execution of a test, counted.
fn counted(test: &Test, of: Executions, checker: &Checker) -> Result<Answer, Error> {
    match (of.late, of.model) {
        (false, _) => litmus::run(test, checker),
        (true, Model::Rc11) => litmus::run_with_load_buffering(test, litmus::Model::Rc11),
        (true, Model::C20) => litmus::run_with_load_buffering(test, litmus::Model::Cxx20),
    }
}

/// Does `work` on every item, on all cores; `told` is called in the order of the items, as soon as that allows, and says
/// whether to go on.
fn in_order<T: Sync, R: Send>(
    items: &[T],
    cores: usize,
    work: impl Fn(&T) -> R + Sync,
    told: impl FnMut(&T, R) -> bool + Send,
) {
    let next = AtomicUsize::new(0);
    let waiting = Mutex::new((BTreeMap::new(), 0, told));
    thread::scope(|s| {
        for _ in 0..cores.min(items.len()) {
            s.spawn(|| {
                loop {
                    // Relaxed: the counter hands out indices and orders nothing else.
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(index) else { break };
                    let done = work(item);
                    let mut waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
                    let (ready, first, told) = &mut *waiting;
                    ready.insert(index, done);
                    while let Some(done) = ready.remove(first) {
                        if !told(&items[*first], done) {
                            next.store(items.len(), Ordering::Relaxed); // as above
                        }
                        *first += 1;
                    }
                }
            });
        }
    });
}
