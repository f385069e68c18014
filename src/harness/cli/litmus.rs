//! `casebook litmus`: herd's C litmus format in, herd's answers out, in the order of the files.

mod files;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use casebook_core::verdict::EngineId;
use clap::Args;

use super::{End, Refusal};
use crate::litmus::{Asked, Executions, Told};

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
    #[arg(long, default_value = "rc11")]
    model: Executions,
    /// One JSON object a file, on one line: its answer under each engine, or its error
    #[arg(long)]
    json: bool,
    /// Give a file up if rc11 has come to no end after so long; it has no answer then, and the others have theirs
    #[arg(long, value_name = "SECONDS")]
    time_limit: Option<u64>,
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
        let interrupted = super::interruption()?;
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let asked = Asked {
            engines: self.engine,
            model: self.model,
            json: self.json,
            time_limit: self.time_limit.map(Duration::from_secs),
            // Several files keep the cores busy; one file alone may have them all.
            workers: cores / files.len(),
        };
        let answers = ask(asked, &files, cores)?;
        let progress = super::progress(files.len() as u64);
        let (mut waiting, mut first, mut complete) = (BTreeMap::new(), 0, true);
        let mut tell = |told: &Told| {
            complete &= told.complete;
            progress.bar.suspend(|| {
                eprint!("{}", told.err);
                super::print(&told.out)
            })
        };
        // SeqCst: rare, and the plainest thing to read.
        while first < files.len() && !interrupted.load(Ordering::SeqCst) {
            let Ok((index, told)) = answers.recv_timeout(LOOKS_EVERY) else { continue };
            progress.step(files[index].display().to_string());
            waiting.insert(index, told);
            // In the order of the files, as soon as that allows.
            while let Some(told) = waiting.remove(&first) {
                tell(&told)?;
                first += 1;
            }
        }
        // What came out of order is known, too.
        waiting.extend(answers.try_iter());
        let answered = first + waiting.len();
        waiting.values().try_for_each(tell)?;
        progress.bar.finish_and_clear();
        if answered < files.len() {
            let of = crate::report::many(files.len(), "file");
            eprintln!("casebook: interrupted; {answered} of {of} answered");
            return Ok(End::Interrupted);
        }
        Ok(if complete { End::Done } else { End::NotAsDeclared })
    }
}

/// How often it is looked whether the user has interrupted.
const LOOKS_EVERY: Duration = Duration::from_millis(100);

/// Has every file answered, on all cores; the answers come as they are found. Nobody waits for the workers once nobody hears them.
fn ask(asked: Asked, files: &[PathBuf], cores: usize) -> Result<Receiver<(usize, Told)>, Refusal> {
    let (pool, next) = (Arc::new(super::pool()?), Arc::new(AtomicUsize::new(0)));
    let (answer, answers) = mpsc::channel();
    let (asked, files) = (Arc::new(asked), Arc::new(files.to_vec()));
    for _ in 0..cores.min(files.len()) {
        let (pool, next, answer) = (pool.clone(), next.clone(), answer.clone());
        let (asked, files) = (asked.clone(), files.clone());
        thread::spawn(move || {
            // Relaxed: the counter hands out indices and orders nothing else.
            let following = || next.fetch_add(1, Ordering::Relaxed);
            let each = std::iter::from_fn(|| Some(following())).take_while(|at| *at < files.len());
            for index in each {
                if answer.send((index, asked.ask(&files[index], &pool))).is_err() {
                    break;
                }
            }
        });
    }
    Ok(answers)
}
