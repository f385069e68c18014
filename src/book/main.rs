//! The program behind `casebook book`: the verdicts on every case, kept or given now, written as static pages.

use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

// Links the corpus in.
use casebook as _;
use casebook_core::case::Entry;
use casebook_core::verdict::{EngineId, Model};
use casebook_harness::cli::{self, End, Refusal, book::Book};
use casebook_harness::justify::{self, Justification};
use casebook_harness::pool::{self, Pool};
use casebook_harness::report;
use casebook_harness::run::{self, Checked};
use clap::Parser;

/// Writes the corpus and its verdicts, kept or given now, as a book of static pages.
#[derive(Parser)]
#[command(version, name = "casebook book")]
struct Arguments {
    #[command(flatten)]
    book: Book,
}

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some("worker") {
        pool::serve();
    }
    cli::exit_code(write(&Arguments::parse().book))
}

fn write(wanted: &Book) -> Result<End, Refusal> {
    casebook_book::is_free(&wanted.dir).map_err(|error| error.to_string())?;
    let corpus = casebook_core::case::corpus();
    let selected = || corpus.iter().filter(|entry| run::matches(entry, &wanted.filter));
    if selected().next().is_none() {
        return Err(cli::no_case(&wanted.filter));
    }
    let interrupted = cli::interruption()?;
    let pool = cli::pool()?;
    let start = Instant::now();
    let results = checked(&pool, &run::jobs(&corpus, &wanted.filter, None), &interrupted);
    let mut files = justify::files(&corpus);
    files.retain(|cases| cases.iter().any(|entry| run::matches(entry, &wanted.filter)));
    let justified = justified(&pool, &files, &interrupted);
    // A book of half the verdicts would show the other half as errors.
    // SeqCst: rare, and the plainest thing to read.
    if interrupted.load(Ordering::SeqCst) {
        eprintln!("casebook: interrupted; {} is as it was", wanted.dir.display());
        return Ok(End::Interrupted);
    }
    let complaints = results.iter().filter(|checked| !checked.as_declared()).count();
    let verdicts = report::many(results.len(), "verdict");
    let book = casebook_book::Book::new(selected(), results, justified)
        .map_err(|error| error.to_string())?;
    let book = book.at(wanted.base_url.clone());
    book.write(&wanted.dir).map_err(|error| error.to_string())?;
    let time = report::time(start.elapsed().as_millis() as u64);
    let state = match complaints {
        0 => "all as declared".to_string(),
        n => format!("{n} not as declared"),
    };
    let front = wanted.dir.join("index.html");
    cli::print(&format!("{verdicts} in {time}: {state}.\n{}\n", front.display()))?;
    Ok(if complaints == 0 { End::Done } else { End::NotAsDeclared })
}

fn checked(pool: &Pool, jobs: &[(EngineId, &Entry)], interrupted: &AtomicBool) -> Vec<Checked> {
    let progress = cli::progress(jobs.len() as u64);
    let mut results = Vec::new();
    let cache = cli::cache();
    let work =
        |(engine, entry): &(EngineId, &Entry)| run::kept(&cache, pool, *engine, Model::Rc11, entry);
    run::on_all_cores(jobs, work, |checked| {
        progress.step(checked.id.clone());
        results.push(checked);
        // SeqCst: rare, and the plainest thing to read.
        !interrupted.load(Ordering::SeqCst)
    });
    progress.bar.finish_and_clear();
    results
}

/// What the files' orderings are needed for, as `casebook justify` keeps it.
fn justified(pool: &Pool, files: &[Vec<&Entry>], interrupted: &AtomicBool) -> Vec<Justification> {
    let cache = cli::cache();
    let progress = cli::progress(files.len() as u64);
    let mut all = Vec::new();
    // What cannot be kept is found anew the next time.
    let work =
        |cases: &Vec<&Entry>| justify::kept(&cache, pool, EngineId::EXACT, Model::Rc11, cases).0;
    run::on_all_cores(files, work, |found| {
        progress.step(format!("justify {}", found.stem));
        all.push(found);
        // SeqCst: as above.
        !interrupted.load(Ordering::SeqCst)
    });
    progress.bar.finish_and_clear();
    all
}
