//! `casebook justify`: for each memory ordering, whether it is needed and what breaks without it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use crate::justify::{self, Justification, Kept, stated};
use crate::report::{self, justify::View};
use crate::run;
use casebook_core::case::Entry;
use casebook_core::verdict::{EngineId, Model};
use clap::Args;

use super::{End, Refusal};

#[derive(Args)]
pub struct Justify {
    /// Only cases whose `family/file/name` contains this; one case shows its evidence, too
    #[arg(default_value = "")]
    filter: String,
    /// The engine that checks the weakened cases; loom's answer is shown beside rc11's
    #[arg(long, default_value = "rc11", value_parser = engine)]
    engine: EngineId,
    /// The model under which rc11 checks them: rc11, or c20, the letter of C++20
    #[arg(long, default_value = "rc11", value_parser = super::model)]
    model: Model,
    /// One JSON object a line: one per case and site, one per case, one per structure
    #[arg(long)]
    json: bool,
    /// Whether the filter is a whole id, and means that case alone.
    #[arg(skip)]
    is_id: bool,
}

fn engine(name: &str) -> Result<EngineId, String> {
    let engine: EngineId = name.parse()?;
    match engine.weak_memory() {
        Some(_) => Ok(engine),
        None => Err(format!("{engine} cannot tell a needed ordering; rc11 and loom can")),
    }
}

impl Justify {
    pub fn run(mut self) -> Result<End, Refusal> {
        super::has_model(self.engine, self.model)?;
        let corpus = casebook_core::case::corpus();
        self.is_id = corpus.iter().any(|entry| entry.id == super::without_family(&self.filter));
        if !corpus.iter().any(|entry| self.selects(entry)) {
            return Err(super::no_case(&self.filter));
        }
        // Whole files: an ordering is slack only if no case of its file needs it.
        let mut files = justify::files(&corpus);
        files.retain(|cases| cases.iter().any(|entry| self.selects(entry)));
        if files.is_empty() {
            let what = "none claims that something never happens, so there is nothing to justify";
            return Err(format!("of the cases that contain `{}`, {what}", self.filter));
        }

        let interrupted = super::interruption()?;
        let (done, as_stated) = self.all(&files, &interrupted)?;
        // SeqCst: rare, and the plainest thing to read.
        if interrupted.load(Ordering::SeqCst) {
            let all = files.len();
            let all = report::many(all, "file");
            eprintln!("casebook: interrupted after {done} of {all}; what is done is kept");
            return Ok(End::Interrupted);
        }
        Ok(if as_stated { End::Done } else { End::NotAsDeclared })
    }

    fn selects(&self, entry: &Entry) -> bool {
        match self.is_id {
            true => entry.id == super::without_family(&self.filter),
            false => run::matches(entry, &self.filter),
        }
    }

    /// Justifies each file, or takes what is kept about it, and prints it as it comes. Says how many
    /// there were, and whether all is as the files state.
    fn all<'f>(
        &self,
        files: &'f [Vec<&'f Entry>],
        interrupted: &AtomicBool,
    ) -> Result<(usize, bool), Refusal> {
        let cache = super::cache();
        let pool = super::pool()?;
        let progress = super::progress(files.len() as u64);
        let start = Instant::now();
        let work = |cases: &'f Vec<&'f Entry>| {
            let (found, kept) = justify::kept(&cache, &pool, self.engine, self.model, cases);
            let (before, kept) = match kept {
                Kept::Before => (true, Ok(())),
                Kept::Now(kept) => (false, kept),
            };
            let beside = (!self.engine.is_exact())
                .then(|| justify::kept(&cache, &pool, EngineId::EXACT, Model::Rc11, cases).0);
            (cases, found, beside, before, kept.err())
        };
        let (mut all, mut refusal, mut unkept, mut known) = (Vec::new(), None, None, 0);
        run::on_all_cores(files, work, |(cases, found, beside, before, not_kept)| {
            progress.step(found.stem.clone());
            unkept = not_kept.or(unkept.take());
            known += usize::from(before);
            // SeqCst: as above.
            if interrupted.load(Ordering::SeqCst) {
                return false;
            }
            if self.json {
                refusal = super::print(&self.lines(&found, cases)).err();
            }
            all.push((cases, found, beside));
            refusal.is_none()
        });
        progress.bar.finish_and_clear();
        if let Some(error) = unkept {
            eprintln!("casebook: what was found could not be kept for the next time: {error}");
        }
        if let Some(refusal) = refusal {
            return Err(refusal);
        }
        if known > 0 && !self.json {
            let of = report::many(all.len(), "file");
            eprintln!("casebook: {known} of {of} kept from an earlier time, and not checked again");
        }
        all.sort_by_key(|(cases, ..)| (cases[0].shape.family(), cases[0].shape.file()));
        if !self.json {
            let mut text: String = all
                .iter()
                .map(|(cases, found, beside)| self.text(found, beside.as_ref(), cases, files))
                .collect();
            let time = report::time(start.elapsed().as_millis() as u64);
            text += &report::justify::summary(all.iter().map(|(_, found, _)| found), &time);
            super::print(&text)?;
        }
        // What files state is about RC11.
        let stated = self.engine.is_exact() && self.model == Model::Rc11;
        let complaints: Vec<String> = (all.iter().filter(|_| stated))
            .flat_map(|(cases, found, _)| stated::complaints(found, cases))
            .collect();
        for complaint in &complaints {
            eprintln!("✗ {complaint}");
        }
        Ok((all.len(), complaints.is_empty()))
    }

    fn lines(&self, found: &Justification, cases: &[&Entry]) -> String {
        report::justify::lines(found, |id| {
            cases.iter().any(|entry| entry.id == id && self.selects(entry))
        })
    }

    /// One case with its evidence, or the structures of a file.
    fn text(
        &self,
        found: &Justification,
        beside: Option<&Justification>,
        cases: &[&Entry],
        files: &[Vec<&Entry>],
    ) -> String {
        let view = View { found, beside, cases, width: super::width().0 };
        let mut selected = files.iter().flatten().filter(|entry| self.selects(entry));
        match (selected.next(), selected.next()) {
            (Some(only), None) => view.case(&only.id),
            _ => view.file(),
        }
    }
}
