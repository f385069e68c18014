//! `casebook book`: the verdicts on every case, kept or given now, written as static pages.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use crate::book::{self, Book as Pages};
use crate::case::Entry;
use crate::justify::{self, Justification};
use crate::pool::Pool;
use crate::report;
use crate::run::{self, Checked};
use crate::verdict::{EngineId, Model};
use clap::Args;

use super::{End, Refusal};

#[derive(Args)]
pub struct Book {
    /// The folder to write; a book that is there is replaced, anything else is not
    #[arg(default_value = "target/book")]
    dir: PathBuf,
    /// Only cases whose `family/file/name` contains this
    #[arg(long, default_value = "")]
    filter: String,
}

impl Book {
    pub fn run(self) -> Result<End, Refusal> {
        book::is_free(&self.dir).map_err(|error| error.to_string())?;
        let corpus = crate::case::corpus();
        let selected = || corpus.iter().filter(|entry| run::matches(entry, &self.filter));
        if selected().next().is_none() {
            return Err(super::no_case(&self.filter));
        }
        let interrupted = super::interruption()?;
        let pool = super::pool()?;
        let start = Instant::now();
        let results = checked(&pool, &run::jobs(&corpus, &self.filter, None), &interrupted);
        let mut files = justify::files(&corpus);
        files.retain(|cases| cases.iter().any(|entry| run::matches(entry, &self.filter)));
        let justified = justified(&pool, &files, &interrupted);
        // A book of half the verdicts would show the other half as errors.
        // SeqCst: rare, and the plainest thing to read.
        if interrupted.load(Ordering::SeqCst) {
            eprintln!("casebook: interrupted; {} is as it was", self.dir.display());
            return Ok(End::Interrupted);
        }
        let complaints = results.iter().filter(|checked| !checked.as_declared()).count();
        let verdicts = results.len();
        let book = Pages::new(selected(), results, justified).map_err(|error| error.to_string())?;
        book.write(&self.dir).map_err(|error| error.to_string())?;
        let time = report::time(start.elapsed().as_millis() as u64);
        let state = match complaints {
            0 => "all as declared".to_string(),
            n => format!("{n} not as declared"),
        };
        let front = self.dir.join("index.html");
        super::print(&format!("{verdicts} verdicts in {time}: {state}.\n{}\n", front.display()))?;
        Ok(if complaints == 0 { End::Done } else { End::NotAsDeclared })
    }
}

fn checked(pool: &Pool, jobs: &[(EngineId, &Entry)], interrupted: &AtomicBool) -> Vec<Checked> {
    let progress = super::progress(jobs.len() as u64);
    let mut results = Vec::new();
    let cache = super::cache();
    let work =
        |(engine, entry): &(EngineId, &Entry)| run::kept(&cache, pool, *engine, Model::Rc11, entry);
    run::on_all_cores(jobs, work, |checked| {
        progress.set_message(checked.id.clone());
        progress.inc(1);
        results.push(checked);
        // SeqCst: rare, and the plainest thing to read.
        !interrupted.load(Ordering::SeqCst)
    });
    progress.finish_and_clear();
    results
}

/// What the files' orderings are needed for, as `casebook justify` keeps it.
fn justified(pool: &Pool, files: &[Vec<&Entry>], interrupted: &AtomicBool) -> Vec<Justification> {
    let cache = super::cache();
    let progress = super::progress(files.len() as u64);
    let mut all = Vec::new();
    // What cannot be kept is found anew the next time.
    let work =
        |cases: &Vec<&Entry>| justify::kept(&cache, pool, EngineId::Rc11, Model::Rc11, cases).0;
    run::on_all_cores(files, work, |found| {
        progress.set_message(format!("justify {}", found.stem));
        progress.inc(1);
        all.push(found);
        // SeqCst: as above.
        !interrupted.load(Ordering::SeqCst)
    });
    progress.finish_and_clear();
    all
}
