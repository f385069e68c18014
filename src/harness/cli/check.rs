//! `casebook check`: cases × engines, progress while it works, one table at the end.

use std::sync::atomic::Ordering;
use std::time::Instant;

use crate::report::{self, Table};
use crate::run::{self, Checked};
use casebook_core::verdict::{EngineId, Model};
use casebook_engine::Request;
use clap::Args;

use super::{End, Refusal};

#[derive(Args, Default)]
pub struct Check {
    /// Only cases whose `family/file/name` contains this; or FILE.rs, a case file anywhere, compiled and checked alone
    #[arg(default_value = "")]
    filter: String,
    /// Only these engines: one, or several with commas between them
    #[arg(long, value_parser = super::engine, value_delimiter = ',')]
    engine: Vec<EngineId>,
    /// Which executions rc11 visits: those of rc11, or of c20, the letter of C++20; then rc11 alone is asked
    #[arg(long, default_value = "rc11", value_parser = super::model)]
    model: Model,
    /// One JSON object a line, as results come, and nothing else on standard output
    #[arg(long)]
    json: bool,
    /// Every case of the corpus in a row of its own, also where all are as declared
    #[arg(long)]
    all: bool,
    /// Whether the last line says what else there is.
    #[arg(skip)]
    offers: bool,
}

impl Check {
    /// The whole corpus, for who gives no command.
    pub fn everything() -> Self {
        Check { offers: true, ..Check::default() }
    }

    /// The arguments to check one file with, the file aside.
    fn of_file(&self) -> Vec<String> {
        let engine = self.engine.iter();
        let engine = engine.flat_map(|engine| ["--engine".to_string(), engine.to_string()]);
        let model = ["--model".to_string(), self.model.name().to_string()];
        engine.chain(model).chain(self.json.then(|| "--json".to_string())).collect()
    }

    pub fn run(self) -> Result<End, Refusal> {
        if self.filter.ends_with(".rs") {
            return super::file::check(&self.filter, &self.of_file());
        }
        let corpus = casebook_core::case::corpus();
        let only = match (self.model, &self.engine[..]) {
            (Model::C20, []) => vec![EngineId::EXACT],
            (_, engines) => engines.to_vec(),
        };
        only.iter().try_for_each(|engine| super::has_model(*engine, self.model))?;
        let mut jobs = run::jobs(&corpus, &self.filter, None);
        jobs.retain(|(engine, _)| only.is_empty() || only.contains(engine));
        if jobs.is_empty() {
            return Err(super::no_case(&self.filter));
        }
        let interrupted = super::interruption()?;
        let pool = super::pool()?;
        let progress = super::progress(jobs.len() as u64);
        let start = Instant::now();
        let mut table = Table::under(self.model);
        let mut refusal = None;
        run::run(&pool, &jobs, &Request::under(self.model), |checked| {
            progress.step(checked.id.clone());
            // SeqCst: rare, and the plainest thing to read.
            if interrupted.load(Ordering::SeqCst) {
                return false;
            }
            if self.json {
                let line = serde_json::to_string(&checked.json()).expect("it is plain data");
                refusal = super::print(&format!("{line}\n")).err();
            }
            table.add(checked);
            refusal.is_none()
        });
        progress.bar.finish_and_clear();
        if let Some(refusal) = refusal {
            return Err(refusal);
        }
        let interrupted = interrupted.load(Ordering::SeqCst);
        if !self.json {
            super::print(&self.summary(&table, &corpus, start))?;
        }
        if interrupted {
            let of = report::many(jobs.len(), "check");
            eprintln!("casebook: interrupted after {} of {of}", table.len());
            return Ok(End::Interrupted);
        }
        if self.offers {
            super::print("`casebook book` writes it all as pages, to target/book.\n")?;
        }
        Ok(if table.complaints().next().is_none() { End::Done } else { End::NotAsDeclared })
    }

    fn summary(
        &self,
        table: &Table,
        corpus: &[casebook_core::case::Entry],
        start: Instant,
    ) -> String {
        let (width, colour) = super::width();
        let is_green = table.complaints().next().is_none();
        // One file alone is short enough to be shown.
        let first = corpus.first().map(|entry| entry.shape.path);
        let is_large = corpus.iter().any(|entry| Some(entry.shape.path) != first);
        let mut text = match self.filter.is_empty() && is_large && is_green && !self.all {
            true => table.summary(corpus, width),
            false => table.render(corpus, width, colour),
        };
        text += &format!("\n\n{}", report::legend(self.model, table.results(), &text));
        if self.engine.iter().any(|engine| engine.runs_real_threads()) {
            text += &table.natively(corpus);
        }
        let complaints: Vec<_> = table.complaints().collect();
        text.extend(complaints.iter().map(|checked| complaint(checked)));
        let time = report::time(start.elapsed().as_millis() as u64);
        let verdicts = match self.model {
            Model::Rc11 => report::many(table.len(), "verdict"),
            model => format!("{} under {model}", report::many(table.len(), "verdict")),
        };
        text + &match complaints.len() {
            0 => format!("\n{verdicts} in {time}: all as declared.\n"),
            n => format!("\n{verdicts} in {time}: {n} not as declared.\n"),
        }
    }
}

/// What of a check is not as declared, with the failure and how to see it again.
pub(super) fn complaint(checked: &Checked) -> String {
    let mut text = format!("\n✗ {} under {}\n", checked.id, checked.engine);
    text.extend(checked.complaints.iter().map(|complaint| format!("  {complaint}\n")));
    if let Some(failure) = checked.result.as_ref().ok().and_then(|r| r.verdict.failure()) {
        text += &report::steps(&failure.trace);
        let (id, engine) = (&checked.id, checked.engine);
        if !failure.replay.is_empty() {
            text += &format!("  again: casebook replay {id} {engine} {}\n", failure.replay);
        }
    }
    text
}
