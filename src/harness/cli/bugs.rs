//! `casebook bugs`: which engine finds which published bug, and which bugs have no case.

use std::sync::atomic::Ordering;

use crate::index::{self, Unmodelled};
use crate::report::BugTable;
use crate::run;
use casebook_engine::Request;
use clap::Args;

use super::{End, Refusal};

#[derive(Args)]
pub struct Bugs {
    /// One JSON object a line: each bug, case and engine, then each bug without a case
    #[arg(long)]
    json: bool,
}

impl Bugs {
    pub fn run(self) -> Result<End, Refusal> {
        let corpus = casebook_core::case::corpus();
        let published = index::published(&corpus);
        let cases: Vec<_> = published.iter().flat_map(|bug| bug.cases.iter().copied()).collect();
        let checks = |entry| run::jobs(std::slice::from_ref(entry), "", None);
        let jobs: Vec<_> = cases.into_iter().flat_map(checks).collect();
        let interrupted = super::interruption()?;
        let pool = super::pool()?;
        let progress = super::progress(jobs.len() as u64);
        let mut table = BugTable::new(published);
        run::run(&pool, &jobs, &Request::default(), |checked| {
            progress.step(checked.id.clone());
            table.add(checked);
            // SeqCst: rare, and the plainest thing to read.
            !interrupted.load(Ordering::SeqCst)
        });
        progress.bar.finish_and_clear();

        let unmodelled = index::unmodelled();
        let text = match self.json {
            true => table.json() + &unmodelled.iter().map(json).collect::<String>(),
            false => table.render(&unmodelled),
        };
        super::print(&text)?;
        // SeqCst: as above.
        if interrupted.load(Ordering::SeqCst) {
            eprintln!("casebook: interrupted; what was known is printed");
            return Ok(End::Interrupted);
        }
        Ok(if table.as_declared() { End::Done } else { End::NotAsDeclared })
    }
}

fn json(unmodelled: &Unmodelled) -> String {
    serde_json::to_string(unmodelled).expect("it is plain data") + "\n"
}
